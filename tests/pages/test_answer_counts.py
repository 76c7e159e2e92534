"""How others answered: counts of whole groups, and nothing that anyone wrote."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxcourse.answers import Record, StoreError
from dxcourse.exercises.shapes import Shape
from dxcourse.pages.answer_counts import COUNTED, AnswerCounts, allowed, counted
from support.canaries import CANARY, plant
from support.waiting import run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dxcourse.course import Course
    from dxcourse.exercises import AnyExercise

BEGIN = datetime(2026, 11, 24, tzinfo=UTC)
LEAST = 5


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return plant(tmp_path_factory.mktemp("others") / "course")


def of_kind(course: Course, kind: str) -> AnyExercise:
    return next(e for e in course.exercises.values() if e.kind == kind)


def record(number: int, values: dict[str, Any]) -> Record:
    return Record(
        id=f"answer-{number:05}",
        time=BEGIN + timedelta(seconds=number),
        learner=f"visitor-{number}",
        exercise="x",
        attempt=1,
        answer={"items": values},
        where="page",
    )


@given(picks=st.lists(st.integers(0, 1), max_size=60), more=st.integers(0, 1))
def test_one_answer_more_never_shows_alone(planted: Course, picks: list[int], more: int) -> None:
    exercise: Any = of_kind(planted, "choice")
    (item,) = exercise.items
    given_ = [record(n, {item.ref: item.options[pick].ref}) for n, pick in enumerate(picks)]
    (before,) = counted(exercise, given_, LEAST)
    last = record(len(picks), {item.ref: item.options[more].ref})
    (after,) = counted(exercise, [last, *given_], LEAST)  # in whatever order they come
    changed = after.answers - before.answers
    assert changed in {0, LEAST}
    assert before.answers == len(picks) // LEAST * LEAST
    assert sum(row.count for row in before.rows) == before.answers
    if not changed:
        assert before == after
    if before.answers == 0:
        assert before.rows == ()


COUNTED_KINDS = ("choice", "classify", "match", "multichoice", "order")


def test_it_is_said_of_every_shape_whether_it_is_counted() -> None:
    assert set(COUNTED) == set(Shape)


def test_every_kind_is_counted_in_the_words_that_were_chosen(planted: Course) -> None:
    for kind in COUNTED_KINDS:
        exercise = of_kind(planted, kind)
        values = exercise.model_answer()["items"]
        counts = counted(exercise, [record(n, values) for n in range(LEAST)], LEAST)
        assert {each.ref for each in counts} >= values.keys()
        for each in counts:
            if each.ref not in values:  # what has no key has no model answer
                assert each.rows == ()
                continue
            assert each.answers == LEAST
            assert max(row.count for row in each.rows) == LEAST
            assert all(row.text and CANARY not in row.text for row in each.rows)


def test_what_people_write_or_say_of_themselves_is_never_counted(planted: Course) -> None:
    for exercise in planted.exercises.values():
        shown = exercise.kind in COUNTED_KINDS
        assert allowed(exercise) == (shown and exercise.reveal_after is None)


def test_a_choice_that_is_no_longer_there_is_left_out(planted: Course) -> None:
    exercise: Any = of_kind(planted, "choice")
    (item,) = exercise.items
    records = [record(n, {item.ref: "<script>"}) for n in range(LEAST)]
    (found,) = counted(exercise, records, LEAST)
    assert all("<" not in row.text for row in found.rows)


@dataclass
class Shelf:
    """A store that counts how often it is asked, and fails when it is told to."""

    records: list[Record] = field(default_factory=list)
    asked: int = 0
    failing: bool = False

    def given(self, _: str, *, where: str = "") -> Iterator[Record]:
        assert where == "page"
        self.asked += 1
        if self.failing:
            raise StoreError("the database is away")
        yield from self.records


def test_however_many_look_the_answers_are_counted_once(planted: Course) -> None:
    exercise: Any = of_kind(planted, "choice")
    (item,) = exercise.items
    shelf = Shelf([record(n, {item.ref: item.options[0].ref}) for n in range(7)])
    now = [0.0]
    others = AnswerCounts(shelf, LEAST, clock=lambda: now[0])  # type: ignore[arg-type]

    async def everyone() -> None:
        await asyncio.gather(*(others.of(exercise) for _ in range(50)))
        await others.of(exercise)

    run(everyone())
    assert shelf.asked == 1
    now[0] += 31

    async def one() -> None:
        await others.of(exercise)

    run(one())
    assert shelf.asked == 2


def test_a_count_that_failed_is_told_and_tried_again(planted: Course) -> None:
    exercise = of_kind(planted, "choice")
    shelf = Shelf(failing=True)
    others = AnswerCounts(shelf, LEAST)  # type: ignore[arg-type]

    async def look() -> object:
        return await others.of(exercise)

    with pytest.raises(StoreError):
        run(look())
    shelf.failing = False
    assert run(look())


def test_an_answer_is_told_in_the_words_that_were_chosen(planted: Course) -> None:
    for exercise in planted.exercises.values():
        keys = exercise.model_answer()["items"]
        for item in exercise.items:
            assert item.text
            if exercise.kind in COUNTED_KINDS and item.ref in keys:
                words = exercise.words(item, keys[item.ref])
                assert words
                assert any(choice.text in words for choice in exercise.choices(item))
