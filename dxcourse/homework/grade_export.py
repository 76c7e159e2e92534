"""Grades out: as CSV, as Excel, and as Moodle's gradebook takes them."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from math import ceil
from pathlib import Path
from typing import Any

from nbgrader.api import Grade, Student, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import select

from dxcourse.homework.course import HomeworkCourse
from dxcourse.homework.errors import HomeworkError
from dxcourse.homework.feedback import DAY
from dxcourse.homework.tables import (
    ENDINGS,
    TableCell,
    check_ending,
    table_csv,
    table_excel,
    write_file,
)
from dxcourse.spreadsheet import FORMULA
from dxcourse.text import say

COLUMNS = (
    "assignment",
    "student",
    "last_name",
    "first_name",
    "email",
    "score",
    "so_far",
    "max_score",
    "penalty",
    "submitted",
    "due",
    "days_late",
    "state",
)


STATES = ("none", "new", "failed", "pending", "done")


@dataclass(frozen=True)
class QuestionGrade:
    """What the gradebook has of one graded cell; `score` is None where nobody has given one."""

    cell: str
    score: float | None
    max_score: float
    pending: bool


@dataclass(frozen=True)
class GradeRow:
    """A student's grade for an assignment.

    `score` is after the penalty; it is None where there is none to give: nothing was handed in, it
    is not graded yet or could not be, or a person has yet to read it. `so_far` has the points
    without what is to be read. `state` is one of `STATES`.
    """

    assignment: str
    student: str
    last_name: str
    first_name: str
    email: str
    lms: str
    score: float | None
    so_far: float | None
    max_score: float
    penalty: float
    submitted: datetime | None
    due: datetime | None
    days_late: int
    state: str
    questions: tuple[QuestionGrade, ...] = ()

    @property
    def cells(self) -> list[TableCell]:
        """What stands in a table, in the order of `COLUMNS`."""
        named = {"state": say(f"homework.state.{self.state}")}
        return [named.get(name, getattr(self, name)) for name in COLUMNS]


def rows(
    gradebook: Any,  # noqa: ANN401  -- nbgrader's, which has no types
    assignments: Sequence[str] = (),
    collected: Callable[[str], Collection[str]] = lambda _: (),
) -> list[GradeRow]:
    """Every student's grade for every assignment, or for some, in order.

    Parameters
    ----------
    collected
        Whose hand-in of an assignment is here, graded or not: `HomeworkCourse.students`.
    """
    known = [each for each in gradebook.assignments if not assignments or each.name in assignments]
    missing = set(assignments) - {each.name for each in known}
    if missing:
        raise HomeworkError(say("homework.export.unknown", names=", ".join(sorted(missing))))
    students = list(gradebook.students)
    return [
        row
        for each in known
        for row in _rows(gradebook, each, students, frozenset(collected(each.name)))
    ]


def _rows(
    gradebook: Any,  # noqa: ANN401
    assignment: Any,  # noqa: ANN401
    students: Sequence[Any],
    collected: frozenset[str],
) -> Iterator[GradeRow]:
    """The grades for one assignment, with few questions to the gradebook for many students."""
    session = gradebook.db
    submissions = {
        each.student_id: each
        for each in session.scalars(
            select(SubmittedAssignment).where(SubmittedAssignment.assignment_id == assignment.id)
        )
    }
    books: dict[str, list[Any]] = {}
    found = session.scalars(
        select(SubmittedNotebook).where(
            SubmittedNotebook.assignment_id.in_([each.id for each in submissions.values()])
        )
    )
    for book in found:
        books.setdefault(book.assignment_id, []).append(book)
    cells = {cell.id: cell for book in assignment.notebooks for cell in _graded_cells(book)}
    order = {id_: at for at, id_ in enumerate(cells)}
    grades: dict[str, list[Any]] = {}
    for grade in session.scalars(select(Grade).where(Grade.cell_id.in_(list(cells)))):
        grades.setdefault(grade.notebook_id, []).append(grade)
    most = math.fsum(float(cell.max_score) for cell in cells.values())
    unknown = sorted(collected - {student.id for student in students})
    for student in (*students, *(Student(id=name) for name in unknown)):  # grading enters them
        submission = submissions.get(student.id)
        own = sorted(
            (
                grade
                for book in books.get(submission.id if submission else "", ())
                for grade in grades.get(book.id, ())
            ),
            key=lambda grade: order[grade.cell_id],
        )
        penalty = math.fsum(
            float(book.late_submission_penalty or 0)
            for book in books.get(submission.id if submission else "", ())
        )
        state = _state(submission, own, cells)
        if state == "none" and student.id in collected:
            state = "new"
        so_far = max(0.0, math.fsum(_points(grade) or 0.0 for grade in own) - penalty)
        is_read = state in {"pending", "done"}
        due = submission.duedate if submission else assignment.duedate
        submitted = submission.timestamp if submission else None
        late = (submitted - due).total_seconds() if submitted and due else 0.0
        yield GradeRow(
            assignment=assignment.name,
            student=student.id,
            last_name=student.last_name or "",
            first_name=student.first_name or "",
            email=student.email or "",
            lms=student.lms_user_id or "",
            score=so_far if state == "done" else None,
            so_far=so_far if is_read else None,
            max_score=most,
            penalty=penalty,
            submitted=submitted,
            due=due,
            days_late=max(0, ceil(late / DAY)),
            state=state,
            questions=tuple(
                QuestionGrade(
                    cells[grade.cell_id].name,
                    None if state == "failed" else _points(grade),
                    float(cells[grade.cell_id].max_score),
                    bool(grade.needs_manual_grade),
                )
                for grade in own
            ),
        )


def _graded_cells(notebook: Any) -> list[Any]:  # noqa: ANN401
    return [*notebook.grade_cells, *notebook.task_cells]


def _points(grade: Any) -> float | None:  # noqa: ANN401
    """The points of a cell, as nbgrader adds them up; None where there are none yet."""
    base = grade.manual_score if grade.manual_score is not None else grade.auto_score
    extra = grade.extra_credit
    return None if base is None and extra is None else float(base or 0) + float(extra or 0)


def _state(submission: Any, grades: Sequence[Any], cells: Mapping[str, Any]) -> str:  # noqa: ANN401
    """Whether something was handed in, could be graded, and has been read.

    A test cell always has a score, right or wrong: without one, grading came to nothing.
    """
    if submission is None:
        return "none"
    tests = [grade for grade in grades if cells[grade.cell_id].cell_type == "code"]
    untested = [grade for grade in tests if grade.auto_score is None and grade.manual_score is None]
    automatic = [grade for grade in untested if not _is_by_hand(cells[grade.cell_id])]
    if automatic or not grades:
        return "failed"
    return "pending" if any(grade.needs_manual_grade for grade in grades) else "done"


def _is_by_hand(cell: Any) -> bool:  # noqa: ANN401
    """Whether a person grades a code cell: it is one that learners write."""
    return any(each.name == cell.name for each in cell.notebook.solution_cells)


def as_csv(table: Sequence[GradeRow]) -> bytes:
    """A table for people and their spreadsheets: see `table_csv`."""
    names = _question_names(table)
    return table_csv(_headings(names), _cells(table, names))


def as_excel(table: Sequence[GradeRow]) -> bytes:
    """The same as an Excel file: see `table_excel`."""
    names = _question_names(table)
    return table_excel(say("homework.grades"), _headings(names), _cells(table, names))


def _cells(
    table: Sequence[GradeRow], names: Sequence[tuple[str, str]]
) -> Iterator[list[TableCell]]:
    for row in table:
        yield [*row.cells, *_questions(row, names)]


def _question_names(table: Sequence[GradeRow]) -> list[tuple[str, str]]:
    """Every question, by its assignment and cell, in order."""
    return list(dict.fromkeys((row.assignment, q.cell) for row in table for q in row.questions))


def _headings(names: Sequence[tuple[str, str]]) -> list[str]:
    several = len({assignment for assignment, _ in names}) > 1
    told = [f"{assignment}/{cell}" if several else cell for assignment, cell in names]
    return [*(say(f"homework.columns.{name}") for name in COLUMNS), *told]


def _questions(row: GradeRow, names: Sequence[tuple[str, str]]) -> list[float | None]:
    """The points of each question; none where it is not the row's, or a person has yet to read."""
    own = {(row.assignment, each.cell): each for each in row.questions}
    return [
        each.score
        if (each := own.get(name)) and not (each.pending and each.score is None)
        else None
        for name in names
    ]


def as_moodle(
    table: Sequence[GradeRow], *, pending: bool = False, questions: bool = False
) -> bytes:
    """A file for Moodle's gradebook import (CSV): a line a student, two columns an assignment.

    Students are told by ID number (the gradebook's LMS id, else the student id) and by e-mail
    address. A cell without a grade is empty, which leaves Moodle's as it is; the column beside it
    says why in a word.

    Parameters
    ----------
    pending
        Whether the points so far are given for what a person has yet to read.
    questions
        Whether each question has a column of its own, after the others.

    Raises
    ------
    HomeworkError
        An id would be read as a formula by whoever opens the file; here it cannot be escaped,
        because Moodle would no longer know the student.
    """
    assignments = list(dict.fromkeys(row.assignment for row in table))
    students: dict[str, dict[str, GradeRow]] = {}
    for row in table:
        students.setdefault(row.student, {})[row.assignment] = row
    out = StringIO()
    writer = csv.writer(out)
    state = say("homework.columns.state")
    headings = [each for name in assignments for each in (name, f"{name} {state}")]
    names = _question_names(table) if questions else []
    asked = [f"{assignment}/{cell}" for assignment, cell in names]
    writer.writerow(["ID number", "Email address", *headings, *asked])
    for student, own in students.items():
        first = next(iter(own.values()))
        told = [first.lms or student, first.email]
        for text in told:
            if text.startswith(FORMULA):
                raise HomeworkError(say("homework.export.formula", student=student, text=text))
        cells: list[str] = []
        for name in assignments:
            score = own[name].so_far if pending else own[name].score
            cells += [
                "" if score is None else f"{score:g}",
                say(f"homework.state.{own[name].state}"),
            ]
        points = {
            name: score
            for row in own.values()
            for name, score in zip(names, _questions(row, names), strict=True)
            if score is not None
        }
        cells += [f"{points[name]:g}" if name in points else "" for name in names]
        writer.writerow([*told, *cells])
    return out.getvalue().encode()


def export(  # noqa: PLR0913
    course: HomeworkCourse,
    file: Path,
    assignments: Sequence[str] = (),
    *,
    moodle: bool = False,
    pending: bool = False,
    questions: bool = False,
) -> int:
    """Write the grades to a file, in the form that its ending says; how many lines of grades.

    Raises
    ------
    HomeworkError
        The ending is another one, an assignment is unknown, or the file cannot be written.
    """
    check_ending(file, (".csv",) if moodle else ENDINGS)
    with course.gradebook() as gradebook:
        table = rows(gradebook, assignments, course.students)
    if moodle:
        data = as_moodle(table, pending=pending, questions=questions)
    else:
        data = as_csv(table) if file.suffix.lower() == ".csv" else as_excel(table)
    write_file(file, data)
    return len(table)
