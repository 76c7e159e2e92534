"""What a learner wrote and chose to be theirs, and what they answered before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from dxcourse.answers import Reply
from dxcourse.chapters import TOMORROW
from dxcourse.course import Course, CourseError, Module
from dxcourse.exercises import AnyExercise, Item, Mark
from dxcourse.exercises.shapes import Privacy, Shape
from dxcourse.text import say

NEW = 3  # characters in a row that are told as new; fewer are chance
ALIKE = 0.15  # of two texts: below it the second is no change of the first


@dataclass(frozen=True)
class OwnWords:
    """An answer of a learner's own, and the one that it took the place of."""

    module: Module
    exercise: AnyExercise
    text: str
    before: str = ""

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """The text in pieces, and whether each is new against `before`."""
        return changes(self.before, self.text) if self.before else [(self.text, False)]


def own_words(course: Course, replies: Mapping[str, Reply]) -> list[OwnWords]:
    """Gather what a learner wrote, in the course's order.

    Two exercises that a chapter looks back on together stand as one, where the first was asked.
    """
    after = {m.look_back[0]: m.look_back[1] for m in course.modules if len(m.look_back) > 1}
    second = {*after.values()}
    found = []
    for module in course.modules:
        for name in course.shown[module.id]:
            exercise = course.exercise(name)
            if name in second or not (name in after or exercise.privacy is Privacy.WRITTEN):
                continue
            first = said(exercise, replies)
            then = said(course.exercise(after[name]), replies) if name in after else ""
            if first or then:
                found.append(OwnWords(module, exercise, then or first, first if then else ""))
        found += _for_tomorrow(course, module, replies)
    return found


def said(exercise: AnyExercise, replies: Mapping[str, Reply]) -> str:
    """What a learner answered to an exercise, in words; "" for nothing."""
    if exercise.id not in replies:
        return ""
    given = replies[exercise.id].answer["items"]
    parts = (exercise.words_of(item.ref, given.get(item.ref)) for item in exercise.items)
    return "\n".join(part for part in parts if part)


def _for_tomorrow(
    course: Course, module: Module, replies: Mapping[str, Reply]
) -> Iterator[OwnWords]:
    exercise = course.exercises.get(TOMORROW)
    item = tomorrow_item(exercise, module)
    if exercise is None or item is None or TOMORROW not in replies:
        return
    text = replies[TOMORROW].answer["items"].get(item)
    if text:
        yield OwnWords(module, exercise, text)


def tomorrow_item(exercise: AnyExercise | None, module: Module) -> str | None:
    """The ref of a module's sentence for tomorrow; None where the module asks for none."""
    items = exercise.items if exercise else ()
    return next((item.ref for item in items if item.id == f"m{module.id}"), None)


def changes(before: str, after: str) -> list[tuple[str, bool]]:
    """Part a text where it says something that another one did not."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < ALIKE:
        return [(after, False)]
    pieces: list[tuple[str, bool]] = []
    for kind, _, _, begin, end in matcher.get_opcodes():
        if begin == end:
            continue
        new = kind != "equal" and end - begin >= NEW
        if pieces and pieces[-1][1] == new:
            pieces[-1] = (pieces[-1][0] + after[begin:end], new)
        else:
            pieces.append((after[begin:end], new))
    return pieces


# -- What someone answered before and after, side by side ------------------------------------------

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
