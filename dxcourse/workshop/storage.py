"""Where a room's events and answers are: in a file of its folder, or in a schema of PostgreSQL.

The folder says which: beside a room that is in a database lies `database.json`. It holds the
address with its password, where it has one, and is as secret as the keys beside it.
"""

from __future__ import annotations

import json
import secrets
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
from dxcourse.workshop.events import EventLog, SqliteEventLog
from dxcourse.workshop.peers import Peers
from dxcourse.workshop.postgres_log import PostgresEventLog, disposing, make_tables, saying

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
        from dxcourse.workshop.postgres_peers import PostgresPeers  # noqa: PLC0415

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
