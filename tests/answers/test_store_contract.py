"""What every store promises: the same suite for each."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from dxcourse.answers import Appended, Entry, Record, Refused, StoreError, new_id, since_fresh
from support.records import NOW, entry, open_store, put, stored, values

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from dxcourse.answers import Store


def at_most(limit: int) -> Callable[[Sequence[Record]], None]:
    def guard(history: Sequence[Record]) -> None:
        if len(history) >= limit:
            raise Refused(f"{len(history)} are here")

    return guard


def test_an_empty_store_has_nothing(store: Store) -> None:
    assert list(store.records()) == []
    assert store.history("sato") == store.history("sato", "plan") == []
    assert store.append([]) == []
    assert store.restore([]) == 0


def test_a_record_is_the_entry_with_its_number(store: Store) -> None:
    given = entry({"深い": [1, 2.5, None, True, "🍣\n\x00"]})
    (record,) = put(store, given)
    assert record == Record(
        id=given.id,
        time=NOW,
        learner="sato",
        exercise="plan",
        attempt=1,
        answer=given.answer,
        where="test",
    )
    assert list(store.records()) == store.history("sato", "plan") == [record]


def test_attempts_count_for_each_learner_and_exercise(store: Store) -> None:
    for learner in ("sato", "suzuki"):
        for exercise in ("plan", "team"):
            for number in (1, 2, 3):
                (record,) = put(store, entry(learner=learner, exercise=exercise))
                assert record.attempt == number


def test_a_group_is_stored_in_its_order(store: Store) -> None:
    put(store, entry("first"))
    group = put(store, entry(1), entry(2, learner="suzuki"), entry(3, exercise="team"), entry(4))
    assert [record.attempt for record in group] == [2, 1, 1, 3]
    assert values(list(store.records())) == ["first", 1, 2, 3, 4]


def test_the_records_of_learners_whose_names_begin_alike_are_given_alone(store: Store) -> None:
    names = ["@oki/a", "@oki/b", "@oki-2/a", "@OKI/a", "@ok", "a", "@oki/ü", "隠岐"]
    records = put(store, *(entry(learner=name) for name in names))
    for begin, own in (("@oki/", [0, 1, 6]), ("@ok", [0, 1, 2, 4, 6]), ("隠", [7]), ("x", [])):
        assert list(store.records(learners=begin)) == [records[number] for number in own]
    assert list(store.records()) == records


def test_a_large_group_is_stored(store: Store) -> None:
    put(store, *(entry(1, learner=f"learner-{n}") for n in range(2500)))
    again = put(store, *(entry(2, learner=f"learner-{n}") for n in range(2500)))
    assert {record.attempt for record in again} == {2}
    assert len(list(store.records())) == 5000


def test_the_same_id_is_stored_once(store: Store) -> None:
    ticket = new_id()
    (first,) = put(store, entry("mine", entry_id=ticket))
    again = put(store, entry("mine", entry_id=ticket), entry("other", entry_id=ticket))
    assert again == [first, first]
    assert store.history("sato") == [first]


def test_the_same_id_within_a_group_is_stored_once(store: Store) -> None:
    ticket = new_id()
    first, second = put(store, entry("a", entry_id=ticket), entry("b", entry_id=ticket))
    assert first == second
    assert values(list(store.records())) == ["a"]


def test_another_learner_may_have_the_same_id(store: Store) -> None:
    ticket = new_id()
    put(store, entry(entry_id=ticket), entry(entry_id=ticket, learner="suzuki"))
    assert len(list(store.records())) == 2


def test_a_repeat_is_not_asked_of_the_guard(store: Store) -> None:
    given = entry()
    (first,) = put(store, given)
    assert stored(store.append([(given, at_most(0))])) == [first]


def test_a_guard_refuses_one_of_a_group(store: Store) -> None:
    outcomes = store.append([(entry(n), at_most(2)) for n in range(4)])
    assert [type(outcome) for outcome in outcomes] == [Appended, Appended, Refused, Refused]
    assert values(list(store.records())) == [0, 1]
    put(store, entry("after"))
    assert [record.attempt for record in store.history("sato", "plan")] == [1, 2, 3]


def test_what_is_stored_comes_with_the_history_up_to_it(store: Store) -> None:
    """A reply then needs no second reading; of what had been stored earlier nothing is told."""
    (first,) = put(store, entry(1))
    put(store, entry(9, learner="suzuki"), entry(9, exercise="team"))
    again = Entry(**{**vars(entry(1)), "once": True})
    two = entry(2)
    second, same, third = store.append([(two, None), (again, None), (two, None)])
    assert isinstance(second, Appended)
    assert isinstance(same, Appended)
    assert isinstance(third, Appended)
    assert second.before == (first,)
    assert same.before == (first, second.record)
    assert (third.record, third.before) == (second.record, None)


def test_a_guard_sees_only_its_learner_and_exercise(store: Store) -> None:
    seen: list[Any] = []
    put(store, entry(1), entry(2, learner="suzuki"), entry(3, exercise="team"))
    group = [entry(4), entry(5, exercise="team"), entry(6)]
    store.append([(each, lambda history: seen.append(values(history))) for each in group])
    assert seen == [[1], [3], [1, 4]]


def test_a_guard_sees_what_others_store_meanwhile(kind: str, tmp_path: Path) -> None:
    limit, workers = 5, 8
    barrier = threading.Barrier(workers)

    def work(number: int) -> int:
        with open_store(kind, tmp_path) as own:
            barrier.wait()
            outcomes = [own.append([(entry(number), at_most(limit))])[0] for _ in range(4)]
        return sum(isinstance(outcome, Appended) for outcome in outcomes)

    with ThreadPoolExecutor(workers) as pool:
        assert sum(pool.map(work, range(workers))) == limit
    with open_store(kind, tmp_path) as own:
        assert [record.attempt for record in own.records()] == [1, 2, 3, 4, 5]


def test_threads_may_share_a_store(store: Store) -> None:
    def work(number: int) -> None:
        for _ in range(5):
            put(store, entry(number, learner="all"))
            store.history("all")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert [record.attempt for record in store.history("all", "plan")] == list(range(1, 41))


def test_a_guard_may_look_into_the_store(store: Store) -> None:
    put(store, entry(exercise="team"))

    def guard(_: Sequence[Record]) -> None:
        if store.history("sato", "team"):
            raise Refused("team is answered")

    (outcome,) = store.append([(entry(), guard)])
    assert isinstance(outcome, Refused)


def test_a_broken_guard_stores_nothing(store: Store) -> None:
    def guard(_: Sequence[Record]) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.append([(entry(1), None), (entry(2), guard)])
    assert list(store.records()) == []
    put(store, entry(3))
    assert values(list(store.records())) == [3]


def test_history_is_in_order_and_ones_own(store: Store) -> None:
    put(store, entry(1), entry(2, exercise="team"), entry(3, learner="suzuki"), entry(4))
    assert values(store.history("sato")) == [1, 2, 4]
    assert values(store.history("sato", "plan")) == [1, 4]
    store.history("sato").clear()  # whoever asks gets a list of their own
    assert values(store.history("sato")) == [1, 2, 4]


def test_beginning_afresh_is_a_record(store: Store) -> None:
    put(store, entry(1), entry(2), entry(fresh=True), entry(3))
    history = store.history("sato", "plan")
    assert [record.attempt for record in history] == [1, 2, 3, 4]
    assert values(history) == [1, 2, None, 3]
    assert values(since_fresh(history)) == [3]
    assert since_fresh(history[:3]) == []


def test_what_is_stored_is_there_when_it_is_opened_again(kind: str, tmp_path: Path) -> None:
    with open_store(kind, tmp_path) as own:
        records = put(own, entry(1), entry("二"), entry(fresh=True))
    with open_store(kind, tmp_path) as own:
        assert list(own.records()) == records
        assert put(own, entry(4))[0].attempt == 4


def test_two_open_stores_see_each_other(kind: str, tmp_path: Path) -> None:
    with open_store(kind, tmp_path) as one, open_store(kind, tmp_path) as other:
        for number in range(6):
            (record,) = put((one, other)[number % 2], entry(number))
            assert record.attempt == number + 1
            assert one.history("sato") == other.history("sato")


@pytest.mark.parametrize(
    "hour", [timezone(timedelta(hours=9)), timezone(timedelta(hours=-3, minutes=-30))]
)
def test_a_time_keeps_its_zone(store: Store, hour: timezone) -> None:
    time = datetime(2026, 11, 24, 9, 0, 0, 123456, hour)
    (record,) = put(store, Entry(new_id(), time, "sato", "plan", None, "test"))
    (read,) = store.records()
    assert read.time == record.time == time
    assert read.time.utcoffset() == time.utcoffset()


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "short"},
        {"id": "with space"},
        {"id": "x" * 65},
        {"id": "12345678\n"},
        {"learner": ""},
        {"learner": "x" * 129},
        {"learner": "\ud800"},
        {"learner": "sa\x00to"},
        {"where": "\x00"},
        {"exercise": ""},
        {"where": "x" * 65},
        {"time": NOW.replace(tzinfo=None)},
        {"answer": {"items": {"r1": float("nan")}}},
        {"answer": {"items": {"r1": (1, 2)}}},
        {"answer": {"items": {"r1": "\udfff"}}},
        {"answer": {1: 2}},
        {"answer": []},
    ],
)
def test_what_cannot_be_a_record_is_refused_before_it_meets_a_store(wrong: dict[str, Any]) -> None:
    fields: dict[str, Any] = {
        "id": new_id(),
        "time": NOW,
        "learner": "sato",
        "exercise": "plan",
        "answer": None,
        "where": "test",
    }
    Entry(**fields)
    with pytest.raises(ValueError, match=r"\w"):
        Entry(**fields | wrong)


def test_what_a_learner_typed_is_in_no_error() -> None:
    with pytest.raises(ValueError, match="answer") as caught:
        Entry(new_id(), NOW, "sato", "plan", {"items": {"r1": {"秘密": object()}}}, "test")
    assert "object at" not in str(caught.value)
    with pytest.raises(ValueError, match="answer") as caught:
        Record.model_validate({"answer": "わたしの秘密"})
    assert "わたしの秘密" not in str(caught.value)


def test_restoring_keeps_records_as_they_are(kind: str, tmp_path: Path) -> None:
    for folder in ("old", "new"):
        (tmp_path / folder).mkdir()
    with open_store(kind, tmp_path / "old") as source:
        records = put(source, entry(1), entry(2, learner="suzuki"), entry(fresh=True))
    with open_store(kind, tmp_path / "new") as store:
        assert store.restore(records) == 3
        assert list(store.records()) == records
        assert store.restore(records) == 0
        assert list(store.records()) == records
        assert put(store, entry(3))[0].attempt == 3


def test_restoring_takes_all_or_nothing(store: Store) -> None:
    one, two = put(store, entry(1), entry(2))
    foreign = one.model_copy(update={"id": new_id(), "exercise": "team"})
    for contradiction in (
        two.model_copy(update={"id": new_id()}),  # the number of another
        two.model_copy(update={"attempt": 9}),  # the id of another
        two.model_copy(update={"answer": None}),
    ):
        with pytest.raises(StoreError, match="もうここにあり、中身が違います"):
            store.restore([foreign, contradiction])
        assert list(store.records()) == [one, two]
    twin = foreign.model_copy(update={"id": new_id()})
    with pytest.raises(StoreError, match="もうここにあり、中身が違います"):
        store.restore([foreign, twin])
    assert store.restore([one, foreign, foreign]) == 1


def test_restoring_from_what_fails_takes_nothing(store: Store) -> None:
    (record,) = put(store, entry(1))

    def failing() -> Any:
        yield record.model_copy(update={"id": new_id(), "attempt": 2})
        raise OSError("the source is gone")

    with pytest.raises(OSError, match="gone"):
        store.restore(failing())
    assert list(store.records()) == [record]


def test_a_gap_is_filled_and_the_history_is_by_attempt(
    store: Store, kind: str, tmp_path: Path
) -> None:
    records = put(store, entry(1), entry(2), entry(3))
    (other,) = put(store, entry("other", exercise="team"))
    (tmp_path / "second").mkdir()
    with open_store(kind, tmp_path / "second") as second:
        second.restore([records[0], records[2], other])
        assert put(second, entry(4))[0].attempt == 4  # a number is not given twice
        second.restore([records[1]])
        assert values(second.history("sato", "plan")) == [1, 2, 3, 4]
        assert stored(second.append([(entry(5), at_most(9))]))[0].attempt == 5
