"""Minutes: what `course.yaml` says of a module's length is what its words and items come to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dxcourse.authored import Notebook
    from dxcourse.checking.content import Content
    from dxcourse.course import Module
    from dxcourse.errors import Finding


LINK = re.compile(r"\[([^\]\n]*)\]\([^)\n]*\)")
SIGNS = re.compile(r"^\s*(?:#{1,6}|[-*+]|\d+\.)\s|^[-| ]+$|[|*`\s]", re.MULTILINE)


def characters(source: str) -> int:
    """Count the characters of a Markdown text that a reader reads."""
    return len(SIGNS.sub("", LINK.sub(r"\1", source)))


PACE = 500  # characters a minute
SLACK = 0.2  # of what was counted
FLOOR = 1.0  # minutes, for what is short


class Length(NamedTuple):
    """How long a module takes, in minutes: counted, not said."""

    read: float
    do: float


def module_length(content: Content, module: Module, book: Notebook) -> Length:
    """Count a module's length: its text at `PACE`, its items by what their kinds estimate."""
    read = sum(characters(cell.source) for cell in book.cells if cell.kind == "markdown")
    known = content.course.exercises
    shown = [known[name] for name in content.course.shown[module.id] if name in known]
    do = sum(exercise.seconds_of(item) for exercise in shown for item in exercise.items)
    return Length(read / PACE, do / 60)


def module_minutes(content: Content) -> Iterator[Finding]:
    """Hold that the minutes of each written module are about those that can be counted."""
    for module, book in content.modules:
        place = content.course.outline.modules.index(module)
        for name, counted in module_length(content, module, book)._asdict().items():
            said = getattr(module.minutes, name)
            if abs(said - counted) > max(FLOOR, SLACK * counted):
                message = (
                    f"minutes to {name} are {said}, and {counted:.1f} by count; "
                    "say what is counted, or mend the module"
                )
                yield content.outline.finding(message, "modules", place, "minutes")


def course_minutes(content: Content) -> Iterator[Finding]:
    """Hold that the finished course is as long as it means to be."""
    outline = content.course.outline
    wanted = outline.minutes_total
    if wanted is None or any(module.coming for module in outline.modules):
        return
    counted = sum(sum(module_length(content, module, book)) for module, book in content.modules)
    if not wanted.least <= counted <= wanted.most:
        message = (
            f"the course takes {counted:.0f} minutes by count, "
            f"and is to take {wanted.least} to {wanted.most}; trim it, or say more"
        )
        yield content.outline.finding(message, "minutes_total")
