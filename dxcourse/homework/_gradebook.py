"""What was graded, put into nbgrader's gradebook: by one writer, many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nbgrader.api import (
    Comment,
    Grade,
    MissingEntry,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import select

from dxcourse.homework._errors import HomeworkError
from dxcourse.homework._jobs import Graded, Released

Gradebook = Any  # nbgrader's, which has no types


@dataclass(frozen=True)
class Layout:
    """An assignment as the gradebook has it: ids of its notebooks, and of their cells by name."""

    assignment: str
    id: str
    notebooks: Mapping[str, str]
    graded: Mapping[str, Mapping[str, str]]
    commented: Mapping[str, Mapping[str, str]]
    released: Mapping[str, Released]

    @classmethod
    def of(cls, gradebook: Gradebook, assignment: str) -> Layout:
        """Read an assignment's layout.

        Raises
        ------
        HomeworkError
            The gradebook does not know the assignment.
        """
        try:
            found = gradebook.find_assignment(assignment)
        except MissingEntry as error:
            raise HomeworkError(
                f"{assignment}: not released yet; run `dxcourse homework release {assignment}`"
            ) from error
        graded, commented, released = {}, {}, {}
        for each in found.notebooks:
            tasks = {cell.name: cell.id for cell in each.task_cells}
            graded[each.name] = {cell.name: cell.id for cell in each.grade_cells} | tasks
            commented[each.name] = {cell.name: cell.id for cell in each.solution_cells} | tasks
            cells = {
                cell.name: {
                    "cell_type": cell.cell_type,
                    "source": cell.source,
                    "checksum": cell.checksum,
                    "locked": cell.locked,
                }
                for cell in each.source_cells
            }
            released[each.name] = Released(each.kernelspec, cells)
        notebooks = {each.name: each.id for each in found.notebooks}
        return cls(assignment, found.id, notebooks, graded, commented, released)


def known_students(gradebook: Gradebook, layout: Layout) -> set[str]:
    """The students whose submission the gradebook has."""
    query = select(SubmittedAssignment.student_id).where(
        SubmittedAssignment.assignment_id == layout.id
    )
    return set(gradebook.db.execute(query).scalars())


def save(gradebook: Gradebook, layout: Layout, graded: Iterable[Graded], config: Any) -> None:  # noqa: ANN401
    """Put results into the gradebook, all or none of them.

    What a grader entered by hand stays; such a cell asks for another look, as with nbgrader.
    """
    session = gradebook.db
    try:
        for each in graded:
            _save_one(gradebook, layout, each, config)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.expunge_all()  # memory stays flat, however many there are


def _save_one(gradebook: Gradebook, layout: Layout, graded: Graded, config: Any) -> None:  # noqa: ANN401
    session = gradebook.db
    if session.get(Student, graded.student) is None:
        session.add(Student(id=graded.student))
        session.flush()
    query = select(SubmittedAssignment).where(
        SubmittedAssignment.assignment_id == layout.id,
        SubmittedAssignment.student_id == graded.student,
    )
    submission = session.execute(query).scalar_one_or_none()
    if submission is None:
        submission = _new(session, layout, graded.student)
    if graded.timestamp is not None:
        submission.timestamp = graded.timestamp
    if graded.error:
        return
    rows = select(SubmittedNotebook).where(SubmittedNotebook.assignment_id == submission.id)
    names = {id_: name for name, id_ in layout.notebooks.items()}
    notebooks = list(session.execute(rows).scalars())
    for notebook in notebooks:
        _mark(session, layout, graded, notebook.id, names[notebook.notebook_id])
    session.flush()
    session.expire_all()
    for notebook in notebooks:
        _penalty(submission, notebook, graded.student, config)


def _new(session: Any, layout: Layout, student: str) -> SubmittedAssignment:  # noqa: ANN401
    submission = SubmittedAssignment(id=new_uuid(), assignment_id=layout.id, student_id=student)
    session.add(submission)
    session.flush()
    for name, notebook_id in layout.notebooks.items():
        notebook = SubmittedNotebook(
            id=new_uuid(), assignment_id=submission.id, notebook_id=notebook_id
        )
        session.add(notebook)
        session.flush()
        for cell_id in layout.graded[name].values():
            session.add(Grade(cell_id=cell_id, notebook_id=notebook.id))
        for cell_id in layout.commented[name].values():
            session.add(Comment(cell_id=cell_id, notebook_id=notebook.id))
    session.flush()
    return submission


def _mark(session: Any, layout: Layout, graded: Graded, row: str, name: str) -> None:  # noqa: ANN401
    scores = graded.grades.get(name)
    cells = {id_: cell for cell, id_ in layout.graded[name].items()}
    for grade in session.execute(select(Grade).where(Grade.notebook_id == row)).scalars():
        cell = cells[grade.cell_id]
        if scores is None:  # the notebook was not handed in: as nbgrader has it
            grade.auto_score, grade.needs_manual_grade = 0.0, False
        elif cell in scores:
            grade.auto_score = scores[cell]
            manual = grade.manual_score is not None
            grade.needs_manual_grade = manual or grade.auto_score is None
    said = graded.comments.get(name, {})
    cells = {id_: cell for cell, id_ in layout.commented[name].items()}
    for comment in session.execute(select(Comment).where(Comment.notebook_id == row)).scalars():
        if cells[comment.cell_id] in said:
            comment.auto_comment = said[cells[comment.cell_id]]


def _penalty(
    submission: SubmittedAssignment,
    notebook: SubmittedNotebook,
    student: str,
    config: Any,  # noqa: ANN401
) -> None:
    """Set the penalty for lateness, by the plugin that nbgrader is configured with."""
    notebook.late_submission_penalty = None
    late = submission.total_seconds_late
    if late > 0:
        step = AssignLatePenalties(config=config)
        step.init_plugin()
        penalty = step.plugin_inst.late_submission_penalty(student, notebook.score, late)
        if penalty is not None:
            notebook.late_submission_penalty = step._check_late_penalty(notebook, penalty)  # noqa: SLF001
