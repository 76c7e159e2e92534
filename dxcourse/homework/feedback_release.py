"""Feedback for many: a page for each graded submission, one learner's failure no other's."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbformat import from_dict
from nbgrader.api import (
    Comment,
    Grade,
    MissingEntry,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import select

from dxcourse.assignment import Assignment
from dxcourse.files import cached_by_mtime, write_atomically
from dxcourse.homework.course import HomeworkCourse
from dxcourse.homework.errors import HomeworkError
from dxcourse.homework.feedback import about_submission, page
from dxcourse.homework.nbgrader.config import FEEDBACK
from dxcourse.homework.nbgrader.preprocessors import KEPT
from dxcourse.homework.parallel import Progress, results_of
from dxcourse.homework.source_notebook import SourceNotebook, nbgrader_of
from dxcourse.homework.submission_files import (
    is_plain_file,
    read_notebook,
    remove_folder,
    replacing_folder,
)
from dxcourse.homework.submitted_answers import read_submitted_answers
from dxcourse.text import say


def give_back(
    course: HomeworkCourse,
    assignment: str,
    student: str | None = None,
    *,
    executor: Executor | None = None,
    report: Callable[[Progress], None] = lambda _: None,
) -> Progress:
    """Write what each learner is given back, or one of them, anew.

    An assignment of ours is written in one pass with few questions to the gradebook, by workers
    where there are any; another goes by nbgrader's converter, here.

    Raises
    ------
    HomeworkError
        Nothing of the assignment, or of that student, is graded.
    """
    graded = course.students(assignment, "autograded")
    for each in set(course.students(assignment, "feedback")) - set(graded):
        remove_folder(course.folder("feedback", assignment, each))  # of what is not graded any more
    chosen = graded if student is None else [each for each in graded if each == student]
    if not chosen:
        whose = assignment if student is None else f"{assignment} / {student}"
        raise HomeworkError(say("homework.feedback.nothing", whose=whose))
    progress = Progress(len(chosen))
    report(progress)
    jobs = _jobs(course, assignment, chosen)
    if jobs is None:
        outcomes: Iterator[tuple[str, str]] = (
            (each, _told(each, lambda each=each: course.feedback(assignment, each)))  # type: ignore[misc]
            for each in chosen
        )
    else:
        outcomes = results_of(write_pack, iter(jobs), executor)
    for each, failure in outcomes:
        if failure:
            progress.failed[each] = failure
        else:
            progress.made += 1
        report(progress)
    return progress


def reasons_to_wait(
    course: HomeworkCourse, assignment: str, students: Sequence[str], now: datetime
) -> list[str]:
    """Why feedback, which tells the answers, may be too early for some students; a line each."""
    utc = now.astimezone(UTC).replace(tzinfo=None)
    reasons = []
    with course.gradebook() as gradebook:
        try:
            due = gradebook.find_assignment(assignment).duedate
        except MissingEntry as error:
            raise HomeworkError(say("homework.not_released", assignment=assignment)) from error
        if due is not None and due > utc:
            reasons.append(say("homework.feedback.before_due"))
        found = {each.student: each for each in submissions_of(gradebook, assignment, students)}
    later = [each for each in students if each in found and _has_time(found[each], due, utc)]
    if later and not reasons:
        reasons.append(say("homework.feedback.extended", names=say("homework.and").join(later)))
    unread = [name for name, each in found.items() if any(g.pending for g in each.grades.values())]
    if unread:
        names = say("homework.and").join(sorted(unread)[:5])
        reasons.append(say("homework.feedback.unread", n=len(unread), names=names))
    return reasons


def _has_time(submission: Submission, due: datetime | None, now: datetime) -> bool:
    own = submission.due
    return own is not None and own != due and own > now


@dataclass(frozen=True)
class CellGrade:
    """What the gradebook has of a graded cell."""

    score: float
    points: float
    pending: bool


@dataclass
class Submission:
    """What the gradebook has of a submission, by grade id within a notebook's name."""

    student: str
    submitted: datetime | None
    due: datetime | None
    grades: dict[tuple[str, str], CellGrade] = field(default_factory=dict)
    comments: dict[tuple[str, str], str | None] = field(default_factory=dict)
    penalties: dict[str, float] = field(default_factory=dict)


def submissions_of(
    gradebook: Any,  # noqa: ANN401  -- nbgrader's, which has no types
    assignment: str,
    students: Sequence[str],
) -> Iterator[Submission]:
    """Everything about some submissions, by four questions to the gradebook."""
    session = gradebook.db
    known = gradebook.find_assignment(assignment)
    cells = {
        cell.id: (book.name, cell.name, float(cell.max_score))
        for book in known.notebooks
        for cell in (*book.grade_cells, *book.task_cells)
    }
    said = {
        cell.id: (book.name, cell.name)
        for book in known.notebooks
        for cell in (*book.solution_cells, *book.task_cells)
    }
    names = {book.id: book.name for book in known.notebooks}
    wanted = set(students)
    found: dict[str, Submission] = {}
    for each in session.scalars(
        select(SubmittedAssignment).where(SubmittedAssignment.assignment_id == known.id)
    ):
        if each.student_id in wanted:
            found[each.id] = Submission(each.student_id, each.timestamp, each.duedate)
    owners: dict[str, Submission] = {}
    for book in session.scalars(
        select(SubmittedNotebook).where(SubmittedNotebook.notebook_id.in_(list(names)))
    ):
        if book.assignment_id in found:
            owners[book.id] = found[book.assignment_id]
            penalty = float(book.late_submission_penalty or 0)
            owners[book.id].penalties[names[book.notebook_id]] = penalty
    for grade in session.scalars(select(Grade).where(Grade.cell_id.in_(list(cells)))):
        if grade.notebook_id in owners:
            book_name, name, most = cells[grade.cell_id]
            base = grade.manual_score if grade.manual_score is not None else grade.auto_score
            score = float(base or 0) + float(grade.extra_credit or 0)
            owners[grade.notebook_id].grades[book_name, name] = CellGrade(
                score, most, bool(grade.needs_manual_grade)
            )
    for comment in session.scalars(select(Comment).where(Comment.cell_id.in_(list(said)))):
        if comment.notebook_id in owners:
            text = comment.manual_comment or comment.auto_comment
            owners[comment.notebook_id].comments[said[comment.cell_id]] = text
    yield from found.values()


@dataclass(frozen=True)
class FeedbackJob:
    """A submission to write feedback for, with all there is to know; a worker may be sent it."""

    student: str
    source: Path
    names: tuple[str, ...]
    """Of its notebooks."""
    autograded: Path
    submitted: Path
    target: Path
    shared: bool
    """Whether the group may write what is written."""
    submission: Submission | None


def _jobs(
    course: HomeworkCourse, assignment: str, students: Sequence[str]
) -> list[FeedbackJob] | None:
    """What is to be written; None where nbgrader's own converter has to."""
    source = course.folder("source", assignment)
    exercises = Assignment.at(source)
    with course.gradebook() as gradebook:
        try:
            names = [each.name for each in gradebook.find_assignment(assignment).notebooks]
        except MissingEntry as error:
            raise HomeworkError(say("homework.not_released", assignment=assignment)) from error
        sheets = [SourceNotebook.read(source / f"{name}.ipynb") for name in names]
        ours = tuple(course.config.GenerateFeedback.preprocessors) == FEEDBACK
        if exercises is None or not ours or not all(sheet.plain for sheet in sheets):
            return None
        found = {each.student: each for each in submissions_of(gradebook, assignment, students)}
    return [
        FeedbackJob(
            student=student,
            source=source,
            names=tuple(names),
            autograded=course.folder("autograded", assignment, student),
            submitted=course.folder("submitted", assignment, student),
            target=course.folder("feedback", assignment, student),
            shared=bool(course.directory.groupshared),
            submission=found.get(student),
        )
        for student in students
    ]


def write_pack(jobs: Sequence[FeedbackJob]) -> list[tuple[str, str]]:
    """Write the feedback of several submissions: of each the student, and what went wrong."""
    return [(job.student, _told(job.student, lambda job=job: _write(job))) for job in jobs]  # type: ignore[misc]


def _told(student: str, write: Callable[[], object]) -> str:
    """Write something for a student; what went wrong, "" where nothing did."""
    try:
        write()
    except HomeworkError as error:
        return f"{student}: {str(error).removeprefix(f'{student}: ')}"
    except OSError as error:
        why = say("homework.submission.unreadable", cause=error.strerror)
        return f"{student}: {why}"
    return ""


@cached_by_mtime(maxsize=32)
def _sheet(path: Path) -> SourceNotebook:
    return SourceNotebook.read(path)


def _write(job: FeedbackJob) -> None:
    student, submission, exercises = job.student, job.submission, Assignment.at(job.source)
    if submission is None or exercises is None:
        raise HomeworkError(say("homework.feedback.nothing", whose=student))
    # What was graded: something newer may have been handed in, damaged even.
    given = read_submitted_answers(job.autograded, student, job.submitted.parent.parent)
    target = job.target
    with replacing_folder(target) as part:
        for name in job.names:
            sheet = _sheet(job.source / f"{name}.ipynb")
            path = job.autograded / f"{name}.ipynb"
            if not is_plain_file(path):
                continue
            notebook = from_dict(read_notebook(path.read_bytes(), student, path.name))
            own = {cell: grade for (book, cell), grade in submission.grades.items() if book == name}
            for cell in notebook["cells"]:
                meta = nbgrader_of(cell)
                grade_id = meta.get("grade_id", "")
                if grade_id in own:
                    meta["score"], meta["points"] = own[grade_id].score, own[grade_id].points
                if (name, grade_id) in submission.comments:
                    meta["comment"] = submission.comments[name, grade_id]
            penalty = submission.penalties.get(name, 0.0)
            about = about_submission(
                student,
                sheet.title,
                score=math.fsum(each.score for each in own.values()) - penalty,
                max_score=math.fsum(each.points for each in own.values()),
                penalty=penalty,
                submitted=submission.submitted,
                due=submission.due,
                pending={cell for cell, each in own.items() if each.pending},
            )
            text = page(notebook, sheet, exercises, given, about)
            write_atomically(part / f"{name}.html", text)
        for name in KEPT:
            if is_plain_file(job.autograded / name):
                shutil.copy(job.autograded / name, part / name)
        _open(part, shared=job.shared)


def _open(folder: Path, *, shared: bool) -> None:
    """Give files the rights that nbgrader's converter gives them."""
    for path in folder.iterdir():
        path.chmod(0o664 if shared else 0o644)
