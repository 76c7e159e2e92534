"""What a learner gets of an assignment as a page: made of the release, which has no keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import nbformat

from dxcourse.assignment import EXERCISES, Assignment, keyless, keyless_copy
from dxcourse.exercises import AnyExercise, kinds_by_name
from dxcourse.exercises.registry import is_own
from dxcourse.exercises.shapes import Shape
from dxcourse.files import state_of
from dxcourse.homework.errors import HomeworkError
from dxcourse.homework.feedback import formatted
from dxcourse.homework.release import check_released
from dxcourse.homework.rubric import SCHEME
from dxcourse.homework.source_notebook import JUPYTER, Cell, SourceNotebook, nbgrader_of
from dxcourse.homework.submitted_answers import WRITTEN
from dxcourse.notebook_calls import exercise_html
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
