"""What is worth another look: items that someone once got wrong, a few at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from dxcourse.answers import Record, Reply, since_fresh
from dxcourse.course import Course, Module
from dxcourse.exercises import AnyExercise, Item, Mark

MOST = 3
WEEK, MONTH = timedelta(days=7), timedelta(days=28)

Since = Literal["lately", "week", "month"]


@dataclass(frozen=True)
class ReviewItem:
    """An item to look at again.

    `choices` are its choices where one of them is right; `right` and `remark` are there only
    where the learner has been told them before.
    """

    module: Module
    exercise: AnyExercise
    item: Item
    since: Since
    choices: tuple[str, ...]
    right: str
    remark: str

    @property
    def key(self) -> str:
        """What a browser remembers it by."""
        return f"{self.exercise.id}.{self.item.ref}"


def review(
    course: Course, history: Sequence[Record], replies: Mapping[str, Reply], now: datetime
) -> list[ReviewItem]:
    """Choose what to look at again.

    What lies a month back comes first, then what lies a week back, then the rest; which of them,
    changes from week to week. What waits for another exercise is never told.
    """
    by_exercise: dict[str, list[Record]] = {}
    for record in history:
        by_exercise.setdefault(record.exercise, []).append(record)
    found = [
        found
        for module in course.modules
        for name in course.shown[module.id]
        if name in replies and not replies[name].held
        for found in _wavered(module, course.exercise(name), by_exercise[name], replies[name], now)
    ]
    turn = now.isocalendar().week % len(found) if found else 0
    turned = [*found[turn:], *found[:turn]]
    return sorted(turned, key=lambda each: ("month", "week", "lately").index(each.since))[:MOST]


def _wavered(
    module: Module, exercise: AnyExercise, history: list[Record], reply: Reply, now: datetime
) -> Iterator[ReviewItem]:
    since = since_fresh(sorted(history, key=lambda record: record.attempt))
    wrong: dict[str, datetime] = {}
    for record in since:
        try:
            results = exercise.score(exercise.read(record.answer))
        except ValueError:  # of an earlier wording of the exercise
            continue
        for ref, result in results.items.items():
            if result.mark in {Mark.WRONG, Mark.PARTLY}:
                wrong[ref] = record.time
    for item in exercise.items:
        if item.ref in wrong and item.ref in reply.items:
            yield _item(module, exercise, item, reply, now - wrong[item.ref])


def _item(
    module: Module, exercise: AnyExercise, item: Item, reply: Reply, ago: timedelta
) -> ReviewItem:
    key = reply.items[item.ref].key
    since: Since = "month" if ago >= MONTH else "week" if ago >= WEEK else "lately"
    right = exercise.words(item, key) if key is not None else ""
    told = exercise.explanation(item) if key is not None else ()
    remark = next((each.text for each in told), "")
    choices = tuple(choice.text for choice in exercise.choices(item))
    return ReviewItem(
        module, exercise, item, since, choices if right in choices else (), right, remark
    )
