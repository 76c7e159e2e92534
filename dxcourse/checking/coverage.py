"""`docs/coverage.md`: what of the training is practised where, from slide to homework."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from dxcourse.course import Course
from dxcourse.exercises import load_bank
from dxcourse.text import say, say_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from dxcourse.exercises import AnyExercise

HOMEWORK = "exercises/homework/source"
NOTHING = "—"


def coverage(root: Path) -> str:
    """Say in Markdown which slide is in which module, and what practises its objectives.

    Raises
    ------
    CourseError, ExerciseError, FactsError
        The course cannot be loaded: file, line, cure.
    """
    course = Course.load(root)
    names = [name for shown in course.shown.values() for name in shown]
    lessons = _by_objective((name, course.exercise(name)) for name in dict.fromkeys(names))
    homework = _by_objective(
        (f"{path.parent.name}/{name}", exercise)
        for path in sorted((root / HOMEWORK).glob("*/exercises.yaml"))
        for name, exercise in load_bank([path], course.facts, root).exercises.items()
    )
    by_slide = [
        (str(slide), f"{module.id}　{module.title}", _codes(o.id for o in module.objectives))
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
