"""Who changed which score, and when: kept beside the gradebook, which has only what is now.

Each of our commands looks at the gradebook before and after its work. What changed in its work is
its own; what changed since the last look was done elsewhere, in formgrader or by nbgrader's own
commands, which say neither who nor when: it is noted with the time between which it happened.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    Notebook,
    SubmittedAssignment,
)
from nbgrader.api import (
    SubmittedNotebook as Submitted,
)
from pydantic import ValidationError
from sqlalchemy import select

from dxcourse.answers import AuditEntry, operation
from dxcourse.answers.durable import append
from dxcourse.files import lock
from dxcourse.homework.course import HomeworkCourse
from dxcourse.homework.errors import HomeworkError
from dxcourse.homework.tables import TableCell
from dxcourse.settings import account
from dxcourse.text import say, words

LOG = ".dxcourse-scores.jsonl"  # in the course's folder
ELSEWHERE = ""  # in place of a command: what others than ours did
COLUMNS = (
    "time",
    "since",
    "who",
    "done",
    "assignment",
    "student",
    "cell",
    "before",
    "after",
    "note",
)

Key = tuple[str, str, str]
"""Assignment, student, and cell; "" for the points taken off for being late."""


@dataclass(frozen=True)
class CellScore:
    """A score as the gradebook has it; None where nobody has given one."""

    points: float | None
    by_hand: bool = False


@dataclass(frozen=True)
class ScoreEntry:
    """A line of the log: a score that changed, or something that was done (`before` is None).

    `note` says more of what was done: which points two graders gave, and which were agreed on.
    """

    time: datetime
    since: datetime | None
    who: str
    done: str
    assignment: str
    student: str
    cell: str = ""
    before: CellScore | None = None
    after: CellScore | None = None
    note: str = ""

    @property
    def cells(self) -> list[TableCell]:
        """What stands in a table, in the order of `COLUMNS`."""
        cell = self.cell
        if self.before is not None and not cell:
            cell = say("homework.columns.penalty")
        return [
            _gradebooks(self.time),
            _gradebooks(self.since),
            self.who or say("homework.log.unknown"),
            words("homework.log.done").get(self.done or "elsewhere", self.done),
            self.assignment,
            self.student,
            cell,
            _told(self.before),
            _told(self.after),
            self.note,
        ]


def _gradebooks(time: datetime | None) -> datetime | None:
    return time and time.astimezone(UTC).replace(tzinfo=None)


def _told(score: CellScore | None) -> TableCell:
    if score is None or score.points is None:
        return None
    return say("homework.log.by_hand", points=score.points) if score.by_hand else score.points


@contextmanager
def watching_scores(
    course: HomeworkCourse,
    command: str,
    *,
    who: str | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Iterator[None]:
    """Note what changed before a command, and what changes while it works.

    Parameters
    ----------
    command
        ``grade``, ``feedback`` and so on: a name below ``homework.log.done``.
    who
        Who works; by default the user of this machine.
    """
    note_scores(course, ELSEWHERE, "", clock())
    try:
        yield
    finally:
        note_scores(course, command, account() if who is None else who, clock())


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Hold the log against other commands; say whose file refuses."""
    try:
        with lock(path):
            yield
    except OSError as error:
        told = say("homework.cannot_write", file=path, cause=error.strerror)
        raise HomeworkError(told) from error


def note_scores(course: HomeworkCourse, command: str, who: str, now: datetime) -> None:
    """Note every score that is not as the log has it."""
    path = course.root / LOG
    with _held(path):
        lines, _ = _lines(path)
        known = _state(lines)
        found = _snapshot(course)
        changed: dict[tuple[str, str], dict[str, list[Any]]] = {}
        for key in sorted({*known, *found}):
            before, after = known.get(key, CellScore(None)), found.get(key, CellScore(None))
            if before != after:
                told = [before.points, before.by_hand, after.points, after.by_hand]
                changed.setdefault(key[:2], {})[key[2]] = told
        last = lines[-1]["time"] if lines else ""
        _append(
            path,
            [
                {
                    "time": now.astimezone(UTC).isoformat(timespec="seconds"),
                    "since": last,
                    "who": who,
                    "done": command,
                    "assignment": assignment,
                    "student": student,
                    "cells": cells,
                }
                for (assignment, student), cells in changed.items()
            ],
        )


def note_event(  # noqa: PLR0913
    course: HomeworkCourse,
    done: str,
    assignment: str,
    students: Sequence[str],
    now: datetime,
    *,
    who: str = "",
    note: str = "",
) -> None:
    """Note what was done for some learners that changes no score, as ``withdraw``.

    `who` is the user of this machine where nobody is named.
    """
    path = course.root / LOG
    time = now.astimezone(UTC).isoformat(timespec="seconds")
    with _held(path):
        _append(
            path,
            [
                {
                    "time": time,
                    "who": who or account(),
                    "done": done,
                    "assignment": assignment,
                    "student": student,
                    **({"note": note} if note else {}),
                }
                for student in students
            ],
        )


def read_score_log(
    course: HomeworkCourse, assignment: str = "", student: str = ""
) -> tuple[list[ScoreEntry], int]:
    """The log, oldest first, of an assignment or a student where they are named.

    Returns
    -------
    tuple of list of ScoreEntry, int
        The lines, and how many are damaged and left out.
    """
    path = course.root / LOG
    try:
        lines, damaged = _lines(path)
    except OSError as error:
        told = say("homework.cannot_read", file=path, cause=error.strerror)
        raise HomeworkError(told) from error
    found = []
    for line in lines:
        if assignment not in {"", line["assignment"]} or student not in {"", line["student"]}:
            continue
        since = line.get("since")
        about = (
            datetime.fromisoformat(line["time"]),
            datetime.fromisoformat(since) if since and not line["done"] else None,
            line["who"],
            line["done"],
            line["assignment"],
            line["student"],
        )
        for cell, told in line.get("cells", {}).items():
            before, after = CellScore(*told[:2]), CellScore(*told[2:])
            found.append(ScoreEntry(*about, cell, before, after))
        if "cells" not in line:
            found.append(ScoreEntry(*about, note=str(line.get("note", ""))))
    return found, damaged


def _state(lines: Sequence[Mapping[str, Any]]) -> dict[Key, CellScore]:
    """Every score as the log has it last."""
    known = {}
    for line in lines:
        for cell, told in line.get("cells", {}).items():
            known[line["assignment"], line["student"], cell] = CellScore(*told[2:])
    return known


def _snapshot(course: HomeworkCourse) -> dict[Key, CellScore]:
    """Every score as the gradebook has it, by two questions."""
    found: dict[Key, CellScore] = {}
    with course.gradebook() as gradebook:
        several = {each.name for each in gradebook.assignments if len(each.notebooks) > 1}
        grades = (
            select(
                Assignment.name,
                SubmittedAssignment.student_id,
                Notebook.name,
                BaseCell.name,
                Grade.auto_score,
                Grade.manual_score,
                Grade.extra_credit,
            )
            .select_from(Grade)
            .join(BaseCell, Grade.cell_id == BaseCell.id)
            .join(Submitted, Grade.notebook_id == Submitted.id)
            .join(Notebook, Submitted.notebook_id == Notebook.id)
            .join(SubmittedAssignment, Submitted.assignment_id == SubmittedAssignment.id)
            .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        )
        for name, student, book, cell, auto, manual, extra in gradebook.db.execute(grades):
            base = auto if manual is None else manual
            nothing = base is None and extra is None
            points = None if nothing else float(base or 0) + float(extra or 0)
            place = f"{book}/{cell}" if name in several else cell
            by_hand = manual is not None or bool(extra)
            if points is not None:
                found[name, student, place] = CellScore(points, by_hand)
        late = (
            select(
                Assignment.name, SubmittedAssignment.student_id, Submitted.late_submission_penalty
            )
            .select_from(Submitted)
            .join(SubmittedAssignment, Submitted.assignment_id == SubmittedAssignment.id)
            .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
            .where(Submitted.late_submission_penalty.is_not(None))
        )
        for name, student, penalty in gradebook.db.execute(late):
            former = found.get((name, student, ""), CellScore(0.0)).points or 0.0
            if penalty:
                found[name, student, ""] = CellScore(former + float(penalty))
    return found


def _lines(path: Path) -> tuple[list[dict[str, Any]], int]:
    """The lines that can be read, and how many cannot: a crash may have left one torn."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return [], 0
    lines, damaged = [], 0
    for raw in data.splitlines():
        try:
            line = json.loads(raw)
            datetime.fromisoformat(line["time"])
            _ = line["assignment"], line["student"], line["who"], line["done"]
        except (ValueError, KeyError, TypeError):
            damaged += bool(raw.strip())
        else:
            lines.append(line)
    return lines, damaged


def _append(path: Path, lines: Sequence[Mapping[str, Any]]) -> None:
    if not lines:
        return
    text = "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines).encode()
    append(path, b"\n" + text if _is_torn(path) else text)


def _is_torn(path: Path) -> bool:
    """Whether the last line was not written to its end; looks at the last byte alone."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - 1))
            return file.read() not in {b"", b"\n"}
    except FileNotFoundError:
        return False


# -- What was done to scores by command: graded, given back, exported. A line each, only added to

OPERATIONS = ".dxcourse-operations.jsonl"


def audit_file(course: HomeworkCourse) -> Path:
    """Where they stand: beside the gradebook, readable by its owner alone."""
    return course.root / OPERATIONS


def note_operation(course: HomeworkCourse, done: str, assignment: str, count: int) -> None:
    """Write down what is done now, of how many; it names no student.

    Raises
    ------
    HomeworkError
        It cannot be written.
    """
    entry = operation(f"{done} {assignment}".strip(), count)
    path = audit_file(course)
    try:
        append(path, entry.line(), mode=0o600)
    except OSError as error:
        raise HomeworkError(say("homework.audit.unwritten", file=path, cause=error)) from error


def operations_of(course: HomeworkCourse) -> list[AuditEntry]:
    """What was done, in its order.

    Raises
    ------
    HomeworkError
        A line is damaged, or the file cannot be read.
    """
    path = audit_file(course)
    found = []
    try:
        lines = path.read_bytes().splitlines() if path.exists() else []
    except OSError as error:
        raise HomeworkError(say("homework.audit.unread", file=path, cause=error)) from error
    for number, line in enumerate(lines, start=1):
        try:
            found.append(AuditEntry.model_validate_json(line))
        except ValidationError as error:
            told = say("homework.audit.damaged", file=path, line=number)
            raise HomeworkError(told) from error
    return found
