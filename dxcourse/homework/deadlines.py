"""Deadlines and extensions, entered in Japan time."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nbgrader.api import MissingEntry

from dxcourse.facts import JAPAN
from dxcourse.files import write_atomically
from dxcourse.homework.course import HomeworkCourse
from dxcourse.homework.errors import HomeworkError
from dxcourse.homework.times import in_japan
from dxcourse.text import say

LAST_MINUTE = (23, 59)
EXTENSIONS = ".dxcourse-extensions.json"  # in the course's folder
TIME = re.compile(
    r"(?P<y>\d{4})[-/年](?P<m>\d{1,2})[-/月](?P<d>\d{1,2})日?"
    r"(?:[ T]+(?P<h>\d{1,2})[:時](?P<min>\d{2})?分?)?"
)


def parse_time(text: str) -> datetime:
    """A time in Japan as a person types it, in UTC without a zone; a day means its last minute.

    nbgrader keeps UTC, and reads the abbreviation JST as if it were UTC: so no zone is taken here.

    Raises
    ------
    HomeworkError
        It is no time, or has a zone.
    """
    plain = text.strip()
    found = TIME.fullmatch(plain)
    try:
        if found is None:
            when = datetime.fromisoformat(plain)
            last = when.hour == when.minute == 0 and len(plain) <= len("2026-12-25")
        else:
            hour, minute = int(found["h"] or 0), int(found["min"] or 0)
            when = datetime(int(found["y"]), int(found["m"]), int(found["d"]), hour, minute)  # noqa: DTZ001  -- Japan's, told below
            last = found["h"] is None
    except ValueError as error:
        raise HomeworkError(say("homework.due.no_time", text=text)) from error
    if when.tzinfo is not None:
        raise HomeworkError(say("homework.due.zone", text=text))
    if last:
        when = when.replace(hour=LAST_MINUTE[0], minute=LAST_MINUTE[1])
    return when.replace(tzinfo=JAPAN).astimezone(UTC).replace(tzinfo=None)


def set_due(course: HomeworkCourse, assignment: str, text: str) -> str:
    """Set when an assignment is due; give it in words.

    Raises
    ------
    HomeworkError
        It is no time, or has a zone.
    """
    utc = parse_time(text)
    with course.gradebook() as gradebook:
        gradebook.update_or_create_assignment(assignment, duedate=utc)
    return in_japan(utc)


def release(course: HomeworkCourse, assignment: str, due: str | None = None) -> str:
    """Make the release of an assignment anew, with its deadline in it; give that in words.

    The deadline that is set goes first, since the notebook states it; it stays as it was where the
    release cannot be made.

    Raises
    ------
    HomeworkError
        There is no such assignment, it is no time, or the release could not be made.
    """
    course.check_assignment(assignment)
    with course.gradebook() as gradebook:
        known = {each.name: each.duedate for each in gradebook.assignments}
    told = set_due(course, assignment, due) if due is not None else ""
    try:
        course.generate(assignment)
    except BaseException:
        with course.gradebook() as gradebook:
            if assignment in known:
                gradebook.update_or_create_assignment(assignment, duedate=known[assignment])
            elif due is not None:
                gradebook.remove_assignment(assignment)
        raise
    return told


def read_extensions(course: HomeworkCourse, assignment: str) -> dict[str, datetime]:
    """Until when some students have time, in UTC without a zone."""
    found = _read(course.root / EXTENSIONS).get(assignment, {})
    return {student: datetime.fromisoformat(until) for student, until in found.items()}


def extend(
    course: HomeworkCourse, assignment: str, student: str, *, until: str = "", days: int = 0
) -> str:
    """Give a student more time than the others, or with neither word the time that all have.

    It holds from the next `grade` on, for what is graded already, too.

    Raises
    ------
    HomeworkError
        There is no such assignment, it has no deadline, the student is not known, or it is no time.
    """
    with course.gradebook() as gradebook:
        try:
            due = gradebook.find_assignment(assignment).duedate
        except MissingEntry as error:
            raise HomeworkError(say("homework.not_released", assignment=assignment)) from error
        known = {each.id for each in gradebook.students} | set(course.students(assignment))
        if student not in known:
            raise HomeworkError(say("homework.unknown_student", student=student))
        if due is None:
            raise HomeworkError(say("homework.due.none", assignment=assignment))
        when = parse_time(until) if until else due + timedelta(days=days)
        if when < due:
            raise HomeworkError(say("homework.due.earlier", due=in_japan(due)))
        all_ = _read(course.root / EXTENSIONS)
        own = all_.setdefault(assignment, {})
        own[student] = when.isoformat()
        write_atomically(course.root / EXTENSIONS, json.dumps(all_, ensure_ascii=False, indent=1))
    return say("homework.due.extended", student=student, until=in_japan(when))


def _read(path: Path) -> dict[str, dict[str, str]]:
    try:
        found: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise HomeworkError(say("homework.damaged_file", path=path)) from error
    return found
