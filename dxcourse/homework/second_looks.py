"""Submissions that somebody is to look at once more: a learner asked, or a grader did.

What a second grader gave is kept here, beside the gradebook, which has one score: the first's. It
changes when somebody settles the two.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbgrader.api import MissingEntry

from dxcourse.files import lock, write_atomically
from dxcourse.homework.course import HomeworkCourse
from dxcourse.homework.errors import HomeworkError
from dxcourse.homework.rubric import (
    Criterion,
    CriterionScore,
    criteria_of,
    prompts_of,
    read_points,
    split_comment,
    with_points,
)
from dxcourse.homework.source_notebook import SourceNotebook
from dxcourse.text import say

LOOKS = ".dxcourse-second-looks.json"  # in the course's folder
FIRST, SECOND = "first", "second"  # whose points are taken when two graders are settled


@dataclass(frozen=True)
class SecondLook:
    """What was asked for; `reader` is the second grader, "" for whoever has time.

    `points` has what that grader gave, by cell and criterion; `handed` is when the submission that
    was read had been handed in.
    """

    asked: str
    note: str = ""
    reader: str = ""
    points: Mapping[str, Sequence[float]] = field(default_factory=dict)
    handed: str = ""


@dataclass(frozen=True)
class TwoReadings:
    """What two graders gave one text.

    Points are by criterion, or one number where the first grader gave, or the text has, no more;
    `first` is empty until the first grader has read it.
    """

    student: str
    cell: str
    reader: str
    criteria: tuple[str, ...]
    first: tuple[float, ...]
    second: tuple[float, ...]
    outdated: bool
    """The submission was handed in anew since the second grader read it."""

    @property
    def difference(self) -> float:
        """How many points the second grader gave more than the first."""
        return math.fsum(self.second) - math.fsum(self.first)

    @property
    def differing(self) -> list[tuple[str, float]]:
        """The criteria to which the two gave other points, and how many more the second gave."""
        if not len(self.criteria) == len(self.first) == len(self.second) > 1:
            return []
        given = zip(self.criteria, self.first, self.second, strict=True)
        return [(text, second - first) for text, first, second in given if second != first]

    @property
    def agree(self) -> bool:
        """Whether there is nothing to settle: the same in all that both gave."""
        if len(self.first) == len(self.second):
            return self.first == self.second
        return bool(self.first) and math.isclose(self.difference, 0, abs_tol=1e-9)


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
    _check_graded(course, assignment, student)
    with _changing(course) as known:
        own = known.setdefault(assignment, {})
        asked = now.astimezone(UTC).isoformat(timespec="seconds")
        before = SecondLook(**own[student]) if student in own else SecondLook("")
        own[student] = asdict(
            replace(before, asked=asked, note=note, reader=reader or before.reader)
        )


def end_second_look(course: HomeworkCourse, assignment: str, student: str) -> None:
    """Take a submission off the list: it has been looked at.

    Raises
    ------
    HomeworkError
        It is not on it, or two graders gave it other points.
    """
    if not all(each.agree for each in two_readings(course, assignment, student)):
        raise HomeworkError(say("homework.second.unsettled", student=student))
    with _changing(course) as known:
        if known.get(assignment, {}).pop(student, None) is None:
            raise HomeworkError(say("homework.second.not_asked", student=student))


def give_second_points(  # noqa: PLR0913
    course: HomeworkCourse,
    assignment: str,
    student: str,
    line: str,
    *,
    cell: str = "",
    reader: str,
    now: datetime,
) -> TwoReadings:
    """Keep what a second grader gave, beside the first's points, which stay.

    Parameters
    ----------
    line
        The points by criterion, as in a comment: ``2 1 2 0``; one number without criteria.
    cell
        Which text; "" where the assignment has but one.

    Raises
    ------
    HomeworkError
        Nothing of that student is graded, there is no such text, or those are no points for it.
    """
    _check_graded(course, assignment, student)
    text = _text(course, assignment, student, cell)
    points = text.read(line)
    with _changing(course) as known:
        own = known.setdefault(assignment, {})
        asked = now.astimezone(UTC).isoformat(timespec="seconds")
        look = SecondLook(**own[student]) if student in own else SecondLook(asked)
        given = {**look.points, text.cell: [each.points for each in points]}
        own[student] = asdict(replace(look, reader=reader, points=given, handed=text.handed))
    (found,) = [e for e in two_readings(course, assignment, student) if e.cell == text.cell]
    return found


def two_readings(course: HomeworkCourse, assignment: str, student: str = "") -> list[TwoReadings]:
    """Every text that a second grader gave points, of all or of one."""
    found = []
    for name, look in second_looks(course, assignment).items():
        for cell, points in look.points.items() if student in {"", name} else ():
            second = tuple(points)
            try:
                text = _text(course, assignment, name, cell)
            except HomeworkError:  # the text or its learner is gone from the assignment
                found.append(TwoReadings(name, cell, look.reader, (), (), second, outdated=True))
                continue
            criteria = tuple(each.text for each in text.criteria)
            outdated = text.handed != look.handed
            found.append(
                TwoReadings(name, cell, look.reader, criteria, text.first, second, outdated)
            )
    return found


def settle_readings(
    course: HomeworkCourse, assignment: str, student: str, settled: str, *, cell: str = ""
) -> tuple[TwoReadings, tuple[float, ...]]:
    """Put what was agreed on into the gradebook, as score and points by criterion.

    Parameters
    ----------
    settled
        `FIRST`, `SECOND`, or the points as a line.

    Returns
    -------
    TwoReadings, tuple of float
        What the two had given, and what counts now.

    Raises
    ------
    HomeworkError
        No second grader gave that text points, or those are no points for it.
    """
    text = _text(course, assignment, student, cell)
    found = [e for e in two_readings(course, assignment, student) if e.cell == text.cell]
    if not found:
        whose = f"{student} / {text.cell}"
        raise HomeworkError(say("homework.second.one_reading", whose=whose))
    given = {FIRST: found[0].first, SECOND: found[0].second}.get(settled)
    if given == ():
        raise HomeworkError(say("homework.second.unread", student=student, cell=text.cell))
    if given is None or len(given) == len(text.criteria):
        scores = text.read(settled if given is None else " ".join(f"{each:g}" for each in given))
        points = tuple(each.points for each in scores)
    else:  # the first grader gave no more than a sum
        scores, points = (), given
    text.enter(scores, math.fsum(points))
    with _changing(course) as known:
        look = known[assignment][student]
        look["points"].pop(text.cell)
        if not look["points"]:
            del known[assignment][student]
    return found[0], points


@dataclass(frozen=True)
class _Text:
    """A learner's text, and what the gradebook has of it."""

    course: HomeworkCourse
    assignment: str
    student: str
    cell: str
    place: tuple[str, str]
    criteria: tuple[Criterion, ...]
    has_rubric: bool
    first: tuple[float, ...]
    handed: str

    def read(self, line: str) -> tuple[CriterionScore, ...]:
        scores = read_points(line, self.criteria)
        if not scores:
            full = " ".join(f"{each.points:g}" for each in self.criteria)
            raise HomeworkError(say("homework.second.no_points", line=line, full=full))
        return scores

    def enter(self, scores: Sequence[CriterionScore], total: float) -> None:
        notebook, cell = self.place
        with self.course.gradebook() as gradebook:
            grade = gradebook.find_grade(cell, notebook, self.assignment, self.student)
            grade.manual_score = total - float(grade.extra_credit or 0)
            grade.needs_manual_grade = False
            if scores and self.has_rubric:
                said = gradebook.find_comment(cell, notebook, self.assignment, self.student)
                said.manual_comment = with_points(said.manual_comment or "", scores, self.criteria)
            gradebook.db.commit()


def hand_graded(course: HomeworkCourse, assignment: str) -> dict[tuple[str, str], str]:
    """The question of each text that is graded by hand, by notebook and grade id."""
    source = course.folder("source", assignment)
    return {
        (path.stem, cell): prompt
        for path in sorted(source.glob("*.ipynb"))
        for cell, prompt in prompts_of(SourceNotebook.read(path).cells.values()).items()
    }


def _text(course: HomeworkCourse, assignment: str, student: str, cell: str) -> _Text:
    prompts = hand_graded(course, assignment)
    several = len({notebook for notebook, _ in prompts}) > 1
    names = {f"{book}/{name}" if several else name: (book, name) for book, name in prompts}
    wanted = cell or (next(iter(names)) if len(names) == 1 else "")
    if wanted not in names:
        known = say("homework.and").join(names)
        raise HomeworkError(say("homework.second.which_cell", cell=cell, known=known))
    notebook, name = place = names[wanted]
    with course.gradebook() as gradebook:
        try:
            grade = gradebook.find_grade(name, notebook, assignment, student)
            comment = gradebook.find_comment(name, notebook, assignment, student)
            submitted = gradebook.find_submission(assignment, student).timestamp
        except MissingEntry as error:
            whose = f"{assignment} / {student}"
            raise HomeworkError(say("homework.second.nothing", whose=whose)) from error
        rubric = criteria_of(prompts[place], float(grade.max_score))
        score = float(grade.score or 0)
        scores, _ = split_comment(comment.comment or "", rubric)
        by_criterion = tuple(each.points for each in scores)
        first = by_criterion if math.isclose(math.fsum(by_criterion), score) else ()
        whole = (Criterion(say("homework.second.whole"), float(grade.max_score)),)
        return _Text(
            course,
            assignment,
            student,
            wanted,
            place,
            rubric or whole,
            has_rubric=bool(rubric),
            first=() if grade.needs_manual_grade else first or (score,),
            handed=submitted.isoformat() if submitted else "",
        )


def _check_graded(course: HomeworkCourse, assignment: str, student: str) -> None:
    if student not in course.students(assignment, "autograded"):
        raise HomeworkError(say("homework.second.nothing", whose=f"{assignment} / {student}"))


@contextmanager
def _changing(course: HomeworkCourse) -> Iterator[dict[str, dict[str, Any]]]:
    """What is asked for, to be changed; it is kept where no error comes."""
    path = course.root / LOOKS
    with lock(path):
        known = _read(path)
        yield known
        write_atomically(path, json.dumps(known, ensure_ascii=False, indent=1))


def _read(path: Path) -> dict[str, dict[str, Any]]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        for own in found.values():
            for each in own.values():
                look = SecondLook(**each)
                [math.fsum(points) for points in look.points.values()]
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError) as error:
        raise HomeworkError(say("homework.damaged_file", path=path)) from error
    made: dict[str, dict[str, Any]] = found
    return made
