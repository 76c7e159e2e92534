"""What someone answered before and after, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dxcourse.answers import Reply
from dxcourse.course import Course, CourseError, Module
from dxcourse.exercises import AnyExercise, Item, Mark
from dxcourse.exercises.shapes import Shape
from dxcourse.text import say

COMPARED = frozenset({Shape.CHOICE, Shape.TEXT})
"""Of which one answer each stands well beside another."""


@dataclass(frozen=True)
class PairedAnswer:
    """An answer in words; `right` is None where nothing is right or wrong, or not told yet."""

    text: str
    right: bool | None


@dataclass(frozen=True)
class AnswerPair:
    """The same item before and after; None where it is not answered.

    `module` is where the item's objective is worked at, if the exercise says which that is.
    """

    module: Module | None
    before: PairedAnswer | None
    after: PairedAnswer | None


def pairs(
    course: Course, before: str, after: str, replies: Mapping[str, Reply]
) -> list[AnswerPair]:
    """Put the answers to two exercises side by side, by the ids of their items.

    Where the later exercise names as many objectives as it has items, they belong together in
    their order.

    Raises
    ------
    CourseError
        There is no such exercise, or the two cannot be compared.
    """
    first, second = course.exercise(before), course.exercise(after)
    earlier = {item.id: item for item in first.items}
    if earlier.keys() != {item.id for item in second.items}:
        raise CourseError(say("chapter.errors.other-items", before=before, after=after))
    modules = _modules(course, second)
    return [
        AnswerPair(
            module=module,
            before=_said(first, earlier[item.id], replies.get(before)),
            after=_said(second, item, replies.get(after)),
        )
        for item, module in zip(second.items, modules, strict=True)
    ]


def _modules(course: Course, exercise: AnyExercise) -> list[Module | None]:
    if exercise.single or len(exercise.objectives) != len(exercise.items):
        return [None] * len(exercise.items)
    homes = {goal.id: module for module in course.outline.modules for goal in module.objectives}
    return [homes.get(objective) for objective in exercise.objectives]


def _said(exercise: AnyExercise, item: Item, reply: Reply | None) -> PairedAnswer | None:
    if exercise.shape not in COMPARED:
        blanks = {"exercise": exercise.id, "kind": exercise.kind}
        raise CourseError(say("chapter.errors.not-compared", **blanks))
    if reply is None or item.ref not in reply.items:
        return None
    mark = reply.items[item.ref].result.mark
    right = {Mark.RIGHT: True, Mark.WRONG: False}.get(mark)
    return PairedAnswer(exercise.words(item, reply.answer["items"][item.ref]), right)
