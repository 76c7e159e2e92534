"""Where a room's events and answers are, in a file or in PostgreSQL, and what writes them.

The folder says which: beside a room that is in a database lies `database.json`. It holds the
address with its password, where it has one, and is as secret as the keys beside it.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from dxcourse.answers import SqlStore, StoreError
from dxcourse.files import write_atomically
from dxcourse.text import say
from dxcourse.workshop.errors import WorkshopError
from dxcourse.workshop.events import EventLog, RoomEvent, SqliteEventLog
from dxcourse.workshop.peers import Peers
from dxcourse.workshop.postgres import PostgresEventLog, disposing, make_tables, saying
from dxcourse.workshop.state import RoomState, fold

FILE = "workshop.sqlite"
DATABASE = "database.json"
_PREFIX = "dxcourse_room_"


class RoomStorage(Protocol):
    """Where a room's events and answers are."""

    @property
    def address(self) -> str:
        """Where its answers are, as a store wants it."""

    @property
    def name(self) -> str:
        """What the room is called, where that is known without reading its events; else ""."""

    def make(self) -> None:
        """Make what is not in the folder.

        Raises
        ------
        WorkshopError, StoreError
            It cannot be made, and nothing of it is left.
        """

    def remember(self, folder: Path) -> None:
        """Let the room's folder say that it is here.

        Raises
        ------
        OSError
            The disk refuses.
        """

    def open_log(self) -> EventLog:
        """Open its events.

        Raises
        ------
        WorkshopError
            They cannot be had.
        """

    def open_peers(self) -> Peers | None:
        """The other processes that may serve it; none where it is served by one."""

    def drop(self) -> None:
        """Delete what is not in the folder.

        Raises
        ------
        WorkshopError
            It cannot be deleted.
        """


@dataclass(frozen=True)
class FileStorage:
    """A room in its folder, served by one process."""

    path: Path
    name: str = ""

    @property
    def address(self) -> str:
        """See `RoomStorage.address`."""
        url = sa.URL.create("sqlite", database=str(self.path))
        return url.render_as_string(hide_password=False)

    def make(self) -> None:
        """See `RoomStorage.make`: the file is made by who first writes to it."""

    def remember(self, folder: Path) -> None:
        """See `RoomStorage.remember`: the file says it."""

    def open_log(self) -> EventLog:
        """See `RoomStorage.open_log`."""
        return SqliteEventLog(self.path)

    def open_peers(self) -> Peers | None:
        """See `RoomStorage.open_peers`."""
        return None

    def drop(self) -> None:
        """See `RoomStorage.drop`: the file goes with its folder."""


@dataclass(frozen=True)
class DatabaseStorage:
    """A room in PostgreSQL, in a schema of its own, served by as many processes as one likes.

    Its schema is to it what the file is to another: nothing else is in there, and with it all of
    the room is deleted.

    Parameters
    ----------
    database
        The address of the database, as it was given.
    """

    name: str
    database: str
    schema: str

    @classmethod
    def new(cls, name: str, database: str) -> DatabaseStorage:
        """Give a new room its place in a database, which is asked for nothing yet.

        Raises
        ------
        WorkshopError
            The address is none of PostgreSQL.
        """
        try:
            known = sa.make_url(database).get_backend_name() in {"postgresql", "postgres"}
        except SQLAlchemyError:
            known = False
        if not known:
            raise WorkshopError(say("workshop.errors.which_database"))
        return cls(name, database, f"{_PREFIX}{secrets.token_hex(8)}")

    @property
    def address(self) -> str:
        """See `RoomStorage.address`: the room's schema is the only one that is looked in."""
        url = sa.make_url(self.database)
        given = url.query.get("options", ())
        options = [given] if isinstance(given, str) else [*given]
        path = " ".join([*options, f"-csearch_path={self.schema}"])
        return url.update_query_dict({"options": path}).render_as_string(hide_password=False)

    def make(self) -> None:
        """See `RoomStorage.make`: a schema, and in it the tables of answers and events."""
        self._run("write", f'CREATE SCHEMA "{self.schema}"')
        try:
            SqlStore(self.address).close()
            make_tables(self.address)
        except (WorkshopError, StoreError):
            with suppress(WorkshopError):  # what failed before is what has to be told
                self.drop()
            raise

    def remember(self, folder: Path) -> None:
        """See `RoomStorage.remember`."""
        text = json.dumps(asdict(self), ensure_ascii=False)
        write_atomically(folder / DATABASE, text, mode=0o600)

    def open_log(self) -> EventLog:
        """See `RoomStorage.open_log`."""
        return PostgresEventLog(self.address)

    def open_peers(self) -> Peers | None:
        """See `RoomStorage.open_peers`."""
        # Here, as a room in a file needs no driver of PostgreSQL.
        from dxcourse.workshop.postgres import PostgresPeers  # noqa: PLC0415

        return PostgresPeers(self.address, self.schema)

    def drop(self) -> None:
        """See `RoomStorage.drop`; what is gone already is no fault."""
        self._run("delete", f'DROP SCHEMA IF EXISTS "{self.schema}" CASCADE')

    def _run(self, what: str, statement: str) -> None:
        at = self.database
        with saying(what, at), disposing(at) as engine, engine.begin() as connection:
            connection.exec_driver_sql(statement)


def read_storage(folder: Path) -> RoomStorage:
    """Where the room of a folder is.

    Raises
    ------
    WorkshopError
        The folder cannot say.
    """
    path = folder / DATABASE
    try:
        found = DatabaseStorage(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return FileStorage(folder / FILE)
    except (OSError, ValueError, TypeError) as error:
        cause = type(error).__name__  # not its words: they may hold the password
        raise WorkshopError(say("workshop.errors.database_file", path=path, error=cause)) from None
    if not found.schema.removeprefix(_PREFIX).isalnum():
        raise WorkshopError(say("workshop.errors.database_file", path=path, error="schema"))
    return found


# -- Writes what happens in a room, off the event loop, and says what the room has become by it ----

StateDecision = Callable[[RoomState], Sequence[RoomEvent]]
"""What happens in a room that is in this state; raises where that may not be. Pure."""


@dataclass(frozen=True)
class _Order:
    decide: StateDecision | None  # none: only what others wrote is asked for
    done: asyncio.Future[None]


class EventWriter:
    """Writes events in one thread, those that wait together in one go.

    Each is decided on what the room is at that very moment: after those before it, and after all
    that other processes wrote.

    Parameters
    ----------
    state
        The room after what the log has given.
    advance
        Called on the event loop with the state after some events, and these, in their order.
    """

    def __init__(
        self,
        log: EventLog,
        state: RoomState,
        advance: Callable[[RoomState, Sequence[RoomEvent]], None],
    ) -> None:
        self._log, self._state, self._advance = log, state, advance
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="events")
        self._waiting: list[_Order] = []
        self._task: asyncio.Task[None] | None = None

    async def write(self, decide: StateDecision) -> None:
        """Write what is decided; when this returns it is on disk, and the room is told.

        Raises
        ------
        WorkshopError
            It could not be written.
        Exception
            What `decide` raised: nothing was written of it.
        """
        await self._order(decide)

    async def catch_up(self) -> None:
        """Tell the room what other processes have written until now.

        Raises
        ------
        WorkshopError
            It cannot be read.
        """
        await self._order(None)

    async def _order(self, decide: StateDecision | None) -> None:
        done = asyncio.get_running_loop().create_future()
        self._waiting.append(_Order(decide, done))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())
        await done

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            group, self._waiting = self._waiting, []
            outcomes: list[Exception | None]
            try:
                done = loop.run_in_executor(self._thread, self._run, [o.decide for o in group])
                state, events, outcomes = await done
            except WorkshopError as error:
                outcomes = [error] * len(group)
            else:
                if events:
                    self._advance(state, events)
            for order, outcome in zip(group, outcomes, strict=True):
                if order.done.done():  # whoever waited has gone; it is written all the same
                    continue
                if outcome:
                    order.done.set_exception(outcome)
                else:
                    order.done.set_result(None)

    def _run(
        self, decisions: Sequence[StateDecision | None]
    ) -> tuple[RoomState, list[RoomEvent], list[Exception | None]]:
        state, outcomes = self._state, list[Exception | None]()

        def decide(missed: Sequence[RoomEvent]) -> list[RoomEvent]:
            nonlocal state
            state, new = fold(missed, state), list[RoomEvent]()
            for decision in decisions:
                try:
                    events = decision(state) if decision else ()
                    state = fold(events, state)
                except Exception as refusal:  # noqa: BLE001  -- told to whoever asked for it
                    outcomes.append(refusal)
                else:
                    outcomes.append(None)
                    new += events
            return new

        if any(decisions):
            events = self._log.append(decide)
        else:
            events = self._log.read()
            decide(events)
        self._state = state
        return state, events, outcomes

    def close(self) -> None:
        """Wait for what is being written."""
        self._thread.shutdown()
