"""Minutes: what `course.yaml` says of a module's length is what its words and items come to."""

from __future__ import annotations

import re
from statistics import fmean
from typing import TYPE_CHECKING, NamedTuple

from dxcourse.exercises import Note, within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dxcourse.authored import Notebook
    from dxcourse.checking.content import Content
    from dxcourse.course import Module
    from dxcourse.errors import Finding
    from dxcourse.exercises import AnyExercise
    from dxcourse.exercises.parts import Json


LINK = re.compile(r"\[([^\]\n]*)\]\([^)\n]*\)")
SIGNS = re.compile(r"^\s*(?:#{1,6}|[-*+]|\d+\.)\s|^[-| ]+$|[|*`\s]", re.MULTILINE)


def characters(source: str) -> int:
    """Count the characters of a Markdown text that a reader reads."""
    return len(SIGNS.sub("", LINK.sub(r"\1", source)))


PACE = 500  # characters a minute
DECIDING = 8  # seconds, for an item that is read
SHOWN = ("prompt", "text")
SLACK = 0.2  # of what was counted
FLOOR = 1.0  # minutes, for what is short


class Length(NamedTuple):
    """How long a module takes, in minutes: counted, not said."""

    read: float
    do: float


def module_length(content: Content, module: Module, book: Notebook) -> Length:
    """Count the length of a module's core: what is folded under 「深める」 takes nobody's time.

    Its text at `PACE`; its items by what their kinds estimate, and what is said of one answer to
    each, at the same pace.
    """
    core = [cell for cell in book.cells if not cell.deeper]
    read = sum(characters(cell.source) for cell in core if cell.kind == "markdown")
    known = content.course.exercises
    asked = [known[name] for name in content.course.core(module.id) if name in known]
    do = sum(map(exercise_minutes, asked)) + sum(map(reply_characters, asked)) / PACE
    return Length(read / PACE, do)


def exercise_minutes(exercise: AnyExercise) -> float:
    """Count what an exercise takes: its items as their kind estimates, or its text and decisions.

    The longer of the two holds: a kind's estimate knows nothing of how much there is to read.
    """
    estimated = sum(exercise.seconds_of(item) for item in exercise.items) / 60
    read = _shown_characters(exercise.public()) / PACE
    return max(estimated, read + len(exercise.items) * DECIDING / 60)


def _shown_characters(shown: Json) -> int:
    """Count the characters of what a learner reads of an exercise before answering."""
    if isinstance(shown, dict):
        return sum(
            len(value) if name in SHOWN and isinstance(value, str) else _shown_characters(value)
            for name, value in shown.items()
        )
    return sum(map(_shown_characters, shown)) if isinstance(shown, list | tuple) else 0


def reply_characters(exercise: AnyExercise) -> float:
    """Estimate the characters read after answering: for each item a note of usual length."""
    notes = [len(note.text) for note in within(exercise, Note)]
    if not notes or exercise.reveal_after:
        return 0
    return fmean(notes) * len(exercise.items)


def module_minutes(content: Content) -> Iterator[Finding]:
    """Hold that the minutes of each written module are about those that can be counted."""
    for module, book in content.modules:
        place = content.course.outline.modules.index(module)
        for name, counted in module_length(content, module, book)._asdict().items():
            said = getattr(module.minutes, name)
            if abs(said - counted) > max(FLOOR, SLACK * counted):
                where = ("modules", place, "minutes")
                blanks = {"said": said, "counted": counted}
                yield content.outline.finding(f"minutes.{name}", *where, **blanks)


def course_minutes(content: Content) -> Iterator[Finding]:
    """Hold that the finished course is as long as it means to be."""
    outline = content.course.outline
    wanted = outline.minutes_total
    if wanted is None or any(module.coming for module in outline.modules):
        return
    counted = sum(sum(module_length(content, module, book)) for module, book in content.modules)
    if not wanted.least <= counted <= wanted.most:
        blanks = {"counted": counted, "least": wanted.least, "most": wanted.most}
        yield content.outline.finding("minutes.whole", "minutes_total", **blanks)
