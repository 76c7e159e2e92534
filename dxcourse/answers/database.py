"""How a database is reached: its address, connections that ask for durability, its write lock."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from dxcourse.answers.store import StoreError
from dxcourse.text import say

CONNECT_SECONDS = 10  # until a database that does not answer is said not to be there
_LOCK = 0x6478_6372  # "dxcr": the number of our advisory lock, which is in each database its own
_PSYCOPG = "postgresql+psycopg"


def connect(address: str, lock_seconds: float) -> sa.Engine:
    """Make the engine of a database; nothing is asked of the database yet.

    Parameters
    ----------
    address
        As SQLAlchemy writes it. ``postgresql://`` means the driver that comes with the course.

    Raises
    ------
    StoreError
        This is no address.
    """
    try:
        url = sa.make_url(address)
        if "@" in (url.host or ""):  # a piece of the password, which an error would then tell
            raise StoreError(say("answers.place.encode", place=without_password(address)))
        if url.drivername in ("postgres", "postgresql"):
            url = url.set(drivername=_PSYCOPG)
        # No error repeats an answer: it may end in a log.
        options: dict[str, Any] = {"hide_parameters": True}
        if url.drivername == _PSYCOPG and "connect_timeout" not in url.query:
            options["connect_args"] = {"connect_timeout": CONNECT_SECONDS}
        if url.get_backend_name() == "postgresql":
            # A database that was restarted is found anew, instead of failing each connection once.
            # Whoever waited for the lock has to see what was written meanwhile.
            options |= {"pool_pre_ping": True, "isolation_level": "READ COMMITTED"}
        engine = sa.create_engine(url, **options)
    except (SQLAlchemyError, ImportError, ValueError, TypeError) as error:
        # `from None`: the cause may hold the address.
        blanks = {"place": without_password(address), "cause": type(error).__name__}
        raise StoreError(say("answers.errors.no-address", **blanks)) from None
    prepare = _durable_sqlite if engine.dialect.name == "sqlite" else _durable_postgresql
    sa.event.listen(engine, "connect", prepare(lock_seconds))
    return engine


def sqlite_file(address: str) -> Path | None:
    """Give the file that an address of SQLite names; None for another database, or for memory."""
    try:
        url = sa.make_url(address)
    except SQLAlchemyError:
        return None
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def keep_private(engine: sa.Engine, place: str) -> None:
    """Let nobody but its owner read SQLite's file, which is made; a group that was let in stays.

    Raises
    ------
    StoreError
        It cannot be made.
    """
    name = engine.url.database or ""
    if engine.dialect.name != "sqlite" or name in {"", ":memory:"} or name.startswith("file:"):
        return
    path = Path(name)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        with suppress(OSError):  # another's, whose business it is
            path.chmod(path.stat().st_mode & 0o7770)
    except OSError as error:
        cause = error.strerror or type(error).__name__
        raise StoreError(say("answers.place.cannot-make", place=place, cause=cause)) from error


def hold_records(engine: sa.Engine, place: str) -> None:
    """Let only a database pass that has a record of answers, of whatever age.

    Raises
    ------
    StoreError
        It has none.
    """
    if not sa.inspect(engine).has_table(table.name):
        raise StoreError(say("answers.place.no-answers", place=place))


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Hold the one right to write, in a transaction that ends with the block."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            # Not a lock on the table: that would stop autovacuum, and be stopped by it.
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        yield connection


def database_fault(what: str, place: str, error: Exception) -> StoreError:
    """Make the error that says which database, what could not be done, why, and what helps."""
    cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    cure = say("answers.errors.cures.database")
    done = say(f"answers.errors.what.{what}")
    return StoreError(say("answers.errors.cannot", place=place, what=done, cause=cause, cure=cure))


def without_password(address: str) -> str:
    """Say where a database is. What stands before an ``@`` or after a ``?`` may be secret."""
    scheme, separator, rest = address.partition("://")
    if not separator:
        return say("answers.errors.hidden-address")
    place = rest.partition("?")[0]
    if not place.startswith("/"):  # with that begins the path of a file: no name, no password
        place = place.rpartition("@")[2]
    return f"{scheme}://{place}"


def use_wal(execute: Callable[[str], object], lock_seconds: float) -> None:
    """Let a database of SQLite write ahead; wait while another connection writes to it.

    SQLite does not wait by itself here: ``busy_timeout`` does not hold for the change to WAL of a
    database that another connection has begun to write to.
    """
    limit = time.monotonic() + lock_seconds
    while True:
        try:
            execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > limit:
                raise
            time.sleep(0.01)
        else:
            return


def _durable_sqlite(lock_seconds: float) -> Any:  # noqa: ANN401  -- SQLAlchemy's listeners
    def listen(connection: Any, _: object) -> None:  # noqa: ANN401  -- the driver's own type
        connection.isolation_level = None  # we say BEGIN IMMEDIATE ourselves
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={round(lock_seconds * 1000)}")  # first: others may be
        use_wal(cursor.execute, lock_seconds)
        cursor.execute("PRAGMA synchronous=FULL")  # acknowledged means on disk
        cursor.execute("PRAGMA secure_delete=ON")  # what is deleted is overwritten
        cursor.close()

    return listen


def _durable_postgresql(lock_seconds: float) -> Any:  # noqa: ANN401
    def listen(connection: Any, _: object) -> None:  # noqa: ANN401
        cursor = connection.cursor()
        cursor.execute(f"SET lock_timeout = {round(lock_seconds * 1000)}")
        # Acknowledged means on disk, whatever the database's default; a stronger one stays.
        cursor.execute(
            "SELECT set_config('synchronous_commit', 'on', false)"
            " WHERE current_setting('synchronous_commit') = 'off'"
        )
        cursor.close()
        connection.commit()

    return listen


metadata = sa.MetaData()
table = sa.Table(
    "records",
    metadata,
    sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("version", sa.SmallInteger, nullable=False),
    sa.Column("id", sa.String(64), nullable=False),
    sa.Column("time", sa.String(40), nullable=False),  # ISO 8601 with its zone, as in the file
    sa.Column("learner", sa.String(128), nullable=False),
    sa.Column("exercise", sa.String(128), nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("answer", sa.Text),
    # In the order of bytes everywhere, so that a prefix is a range of the index.
    sa.Column(
        "where",
        sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql"),
        nullable=False,
    ),
    # Both begin with the learner: an answer touches the pages of its learner, and a database that
    # has grown to millions touches no more of them for one answer than a small one.
    sa.UniqueConstraint(
        "learner", "exercise", "attempt", name="records_learner_exercise_attempt_key"
    ),
    sa.UniqueConstraint("learner", "id", name="records_learner_id_key"),
    # Equal keys lie in the order of storing: a new answer to an exercise comes at their end.
    sa.Index("records_exercise_where", "exercise", "where"),
)

forgotten_table = sa.Table(
    "records_forgotten",
    metadata,
    sa.Column("learner", sa.String(64), primary_key=True),  # a mark, not a name
    sa.Column("time", sa.String(40), nullable=False),
)

# What whoever runs the course did to the record: the database itself lets nobody change it.
operations_table = sa.Table(
    "records_operations",
    metadata,
    sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("time", sa.String(40), nullable=False),
    sa.Column("account", sa.String(128), nullable=False),
    sa.Column("done", sa.String(64), nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
)

HEAD = "0004"  # the newest of migrations/versions
# Not Alembic's own name: another program (nbgrader) may keep its tables in the same database.
VERSION_TABLE = "records_version"
_UNVERSIONED = "0001"  # what was made before there was a version
# Alembic's context is global: one migration at a time in a process.
_one_at_a_time = threading.Lock()


def bring_up(engine: sa.Engine, place: str) -> None:
    """Make the table, or bring it to the present schema; safe when many open at once.

    Parameters
    ----------
    place
        The database in a message.

    Raises
    ------
    StoreError
        It is newer than this program, or has a table of that name that is not ours.
    """
    with engine.connect() as connection:
        if _version(connection) == HEAD:
            return
    with _one_at_a_time, writing(engine) as connection:
        found = _version(connection)
        if found != HEAD:
            _migrate(connection, found, place)


def _version(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table(VERSION_TABLE):
        return None
    asked = sa.text(f"SELECT version_num FROM {VERSION_TABLE}")  # noqa: S608  -- our own name
    version: str | None = connection.execute(asked).scalar()
    return version


def _migrate(connection: sa.Connection, found: str | None, place: str) -> None:
    # Here, as it takes longer to load than a database that is up to date takes to open.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", _escaped(Path(__file__).with_name("migrations")))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise StoreError(say("answers.errors.newer", place=place, found=found, known=HEAD))
    if found is None and sa.inspect(connection).has_table(table.name):
        _ours(connection, place)
        command.stamp(config, _UNVERSIONED)
    command.upgrade(config, "head")


def _ours(connection: sa.Connection, place: str) -> None:
    columns = {column["name"] for column in sa.inspect(connection).get_columns(table.name)}
    if columns != set(table.columns.keys()):
        raise StoreError(say("answers.errors.foreign", place=place, table=table.name))


def _escaped(path: Path) -> str:
    """Write a path for Alembic's configuration, where a percent sign begins a name."""
    return str(path).replace("%", "%%")
