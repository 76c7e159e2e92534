"""`docs/coverage.md`: what of the training is practised where, from slide to homework."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from dxcourse.authored import calls, read_notebook
from dxcourse.course import Course
from dxcourse.exercises import Note, load_bank, within
from dxcourse.text import say, say_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from dxcourse.authored import Cell
    from dxcourse.exercises import AnyExercise
    from dxcourse.facts import Fact, Facts

HOMEWORK = "exercises/homework/source"
NOTHING = "—"
TRAINER = "slides"
NAMED = re.compile(r"スライド(\d+(?:[〜・、]\d+)*)(?![\d枚])")


def coverage(root: Path) -> str:
    """Say in Markdown which slide is in which module, and what practises its objectives.

    Raises
    ------
    CourseError, ExerciseError, FactsError
        The course cannot be loaded: file, line, cure.
    """
    course = Course.load(root)
    names = [name for shown in course.shown.values() for name in shown]
    shown = {name: course.exercise(name) for name in names}
    given = {
        f"{path.parent.name}/{name}": exercise
        for path in sorted((root / HOMEWORK).glob("*/exercises.yaml"))
        for name, exercise in load_bank([path], course.facts, root).exercises.items()
    }
    lessons, homework = _by_objective(shown.items()), _by_objective(given.items())
    folded = {
        call.arguments[0]
        for module in course.modules
        for call in calls(course.notebook(module))
        if call.name == "exercise" and call.deeper
    }
    named = {_deeper(name, folded=name in folded): shown[name] for name in shown}
    told, asked = _told(course), _asked({**named, **given}, course.facts)
    by_slide = [
        (
            str(slide),
            f"{module.id}　{module.title}",
            _codes(o.id for o in module.objectives),
            _codes(told[slide]),
            _codes(asked[slide]),
        )
        for slide in range(1, course.outline.slides_total + 1)
        for module in course.outline.modules
        if slide in module.slides
    ]
    by_objective = [
        (
            module.slides_text,
            f"`{objective.id}`　{objective.text}",
            _codes(lessons[objective.id]),
            _codes(homework[objective.id]),
        )
        for module in course.outline.modules
        for objective in module.objectives
    ]
    tables = (
        (say("check.coverage.by_slide"), say_all("check.coverage.slide_columns"), by_slide),
        (say("check.coverage.by_goal"), say_all("check.coverage.goal_columns"), by_objective),
    )
    parts = (f"\n## {title}\n\n{_table(head, rows)}" for title, head, rows in tables)
    return say("check.coverage.head") + "".join(parts)


def _told(course: Course) -> Mapping[int, list[str]]:
    """List the cells that name a slide or show a fact of it, by slide; a fold's cell says so."""
    found: dict[int, list[str]] = defaultdict(list)
    for module in course.modules:
        path = course.notebook(module)
        for cell in read_notebook(path, path.name).cells:
            name = _deeper(f"{module.id}#{cell.id}", folded=cell.deeper)
            for slide in sorted(_slides_of(cell, course.facts)):
                found[slide].append(name)
    return found


def _deeper(name: str, *, folded: bool) -> str:
    return say("check.coverage.deeper", name=name) if folded else name


def _slides_of(cell: Cell, facts: Facts) -> set[int]:
    if cell.call is None:
        return named_slides(cell.source)
    ids = cell.call.arguments if cell.call.name == "evidence" else ()
    return {slide for id_ in ids for slide in founding_slides(facts[id_])}


def _asked(exercises: Mapping[str, AnyExercise], facts: Facts) -> Mapping[int, list[str]]:
    """List the exercises that name a slide or answer with a fact of it, by slide."""
    found: dict[int, list[str]] = defaultdict(list)
    for name, exercise in exercises.items():
        slides = named_slides(exercise.model_dump_json())
        for note in within(exercise, Note):
            slides |= founding_slides(facts[note.fact]) if note.fact else set()
        for slide in sorted(slides):
            found[slide].append(name)
    return found


def named_slides(text: str) -> set[int]:
    """List the slides that a text names, ranges filled: 「スライド37〜39」 names three."""
    slides: set[int] = set()
    for found in NAMED.findall(text):
        for run in re.split(r"[・、]", found):
            ends = [int(end) for end in run.split("〜")]
            slides |= set(range(ends[0], ends[-1] + 1))
    return slides


def founding_slides(fact: Fact) -> set[int]:
    """List the slides that a fact is taken from."""
    return set(map(int, re.findall(r"\d+", fact.locator))) if fact.source == TRAINER else set()


def _by_objective(exercises: Iterable[tuple[str, AnyExercise]]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, exercise in exercises:
        for objective in exercise.objectives:
            found[objective].append(name)
    return found


def _codes(names: Iterable[str]) -> str:
    return "、".join(f"`{name}`" for name in names) or NOTHING


def _table(head: list[str], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
