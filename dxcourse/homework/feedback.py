"""What a learner is given back: what was answered, what is right, why, and what a grader wrote."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup
from mistune import create_markdown

from dxcourse import course as courses
from dxcourse.assignment import Assignment
from dxcourse.exercises import AnyExercise, Mark, Remark
from dxcourse.exercises.shapes import Shape
from dxcourse.homework.repair import own_texts
from dxcourse.homework.rubric import (
    SCHEME,
    CriterionScore,
    adds_up,
    criteria_of,
    rubric_of,
    split_comment,
)
from dxcourse.homework.scoring import ScoredExercise, review_exercise, score_exercise
from dxcourse.homework.source_notebook import Cell, SourceNotebook, nbgrader_of
from dxcourse.homework.submitted_answers import SubmittedAnswers
from dxcourse.homework.times import in_japan
from dxcourse.text import say, words
from dxcourse.text.templates import templates
from dxcourse.widgets import strings, tokens

HERE = Path(__file__).parent
DAY = 86_400  # seconds
NO_RESPONSE = "No response."  # nbgrader's own comment on an answer that was left as it was


@dataclass(frozen=True)
class ItemBack:
    """One item: `answer` and `key` in words, "" where there is none; `why` explains the key."""

    text: str
    answer: str
    key: str
    mark: Mark
    points: float
    max_points: float
    remarks: tuple[Remark, ...]
    why: tuple[Remark, ...]


@dataclass(frozen=True)
class ExerciseBack:
    """One exercise, with what the gradebook has of it: a grader may have changed the score."""

    title: str
    prompt: str
    points: float
    max_points: float
    objectives: tuple[str, ...]
    items: tuple[ItemBack, ...]
    comment: str


@dataclass(frozen=True)
class WrittenBack:
    """Something graded by hand; `points` is None until it is.

    `criteria` has the points for each criterion of the rubric, where a grader gave them.
    """

    prompt: str
    rubric: str
    text: str
    points: float | None
    max_points: float
    comment: str
    criteria: tuple[CriterionScore, ...] = ()


@dataclass(frozen=True)
class ObjectiveBack:
    """The points of the exercises that practise an objective."""

    text: str
    points: float
    max_points: float


def exercise_back(found: ScoredExercise, points: float, comment: str) -> ExerciseBack:
    """Give an exercise back: each item in the author's order."""
    exercise = found.exercise
    keys = exercise.model_answer()["items"] if exercise.max_points > 0 else {}
    items = []
    for item in exercise.items:
        result = found.result.items.get(item.ref)
        key = keys.get(item.ref)
        said = {each.text for each in result.remarks} if result else set()
        full = result is not None and result.full
        items.append(
            ItemBack(
                text="" if exercise.single else item.text,
                answer=_answer(exercise, item, found.answer["items"].get(item.ref)),
                key=_answer(exercise, item, key),
                mark=result.mark if result else Mark.TAKEN,
                points=result.points if result else 0.0,
                max_points=exercise.worth(item),
                remarks=result.remarks if result else (),
                why=()
                if full or key is None
                else tuple(each for each in exercise.explanation(item) if each.text not in said),
            )
        )
    return ExerciseBack(
        title=exercise.title,
        prompt=exercise.prompt,
        points=points,
        max_points=exercise.max_points,
        objectives=exercise.objectives,
        items=tuple(items),
        comment=comment,
    )


def _answer(exercise: AnyExercise, item: Any, value: Any) -> str:  # noqa: ANN401
    """A value in words; of several ticks each stands by itself, for options have commas, too."""
    parts = exercise.parts(item)
    if len(parts) == 1 and parts[0].shape is Shape.MULTIPLE_CHOICE and isinstance(value, list):
        each = (exercise.words_of(item.ref, [one]) for one in value)
        return "".join(say("homework.tick", text=text) for text in each)
    return exercise.words_of(item.ref, value)


def about_submission(  # noqa: PLR0913
    student: str,
    title: str,
    *,
    score: float,
    max_score: float,
    penalty: float,
    submitted: datetime | None,
    due: datetime | None,
    pending: Collection[str],
) -> dict[str, Any]:
    """What a page says above the questions; times are UTC without a zone, as in the gradebook."""
    late = max(0.0, (submitted - due).total_seconds()) if submitted and due else 0.0
    return {
        "student": student,
        "title": title,
        "score": score,
        "max_score": max_score,
        "penalty": penalty,
        "submitted": in_japan(submitted),
        "late": say("homework.late", due=in_japan(due), days=math.ceil(late / DAY)) if late else "",
        "pending": set(pending),
    }


def by_objective(
    exercises: Sequence[ExerciseBack], names: Mapping[str, str]
) -> list[ObjectiveBack]:
    """Add the points up by objective, in the order they are met."""
    found: dict[str, list[ExerciseBack]] = {}
    for exercise in exercises:
        for objective in exercise.objectives if exercise.max_points else ():
            found.setdefault(objective, []).append(exercise)
    return [
        ObjectiveBack(
            names.get(objective, objective),
            math.fsum(each.points for each in own),
            math.fsum(each.max_points for each in own),
        )
        for objective, own in found.items()
    ]


def page(
    notebook: Cell,
    sheet: SourceNotebook,
    assignment: Assignment,
    given: SubmittedAnswers,
    about: Mapping[str, Any],
) -> str:
    """The page of one notebook, whole: one file, without an address, to read and to print.

    Parameters
    ----------
    notebook
        As autograded, with scores and comments in the metadata (nbgrader's GetGrades).
    about
        ``student``, ``title``, ``score``, ``max_score``, ``penalty``, ``submitted``, ``late``,
        ``pending``: cells still to be graded by hand.
    """
    graded = set(sheet.tests.values())
    unmarked = {cell: name for name, cell in sheet.shown.items() if cell and name not in graded}
    beside, counting = own_texts(notebook), given.counting()
    exercises: list[ExerciseBack] = []
    written: list[WrittenBack] = []
    locked = ""
    for cell in notebook["cells"]:
        meta = nbgrader_of(cell)
        name = meta.get("grade_id", "")
        if name in sheet.tests:
            found = score_exercise(assignment, sheet.tests[name], counting)
            exercises.append(exercise_back(found, float(meta["score"]), meta.get("comment") or ""))
        elif name in unmarked:
            found = review_exercise(assignment.exercise(unmarked[name]), counting)
            if found.answer["items"]:
                exercises.append(exercise_back(found, 0.0, ""))
        elif meta.get("grade") and meta.get("solution"):
            written.append(_written(cell, locked, beside, name in about["pending"]))
        if meta.get("locked") and cell["cell_type"] == "markdown":
            locked = cell["source"]
    objectives = by_objective(exercises, _objectives(assignment.folder))
    return (
        environment()
        .get_template("feedback.html.j2")
        .render(
            about=about,
            exercises=exercises,
            written=written,
            objectives=objectives,
            style=tokens() + (HERE / "templates/feedback.css").read_text(encoding="utf-8"),
            words=words("homework"),
            marks=strings(),
        )
    )


def _written(cell: Cell, prompt: str, beside: Sequence[str], pending: bool) -> WrittenBack:  # noqa: FBT001  -- passed on
    meta = nbgrader_of(cell)
    text = cell["source"].strip()
    if beside and "checksum" not in meta:  # as it was released; see `set_aside_for_a_person`
        text = "\n".join(beside)
    said = meta.get("comment") or ""
    points, most = float(meta["score"]), float(meta["points"])
    criteria, comment = split_comment(said, criteria_of(prompt, most))
    return WrittenBack(
        prompt=SCHEME.sub("", prompt).strip(),
        rubric=rubric_of(prompt),
        text=text,
        points=None if pending else points,
        max_points=most,
        comment=words("homework")["no_response"] if comment == NO_RESPONSE else comment,
        criteria=criteria if not pending and adds_up(criteria, points) else (),
    )


def _objectives(folder: Path) -> dict[str, str]:
    """The texts of the course's objectives; none outside of a course."""
    try:
        course = courses.at(courses.find_root(folder))
    except courses.CourseError:
        return {}
    return {goal.id: goal.text for module in course.outline.modules for goal in module.objectives}


def formatted(text: str) -> Markup:
    """An author's Markdown as HTML; what a learner wrote is never formatted."""
    return Markup(create_markdown(escape=True, plugins=["table"])(text))  # noqa: S704  -- escaped


@cache
def environment() -> Environment:
    """The templates of homework."""
    env = templates(HERE / "templates")
    env.filters["tidy"] = lambda points: f"{round(points, 2):g}"
    env.filters["formatted"] = formatted
    env.filters["lines"] = lambda text: text.splitlines()
    return env
