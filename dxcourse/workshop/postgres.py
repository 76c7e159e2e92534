"""A room in PostgreSQL: its processes append to one log, and hear of one another."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.exc import SQLAlchemyError

from dxcourse.answers.database import (
    CONNECT_SECONDS,
    connect,
    database_fault,
    without_password,
)
from dxcourse.text import say
from dxcourse.workshop.errors import WorkshopError
from dxcourse.workshop.events import (
    LOCK_SECONDS,
    EventDecision,
    RoomEvent,
    event_rows,
    events_of,
)
from dxcourse.workshop.peers import Attendance

_ROOM_LOCK = 0x6478_726D  # "dxrm": the class of our advisory locks; the room is the other half
_TABLE = """
CREATE TABLE events (
    seq bigint PRIMARY KEY,
    at text NOT NULL,
    kind text NOT NULL,
    data text NOT NULL
)"""
# The room's schema is the channel, the table is what is told: who hears it asks for what is newer
# than the last it knows. PostgreSQL tells what is the same once a transaction.
_TELL = """
CREATE FUNCTION tell_room() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_notify(TG_TABLE_SCHEMA, TG_TABLE_NAME); RETURN NULL; END $$"""
_TOLD = (
    "CREATE TRIGGER {0}_tell AFTER INSERT ON {0} FOR EACH STATEMENT EXECUTE FUNCTION tell_room()"
)
_NEWER = sa.text("SELECT seq, at, kind, data FROM events WHERE seq > :last ORDER BY seq")
_INSERT = sa.text("INSERT INTO events (seq, at, kind, data) VALUES (:seq, :at, :kind, :data)")
_HOLD = sa.text(f"SELECT pg_advisory_xact_lock({_ROOM_LOCK}, hashtext(current_schema()))")


def make_tables(address: str) -> None:
    """Make the log of a new room, and let its tables tell whoever listens.

    Parameters
    ----------
    address
        Of the room's own schema, in which its answers' tables are already.

    Raises
    ------
    WorkshopError
        They cannot be made.
    """
    with saying("write", address), disposing(address) as engine, engine.begin() as connection:
        for statement in (_TABLE, _TELL, _TOLD.format("events"), _TOLD.format("records")):
            connection.exec_driver_sql(statement)


class PostgresEventLog:
    """The events of a workshop in a schema of its own, which several processes have open.

    Whoever writes holds a lock of the room from the reading of what came before to the commit: so
    the order of numbers is the order in which others see them, and no number comes late.

    Parameters
    ----------
    address
        Of the database, with the room's schema as its search path.

    Raises
    ------
    WorkshopError
        This is no address. Nothing is asked of the database yet.
    """

    def __init__(self, address: str) -> None:
        self._address, self._last = address, 0
        self._engine = connect(address, LOCK_SECONDS)

    def read(self) -> list[RoomEvent]:
        """See `EventLog.read`."""
        with saying("read", self._address), self._engine.connect() as connection:
            found, self._last = self._newer(connection)
            return found

    def append(self, decide: EventDecision) -> list[RoomEvent]:
        """See `EventLog.append`."""
        with saying("write", self._address):
            with self._engine.begin() as connection:
                connection.execute(_HOLD)
                missed, last = self._newer(connection)
                new = decide(missed)
                if new:
                    names = ("seq", "at", "kind", "data")
                    rows = [dict(zip(names, row, strict=True)) for row in event_rows(new, last)]
                    connection.execute(_INSERT, rows)
            self._last = last + len(new)  # committed
            return [*missed, *new]

    def close(self) -> None:
        """See `EventLog.close`."""
        self._engine.dispose()

    def _newer(self, connection: sa.Connection) -> tuple[list[RoomEvent], int]:
        found = connection.execute(_NEWER, {"last": self._last})
        rows = [(row.seq, row.at, row.kind, row.data) for row in found]
        return events_of(rows), rows[-1][0] if rows else self._last


@contextmanager
def saying(what: str, address: str) -> Iterator[None]:
    """Tell a fault of the database to whoever can mend it.

    Raises
    ------
    WorkshopError
        There was one; the message names the database, and not its password.
    """
    try:
        yield
    except (SQLAlchemyError, ValueError) as error:  # a row that is no event is a fault as well
        raise WorkshopError(str(database_fault(what, without_password(address), error))) from error


@contextmanager
def disposing(address: str) -> Iterator[sa.Engine]:
    """Have a database for a moment."""
    engine = connect(address, LOCK_SECONDS)
    try:
        yield engine
    finally:
        engine.dispose()


# -- The other processes of a room in PostgreSQL: they are heard over the database -----------------

log = logging.getLogger(__name__)

RECONNECT_SECONDS = 0.5
# A line that died without a word is given up after some eleven seconds; what it would have told is
# found meanwhile by whoever looks by themselves (`Room.follow`).
_ALIVE = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}
_SAY = sa.text("SELECT set_config('application_name', :name, false)")
_OTHERS = sa.text(
    "SELECT application_name FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND starts_with(application_name, :room || ' ')"
)


class PostgresPeers:
    """Processes that share a room's schema in PostgreSQL.

    What one stores is told the others by NOTIFY on the channel of the schema's name. How many
    phones each has stands in the name of a connection of its own (`application_name`): with the
    process ends the connection, and with that the number, however the process ends.
    """

    def __init__(self, address: str, room: str) -> None:
        self._room, self._place = room, without_password(address)
        self._engine = connect(address, LOCK_SECONDS)
        self._attending: sa.Connection | None = None
        self._deaf = False  # said once, until it is over

    async def listen(self, changed: Callable[[], object]) -> None:
        """See `Peers.listen`; a connection that is lost is made anew."""
        while True:
            try:
                await self._hear(changed)
            except psycopg.Error as error:
                if not self._deaf:
                    cause = (str(error).strip() or type(error).__name__).splitlines()[0]
                    log.warning("%s", say("workshop.errors.deaf", place=self._place, cause=cause))
                self._deaf = True
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _hear(self, changed: Callable[[], object]) -> None:
        _, given = self._engine.dialect.create_connect_args(self._engine.url)
        options: dict[str, Any] = {"connect_timeout": CONNECT_SECONDS, **_ALIVE, **given}
        options["autocommit"] = True
        async with await psycopg.AsyncConnection.connect(**options) as connection:
            await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(self._room)))
            self._deaf = False
            changed()  # what came while nobody listened
            async for _ in connection.notifies():
                changed()

    def attend(self, here: Attendance) -> Attendance:
        """See `Peers.attend`."""
        try:
            if self._attending is None:
                connection = self._engine.connect()
                self._attending = connection.execution_options(isolation_level="AUTOCOMMIT")
            told = {"room": self._room, "name": f"{self._room} {here.phones} {here.reached}"}
            self._attending.execute(_SAY, told)
            found = self._attending.execute(_OTHERS, told).scalars().all()
        except SQLAlchemyError as error:
            self.close()
            raise ConnectionError(type(error).__name__) from error
        there = Attendance()
        for name in found:
            _, phones, reached = name.split()
            there += Attendance(int(phones), int(reached))
        return there

    def close(self) -> None:
        """See `Peers.close`."""
        attending, self._attending = self._attending, None
        if attending is not None:
            with suppress(SQLAlchemyError):
                attending.invalidate()  # closed, not kept for another use
                attending.close()
        self._engine.dispose()
