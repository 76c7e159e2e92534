"""The other processes of a room in PostgreSQL: they are heard over the database."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.exc import SQLAlchemyError

from dxcourse.answers.database import CONNECT_SECONDS, connect, without_password
from dxcourse.text import say
from dxcourse.workshop.events import LOCK_SECONDS
from dxcourse.workshop.peers import Attendance

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
