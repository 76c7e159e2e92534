"""Each answer to each item, the first attempt and the last: what item statistics are made of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

from dxcourse.answers import Record
from dxcourse.assignment import Assignment
from dxcourse.exercises import AnyExercise
from dxcourse.homework.course import HomeworkCourse
from dxcourse.homework.errors import HomeworkError, SubmissionError
from dxcourse.homework.scoring import usable
from dxcourse.homework.submission_files import check_submission
from dxcourse.homework.submitted_answers import SubmittedAnswers, read_submitted_answers
from dxcourse.homework.tables import TableCell, write_table
from dxcourse.text import say

COLUMNS = (
    "assignment",
    "student",
    "exercise",
    "item",
    "text",
    "max_score",
    "attempts",
    "first_time",
    "first_answer",
    "first_score",
    "last_time",
    "last_answer",
    "last_score",
)


def export_items(course: HomeworkCourse, file: Path, assignment: str) -> list[str]:
    """Write a line for each student, exercise and item to a file (.csv, .xlsx).

    Returns
    -------
    list of str
        Why somebody's answers are not in it.

    Raises
    ------
    HomeworkError
        The assignment has no exercises with keys, or the file cannot be written.
    """
    course.check_assignment(assignment)
    exercises = Assignment.at(course.folder("source", assignment))
    if exercises is None:
        raise HomeworkError(say("homework.items.none", assignment=assignment))
    left_out: list[str] = []
    lines: list[list[TableCell]] = []
    for student in course.students(assignment):
        folder = course.folder("submitted", assignment, student)
        try:
            check_submission(folder, student, ())
            given = read_submitted_answers(folder, student, folder.parent.parent)
        except SubmissionError as error:
            left_out.append(str(error))
            continue
        for exercise in exercises.exercises.values():
            if exercise.max_points > 0:
                lines += _lines(assignment, student, exercise, given)
    headings = [say(f"homework.items.columns.{name}") for name in COLUMNS]
    write_table(file, say("homework.items.title"), headings, lines)
    return left_out


def _lines(
    assignment: str, student: str, exercise: AnyExercise, given: SubmittedAnswers
) -> Iterator[list[TableCell]]:
    records = given.records.get(exercise.id, ())
    attempts = [each for each in records if each.answer is not None]
    first = _scored(exercise, attempts[0] if attempts else None)
    last = _scored(exercise, given.last(exercise.id))
    for item in exercise.items:
        yield [
            assignment,
            student,
            exercise.id,
            item.ref,
            exercise.title if exercise.single else item.text,
            float(exercise.worth(item)),
            len(attempts),
            *first.get(item.ref, (None, None, None)),
            *last.get(item.ref, (None, None, None)),
        ]


def _scored(
    exercise: AnyExercise, record: Record | None
) -> dict[str, tuple[TableCell, TableCell, TableCell]]:
    """Time, answer in words, and points of each item of a record."""
    if record is None:
        return {}
    values, _ = usable(exercise, record.answer)
    scored = exercise.score({"items": values}).items
    time = record.time.astimezone(UTC).replace(tzinfo=None)
    return {
        ref: (time, exercise.words_of(ref, value), float(scored[ref].points))
        for ref, value in values.items()
        if ref in scored
    }
