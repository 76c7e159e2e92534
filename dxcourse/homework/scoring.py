"""The score of an exercise from what was handed in. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dxcourse.answers import Record
from dxcourse.assignment import Assignment
from dxcourse.exercises import AnswerError, AnyExercise, Result
from dxcourse.homework.errors import HomeworkError
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
