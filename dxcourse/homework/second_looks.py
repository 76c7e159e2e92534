"""Submissions that somebody is to look at once more: a learner asked, or a grader did."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from dxcourse.files import lock, write_atomically
from dxcourse.homework.course import HomeworkCourse
from dxcourse.homework.errors import HomeworkError
from dxcourse.text import say

LOOKS = ".dxcourse-second-looks.json"  # in the course's folder


@dataclass(frozen=True)
class SecondLook:
    """What was asked for; `reader` is the second grader, "" for whoever has time."""

    asked: str
    note: str = ""
    reader: str = ""


def second_looks(course: HomeworkCourse, assignment: str) -> dict[str, SecondLook]:
    """What is to be looked at once more, by student."""
    found = _read(course.root / LOOKS).get(assignment, {})
    return {student: SecondLook(**each) for student, each in sorted(found.items())}


def ask_second_look(  # noqa: PLR0913
    course: HomeworkCourse,
    assignment: str,
    student: str,
    *,
    note: str = "",
    reader: str = "",
    now: datetime,
) -> None:
    """Ask for another look at a graded submission; asked again, the words are the last ones.

    Raises
    ------
    HomeworkError
        Nothing of that student is graded.
    """
    if student not in course.students(assignment, "autograded"):
        raise HomeworkError(say("homework.second.nothing", whose=f"{assignment} / {student}"))
    path = course.root / LOOKS
    with lock(path):
        known = _read(path)
        asked = now.astimezone(UTC).isoformat(timespec="seconds")
        known.setdefault(assignment, {})[student] = asdict(SecondLook(asked, note, reader))
        write_atomically(path, json.dumps(known, ensure_ascii=False, indent=1))


def end_second_look(course: HomeworkCourse, assignment: str, student: str) -> None:
    """Take a submission off the list: it has been looked at.

    Raises
    ------
    HomeworkError
        It is not on it.
    """
    path = course.root / LOOKS
    with lock(path):
        known = _read(path)
        if known.get(assignment, {}).pop(student, None) is None:
            raise HomeworkError(say("homework.second.not_asked", student=student))
        write_atomically(path, json.dumps(known, ensure_ascii=False, indent=1))


def _read(path: Path) -> dict[str, dict[str, Mapping[str, str]]]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        for own in found.values():
            for each in own.values():
                SecondLook(**each)
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError) as error:
        raise HomeworkError(say("homework.damaged_file", path=path)) from error
    made: dict[str, dict[str, Mapping[str, str]]] = found
    return made
