"""What is left for a person: question by question, and by learner."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from dxcourse.homework.course import HomeworkCourse
from dxcourse.homework.feedback_release import submissions_of
from dxcourse.homework.grade_export import GradeRow, rows
from dxcourse.homework.rubric import (
    adds_up,
    criteria_of,
    misread_line,
    split_comment,
)
from dxcourse.homework.second_looks import TwoReadings, hand_graded, second_looks, two_readings
from dxcourse.text import say

SHOWN = 20  # names on a line


def todo_lines(course: HomeworkCourse, assignment: str) -> list[str]:
    """What waits for a person, a line each; none where nothing does.

    Raises
    ------
    HomeworkError
        The gradebook does not know the assignment.
    """
    with course.gradebook() as gradebook:
        table = rows(gradebook, [assignment], course.students)
        wrong = list(_not_adding_up(course, gradebook, assignment, table))
    return [
        *_new(table),
        *_failed(table),
        *_unread(table),
        *wrong,
        *_second_looks(course, assignment),
        *_missing(table),
    ]


def _new(table: Sequence[GradeRow]) -> Iterator[str]:
    new = [row.student for row in table if row.state == "new"]
    if new:
        yield say("homework.todo.new", n=len(new), names=_names(new))


def _failed(table: Sequence[GradeRow]) -> Iterator[str]:
    failed = [row.student for row in table if row.state == "failed"]
    if failed:
        yield say("homework.todo.failed", n=len(failed), names=_names(failed))


def _unread(table: Sequence[GradeRow]) -> Iterator[str]:
    waiting: dict[str, list[str]] = {}
    for row in table:
        for question in row.questions if row.state == "pending" else ():
            if question.pending:
                waiting.setdefault(question.cell, []).append(row.student)
    for cell, students in waiting.items():
        yield say("homework.todo.unread", cell=cell, n=len(students), names=_names(students))


def _second_looks(course: HomeworkCourse, assignment: str) -> Iterator[str]:
    yield from map(two_readings_line, two_readings(course, assignment))
    for student, look in second_looks(course, assignment).items():
        if look.points:
            continue
        reader = say("homework.todo.reader", reader=look.reader) if look.reader else ""
        note = say("homework.todo.note", note=look.note) if look.note else ""
        yield say("homework.todo.second", student=student, reader=reader, note=note)


def told_points(points: Sequence[float]) -> str:
    """Points by criterion, and their sum."""
    if not points:
        return say("homework.second.not_yet")
    each = " ".join(f"{one:g}" for one in points) if len(points) > 1 else ""
    return say("homework.second.points", each=each, sum=math.fsum(points)).strip()


def two_readings_line(each: TwoReadings) -> str:
    """What two graders gave, and what is to be done about it."""
    told = {
        "student": each.student,
        "cell": each.cell,
        "reader": each.reader,
        "first": told_points(each.first),
        "second": told_points(each.second),
    }
    outdated = say("homework.second.outdated") if each.outdated else ""
    if each.agree:
        return say("homework.second.same", **told) + outdated
    if not each.first:
        return say("homework.second.first_missing", **told) + outdated
    where = say("homework.and").join(
        say("homework.second.criterion", criterion=text, difference=f"{difference:+g}")
        for text, difference in each.differing
    )
    told["where"] = say("homework.second.where", where=where) if where else ""
    return say("homework.second.differ", **told, difference=f"{each.difference:+g}") + outdated


def _missing(table: Sequence[GradeRow]) -> Iterator[str]:
    missing = [row.student for row in table if row.state == "none"]
    if missing:
        yield say("homework.todo.missing", n=len(missing), names=_names(missing))


def _not_adding_up(
    course: HomeworkCourse,
    gradebook: object,
    assignment: str,
    table: Sequence[GradeRow],
) -> Iterator[str]:
    """Whose points by criterion are not the score that was entered."""
    prompts = hand_graded(course, assignment)
    students = [row.student for row in table if row.state not in {"none", "new"}]
    for submission in submissions_of(gradebook, assignment, students):
        for place, prompt in prompts.items():
            grade = submission.grades.get(place)
            if grade is None or grade.pending:
                continue
            criteria = criteria_of(prompt, grade.points)
            comment = submission.comments.get(place) or ""
            scores, _ = split_comment(comment, criteria)
            if line := misread_line(comment, criteria):
                yield say(
                    "homework.todo.misread", student=submission.student, cell=place[1], line=line
                )
            if scores and not adds_up(scores, grade.score):
                yield say(
                    "homework.todo.criteria",
                    student=submission.student,
                    cell=place[1],
                    sum=sum(each.points for each in scores),
                    score=grade.score,
                )


def _names(students: Sequence[str]) -> str:
    shown = say("homework.and").join(sorted(students)[:SHOWN])
    return say("homework.todo.more", names=shown) if len(students) > SHOWN else shown
