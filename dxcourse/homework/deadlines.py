"""Deadlines, entered in Japan time."""

from __future__ import annotations

from datetime import UTC, datetime

from dxcourse.facts import JAPAN
from dxcourse.homework.course import HomeworkCourse
from dxcourse.homework.errors import HomeworkError
from dxcourse.homework.nbgrader.exporter import in_japan

LAST_MINUTE = (23, 59)


def set_due(course: HomeworkCourse, assignment: str, text: str) -> str:
    """Set when an assignment is due; a day alone means its last minute. Gives it in words.

    nbgrader keeps UTC, and reads the abbreviation JST as if it were UTC: so no zone is taken here.

    Raises
    ------
    HomeworkError
        It is no time, or has a zone.
    """
    try:
        due = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise HomeworkError(f'"{text}" is no time; write it as 2026-12-25 17:00') from error
    if due.tzinfo is not None:
        raise HomeworkError(f'"{text}" has a zone; write it in Japan time, without one')
    if ":" not in text:
        due = due.replace(hour=LAST_MINUTE[0], minute=LAST_MINUTE[1])
    utc = due.replace(tzinfo=JAPAN).astimezone(UTC).replace(tzinfo=None)
    with course.gradebook() as gradebook:
        gradebook.update_or_create_assignment(assignment, duedate=utc)
    return in_japan(utc)
