"""What goes between an assignment and its pages: handed out, sent, collected, given back."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import nbformat

from dxcourse.answers import FileStore, Record, Store
from dxcourse.assignment import ANSWERS, EXERCISES, Assignment, keyless, keyless_copy
from dxcourse.exercises import AnyExercise, kinds_by_name
from dxcourse.exercises.registry import is_own
from dxcourse.exercises.shapes import Shape
from dxcourse.files import state_of, write_atomically
from dxcourse.homework.collect import Collected, collect_from
from dxcourse.homework.course import HomeworkCourse
from dxcourse.homework.errors import HomeworkError
from dxcourse.homework.feedback import formatted
from dxcourse.homework.pages.links import Links
from dxcourse.homework.parallel import Progress
from dxcourse.homework.release import check_released
from dxcourse.homework.roster import enter_roster, read_roster_file
from dxcourse.homework.rubric import SCHEME
from dxcourse.homework.source_notebook import JUPYTER, Cell, SourceNotebook, nbgrader_of
from dxcourse.homework.submitted_answers import WRITTEN, SubmittedAnswers
from dxcourse.notebook_calls import exercise_html
from dxcourse.spreadsheet import csv_text
from dxcourse.text import say

LONGEST = 4000  # characters of a reflection


@dataclass(frozen=True)
class Handout:
    """A release, as a page shows it.

    `exercises` has one more for each text that is graded by hand: its id is ``written-`` and the
    grade id of its cell.
    """

    assignment: str
    title: str
    notebook: Path
    html: str
    exercises: Mapping[str, AnyExercise]

    @classmethod
    def at(cls, release: Path) -> Handout:
        """The handout of a release, made anew only when the release changed.

        Raises
        ------
        HomeworkError, AssignmentError
            There is none, it has keys, or cannot be shown as a page.
        """
        notebooks = sorted(release.glob("*.ipynb"))
        if len(notebooks) != 1 or Assignment.at(release) is None:
            raise HomeworkError(say("homework.not_released", assignment=release.name))
        made_of = (*notebooks, release / EXERCISES)
        return _made(release, notebooks[0], tuple(map(state_of, made_of)))


@lru_cache(maxsize=32)
def _made(release: Path, notebook: Path, _: object) -> Handout:
    check_released(release)
    assignment = Assignment.load(release)
    sheet = SourceNotebook.read(notebook)
    if not sheet.plain:
        raise HomeworkError(say("homework.assignment.own-code", path=notebook))
    written = {each.id: each for each in map(_written, _by_hand(sheet))}
    exercises = {**assignment.exercises, **written}
    parts = "\n".join(_parts(notebook, sheet, exercises))
    return Handout(release.name, sheet.title, notebook, parts, MappingProxyType(exercises))


def _by_hand(sheet: SourceNotebook) -> Iterator[str]:
    """The grade ids of the cells that a person grades."""
    for name, cell in sheet.cells.items():
        meta = nbgrader_of(cell)
        if cell["cell_type"] == "markdown" and meta.get("grade") and meta.get("solution"):
            yield name


def _is_typed(kind: type[AnyExercise]) -> bool:
    """Whether answers of a kind are a text; of kinds from other packages nothing more is known."""
    return kind.shape is Shape.TEXT and is_own(kind)


def _written(name: str) -> AnyExercise:
    """A text graded by hand, as something to answer."""
    whole = {
        "id": f"{WRITTEN}{name}",
        "title": say("homework.written_title"),
        "items": [{"id": "text", "text": say("homework.written_item"), "max_length": LONGEST}],
    }
    typed = next(kind for kind in kinds_by_name().values() if _is_typed(kind))
    exercise = typed.model_validate(whole)
    (shown,) = keyless_copy([exercise])["exercises"]
    return keyless(shown)


def _parts(
    notebook: Path, sheet: SourceNotebook, exercises: Mapping[str, AnyExercise]
) -> Iterator[str]:
    shown = {cell: exercise for exercise, cell in sheet.shown.items() if cell}
    for cell in _cells(notebook):
        name = str(nbgrader_of(cell).get("grade_id", ""))
        if f"{WRITTEN}{name}" in exercises:
            yield exercise_html(exercises[f"{WRITTEN}{name}"])
        elif name in shown:
            yield exercise_html(exercises[shown[name]])
        elif cell["cell_type"] == "markdown" and JUPYTER not in cell["metadata"].get("tags", []):
            yield f'<div class="prose">{formatted(SCHEME.sub("", cell["source"]))}</div>'


def _cells(notebook: Path) -> list[Cell]:
    return list(nbformat.read(notebook, as_version=4)["cells"])


# -- A roster becomes links: a table in, the same table with an address a learner out --------------

ID = "id"
NAMES = ("first_name", "last_name", "email")  # as nbgrader's own rosters have them
LINK = "link"


def write_links(  # noqa: PLR0913
    course: HomeworkCourse,
    assignment: str,
    roster: Path,
    file: Path,
    *,
    links: Links,
    address: str,
    until: datetime,
) -> int:
    """Write a link for each learner of a roster, and enter them into the gradebook; give how many.

    Parameters
    ----------
    roster
        A table with a column of ids (see `dxcourse.homework.roster`); names and e-mail addresses
        are taken into the gradebook where they are there.
    address
        Where the pages are served, as https://dx.example.jp.
    until
        When the links end.

    Raises
    ------
    HomeworkError
        The assignment is not released, or the roster cannot be used; nothing was written.
    """
    Handout.at(course.folder("release", assignment))
    rows = read_roster_file(roster)
    enter_roster(course, rows)
    base = f"{address.rstrip('/')}/homework"
    try:
        # With a mark at its beginning, without which Excel takes Japanese for something else.
        with file.open("w", encoding="utf-8-sig", newline="") as out:
            table = csv.writer(out)
            table.writerow([ID, *NAMES, LINK])
            for row in rows:
                token = links.token(assignment, row.id, until)
                told = [csv_text(getattr(row, name)) for name in (ID, *NAMES)]
                table.writerow([*told, f"{base}/{token}"])
    except OSError as error:
        why = say("homework.cannot_write", file=file, cause=error.strerror)
        raise HomeworkError(why) from error
    return len(rows)


# -- What was answered on pages, made into nbgrader's submissions ----------------------------------


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


# -- Feedback given back on pages: a copy that the server shows under the personal link ------------

GIVEN_BACK = "pages"  # in the course's folder, beside nbgrader's own


def feedback_file(root: Path, assignment: str, who: str) -> Path:
    """Where a learner's feedback is once it is given back; `who` as in their link."""
    return root / GIVEN_BACK / assignment / f"{who}.html"


def publish_feedback(
    course: HomeworkCourse, assignment: str, links: Links, student: str | None = None
) -> int:
    """Give back feedback that is written, under each learner's link; give how many.

    Parameters
    ----------
    student
        The one whose feedback is given back; None for everybody's.

    Raises
    ------
    HomeworkError
        There is none.
    """
    count = 0
    for each in course.students(assignment, "feedback"):
        pages = sorted(course.folder("feedback", assignment, each).glob("*.html"))
        if not pages or student not in {None, each}:
            continue
        target = feedback_file(course.root, assignment, links.who(assignment, each))
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, pages[0].read_bytes())
        count += 1
    if not count:
        raise HomeworkError(say("homework.feedback.nothing", whose=student or assignment))
    return count


def withdraw_feedback(
    course: HomeworkCourse, assignment: str, links: Links, student: str | None = None
) -> list[str]:
    """Take back feedback from under the links, so that answers may change again; give whose.

    What a learner has saved of it stays with them.
    """
    folder = course.root / GIVEN_BACK / assignment
    if student is None:
        known = course.students(assignment, "feedback")
        names = {links.who(assignment, each): each for each in known}
        files = sorted(folder.glob("*.html"))
    else:
        files = [feedback_file(course.root, assignment, links.who(assignment, student))]
        names = {files[0].stem: student}
    gone = []
    for path in files:
        if path.is_file():
            path.unlink()
            gone.append(names.get(path.stem, path.stem))
    return sorted(gone)
