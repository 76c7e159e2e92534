"""A file, the databases and a model of the record, told the same, stay the same."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from dxcourse.answers import (
    Appended,
    Entry,
    Record,
    Refused,
    StoreError,
    export_file,
    import_file,
    since_fresh,
)
from support.records import DATABASE, KINDS_OF_STORE, NOW, open_store

if TYPE_CHECKING:
    from collections.abc import Sequence

learners = st.sampled_from(("sato", "鈴木"))
exercises = st.sampled_from(("plan", "team"))
ids = st.integers(0, 30).map(lambda number: f"entry-{number:04}")
texts = st.text(st.characters(codec="utf-8"), max_size=6)
answers = st.none() | st.dictionaries(
    texts,
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | texts,
        lambda inner: st.lists(inner, max_size=3),
        max_leaves=4,
    ),
    max_size=3,
)
numbers = st.integers(0, len(KINDS_OF_STORE) - 1)
zones = st.sampled_from((UTC, timezone(timedelta(hours=9)), timezone(-timedelta(hours=3.5))))
# Few enough to meet, in zones of their own: text does not say which is earlier.
moments = st.builds(
    lambda hour, zone: (NOW + timedelta(hours=hour)).astimezone(zone), st.integers(0, 20), zones
)
entries = st.builds(
    Entry,
    id=ids,
    time=moments,
    learner=learners,
    exercise=exercises,
    answer=answers,
    where=st.sampled_from(("page", "live:a", "live:b")),
)


class Limit:
    """A guard that keeps a number of records for itself; it refuses from there on."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, history: Sequence[Record]) -> None:
        if len(history) >= self.limit:
            raise Refused("no more")


class Model:
    """The promise, in the fewest words."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.forgotten: set[str] = set()

    def own(self, learner: str, exercise: str) -> list[Record]:
        found = [r for r in self.records if (r.learner, r.exercise) == (learner, exercise)]
        return sorted(found, key=lambda record: record.attempt)

    def append(self, entry: Entry, guard: Limit | None) -> Record | None:
        for record in self.records:
            if (record.learner, record.id) == (entry.learner, entry.id):
                return record
        own = self.own(entry.learner, entry.exercise)
        if guard and len(own) >= guard.limit:
            return None
        self.records.append(entry.numbered(own[-1].attempt + 1 if own else 1))
        return self.records[-1]

    def given(self, exercise: str, where: str) -> list[Record]:
        found = []
        for learner in {record.learner for record in self.records}:
            own = [r for r in self.own(learner, exercise) if r.where.startswith(where)]
            found += since_fresh(own)[-1:]
        return found

    def purge(self, before: datetime) -> int:
        """Each record in the light of all others, as the promise is worded."""
        left, count = [], 0
        for record in self.records:
            own = self.own(record.learner, record.exercise)
            young_before = any(r.time >= before for r in own if r.attempt < record.attempt)
            if record.time >= before or (record.answer is None and young_before):
                left.append(record)
            elif record != own[-1]:
                count += 1
            elif record.answer is None:
                left.append(record)
            else:
                change = {"answer": None, "where": "purged", "time": before}
                left.append(record.model_copy(update=change))
                count += 1
        self.records = left
        return count

    def forget(self, learner: str) -> int:
        self.forgotten.add(learner)
        before = len(self.records)
        self.records = [record for record in self.records if record.learner != learner]
        return before - len(self.records)

    def restore(self, records: Sequence[Record]) -> int | None:
        new: list[Record] = []
        for record in records:
            if record.learner in self.forgotten:  # all times of the model are long past
                continue
            here = [*self.records, *new]
            if record in here:
                continue
            number = (record.learner, record.exercise, record.attempt)
            if any(
                (r.learner, r.id) == (record.learner, record.id)
                or (r.learner, r.exercise, r.attempt) == number
                for r in here
            ):
                return None
            new.append(record)
        self.records += new
        return len(new)


class Stores(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="answers"))
        self.model = Model()
        self.stores = [open_store(kind, self.folder) for kind in KINDS_OF_STORE]

    def teardown(self) -> None:
        for store in self.stores:
            store.close()
        shutil.rmtree(self.folder)

    @rule(
        group=st.lists(
            st.tuples(entries, st.none() | st.integers(0, 3).map(Limit)), min_size=1, max_size=4
        )
    )
    def append(self, group: list[tuple[Entry, Limit | None]]) -> None:
        expected = [self.model.append(entry, guard) for entry, guard in group]
        for store in self.stores:
            found = store.append(group)
            assert [o.record if isinstance(o, Appended) else None for o in found] == expected

    @rule(
        entry=entries,
        numbers=st.lists(st.integers(1, 12), min_size=1, max_size=3),
        copies=st.data(),
    )
    def restore(self, entry: Entry, numbers: list[int], copies: st.DataObject) -> None:
        records = [entry.numbered(number) for number in numbers]
        if self.model.records:
            records.insert(0, copies.draw(st.sampled_from(self.model.records)))
        expected = self.model.restore(records)
        for store in self.stores:
            found: int | None
            try:
                found = store.restore(records)
            except StoreError:
                found = None
            assert found == expected

    @rule(before=moments)
    def purge(self, before: datetime) -> None:
        expected = self.model.purge(before)
        assert [store.purge(before) for store in self.stores] == [expected] * len(self.stores)

    @rule(learner=learners)
    def forget(self, learner: str) -> None:
        expected = self.model.forget(learner)
        assert [store.forget(learner) for store in self.stores] == [expected] * len(self.stores)

    @rule(number=numbers)
    def open_again(self, number: int) -> None:
        self.stores[number].close()
        self.stores[number] = open_store(KINDS_OF_STORE[number], self.folder)

    @rule(number=numbers)
    def carry_over(self, number: int) -> None:
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        export = folder / "export.jsonl"
        assert export_file(self.stores[number], export) == len(self.model.records)
        with open_store(KINDS_OF_STORE[number - 1], folder) as other:
            assert import_file(other, export) == len(self.model.records)
            assert import_file(other, export) == 0
            same(list(other.records()), self.model.records)

    @rule(learner=learners, exercise=exercises)
    def look(self, learner: str, exercise: str) -> None:
        for store in self.stores:
            same(store.history(learner, exercise), self.model.own(learner, exercise))
            same(store.history(learner), [r for r in self.model.records if r.learner == learner])

    @rule(exercise=exercises, where=st.sampled_from(("", "page", "live:", "live:b")))
    def look_at_all(self, exercise: str, where: str) -> None:
        expected = sorted(map(plain, self.model.given(exercise, where)))
        for store in self.stores:
            assert sorted(map(plain, store.given(exercise, where=where))) == expected

    @invariant()
    def are_the_same(self) -> None:
        for store in self.stores:
            same(list(store.records()), self.model.records)


def same(found: Sequence[Record], expected: Sequence[Record]) -> None:
    """Hold records against others, down to 1, 1.0 and True."""
    assert [plain(record) for record in found] == [plain(record) for record in expected]


def plain(record: Record) -> Any:
    return record.model_dump_json()


QUICK = settings(
    max_examples=15,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def test_stores_keep_to_the_model(postgres_address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATABASE, postgres_address)
    run_state_machine_as_test(Stores, settings=QUICK)


@pytest.mark.soak
def test_stores_keep_to_the_model_for_long(
    postgres_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DATABASE, postgres_address)
    long = settings(QUICK, max_examples=600, stateful_step_count=40)
    run_state_machine_as_test(Stores, settings=long)
