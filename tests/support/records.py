"""Entries, exercises and stores to test with."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Self

from dxcourse.answers import Appended, Entry, FileStore, Record, SqlStore, new_id
from dxcourse.answers.forgotten import later, mark, remembered
from dxcourse.answers.log import Log, purged
from dxcourse.exercises import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from dxcourse.answers import AuditEntry, DailyCount, Guard, Refused, Store
    from dxcourse.exercises import AnyExercise

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
KINDS_OF_STORE = ("file", "sqlite", "postgres")
DATABASE = "DXCOURSE_TEST_DATABASE"  # the address of a test's PostgreSQL database


def open_store(kind: str, folder: Path, lock_seconds: float = 20) -> Store:
    """Open the store of that kind in the folder; the same one each time."""
    if kind == "file":
        return FileStore(folder / "answers.jsonl", lock_seconds=lock_seconds)
    return SqlStore(address_of(kind, folder), lock_seconds=lock_seconds)


def address_of(kind: str, folder: Path) -> str:
    """Give the address of the database of that kind in the folder: in PostgreSQL, a schema."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'answers.sqlite'}"
    import psycopg

    database = os.environ[DATABASE]
    schema = f"folder_{sha256(bytes(folder.resolve())).hexdigest()[:16]}"
    # Not IF NOT EXISTS: two that make it at once would still collide.
    there = (psycopg.errors.DuplicateSchema, psycopg.errors.UniqueViolation)
    with suppress(*there), psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}".encode())
    return f"{database}?options=-csearch_path%3D{schema}"


class MemoryStore:
    """The rules alone, for tests that ask much and need no disk."""

    def __init__(self) -> None:
        self.log = Log()
        self.marks: dict[str, datetime] = {}

    def append(self, entries: Sequence[tuple[Entry, Guard | None]]) -> list[Appended | Refused]:
        outcomes, new = self.log.plan(entries)
        self.log.take(new)
        return outcomes

    def history(self, learner: str, exercise: str | None = None) -> list[Record]:
        return self.log.history(learner, exercise)

    def records(self, *, learners: str = "") -> Iterator[Record]:
        return iter([each for each in self.log.everything if each.learner.startswith(learners)])

    def given(self, exercise: str, *, where: str = "") -> Iterator[Record]:
        return self.log.given(exercise, where)

    def purge(self, before: datetime) -> int:
        left, count = purged(self.log.everything, before)
        self.log = Log()
        self.log.take(left)
        return count

    def forgotten(self) -> Mapping[str, datetime]:
        return self.marks

    def note(self, operation: AuditEntry) -> None:
        pass

    def operations(self) -> list[AuditEntry]:
        return []

    def last_operations(self) -> Mapping[str, AuditEntry]:
        return {}

    def daily_counts(self, *, where: str = "") -> Sequence[DailyCount]:
        return self.log.daily_counts(where)

    def counts_by_surface(self) -> Mapping[str, tuple[int, int]]:
        return self.log.counts_by_surface()

    def count_learners(self, *, where: str = "") -> int:
        return self.log.count_learners(where)

    def keep_forgotten(self, marks: Mapping[str, datetime]) -> None:
        self.marks = later(self.marks, marks)

    def forget(self, learner: str, *, at: datetime | None = None) -> int:
        self.keep_forgotten({mark(learner): at or datetime.now(UTC)})
        left = [record for record in self.log.everything if record.learner != learner]
        count = len(self.log.everything) - len(left)
        self.log = Log()
        self.log.take(left)
        return count

    def restore(self, records: Iterable[Record]) -> int:
        new = self.log.unknown(remembered(records, self.marks))
        self.log.take(new)
        return len(new)

    def check_writable(self) -> None:
        pass

    def close(self) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


def entry(  # noqa: PLR0913
    value: Any = "東京",
    *,
    learner: str = "sato",
    exercise: str = "plan",
    entry_id: str | None = None,
    minutes: int = 0,
    fresh: bool = False,
    where: str = "test",
) -> Entry:
    """Make an entry with one value, or a fresh beginning."""
    return Entry(
        id=entry_id or new_id(),
        time=NOW + timedelta(minutes=minutes),
        learner=learner,
        exercise=exercise,
        answer=None if fresh else {"items": {"r1": value}},
        where=where,
    )


def put(store: Store, *entries: Entry) -> list[Record]:
    """Append entries together; all are expected to be stored."""
    return stored(store.append([(each, None) for each in entries]))


def stored(outcomes: Sequence[Appended | Refused]) -> list[Record]:
    """Give the outcomes, which are expected to be records."""
    records = [outcome.record for outcome in outcomes if isinstance(outcome, Appended)]
    assert len(records) == len(outcomes)
    return records


def values(records: Sequence[Record]) -> list[Any]:
    """Give the values of records that `entry` has made."""
    return [record.answer and record.answer["items"]["r1"] for record in records]


def choice(exercise_id: str = "plan", **fields: Any) -> AnyExercise:
    """Make a choice of two items, each right with its option "yes"."""
    options = [
        {"id": "yes", "text": "はい", "correct": True, "feedback": "そのとおり"},
        {"id": "no", "text": "いいえ", "feedback": "ちがいます"},
        {"id": "maybe", "text": "どちらとも", "feedback": "ちがいます"},
    ]
    items = [{"id": name, "text": name, "options": options} for name in ("a", "b")]
    return parse({"kind": "choice", "id": exercise_id, "title": "題", "items": items, **fields})


def give(exercise: AnyExercise, **chosen: str) -> dict[str, Any]:
    """Make an answer of item and option ids."""
    answer = {}
    for item in exercise.items:
        if item.id in chosen:
            refs = {option.id: option.ref for option in item.options}
            answer[item.ref] = refs[chosen[item.id]]
    return {"items": answer}


@contextmanager
def both_stores(folder: Path) -> Iterator[tuple[Store, Store]]:
    """Open a file and a database beside each other."""
    with open_store("file", folder) as file, open_store("sqlite", folder) as database:
        yield file, database
