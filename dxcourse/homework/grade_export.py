"""Grades out: as CSV, as Excel, and as Moodle's gradebook takes them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from math import ceil
from pathlib import Path
from typing import Any, cast

from nbgrader.api import MissingEntry
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Font

from dxcourse.export.excel import FORBIDDEN, FORMULA, csv_text, put_text
from dxcourse.homework.course import HomeworkCourse
from dxcourse.homework.errors import HomeworkError
from dxcourse.homework.nbgrader.exporter import DAY, in_japan
from dxcourse.text import words

COLUMNS = (
    "assignment",
    "student",
    "last_name",
    "first_name",
    "email",
    "score",
    "max_score",
    "penalty",
    "submitted",
    "due",
    "days_late",
    "state",
)


@dataclass(frozen=True)
class GradeRow:
    """A student's grade for an assignment; `score` is after the penalty, None for no submission."""

    assignment: str
    student: str
    last_name: str
    first_name: str
    email: str
    lms: str
    score: float | None
    max_score: float
    penalty: float
    submitted: str
    due: str
    days_late: int
    state: str

    @property
    def cells(self) -> list[str | float | int | None]:
        """What stands in a table, in the order of `COLUMNS`."""
        return [getattr(self, name) for name in COLUMNS]


def rows(gradebook: Any, assignments: Sequence[str] = ()) -> list[GradeRow]:  # noqa: ANN401
    """Every student's grade for every assignment, or for some, in order."""
    known = [each for each in gradebook.assignments if not assignments or each.name in assignments]
    missing = set(assignments) - {each.name for each in known}
    if missing:
        raise HomeworkError(f"{', '.join(sorted(missing))}: not in the gradebook; release it first")
    return [_row(gradebook, each, student) for each in known for student in gradebook.students]


def _row(gradebook: Any, assignment: Any, student: Any) -> GradeRow:  # noqa: ANN401
    score, penalty, state, submitted, due, late = None, 0.0, "state_none", None, None, 0.0
    try:
        found = gradebook.find_submission(assignment.name, student.id)
    except MissingEntry:
        due = assignment.duedate
    else:
        penalty = float(found.late_submission_penalty or 0)
        score = max(0.0, float(found.score) - penalty)
        state = "state_pending" if found.needs_manual_grade else "state_done"
        submitted, due, late = found.timestamp, found.duedate, found.total_seconds_late
    return GradeRow(
        assignment=assignment.name,
        student=student.id,
        last_name=student.last_name or "",
        first_name=student.first_name or "",
        email=student.email or "",
        lms=student.lms_user_id or "",
        score=score,
        max_score=float(assignment.max_score),
        penalty=penalty,
        submitted=in_japan(submitted),
        due=in_japan(due),
        days_late=ceil(late / DAY),
        state=words("homework")[state],
    )


def as_csv(table: Sequence[GradeRow]) -> bytes:
    """A table for people and their spreadsheets: UTF-8 with the mark that Excel looks for."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([words("homework")[f"column_{name}"] for name in COLUMNS])
    for row in table:
        writer.writerow([plain(each) if isinstance(each, str) else each for each in row.cells])
    return out.getvalue().encode("utf-8-sig")


def as_excel(table: Sequence[GradeRow]) -> bytes:
    """The same as an Excel file: text is text in it, never a formula."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = words("homework")["grades"]
    for at, name in enumerate(COLUMNS, 1):
        sheet.cell(1, at, words("homework")[f"column_{name}"]).font = Font(bold=True)
    for line, row in enumerate(table, 2):
        for at, value in enumerate(row.cells, 1):
            cell = cast("Cell", sheet.cell(line, at))  # none is merged
            if isinstance(value, str):
                put_text(cell, value)
            else:
                cell.value = value
    sheet.freeze_panes = "A2"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def as_moodle(table: Sequence[GradeRow]) -> bytes:
    """A file for Moodle's gradebook import (CSV): a line a student, a column an assignment.

    Students are told by ID number (the gradebook's LMS id, else the student id) and by e-mail
    address. A cell without a submission is empty: Moodle leaves such a grade as it is.

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
    writer.writerow(["ID number", "Email address", *assignments])
    for student, own in students.items():
        first = next(iter(own.values()))
        told = [first.lms or student, first.email]
        for text in told:
            if text.startswith(FORMULA):
                raise HomeworkError(
                    f"{student}: {text!r} begins like a formula; mend it, then export"
                )
        scores = [own[name].score if name in own else None for name in assignments]
        writer.writerow([*told, *("" if each is None else f"{each:g}" for each in scores)])
    return out.getvalue().encode()


def plain(text: str) -> str:
    """Text for a cell of a CSV: no formula, and on one line."""
    return csv_text(" ".join(FORBIDDEN.sub("", text).split()))


def export(
    course: HomeworkCourse, file: Path, assignments: Sequence[str] = (), *, moodle: bool = False
) -> int:
    """Write the grades to a file, in the form that its ending says; how many lines of grades.

    Raises
    ------
    HomeworkError
        The ending is another one, an assignment is unknown, or the file cannot be written.
    """
    forms = {".csv": as_moodle if moodle else as_csv} | ({} if moodle else {".xlsx": as_excel})
    form = forms.get(file.suffix.lower())
    if form is None:
        raise HomeworkError(f"{file}: name a file that ends with {' or '.join(forms)}")
    with course.gradebook() as gradebook:
        table = rows(gradebook, assignments)
    try:
        file.write_bytes(form(table))
    except OSError as error:
        raise HomeworkError(f"{file}: cannot be written ({error.strerror})") from error
    return len(table)
