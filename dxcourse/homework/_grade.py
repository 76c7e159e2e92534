"""`grade("id")`: the one call of a test cell, under Validate, under autograde, and by hand."""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path

from dxcourse.answers import StoreError
from dxcourse.assignment import Assignment
from dxcourse.exercises import AnyExercise
from dxcourse.homework._errors import HandedInError, Unanswered
from dxcourse.homework._handed_in import HandedIn, handed_in
from dxcourse.homework._score import scored, usable
from dxcourse.homework._words import say
from dxcourse.settings import local_learner

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
            return scored(assignment, exercise_id, _submission(folder)).points
        exercise = assignment.exercise(exercise_id)
        try:
            values = _own_values(assignment, exercise)
            _hold_answered(exercise, values)
        except Unanswered as unanswered:
            if EXECUTION in os.environ:
                raise
            sys.stdout.write(say("when_run", told=unanswered) + "\n")
            return None
        if assignment.keyed and EXECUTION not in os.environ:
            return float(exercise.score({"items": values}).points)
        return None


def _submission(folder: Path) -> HandedIn:
    """Read what is beside a notebook in ``autograded/<student>/<assignment>/``."""
    return handed_in(folder, folder.parent.name, folder.parent.parent.parent / SUBMITTED)


def _own_values(assignment: Assignment, exercise: AnyExercise) -> dict[str, object]:
    """Give what the learner who sits here has answered last."""
    store = assignment.store()
    try:
        if assignment.keyed:
            history = store.history(local_learner(), exercise.id)
            given = HandedIn(local_learner(), {exercise.id: tuple(history)})
        else:
            given = HandedIn.read(assignment.answers, local_learner(), lambda _: False)
    except (HandedInError, StoreError) as error:
        raise Unanswered(say("unreadable_answers", cause=error)) from error
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
        raise Unanswered(say("unanswered", title=exercise.title))
    shown = say("and").join(missing[:SHOWN_ITEMS]) + ("…" if len(missing) > SHOWN_ITEMS else "")
    raise Unanswered(say("unanswered_items", title=exercise.title, n=len(missing), items=shown))
