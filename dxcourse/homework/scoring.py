"""The score of an exercise from what was handed in; `grade("id")`, the call of a test cell."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dxcourse.answers import Record, StoreError
from dxcourse.assignment import Assignment
from dxcourse.exercises import AnswerError, AnyExercise, Result
from dxcourse.homework.errors import HomeworkError, SubmissionError, Unanswered
from dxcourse.homework.submitted_answers import SubmittedAnswers, read_submitted_answers
from dxcourse.settings import local_learner
from dxcourse.text import say


@dataclass(frozen=True)
class ScoredExercise:
    """An exercise, what of the answer counts, and the result; `points` is a built-in float."""

    exercise: AnyExercise
    answer: Mapping[str, Any]
    result: Result
    notes: tuple[str, ...] = ()

    @property
    def points(self) -> float:
        """The points, 0 … the exercise's `max_points`."""
        return float(self.result.points)


def usable(exercise: AnyExercise, answer: object) -> tuple[dict[str, Any], int]:
    """Give the items' values that fit the exercise as it is now, and how many do not.

    An answer may be of another version: an item or an option was rewritten since.
    """
    values = answer.get("items") if isinstance(answer, Mapping) else None
    if not isinstance(values, Mapping):
        return {}, 0 if answer is None else 1
    fits: dict[str, Any] = {}
    misfits = 0
    for ref, value in values.items():
        try:
            fits |= exercise.read({"items": {ref: value}})["items"]
        except AnswerError:
            misfits += 1
    return fits, misfits


def score_exercise(
    assignment: Assignment, exercise_id: str, counting: Mapping[str, Record]
) -> ScoredExercise:
    """Score one exercise; what was not answered gets nothing.

    Parameters
    ----------
    counting
        The answer that counts by exercise, see `SubmittedAnswers.counting`.

    Raises
    ------
    HomeworkError
        There is no such exercise, it has no key here, or nothing of it is marked.
    """
    exercise = assignment.exercise(exercise_id)
    if exercise.keyless or not assignment.keyed:
        place = assignment.folder / "exercises.yaml"
        raise HomeworkError(say("homework.assignment.no-key", place=place, exercise=exercise_id))
    if exercise.max_points <= 0:
        raise HomeworkError(say("homework.assignment.not-marked", exercise=exercise_id))
    return review_exercise(exercise, counting)


def review_exercise(exercise: AnyExercise, counting: Mapping[str, Record]) -> ScoredExercise:
    """Give what an exercise has to say of an answer, marked or not."""
    record = counting.get(exercise.id)
    values, misfits = usable(exercise, record.answer if record else None)
    notes = (say("homework.note_item", exercise=exercise.id, n=misfits),) if misfits else ()
    return ScoredExercise(exercise, {"items": values}, exercise.score({"items": values}), notes)


# -- `grade("id")`: the one call of a test cell, under Validate, under autograde, and by hand ------

EXECUTION = "NBGRADER_EXECUTION"  # set by nbgrader: "autograde" or "validate"
SUBMITTED = "submitted"
SHOWN_ITEMS = 3


def grade(exercise_id: str) -> float | None:
    """Give the points of the learner's answer to nbgrader; learners get none from it.

    Returns
    -------
    float or None
        Under autograde, and where an author tries their source: the points, a built-in float, 0.0
        without an answer. Otherwise nothing. Where a learner runs the cell, what is unanswered is
        printed: an error would end 「すべてのセルを実行」 before the exercises below are shown.

    Raises
    ------
    Unanswered
        Under Validate: something is not answered yet.
    HomeworkError
        Under autograde: the answers cannot be read or are not this learner's, or there is no key.
    AssignmentError
        There is no such exercise.
    """
    # nbgrader takes anything on stderr for a failure of the test.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        folder = Path.cwd()
        assignment = Assignment.load(folder)
        if os.environ.get(EXECUTION) == "autograde":
            return score_exercise(assignment, exercise_id, _submission(folder).counting()).points
        exercise = assignment.exercise(exercise_id)
        try:
            values = _own_values(assignment, exercise)
            _hold_answered(exercise, values)
        except Unanswered as unanswered:
            if EXECUTION in os.environ:
                raise
            sys.stdout.write(say("homework.when_run", told=unanswered) + "\n")
            return None
        if assignment.keyed and EXECUTION not in os.environ:
            return float(exercise.score({"items": values}).points)
        return None


def _submission(folder: Path) -> SubmittedAnswers:
    """Read what is beside a notebook in ``autograded/<student>/<assignment>/``."""
    return read_submitted_answers(
        folder, folder.parent.name, folder.parent.parent.parent / SUBMITTED
    )


def _own_values(assignment: Assignment, exercise: AnyExercise) -> dict[str, object]:
    """Give what the learner who sits here has answered last."""
    store = assignment.store()
    try:
        if assignment.keyed:
            history = store.history(local_learner(), exercise.id)
            given = SubmittedAnswers(local_learner(), {exercise.id: tuple(history)})
        else:
            given = SubmittedAnswers.read(assignment.answers, local_learner(), lambda _: False)
    except (SubmissionError, StoreError) as error:
        raise Unanswered(say("homework.unreadable_answers", cause=error)) from error
    record = given.last(exercise.id)
    return usable(exercise, record.answer if record else None)[0]


def _hold_answered(exercise: AnyExercise, values: dict[str, object]) -> None:
    missing = [
        item.text if not exercise.single else exercise.title
        for item in exercise.items
        if item.ref not in values
    ]
    if not missing:
        return
    if len(missing) == len(exercise.items):
        raise Unanswered(say("homework.unanswered", title=exercise.title))
    shown = say("homework.and").join(missing[:SHOWN_ITEMS]) + (
        "…" if len(missing) > SHOWN_ITEMS else ""
    )
    raise Unanswered(
        say("homework.unanswered_items", title=exercise.title, n=len(missing), items=shown)
    )
