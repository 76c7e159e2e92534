"""A module's notebook as a reader goes through it: its sections, and the gates before answers.

A **section** is what stands under one heading of the second level; its id is the id of the cell
that the heading stands in. A **gate** is a run of cells with the tag ``reveal:EXERCISE``: what
they say answers that exercise, so they stay closed until it is answered, or the reader asks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dxcourse.authored import calls
from dxcourse.authored.notebook import DEEPEN
from dxcourse.course import Course, Module
from dxcourse.files import cached_by_mtime

REVEAL = "reveal:"

PACE = 500  # characters that are read in a minute
TOMORROW = "tomorrow"
"""The exercise whose items are asked for at the end of chapters, by `ending()`."""

_HEADING = re.compile(r"^##\s+(.+?)\s*#*\s*$", re.MULTILINE)
_LINK = re.compile(r"\[([^\]\n]*)\]\([^)\n]*\)")
_SIGNS = re.compile(r"^\s*(?:#{1,6}|[-*+]|\d+\.)\s|^[-| ]+$|[|*`\s]", re.MULTILINE)


@dataclass(frozen=True)
class Section:
    """What stands under one heading."""

    id: str
    title: str
    exercises: tuple[str, ...]
    minutes: float
    """Its share of the module's minutes, by its words and its exercises."""
    deeper: tuple[str, ...] = ()
    """The exercises of its folds 「深める」, which nobody has to do."""


@dataclass(frozen=True)
class Chapter:
    """A module, and its sections in order."""

    module: Module
    sections: tuple[Section, ...]

    def section_of(self, exercise: str) -> Section | None:
        """The section that shows an exercise; None where none does."""
        return next(
            (each for each in self.sections if exercise in (*each.exercises, *each.deeper)), None
        )


@dataclass(frozen=True)
class _Part:
    """A heading, the characters under it, and the exercises that are called there."""

    id: str
    title: str
    characters: int = 0
    exercises: tuple[str, ...] = ()


def chapter(course: Course, module: Module) -> Chapter:
    """The sections of a written module; what stands above the first heading is in none."""
    parts = _parts(course.notebook(module))
    core = [tuple(name for name in part.exercises if name not in course.deeper) for part in parts]
    weights = [
        part.characters / PACE + sum(_minutes(course, name) for name in exercises)
        for part, exercises in zip(parts, core, strict=True)
    ]
    share = module.minutes.total / (sum(weights) or 1)
    sections = (
        Section(
            part.id,
            part.title,
            exercises,
            weight * share,
            tuple(name for name in part.exercises if name not in exercises),
        )
        for part, exercises, weight in zip(parts, core, weights, strict=True)
    )
    return Chapter(module, tuple(sections))


@cached_by_mtime(maxsize=64)
def _parts(notebook: Path) -> tuple[_Part, ...]:
    shown: dict[str, list[str]] = {}
    for call in calls(notebook):
        if call.name == "exercise" and call.arguments:
            shown.setdefault(call.cell, []).append(call.arguments[0])
    parts: list[_Part] = []
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        key, source = cell.get("id", ""), "".join(cell["source"])
        text = source if cell["cell_type"] == "markdown" else ""
        title = heading_of(text)
        folded = DEEPEN in tags_of(cell)
        if title:
            parts.append(_Part(key, title))
        if parts:
            last = parts[-1]
            parts[-1] = replace(
                last,
                characters=last.characters + (0 if folded else characters(text)),
                exercises=(*last.exercises, *shown.get(key, ())),
            )
    return tuple(parts)


def _minutes(course: Course, name: str) -> float:
    exercise = course.exercises.get(name)
    return sum(exercise.seconds_of(item) for item in exercise.items) / 60 if exercise else 0.0


def heading_of(source: str) -> str:
    """The first heading of the second level in a Markdown text, without signs; "" for none."""
    found = _HEADING.search(source)
    return re.sub(r"[*`]", "", _LINK.sub(r"\1", found[1])) if found else ""


def characters(source: str) -> int:
    """Count the characters of a Markdown text that a reader reads."""
    return len(_SIGNS.sub("", _LINK.sub(r"\1", source)))


def split_heading(source: str) -> tuple[str, str]:
    """A text that begins with a heading of the second level, parted behind it."""
    first, _, rest = source.lstrip().partition("\n")
    return (first, rest) if _HEADING.match(first) else ("", source)


def revealed_by(cell: Mapping[str, Any]) -> str:
    """The exercise that a cell answers, by its tag; "" where it answers none."""
    return next((tag[len(REVEAL) :] for tag in tags_of(cell) if tag.startswith(REVEAL)), "")


def tags_of(cell: Mapping[str, Any]) -> list[str]:
    """The tags of a cell, as nbformat keeps them."""
    return (cell.get("metadata") or {}).get("tags") or []
