"""What happened in a room: one event a fact, never changed, never removed."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

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
EventRow = tuple[int, str, str, str]
"""An event as it is stored: its number, when it happened, its kind, and what that says as JSON."""
EventDecision = Callable[[Sequence[RoomEvent]], Sequence[RoomEvent]]
"""What is to be written, given the events that came since the log was read or written to last."""


class EventLog(Protocol):
    """The events of one workshop, numbered without a gap in the order in which they were written.

    What a log has given once it does not give again: whoever holds it knows all up to there.
    """

    def read(self) -> list[RoomEvent]:
        """Give the events that came since the last reading or writing, in order.

        Raises
        ------
        WorkshopError
            They cannot be read.
        """

    def append(self, decide: EventDecision) -> list[RoomEvent]:
        """Write what is decided, all or none; when this returns it is on disk.

        Until `decide` has decided nobody else writes. Gives what came before, which it was handed,
        and what was written.

        Raises
        ------
        WorkshopError
            It could not be written.
        """

    def close(self) -> None:
        """Let go of the file or the connection."""


def event_rows(events: Iterable[RoomEvent], after: int) -> list[EventRow]:
    """Write events as rows, numbered from the one `after`."""
    return [
        (number, each.at.isoformat(), each.kind.value, json.dumps(each.data, ensure_ascii=False))
        for number, each in enumerate(events, start=after + 1)
    ]


def events_of(rows: Iterable[EventRow]) -> list[RoomEvent]:
    """Read rows as events.

    Raises
    ------
    ValueError
        One of them is none.
    """
    return [
        RoomEvent(EventKind(kind), datetime.fromisoformat(at), json.loads(data))
        for _, at, kind, data in rows
    ]


_TABLE = """
CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    data TEXT NOT NULL
)"""


class SqliteEventLog:
    """The events of a workshop in a file, which one process holds.

    Raises
    ------
    WorkshopError
        The file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._last = 0
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

    def read(self) -> list[RoomEvent]:
        """See `EventLog.read`."""
        with self._lock:
            found, self._last = self._newer()
            return found

    def append(self, decide: EventDecision) -> list[RoomEvent]:
        """See `EventLog.append`."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    missed, last = self._newer()
                    new = decide(missed)
                    self._connection.executemany(
                        "INSERT INTO events (seq, at, kind, data) VALUES (?, ?, ?, ?)",
                        event_rows(new, last),
                    )
                except BaseException:
                    self._connection.execute("ROLLBACK")
                    raise
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                raise _disk_error("write", self.path, error) from error
            self._last = last + len(new)
            return [*missed, *new]

    def close(self) -> None:
        """See `EventLog.close`."""
        with self._lock:
            self._connection.close()

    def _newer(self) -> tuple[list[RoomEvent], int]:
        """The events that came since, and the number of the last."""
        asked = "SELECT seq, at, kind, data FROM events WHERE seq > ? ORDER BY seq"
        try:
            rows = self._connection.execute(asked, (self._last,)).fetchall()
            return events_of(rows), rows[-1][0] if rows else self._last
        except (sqlite3.Error, ValueError) as error:
            raise _disk_error("read", self.path, error) from error


def _disk_error(what: str, path: Path, error: Exception) -> WorkshopError:
    told = say(f"workshop.errors.disk_what.{what}")
    return WorkshopError(say("workshop.errors.disk", path=path, what=told, error=error))
