"""What nbgrader is given: its own steps with ours among them, in its own configuration.

Each keeps nbgrader's way: what it raises is a failure of this one submission (or release), which
nbgrader logs, undoes, and goes on from.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.preprocessors import Execute, NbGraderPreprocessor

from dxcourse.assignment import Assignment, hidden, leak
from dxcourse.homework.errors import HomeworkError
from dxcourse.homework.pipeline import notes_of, score_notebook
from dxcourse.homework.release import check_gradable, check_keyless, refuse_answers
from dxcourse.homework.release import strip_keys as strip
from dxcourse.homework.repair import added_code_cells, restore_released_cells
from dxcourse.homework.source_notebook import Cell, SourceNotebook
from dxcourse.homework.submitted_answers import read_submitted_answers

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
                raise HomeworkError(
                    f'cell {name} gives away "{found}"; take it out of the notebook'
                )
        return nb, resources


class RestoreReleasedCells(_Ours):
    """First at grading: the submitted notebook has the cells that the source has."""

    def preprocess(self, nb: Cell, resources: Resources) -> tuple[Cell, Resources]:
        """Mend the notebook; refuse to grade while an author's answers lie in the source."""
        source = self._source(resources)
        refuse_answers(source)
        if Assignment.at(source) is not None:
            about = resources["nbgrader"]
            with Gradebook(about["db_url"]) as gradebook:
                known = gradebook.find_notebook(about["notebook"], about["assignment"])
                released = {cell.name: cell.source for cell in known.source_cells}
            for note in restore_released_cells(nb, self._sheet(resources), released):
                self.log.warning("%s: %s", about["student"], note)
        return nb, resources


class ScoreAnswers(_Ours):
    """In place of `Execute`: an assignment of our calls alone is scored, and no cell is run.

    Whether it is one is seen in the source. An assignment with other code is executed, but for
    the cells that a learner added: those are run in neither.
    """

    def preprocess(self, nb: Cell, resources: Resources) -> tuple[Cell, Resources]:
        """Write the points of every test cell, or run the notebook."""
        source, sheet = self._source(resources), self._sheet(resources)
        assignment = Assignment.at(source)
        if assignment is None or not sheet.plain:
            with _set_aside(added_code_cells(nb, sheet)):
                executed: tuple[Cell, Resources]
                executed = Execute(parent=self.parent).preprocess(nb, resources)
            return executed
        student = resources["nbgrader"]["student"]
        submitted = self._folder("submitted", student, resources).parent.parent
        given = read_submitted_answers(Path(resources["metadata"]["path"]), student, submitted)
        scores = score_notebook(nb, sheet, assignment, given)
        for note in notes_of(scores, assignment, given):
            self.log.warning("%s: %s", student, note)
        return nb, resources


@contextmanager
def _set_aside(cells: list[Cell]) -> Iterator[None]:
    """Keep code cells from being run: a kernel is sent nothing of another type."""
    for cell in cells:
        cell["cell_type"] = "raw"
    try:
        yield
    finally:
        for cell in cells:
            cell["cell_type"] = "code"


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
