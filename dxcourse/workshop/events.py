"""What happened in a room: one event a fact, never changed, never removed."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from dxcourse.answers.database import use_wal
from dxcourse.text import say
from dxcourse.workshop.errors import WorkshopError


class EventKind(StrEnum):
    """What an event says."""

    CREATED = "created"  # name, day, seed, agenda, names: whether names are asked for
    JOINED = "joined"  # who, pair, consent, name, table; once more when they change
    WENT = "went"  # stop: the room is at it
    STEP = "step"  # step, seconds: it begins, and its time runs
    PAUSED = "paused"
    CONTINUED = "continued"
    LONGER = "longer"  # seconds: more time for the step; less where negative
    OPENED = "opened"  # exercise
    CLOSED = "closed"  # exercise
    REVEALED = "revealed"  # exercise
    REASKED = "reasked"  # exercise: its reveal is taken back, and it is open again
    SHOWN = "shown"  # screen
    TURNED = "turned"  # page: of the wall's picture, from 0
    MINUTES = "minutes"  # stop, minutes: planned anew
    SKIPPED = "skipped"  # stop, skipped
    TALLIED = "tallied"  # exercise, item, counts
    MODERATED = "moderated"  # as the first rooms wrote it: exercise, hidden, pinned, groups, whole
    VOICE = "voice"  # exercise, change, voices, name, marks (of those who wrote them): a difference
    APPROVAL = "approval"  # on: voices wait for the facilitator before they stand on the wall
    SPOTLIGHT = "spotlight"  # exercise, voice: one voice fills the wall; "" for none
    NODDED = "nodded"  # who, target (a voice or a question), on
    QUESTION = "question"  # id, who, text: from the floor
    ANSWERED = "answered"  # id, status: what the facilitator does with a question from the floor
    MADE = "made"  # stop, exercise (as in a bank): a question made on the spot
    RECALLED = "recalled"  # exercise: the wall goes back to it, and nothing is asked
    CLOSING = "closing"  # exercise, seconds: it closes then, and phones send what they hold
    REST = "rest"  # seconds: a break until then
    EXPELLED = "expelled"  # who: out of the room, with what they gave
    READMITTED = "readmitted"  # everybody who was put out comes back
    DOOR = "door"  # open
    ENDED = "ended"


@dataclass(frozen=True)
class RoomEvent:
    """A fact about the room. `at` is when it happened, `data` what its kind says."""

    kind: EventKind
    at: datetime
    data: dict[str, Any] = field(default_factory=dict)


LOCK_SECONDS = 20.0
_TABLE = """
CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    data TEXT NOT NULL
)"""


class EventLog:
    """The events of one workshop.

    Raises
    ------
    WorkshopError
        The file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        try:
            # Our own lock keeps threads apart; the answers' own connection writes here, too.
            self._connection = sqlite3.connect(
                path, timeout=LOCK_SECONDS, isolation_level=None, check_same_thread=False
            )
        except sqlite3.Error as error:
            raise _disk_error("open", path, error) from error
        try:
            use_wal(self._connection.execute, LOCK_SECONDS)
            self._connection.execute("PRAGMA synchronous=FULL")  # acknowledged means on disk
            self._connection.execute(_TABLE)
        except sqlite3.Error as error:
            self._connection.close()
            raise _disk_error("open", path, error) from error

    def append(self, events: Sequence[RoomEvent]) -> None:
        """Write events, all or none; when this returns they are on disk.

        Raises
        ------
        WorkshopError
            They could not be written.
        """
        rows = [(e.at.isoformat(), e.kind.value, _event_text(e)) for e in events]
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    self._connection.executemany(
                        "INSERT INTO events (at, kind, data) VALUES (?, ?, ?)", rows
                    )
                except BaseException:
                    self._connection.execute("ROLLBACK")
                    raise
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                raise _disk_error("write", self.path, error) from error

    def read(self) -> list[RoomEvent]:
        """Give all events, in order.

        Raises
        ------
        WorkshopError
            They cannot be read.
        """
        with self._lock:
            try:
                rows = self._connection.execute("SELECT at, kind, data FROM events ORDER BY seq")
                return [
                    RoomEvent(EventKind(kind), datetime.fromisoformat(at), json.loads(data))
                    for at, kind, data in rows
                ]
            except (sqlite3.Error, ValueError) as error:
                raise _disk_error("read", self.path, error) from error

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()


def read_events(path: Path) -> list[RoomEvent]:
    """Give the events of a workshop that someone else may be running, without touching it.

    Raises
    ------
    WorkshopError
        They cannot be read.
    """
    with closing(EventLog(path)) as journal:
        return journal.read()


class EventWriter:
    """Writes events off the event loop, those that wait together in one go."""

    def __init__(self, journal: EventLog) -> None:
        self._journal = journal
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="events")
        self._waiting: list[tuple[Sequence[RoomEvent], asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None

    async def append(self, events: Sequence[RoomEvent]) -> None:
        """Write events; when this returns they are on disk.

        Raises
        ------
        WorkshopError
            They could not be written.
        """
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((events, done))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())
        await done

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            group, self._waiting = self._waiting, []
            together = [event for events, _ in group for event in events]
            failure: Exception | None = None
            try:
                await loop.run_in_executor(self._thread, self._journal.append, together)
            except WorkshopError as error:
                failure = error
            for _, done in group:
                if done.done():  # whoever waited has gone; it is written all the same
                    continue
                if failure:
                    done.set_exception(failure)
                else:
                    done.set_result(None)

    def close(self) -> None:
        """Wait for what is being written."""
        self._thread.shutdown()


def _event_text(event: RoomEvent) -> str:
    return json.dumps(event.data, ensure_ascii=False)


def _disk_error(what: str, path: Path, error: Exception) -> WorkshopError:
    told = say(f"workshop.errors.disk_what.{what}")
    return WorkshopError(say("workshop.errors.disk", path=path, what=told, error=error))
