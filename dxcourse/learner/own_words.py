"""What a learner wrote and chose to be theirs: by chapter, and where there are two, the change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from dxcourse.answers import Reply
from dxcourse.chapters import TOMORROW
from dxcourse.course import Course, Module
from dxcourse.exercises import AnyExercise
from dxcourse.exercises.shapes import Privacy

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
