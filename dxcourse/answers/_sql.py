"""Answers in a SQL database: the same record, a row an attempt."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from dxcourse.answers._log import Log
from dxcourse.answers._record import Entry, Record
from dxcourse.answers._store import Guard, Refused, StoreError

metadata = sa.MetaData()
table = sa.Table(
    "records",
    metadata,
    sa.Column(
        "seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True
    ),
    sa.Column("version", sa.SmallInteger, nullable=False),
    sa.Column("id", sa.String(64), nullable=False),
    sa.Column("time", sa.String(40), nullable=False),  # ISO 8601 with its zone, as in the file
    sa.Column("learner", sa.String(128), nullable=False),
    sa.Column("exercise", sa.String(128), nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("answer", sa.Text),
    sa.Column("where", sa.String(64), nullable=False),
    sa.UniqueConstraint("learner", "exercise", "attempt"),
    sa.UniqueConstraint("learner", "id"),
)


class SqlStore:
    """The record in SQLite or PostgreSQL, by SQLAlchemy address.

    Writers queue: SQLite's own write lock, or a lock on the table in PostgreSQL, is held from the
    reading of the history to the commit, so that numbers have no gap and guards see the truth.
    """

    def __init__(self, address: str) -> None:
        self.engine = sa.create_engine(address)
        if self.engine.dialect.name == "sqlite":
            sa.event.listen(self.engine, "connect", _durable_sqlite)
        try:
            metadata.create_all(self.engine)
        except SQLAlchemyError as error:
            raise StoreError(self._cannot("open", error)) from error

    def append(self, entries: Sequence[tuple[Entry, Guard | None]]) -> list[Record | Refused]:
        """See `Store.append`."""
        with self._writing() as connection:
            log = Log()
            pairs = {(entry.learner, entry.exercise) for entry, _ in entries}
            wanted = sa.tuple_(table.c.learner, table.c.exercise).in_(sorted(pairs))
            ids = sa.tuple_(table.c.learner, table.c.id).in_(
                sorted({(entry.learner, entry.id) for entry, _ in entries})
            )
            query = sa.select(table).where(wanted | ids).order_by(table.c.seq)
            log.take(_record(row) for row in connection.execute(query))
            outcomes, new = log.plan(entries)
            if new:
                connection.execute(sa.insert(table), [_row(record) for record in new])
        return outcomes

    def history(self, learner: str, exercise: str | None = None) -> list[Record]:
        """See `Store.history`."""
        query = sa.select(table).where(table.c.learner == learner).order_by(table.c.seq)
        if exercise is not None:
            query = query.where(table.c.exercise == exercise)
        try:
            with self.engine.connect() as connection:
                return [_record(row) for row in connection.execute(query)]
        except SQLAlchemyError as error:
            raise StoreError(self._cannot("read", error)) from error

    def records(self) -> Iterator[Record]:
        """See `Store.records`; rows are streamed."""
        query = sa.select(table).order_by(table.c.seq).execution_options(yield_per=1000)
        try:
            with self.engine.connect() as connection:
                for row in connection.execute(query):
                    yield _record(row)
        except SQLAlchemyError as error:
            raise StoreError(self._cannot("read", error)) from error

    def restore(self, records: Iterable[Record]) -> int:
        """See `Store.restore`."""
        with self._writing() as connection:
            log = Log()
            log.take(_record(row) for row in connection.execute(sa.select(table)))
            new = log.unknown(records)
            if new:
                connection.execute(sa.insert(table), [_row(record) for record in new])
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

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        try:
            with self.engine.begin() as connection:
                if self.engine.dialect.name == "sqlite":
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                else:
                    connection.execute(
                        sa.text("LOCK TABLE records IN SHARE ROW EXCLUSIVE MODE")
                    )
                yield connection
        except IntegrityError as error:
            raise StoreError(self._cannot("write", error)) from error
        except SQLAlchemyError as error:
            raise StoreError(self._cannot("write", error)) from error

    def _cannot(self, what: str, error: SQLAlchemyError) -> str:
        place = self.engine.url.render_as_string(hide_password=True)
        cause = str(getattr(error, "orig", None) or error).splitlines()[0]
        return f"{place}: cannot {what} ({cause}); is the database there, and the disk not full?"


def _durable_sqlite(connection: Any, _: object) -> None:  # noqa: ANN401  -- the driver's own type
    connection.isolation_level = None  # SQLAlchemy says BEGIN IMMEDIATE itself
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")  # acknowledged means on disk
    cursor.execute("PRAGMA busy_timeout=20000")
    cursor.close()


def _row(record: Record) -> dict[str, Any]:
    row = record.model_dump(mode="json")
    answer = row["answer"]
    row["answer"] = None if answer is None else json.dumps(answer, ensure_ascii=False)
    return row


def _record(row: sa.Row[Any]) -> Record:
    fields = {key: value for key, value in row._mapping.items() if key != "seq"}  # noqa: SLF001
    if fields["answer"] is not None:
        fields["answer"] = json.loads(fields["answer"])
    return Record.model_validate(fields)
