"""Answers in a SQL database: the same record, a row an attempt."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from itertools import islice
from types import TracebackType
from typing import Any, Self, TypeVar

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from dxcourse.answers.database import (
    VERSION_TABLE,
    bring_up,
    connect,
    database_fault,
    forgotten_table,
    hold_records,
    keep_private,
    operations_table,
    table,
    without_password,
    writing,
)
from dxcourse.answers.forgotten import later, mark, remembered
from dxcourse.answers.log import Log
from dxcourse.answers.operations import AuditEntry
from dxcourse.answers.record import Entry, Record
from dxcourse.answers.sql_purge import purge_rows, wipe
from dxcourse.answers.store import Appended, DailyCount, Guard, Refused, StoreError
from dxcourse.files import LOCK_SECONDS
from dxcourse.text import say

# The keys come as one parameter, an array of arrays in JSON: the statement is always the same, and
# is prepared once. `(a, b) IN (VALUES …)` would make SQLite read the whole table.
_KEYS = {
    "sqlite": ("json_each(:asked) AS asked CROSS JOIN", "json_extract(asked.value, '$[{}]')"),
    "postgresql": ("json_array_elements(CAST(:asked AS json)) AS asked JOIN", "asked.value ->> {}"),
}


@cache
def looked_up(dialect: str, columns: Sequence[str]) -> sa.TextClause:
    """Make the query for the rows whose `columns` have the values of one of ``:asked``."""
    source, value = _KEYS[dialect]
    same = " AND ".join(
        f"records.{name} = CAST({value.format(place)} AS {_type(name)})"
        for place, name in enumerate(columns)
    )
    found = ", ".join(f'records."{name}"' for name in table.columns.keys())  # noqa: SIM118
    return sa.text(f"SELECT {found} FROM {source} records ON {same}")  # noqa: S608  -- our own names


def _type(name: str) -> str:
    return "integer" if isinstance(table.c[name].type, sa.Integer) else "text"


TOGETHER = 1000  # entries looked up in one query
STREAMED = 1000  # rows fetched at once
_NO_CHARACTER = "\U0010ffff"  # after all that are: Unicode keeps it free

# Asked with every answer: made once, as SQLAlchemy takes longer to make them than to run them.
_OWN = sa.select(table).where(table.c.learner == sa.bindparam("learner"))
_NEWEST = sa.select(table.c.time).order_by(table.c.seq.desc()).limit(1)
_OF_LEARNER = _OWN.order_by(table.c.seq)
_NEWER = sa.select(table).where(table.c.seq > sa.bindparam("after")).order_by(table.c.seq)
_AT_EXERCISE = _OWN.where(table.c.exercise == sa.bindparam("exercise")).order_by(table.c.attempt)

# Every exercise that was answered, each found by index from the one before: as many looks as there
# are exercises, however many answers.
_EXERCISES = sa.text(
    """
    WITH RECURSIVE known(exercise) AS (
        SELECT min(exercise) FROM records
        UNION ALL
        SELECT (SELECT min(exercise) FROM records WHERE records.exercise > known.exercise)
        FROM known WHERE known.exercise IS NOT NULL
    )
    SELECT exercise FROM known WHERE exercise IS NOT NULL
    """
)

T = TypeVar("T")


class SqlStore:
    """The record in SQLite or PostgreSQL.

    Writers queue: SQLite's own write lock, or a lock of ours in PostgreSQL, is held from the
    reading of the history to the commit, so that numbers have no gap and guards see the truth.

    A database that goes away and comes back is found again by the next call; a call that met it
    away has failed, and what it was to store may be stored again under the same ids.

    Parameters
    ----------
    address
        Where it is, as SQLAlchemy writes it: ``sqlite:////srv/answers.sqlite``,
        ``postgresql://user:password@host/database``. No message repeats its password.
    lock_seconds
        How long to wait where another program writes.

    there
        Whether answers have to be there already; else their table, and SQLite's file, are made.

    Raises
    ------
    StoreError
        The address is wrong, there is no database to be had there, or it is a newer program's.
    """

    def __init__(
        self, address: str, *, lock_seconds: float = LOCK_SECONDS, there: bool = False
    ) -> None:
        self.place = without_password(address)
        self.engine = connect(address, lock_seconds)
        try:
            with self._saying("open"):
                if there:
                    hold_records(self.engine, self.place)
                keep_private(self.engine, self.place)
                bring_up(self.engine, self.place)
        except StoreError:
            self.close()
            raise

    def append(self, entries: Sequence[tuple[Entry, Guard | None]]) -> list[Appended | Refused]:
        """See `Store.append`."""
        if not entries:
            return []
        with self._writing() as connection:
            log = Log()
            for some in _portions([entry for entry, _ in entries]):
                asked = [(entry.learner, entry.exercise) for entry in some]
                self._look_up(connection, log, ("learner", "exercise"), asked)
                self._look_up(connection, log, ("learner", "id"), [(e.learner, e.id) for e in some])
            newest = connection.execute(_NEWEST).scalar()
            outcomes, new = log.plan(entries, newest and datetime.fromisoformat(newest))
            _insert(connection, new)
        return outcomes

    def history(self, learner: str, exercise: str | None = None) -> list[Record]:
        """See `Store.history`."""
        query, values = _OF_LEARNER, {"learner": learner}
        if exercise is not None:
            query, values = _AT_EXERCISE, {"learner": learner, "exercise": exercise}
        with self._reading() as connection:
            return list(self._select(connection, query, **values))

    def records(self, *, learners: str = "") -> Iterator[Record]:
        """See `Store.records`; rows are streamed."""
        begins = _learners_begin(self.engine, learners)
        query = sa.select(table).where(*begins).order_by(table.c.seq)
        with self._reading() as connection:
            yield from self._select(connection, query.execution_options(yield_per=STREAMED))

    def newer(self, after: int) -> tuple[list[Record], int]:
        """Give what was stored after a row of this number (0: all), and the number of the last.

        Writers queue, so that no row comes late: what was given once need not be looked for again.
        """
        with self._reading() as connection:
            rows = connection.execute(_NEWER, {"after": after}).mappings().all()
            return [self._record(row) for row in rows], rows[-1]["seq"] if rows else after

    def given(self, exercise: str, *, where: str = "") -> Iterator[Record]:
        """See `Store.given`; rows are streamed."""
        later = table.alias("later")
        query = (
            sa.select(table)
            .where(table.c.exercise == exercise, table.c.answer.is_not(None))
            .where(*_begins(table.c.where, where))
            .where(
                ~sa.exists().where(
                    later.c.learner == table.c.learner,
                    later.c.exercise == table.c.exercise,
                    later.c.attempt > table.c.attempt,
                    # Not as a range: a learner's few records are found by the learner, and not
                    # by the surface, where all the others' are.
                    sa.func.substr(later.c.where, 1, len(where)) == where,
                )
            )
        )
        with self._reading() as connection:
            yield from self._select(connection, query.execution_options(yield_per=STREAMED))

    def restore(self, records: Iterable[Record]) -> int:
        """See `Store.restore`; a portion is in memory at a time, and all are stored together."""
        count, rest = 0, iter(records)
        with self._writing() as connection:
            marks = _marks(connection)
            while some := list(islice(rest, TOGETHER)):
                given = remembered(some, marks)
                log = Log()
                numbers = [(r.learner, r.exercise, r.attempt) for r in given]
                self._look_up(connection, log, ("learner", "exercise", "attempt"), numbers)
                ids = [(r.learner, r.id) for r in given]
                self._look_up(connection, log, ("learner", "id"), ids)
                new = log.unknown(given)
                _insert(connection, new)
                count += len(new)
        return count

    def purge(self, before: datetime) -> int:
        """See `Store.purge`; done in portions, between which others write."""
        with self._saying("purge"):
            return purge_rows(self.engine, before)

    def forgotten(self) -> Mapping[str, datetime]:
        """See `Store.forgotten`."""
        with self._saying("read"), self.engine.connect() as connection:
            return _marks(connection)

    def keep_forgotten(self, marks: Mapping[str, datetime]) -> None:
        """See `Store.keep_forgotten`."""
        with self._writing() as connection:
            _keep_marks(connection, marks)

    def forget(self, learner: str, *, at: datetime | None = None) -> int:
        """See `Store.forget`."""
        with self._saying("delete"):
            with writing(self.engine) as connection:
                _keep_marks(connection, {mark(learner): at or datetime.now(UTC)})
                done = connection.execute(sa.delete(table).where(table.c.learner == learner))
            wipe(self.engine)
        return done.rowcount

    def note(self, operation: AuditEntry) -> None:
        """See `Store.note`."""
        with self._writing() as connection:
            connection.execute(sa.insert(operations_table), operation.model_dump(mode="json"))

    def operations(self) -> list[AuditEntry]:
        """See `Store.operations`."""
        columns = [operations_table.c[name] for name in AuditEntry.model_fields]
        with self._reading() as connection:
            rows = connection.execute(sa.select(*columns).order_by(operations_table.c.seq))
            return [AuditEntry.model_validate(dict(row)) for row in rows.mappings()]

    def last_operations(self) -> Mapping[str, AuditEntry]:
        """See `Store.last_operations`."""
        newest = sa.select(sa.func.max(operations_table.c.seq)).group_by(operations_table.c.done)
        columns = [operations_table.c[name] for name in AuditEntry.model_fields]
        with self._reading() as connection:
            rows = connection.execute(sa.select(*columns).where(operations_table.c.seq.in_(newest)))
            found = [AuditEntry.model_validate(dict(row)) for row in rows.mappings()]
        return {each.done: each for each in found}

    def daily_counts(self, *, where: str = "") -> Sequence[DailyCount]:
        """See `Store.daily_counts`; the database counts."""
        day = _day_in_japan(self.engine, table.c.time).label("day")
        learners = sa.func.count(sa.distinct(table.c.learner))
        query = sa.select(day, table.c.exercise, sa.func.count(), learners).group_by(
            day, table.c.exercise
        )
        with self._reading() as connection:
            given = _given_at(connection, where)
            rows = connection.execute(query.where(*given)).all()
        return sorted(DailyCount(date.fromisoformat(str(row[0])), *row[1:]) for row in rows)

    def counts_by_surface(self) -> Mapping[str, tuple[int, int]]:
        """See `Store.counts_by_surface`."""
        learners = sa.func.count(sa.distinct(table.c.learner))
        query = (
            sa.select(table.c.where, sa.func.count(), learners)
            .where(table.c.answer.is_not(None))
            .group_by(table.c.where)
        )
        with self._reading() as connection:
            return {row[0]: (row[1], row[2]) for row in connection.execute(query)}

    def count_learners(self, *, where: str = "") -> int:
        """See `Store.count_learners`."""
        query = sa.select(sa.func.count(sa.distinct(table.c.learner)))
        with self._reading() as connection:
            given = _given_at(connection, where)
            return int(connection.execute(query.where(*given)).scalar_one())

    def check_writable(self) -> None:
        """See `Store.check_writable`."""
        with self._writing() as connection:
            if connection.dialect.name == "sqlite":
                # A number of the file's head that nothing else uses: another each time, as SQLite
                # does not write what is there already.
                number = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
                connection.exec_driver_sql(f"PRAGMA user_version = {(number + 1) % 1000}")
            else:
                same = f"UPDATE {VERSION_TABLE} SET version_num = version_num"  # noqa: S608  -- ours
                connection.exec_driver_sql(same)

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
    def _saying(self, what: str) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise database_fault(what, self.place, error) from error

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with self._saying("read"), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with self._saying("write"), writing(self.engine) as connection:
            yield connection

    def _look_up(
        self,
        connection: sa.Connection,
        log: Log,
        columns: Sequence[str],
        asked: Iterable[tuple[str | int, ...]],
    ) -> None:
        """Take the records into a log whose columns have one of the values."""
        query = looked_up(connection.dialect.name, columns)
        log.take(self._select(connection, query, asked=json.dumps(sorted(set(asked)))))

    def _select(
        self, connection: sa.Connection, query: sa.Executable, **values: str
    ) -> Iterator[Record]:
        for row in connection.execute(query, values).mappings():
            yield self._record(row)

    def _record(self, row: sa.RowMapping) -> Record:
        try:
            fields = {name: row[name] for name in Record.model_fields}
            if fields["answer"] is not None:
                fields["answer"] = json.loads(fields["answer"])
            return Record.model_validate(fields)
        except (ValidationError, ValueError) as error:
            told = say("answers.errors.row", place=self.place, seq=row["seq"])
            raise StoreError(told) from error


def _portions(things: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(things), TOGETHER):
        yield things[start : start + TOGETHER]


def _insert(connection: sa.Connection, records: Sequence[Record]) -> None:
    if records:
        connection.execute(sa.insert(table), [_row(record) for record in records])


def _row(record: Record) -> dict[str, Any]:
    row = record.model_dump(mode="json")
    answer = row["answer"]
    row["answer"] = None if answer is None else json.dumps(answer, ensure_ascii=False)
    return row


def _day_in_japan(engine: sa.Engine, column: sa.ColumnElement[str]) -> sa.ColumnElement[Any]:
    """Give the day in Japan (UTC+9, without summer time) of a time, text with its zone."""
    if engine.dialect.name == "sqlite":
        return sa.func.date(column, "+9 hours")
    moment = sa.cast(column, sa.DateTime(timezone=True))
    return sa.cast(sa.func.timezone(sa.literal_column("'Asia/Tokyo'"), moment), sa.Date)


def _begins(column: sa.ColumnElement[str], prefix: str) -> list[sa.ColumnElement[bool]]:
    """Say that a column begins with a prefix, as a range of its index."""
    if not prefix:
        return []
    return [column >= prefix, column < f"{prefix}{_NO_CHARACTER}"]


def _given_at(connection: sa.Connection, where: str) -> list[sa.ColumnElement[bool]]:
    """Choose the answers that were given at a surface whose name begins so.

    The index begins with the exercise: with each of them named, the rows of one surface are found
    by it, and those of other surfaces are not read.
    """
    answered = table.c.answer.is_not(None)
    if not where:
        return [answered]
    known = connection.execute(_EXERCISES).scalars().all()
    return [answered, table.c.exercise.in_(known), *_begins(table.c.where, where)]


def _learners_begin(engine: sa.Engine, prefix: str) -> list[sa.ColumnElement[bool]]:
    """Say that a learner's name begins with a prefix; PostgreSQL's order is not that of bytes."""
    name: sa.ColumnElement[str] = table.c.learner
    return _begins(name.collate("C") if engine.dialect.name == "postgresql" else name, prefix)


def _marks(connection: sa.Connection) -> dict[str, datetime]:
    """Give the marks of all who were forgotten."""
    rows = connection.execute(sa.select(forgotten_table))
    return {row.learner: datetime.fromisoformat(row.time) for row in rows}


def _keep_marks(connection: sa.Connection, marks: Mapping[str, datetime]) -> None:
    """Add marks; of two with one name the later moment holds."""
    known = _marks(connection)
    for name, moment in later(known, marks).items():
        if known.get(name) == moment:
            continue
        column = forgotten_table.c.learner
        connection.execute(sa.delete(forgotten_table).where(column == name))
        row = {"learner": name, "time": moment.isoformat()}
        connection.execute(sa.insert(forgotten_table).values(row))
