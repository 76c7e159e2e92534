"""What was done to scores by command: graded, given back, exported. A line each, only added to."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from dxcourse.answers import AuditEntry, operation
from dxcourse.answers.durable import append
from dxcourse.homework.course import HomeworkCourse
from dxcourse.homework.errors import HomeworkError
from dxcourse.text import say

FILE = ".dxcourse-operations.jsonl"


def audit_file(course: HomeworkCourse) -> Path:
    """Where they stand: beside the gradebook, readable by its owner alone."""
    return course.root / FILE


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
