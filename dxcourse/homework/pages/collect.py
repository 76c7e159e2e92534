"""What was answered on pages, made into nbgrader's submissions."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import nbformat

from dxcourse.answers import FileStore, Record, Store
from dxcourse.assignment import ANSWERS
from dxcourse.homework.collect import Collected, collect_from
from dxcourse.homework.course import HomeworkCourse
from dxcourse.homework.pages.handout import Handout
from dxcourse.homework.pages.links import Links
from dxcourse.homework.progress import Progress
from dxcourse.homework.source_notebook import nbgrader_of
from dxcourse.homework.submitted_answers import WRITTEN, SubmittedAnswers


def collect_pages(
    course: HomeworkCourse,
    assignment: str,
    *,
    links: Links,
    store: Store,
    report: Callable[[Progress], None] = lambda _: None,
) -> Collected:
    """Take what each learner of the gradebook has answered under their link.

    It goes the way of files that were handed in: what is there and newer is kept. The time of the
    last answer is the time of handing in.

    Raises
    ------
    HomeworkError
        Nothing can be collected: the assignment is not released.
    StoreError
        The answers cannot be read.
    """
    handout = Handout.at(course.folder("release", assignment))
    with course.gradebook() as gradebook:
        students = sorted(student.id for student in gradebook.students)
    with tempfile.TemporaryDirectory(prefix="dxcourse-pages-") as made:
        folder = Path(made)
        for student in students:
            learner = f"{assignment}/{links.who(assignment, student)}"
            history = store.history(learner)
            if history:
                _lay_out(handout, folder / student, student, history)
        return collect_from(
            course,
            assignment,
            folder,
            add=True,
            named={str(folder / each): each for each in students},
            report=report,
        )


def _lay_out(handout: Handout, folder: Path, student: str, history: list[Record]) -> None:
    """A learner's folder as they would hand it in: the answers, and the notebook with the text."""
    folder.mkdir()
    own = [record.model_copy(update={"learner": student}) for record in history]
    with FileStore(folder / ANSWERS) as file:
        file.restore(own)
    for left in folder.glob(f"{ANSWERS}.*"):
        left.unlink()
    given = SubmittedAnswers.read(folder / ANSWERS, student, lambda _: False)
    notebook = nbformat.read(handout.notebook, as_version=4)
    for cell in notebook["cells"]:
        name = f"{WRITTEN}{nbgrader_of(cell).get('grade_id', '')}"
        last = given.last(name) if name in handout.exercises else None
        texts = [*((last.answer or {}).get("items") or {}).values()] if last else []
        if texts and isinstance(texts[0], str):
            cell["source"] = texts[0]
    nbformat.write(notebook, folder / handout.notebook.name)
