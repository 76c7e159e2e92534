"""What was graded, put into nbgrader's gradebook: by one writer, many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nbgrader.api import (
    Assignment,
    Comment,
    Grade,
    MissingEntry,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import insert, select, update

from dxcourse.homework.errors import HomeworkError
from dxcourse.homework.pipeline import GradingResult
from dxcourse.homework.repair import ReleasedNotebook
from dxcourse.text import say

Gradebook = Any  # nbgrader's, which has no types
Session = Any
Config = Any  # traitlets'


@dataclass(frozen=True)
class GradebookLayout:
    """An assignment as the gradebook has it: ids of its notebooks, and of their cells by name."""

    assignment: str
    id: str
    notebooks: Mapping[str, str]
    graded: Mapping[str, Mapping[str, str]]
    commented: Mapping[str, Mapping[str, str]]
    released: Mapping[str, ReleasedNotebook]

    @classmethod
    def of(cls, gradebook: Gradebook, assignment: str) -> GradebookLayout:
        """Read an assignment's layout.

        Raises
        ------
        HomeworkError
            The gradebook does not know the assignment.
        """
        try:
            found = gradebook.find_assignment(assignment)
        except MissingEntry as error:
            raise HomeworkError(say("homework.not_released", assignment=assignment)) from error
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
            released[each.name] = ReleasedNotebook(each.kernelspec, cells)
        notebooks = {each.name: each.id for each in found.notebooks}
        return cls(assignment, found.id, notebooks, graded, commented, released)


def known_students(gradebook: Gradebook, layout: GradebookLayout) -> set[str]:
    """The students whose submission the gradebook has."""
    query = select(SubmittedAssignment.student_id).where(
        SubmittedAssignment.assignment_id == layout.id
    )
    return set(gradebook.db.execute(query).scalars())


def save(gradebook: Gradebook, layout: GradebookLayout, graded: Sequence[GradingResult]) -> None:
    """Put results into the gradebook, all or none of them, in few statements for many.

    What a grader entered by hand stays; such a cell asks for another look, as with nbgrader.
    """
    session = gradebook.db
    try:
        _enrol(session, [each.student for each in graded])
        known = _entries(session, layout, graded)
        _begin(session, layout, [each for each in graded if each.student not in known])
        again = [each for each in graded if each.student in known and not each.error]
        _mark(session, layout, again, known)
        entries = _entries(session, layout, graded)
        _stamp(session, entries, graded)
        _forget(session, [entries[each.student] for each in graded if each.error])
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.expunge_all()  # memory stays flat, however many there are


def forget_scores(gradebook: Gradebook, assignment: str, students: Sequence[str]) -> None:
    """Take back the automatic scores of submissions that could not be graded as they are now.

    What a grader entered by hand stays. A test cell without a score is how the gradebook says that
    a submission could not be graded: see `dxcourse.homework.grade_export`.
    """
    query = (
        select(SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .where(Assignment.name == assignment, SubmittedAssignment.student_id.in_(students))
    )
    _forget(gradebook.db, list(gradebook.db.execute(query).scalars()))
    gradebook.db.commit()


def _forget(session: Session, entries: Sequence[str]) -> None:
    if not entries:
        return
    books = select(SubmittedNotebook.id).where(SubmittedNotebook.assignment_id.in_(entries))
    session.execute(
        update(Grade)
        .where(Grade.notebook_id.in_(books))
        .values(auto_score=None, needs_manual_grade=True)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(SubmittedNotebook)
        .where(SubmittedNotebook.assignment_id.in_(entries))
        .values(late_submission_penalty=None)
        .execution_options(synchronize_session=False)
    )


def set_lateness(
    gradebook: Gradebook,
    layout: GradebookLayout,
    extensions: Mapping[str, datetime],
    config: Config,
) -> None:
    """Give every submission its extension and penalty as they are now.

    Deadlines, extensions and the way to subtract may have changed since a submission was graded.

    Parameters
    ----------
    extensions
        Until when a student has time, in UTC without a zone.
    """
    session = gradebook.db
    due = session.get(Assignment, layout.id).duedate
    entries = dict(
        session.execute(
            select(SubmittedAssignment.student_id, SubmittedAssignment.id).where(
                SubmittedAssignment.assignment_id == layout.id
            )
        ).all()
    )
    rows = [
        {"id": entries[student], "extension": max(until - due, timedelta(0))}
        for student, until in extensions.items()
        if due is not None and student in entries
    ]
    try:
        _update(session, SubmittedAssignment, rows)
        session.expire_all()
        _penalize(session, layout, entries, config)
        session.commit()
    except BaseException:
        session.rollback()
        raise


def _enrol(session: Session, students: Sequence[str]) -> None:
    there = set(session.execute(select(Student.id).where(Student.id.in_(students))).scalars())
    _insert(session, Student, [{"id": each} for each in students if each not in there])


def _entries(
    session: Session, layout: GradebookLayout, graded: Sequence[GradingResult]
) -> dict[str, str]:
    """The ids of the submissions that the gradebook has, by student."""
    query = select(SubmittedAssignment.student_id, SubmittedAssignment.id).where(
        SubmittedAssignment.assignment_id == layout.id,
        SubmittedAssignment.student_id.in_([each.student for each in graded]),
    )
    return dict(session.execute(query).all())


def _begin(session: Session, layout: GradebookLayout, graded: Sequence[GradingResult]) -> None:
    """Enter submissions that are new, with their scores; without, where none could be given."""
    rows: dict[type, list[dict[str, Any]]] = {
        SubmittedAssignment: [],
        SubmittedNotebook: [],
        Grade: [],
        Comment: [],
    }
    for each in graded:
        entry = new_uuid()
        rows[SubmittedAssignment].append(
            {"id": entry, "assignment_id": layout.id, "student_id": each.student}
        )
        for name, notebook_id in layout.notebooks.items():
            book = new_uuid()
            rows[SubmittedNotebook].append(
                {"id": book, "assignment_id": entry, "notebook_id": notebook_id}
            )
            for cell, cell_id in layout.graded[name].items():
                score = {"auto_score": None, "needs_manual_grade": True}
                mark = score if each.error else score | (_score(each, name, cell, None) or {})
                rows[Grade].append(
                    {"id": new_uuid(), "cell_id": cell_id, "notebook_id": book, **mark}
                )
            for cell, cell_id in layout.commented[name].items():
                said = each.comments.get(name, {}).get(cell)
                rows[Comment].append(
                    {
                        "id": new_uuid(),
                        "cell_id": cell_id,
                        "notebook_id": book,
                        "auto_comment": said,
                    }
                )
    for table, entries in rows.items():
        _insert(session, table, entries)


def _mark(
    session: Session,
    layout: GradebookLayout,
    graded: Sequence[GradingResult],
    known: Mapping[str, str],
) -> None:
    """Give submissions that the gradebook has (`known`) their new scores and comments."""
    if not graded:
        return  # without one to look for, the database would look through all there are
    owners = {known[each.student]: each for each in graded}
    places = _places(layout.graded)
    scores = []
    for id_, cell_id, owner, manual in _parts(session, layout, Grade.manual_score, places, owners):
        score = _score(owners[owner], *places[cell_id], manual)
        scores += [{"id": id_, **score}] if score else []
    _update(session, Grade, scores)
    places = _places(layout.commented)
    comments = []
    for id_, cell_id, owner, _ in _parts(session, layout, Comment.auto_comment, places, owners):
        notebook, cell = places[cell_id]
        said = owners[owner].comments.get(notebook, {})
        comments += [{"id": id_, "auto_comment": said[cell]}] if cell in said else []
    _update(session, Comment, comments)


def _places(cells: Mapping[str, Mapping[str, str]]) -> dict[str, tuple[str, str]]:
    """Notebook and name of each cell, by its id."""
    return {id_: (notebook, cell) for notebook, own in cells.items() for cell, id_ in own.items()}


def _score(
    graded: GradingResult, notebook: str, cell: str, manual: float | None
) -> dict[str, Any] | None:
    """What is new of a grade; nothing where the cell was not looked at."""
    scores = graded.grades.get(notebook)
    if scores is None:  # the notebook was not handed in: as nbgrader has it
        return {"auto_score": 0.0, "needs_manual_grade": False}
    if cell not in scores:
        return None
    return {
        "auto_score": scores[cell],
        "needs_manual_grade": manual is not None or scores[cell] is None,
    }


def _parts(
    session: Session,
    layout: GradebookLayout,
    column: Any,  # noqa: ANN401  -- of Grade or Comment
    cells: Iterable[str],
    entries: Iterable[str],
) -> list[Any]:
    """The rows of some submissions: id, cell, submission, and the column.

    Notebooks and cells are named because the gradebook's indexes begin with them.
    """
    part = column.class_
    query = (
        select(part.id, part.cell_id, SubmittedNotebook.assignment_id, column)
        .join(SubmittedNotebook, part.notebook_id == SubmittedNotebook.id)
        .where(
            part.cell_id.in_(list(cells)),
            SubmittedNotebook.notebook_id.in_(list(layout.notebooks.values())),
            SubmittedNotebook.assignment_id.in_(list(entries)),
        )
    )
    return list(session.execute(query))


def _stamp(session: Session, entries: Mapping[str, str], graded: Sequence[GradingResult]) -> None:
    """Note when submissions were handed in."""
    times = [
        {"id": entries[each.student], "timestamp": each.timestamp}
        for each in graded
        if each.timestamp is not None
    ]
    _update(session, SubmittedAssignment, times)


def _penalize(
    session: Session,
    layout: GradebookLayout,
    entries: Mapping[str, str],
    config: Config,
) -> None:
    """Set the penalties for lateness, by the plugin that nbgrader is configured with."""
    session.execute(
        update(SubmittedNotebook)
        .values(late_submission_penalty=None)
        .where(
            SubmittedNotebook.notebook_id.in_(list(layout.notebooks.values())),  # by its index
            SubmittedNotebook.assignment_id.in_(list(entries.values())),
        )
    )
    if session.get(Assignment, layout.id).duedate is None:
        return
    step = AssignLatePenalties(config=config)
    step.init_plugin()
    query = select(SubmittedAssignment).where(SubmittedAssignment.id.in_(list(entries.values())))
    for submission in session.scalars(query):
        student, late = submission.student_id, submission.total_seconds_late
        for notebook in submission.notebooks if late > 0 else ():
            penalty = step.plugin_inst.late_submission_penalty(student, notebook.score, late)
            if penalty is not None:
                penalty = step._check_late_penalty(notebook, penalty)  # noqa: SLF001
            notebook.late_submission_penalty = penalty


def _insert(
    session: Session,
    entity: Any,  # noqa: ANN401  -- a mapped class of nbgrader's, which has no types
    rows: list[dict[str, Any]],
) -> None:
    """Enter rows, of which no object is wanted: straight into the table, in half the time."""
    if rows:
        session.execute(insert(entity.__table__), rows)


def _update(session: Session, table: type, rows: list[dict[str, Any]]) -> None:
    """Change rows by their ids."""
    if rows:
        session.execute(update(table), rows)
