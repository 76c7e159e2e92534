"""How a database is reached: its address, connections that ask for durability, its write lock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from dxcourse.answers._store import StoreError

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
        raise StoreError(
            f"{without_password(address)}: no address of a database ({type(error).__name__}); "
            "write it as sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE"
        ) from None
    prepare = _durable_sqlite if engine.dialect.name == "sqlite" else _durable_postgresql
    sa.event.listen(engine, "connect", prepare(lock_seconds))
    return engine


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


def cannot(what: str, place: str, error: SQLAlchemyError) -> StoreError:
    """Make the error that says which database, what could not be done, why, and what helps."""
    cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    return StoreError(
        f"{place}: cannot {what} ({cause}); see that the database is there, is writable "
        "and has space, then try again"
    )


def without_password(address: str) -> str:
    """Say where a database is. What stands before an ``@`` or after a ``?`` may be secret."""
    scheme, separator, rest = address.partition("://")
    if not separator:
        return "the database's address"
    place = rest.partition("?")[0]
    if not place.startswith("/"):  # with that begins the path of a file: no name, no password
        place = place.rpartition("@")[2]
    return f"{scheme}://{place}"


def _durable_sqlite(lock_seconds: float) -> Any:  # noqa: ANN401  -- SQLAlchemy's listeners
    def listen(connection: Any, _: object) -> None:  # noqa: ANN401  -- the driver's own type
        connection.isolation_level = None  # we say BEGIN IMMEDIATE ourselves
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={round(lock_seconds * 1000)}")  # first: others may be
        cursor.execute("PRAGMA journal_mode=WAL")
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
