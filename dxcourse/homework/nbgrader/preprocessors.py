"""What nbgrader is given: its own steps with ours among them, in its own configuration.

Each keeps nbgrader's way: what it raises is a failure of this one submission (or release), which
nbgrader logs, undoes, and goes on from.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbformat.v4 import new_markdown_cell
from nbgrader.api import Gradebook
from nbgrader.preprocessors import Execute, NbGraderPreprocessor

from dxcourse.assignment import Assignment, hidden, leak
from dxcourse.homework.errors import HomeworkError
from dxcourse.homework.gradebook import forget_scores
from dxcourse.homework.pipeline import score_notebook
from dxcourse.homework.release import check_gradable, check_keyless, refuse_answers
from dxcourse.homework.release import strip_keys as strip
from dxcourse.homework.repair import restore_released_cells, set_aside_for_a_person
from dxcourse.homework.source_notebook import JUPYTER, Cell, SourceNotebook
from dxcourse.homework.submission_files import check_submission, links_below, remove_path
from dxcourse.homework.submitted_answers import read_submitted_answers
from dxcourse.homework.times import due_notice
from dxcourse.text import say

Resources = Any  # nbconvert's ResourcesDict


KEPT = frozenset({"timestamp.txt", "submission_secret.txt"})  # release_feedback reads them


class _Ours(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """A preprocessor that knows where it is: course, assignment, student, notebook."""

    def _folder(self, step: str, student: str, resources: Resources) -> Path:
        coursedir = self.parent.parent.coursedir
        name = resources["nbgrader"]["assignment"]
        return Path(coursedir.format_path(getattr(coursedir, f"{step}_directory"), student, name))

    def _source(self, resources: Resources) -> Path:
        return self._folder("source", ".", resources)

    @contextmanager
    def _failing(self, resources: Resources) -> Iterator[None]:
        """Let a submission that cannot be graded have no scores: not those of another time."""
        about = resources["nbgrader"]
        try:
            yield
        except Exception:
            with Gradebook(about["db_url"]) as gradebook:
                forget_scores(gradebook, about["assignment"], [about["student"]])
            raise

    def _sheet(self, resources: Resources) -> SourceNotebook:
        notebook = resources["nbgrader"]["notebook"]
        return SourceNotebook.read(self._source(resources) / f"{notebook}.ipynb")


class StripKeys(_Ours):
    """First at a release: the keyless exercises in place of the keyed ones that were copied."""

    def preprocess(self, nb: Cell, resources: Resources) -> tuple[Cell, Resources]:
        """Write the keyless copy, and hold that the notebook can be graded as it is."""
        source, release = self._source(resources), self._folder("release", ".", resources)
        assignment = strip(source, release)
        if assignment is not None:
            check_gradable(self._sheet(resources), assignment, source)
            check_keyless(release, assignment)
        return nb, resources


class StateDeadline(_Ours):
    """After a release has entered the gradebook: the notebook says when it is due.

    The cell is no cell of nbgrader's: a deadline that moves changes nothing that is graded.
    """

    def preprocess(self, nb: Cell, resources: Resources) -> tuple[Cell, Resources]:
        """Put the gradebook's deadline below the notebook's first text."""
        about = resources["nbgrader"]
        with Gradebook(about["db_url"]) as gradebook:
            due = gradebook.find_assignment(about["assignment"]).duedate
        if due is None:
            return nb, resources
        cell = new_markdown_cell(due_notice(due), id="dx-due", metadata={"tags": [JUPYTER]})
        if (nb["nbformat"], nb["nbformat_minor"]) < (4, 5):
            del cell["id"]
        kinds = [each["cell_type"] for each in nb["cells"]]
        nb["cells"].insert(kinds.index("markdown") + 1 if "markdown" in kinds else 0, cell)
        return nb, resources


class CheckKeyless(_Ours):
    """Last at a release: the notebook that learners get says nothing of the keys."""

    def preprocess(self, nb: Cell, resources: Resources) -> tuple[Cell, Resources]:
        """Search every cell for the sentences that only the keyed file has."""
        assignment = Assignment.at(self._source(resources))
        secrets = hidden(assignment.exercises.values()) if assignment else []
        for cell in nb["cells"]:
            found = leak(cell["source"], secrets)
            if found:
                name = cell.get("id", "?")
                raise HomeworkError(say("homework.assignment.cell-leaks", cell=name, found=found))
        return nb, resources


class RestoreReleasedCells(_Ours):
    """First at grading: the submission is read as what it is, and has the cells of the source."""

    def preprocess(self, nb: Cell, resources: Resources) -> tuple[Cell, Resources]:
        """Restore the notebook; refuse to grade while an author's answers lie in the source."""
        source, about = self._source(resources), resources["nbgrader"]
        refuse_answers(source)
        submitted = self._folder("submitted", about["student"], resources)
        with self._failing(resources):
            check_submission(submitted, about["student"], [about["notebook"]])
            self._leave_links(submitted, resources)
            if Assignment.at(source) is not None:
                with Gradebook(about["db_url"]) as gradebook:
                    known = gradebook.find_notebook(about["notebook"], about["assignment"])
                    released = {cell.name: cell.source for cell in known.source_cells}
                for note in restore_released_cells(nb, self._sheet(resources), released):
                    self.log.warning("%s: %s", about["student"], note)
        return nb, resources

    def _leave_links(self, submitted: Path, resources: Resources) -> None:
        """Take away what nbgrader copied by following a link that was handed in."""
        student = resources["nbgrader"]["student"]
        autograded = self._folder("autograded", student, resources)
        source = self._source(resources)
        for link in links_below(submitted):
            place = link.relative_to(submitted)
            if (source / place).exists():
                continue  # the source's own file lies over it by now
            remove_path(autograded / place)
            told = say("homework.submission.not_copied")
            self.log.warning("%s: %s: %s", student, place.as_posix(), told)


class ScoreAnswers(_Ours):
    """In place of `Execute`: an assignment of our calls alone is scored, and no cell is run.

    Whether it is one is seen in the source. An assignment with other code is executed as nbgrader
    does it, with the cells that a learner added or changed.
    """

    def preprocess(self, nb: Cell, resources: Resources) -> tuple[Cell, Resources]:
        """Write the points of every test cell, or run the notebook."""
        source, sheet = self._source(resources), self._sheet(resources)
        assignment, student = Assignment.at(source), resources["nbgrader"]["student"]
        with self._failing(resources):
            if assignment is None:
                return self._execute(nb, resources)
            if not sheet.plain:
                nb, resources = self._execute(nb, resources)
                notes = set_aside_for_a_person(nb)
            else:
                submitted = self._folder("submitted", student, resources)
                given = read_submitted_answers(submitted, student, submitted.parent.parent)
                notes = score_notebook(nb, sheet, assignment, given)
        for note in notes:
            self.log.warning("%s: %s", student, note)
        return nb, resources

    def _execute(self, nb: Cell, resources: Resources) -> tuple[Cell, Resources]:
        executed: tuple[Cell, Resources]
        executed = Execute(parent=self.parent).preprocess(nb, resources)
        return executed


class FeedbackFiles(_Ours):
    """First at feedback: what nbgrader copied there is taken away, the keyed file above all."""

    def preprocess(self, nb: Cell, resources: Resources) -> tuple[Cell, Resources]:
        """Leave nothing but feedback, and what nbgrader needs to release it."""
        folder = self._folder("feedback", resources["nbgrader"]["student"], resources)
        for path in sorted(folder.rglob("*"), reverse=True):
            if path.is_dir() and not path.is_symlink():
                path.rmdir()
            elif path.name not in KEPT and path.suffix != ".html":
                path.unlink()
        for path in folder.glob("*.html"):
            path.unlink()  # a page that a learner handed in; ours is written after this
        return nb, resources
