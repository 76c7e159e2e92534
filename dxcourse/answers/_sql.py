"""Answers in a SQL database: the same record, a row an attempt."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from dxcourse.answers._disk import LOCK_SECONDS
from dxcourse.answers._log import Log
from dxcourse.answers._record import Entry, Record
from dxcourse.answers._store import Guard, Refused, StoreError

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
    sa.Column("where", sa.String(64), nullable=False),
    # In this order both serve as the indexes that a group of entries is looked up by.
    sa.UniqueConstraint("learner", "exercise", "attempt"),
    sa.UniqueConstraint("id", "learner"),
)
TOGETHER = 1000  # entries looked up in one query; SQLite takes 32,766 parameters


class SqlStore:
    """The record in SQLite or PostgreSQL.

    Writers queue: SQLite's own write lock, or a lock on the table in PostgreSQL, is held from the
    reading of the history to the commit, so that numbers have no gap and guards see the truth.

    Parameters
    ----------
    address
        Where it is, as SQLAlchemy writes it: ``sqlite:////srv/answers.sqlite``. No message repeats
        its password.
    lock_seconds
        How long to wait where another program writes to SQLite.

    Raises
    ------
    StoreError
        The address is wrong, or there is no database to be had there.
    """

    def __init__(self, address: str, *, lock_seconds: float = LOCK_SECONDS) -> None:
        self.place = _without_password(address)
        try:
            # No error repeats an answer: it may end in a log.
            self.engine = sa.create_engine(address, hide_parameters=True)
            if self.engine.dialect.name == "sqlite":
                sa.event.listen(self.engine, "connect", _durable_sqlite(lock_seconds))
        except (SQLAlchemyError, ImportError, ValueError, TypeError) as error:
            # `from None`: the cause may hold the address.
            raise StoreError(
                f"{self.place}: no address of a database ({type(error).__name__}); write it as "
                "sqlite:///FILE or postgresql+DRIVER://…, with DRIVER installed"
            ) from None
        try:
            self._make_table()
        except SQLAlchemyError as error:
            self.close()
            raise self._cannot("open", error) from error

    def append(self, entries: Sequence[tuple[Entry, Guard | None]]) -> list[Record | Refused]:
        """See `Store.append`."""
        if not entries:
            return []
        with self._writing() as connection:
            log = Log()
            for start in range(0, len(entries), TOGETHER):
                some = [entry for entry, _ in entries[start : start + TOGETHER]]
                # More than is needed, where they are of several exercises, but by index alone.
                wanted = sa.and_(
                    table.c.learner.in_(sorted({entry.learner for entry in some})),
                    table.c.exercise.in_(sorted({entry.exercise for entry in some})),
                )
                used = table.c.id.in_(sorted({entry.id for entry in some}))
                log.take(self._select(connection, sa.select(table).where(wanted | used)))
            outcomes, new = log.plan(entries)
            _insert(connection, new)
        return outcomes

    def history(self, learner: str, exercise: str | None = None) -> list[Record]:
        """See `Store.history`."""
        query = sa.select(table).where(table.c.learner == learner)
        if exercise is None:
            query = query.order_by(table.c.seq)
        else:
            query = query.where(table.c.exercise == exercise).order_by(table.c.attempt)
        with self._reading() as connection:
            return list(self._select(connection, query))

    def records(self) -> Iterator[Record]:
        """See `Store.records`; rows are streamed."""
        query = sa.select(table).order_by(table.c.seq).execution_options(yield_per=1000)
        with self._reading() as connection:
            yield from self._select(connection, query)

    def restore(self, records: Iterable[Record]) -> int:
        """See `Store.restore`."""
        given = list(records)
        with self._writing() as connection:
            log = Log()
            log.take(self._select(connection, sa.select(table).order_by(table.c.seq)))
            new = log.unknown(given)
            _insert(connection, new)
        return len(new)

    def close(self) -> None:
        """See `Store.close`."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _make_table(self) -> None:
        try:
            metadata.create_all(self.engine)
        except SQLAlchemyError:
            metadata.create_all(self.engine)  # another program made it in this very moment

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        try:
            with self.engine.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise self._cannot("read", error) from error

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        try:
            with self.engine.begin() as connection:
                if self.engine.dialect.name == "sqlite":
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                else:
                    connection.execute(sa.text("LOCK TABLE records IN SHARE ROW EXCLUSIVE MODE"))
                yield connection
        except SQLAlchemyError as error:
            raise self._cannot("write", error) from error

    def _select(
        self, connection: sa.Connection, query: sa.Select[tuple[Any, ...]]
    ) -> Iterator[Record]:
        for row in connection.execute(query).mappings():
            try:
                fields = {name: row[name] for name in Record.model_fields}
                if fields["answer"] is not None:
                    fields["answer"] = json.loads(fields["answer"])
                record = Record.model_validate(fields)
            except (ValidationError, ValueError) as error:
                raise StoreError(
                    f"{self.place}: row seq={row['seq']} of table records is damaged; "
                    "mend or delete it"
                ) from error
            yield record

    def _cannot(self, what: str, error: SQLAlchemyError) -> StoreError:
        cause = str(getattr(error, "orig", None) or error).splitlines()[0]
        return StoreError(
            f"{self.place}: cannot {what} ({cause}); see that the database is there, is writable "
            "and has space, then try again"
        )


def _insert(connection: sa.Connection, records: Sequence[Record]) -> None:
    if records:
        connection.execute(sa.insert(table), [_row(record) for record in records])


def _row(record: Record) -> dict[str, Any]:
    row = record.model_dump(mode="json")
    answer = row["answer"]
    row["answer"] = None if answer is None else json.dumps(answer, ensure_ascii=False)
    return row


def _durable_sqlite(lock_seconds: float) -> Any:  # noqa: ANN401  -- SQLAlchemy's listeners
    def listen(connection: Any, _: object) -> None:  # noqa: ANN401  -- the driver's own type
        connection.isolation_level = None  # we say BEGIN IMMEDIATE ourselves
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={round(lock_seconds * 1000)}")  # first: others may be
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")  # acknowledged means on disk
        cursor.close()

    return listen


def _without_password(address: str) -> str:
    """Say where a database is. What stands before an ``@`` or after a ``?`` may be secret."""
    scheme, separator, rest = address.partition("://")
    if not separator:
        return "the database's address"
    place = rest.partition("?")[0]
    if not place.startswith("/"):  # with that begins the path of a file: no name, no password
        place = place.rpartition("@")[2]
    return f"{scheme}://{place}"
