"""A submitted notebook made sound before it is graded: nbgrader's cells are as in the source.

Learners delete cells, copy them, change their type, and may write anything into their metadata.
None of that is a reason to lose a point, and none may gain one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from html import escape
from typing import Any

from nbformat import from_dict
from nbformat.v4 import new_markdown_cell
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution, is_task

from dxcourse.homework.errors import HomeworkError
from dxcourse.homework.source_notebook import Cell, SourceNotebook
from dxcourse.homework.times import is_due_notice
from dxcourse.text import say

SHOWN = 30  # characters of a cell in a note
OWN = "dxcourse_own"  # in the metadata of a cell that holds what only the learner wrote


@dataclass(frozen=True)
class ReleasedNotebook:
    """A notebook as the gradebook has it: what it gave out, and what is graded in it."""

    kernelspec: str | None
    cells: Mapping[str, Mapping[str, Any]]
    """By grade id: cell_type, source, checksum, locked."""


def restore_released_cells(
    notebook: Cell, sheet: SourceNotebook, released: Mapping[str, str]
) -> list[str]:
    """Give each known cell once, with the source's metadata, and none besides; in place.

    Text that a learner wrote into a cell to be graded by hand stays; of copies of that cell the
    last one that was changed counts. Cells that learners added stay, as theirs; what they wrote
    into a cell that is put back as it was is kept in a cell after it.

    Parameters
    ----------
    released
        The text of each known cell as learners got it, for those that are missing.

    Returns
    -------
    list of str
        What a grader should know.
    """
    given = {name: _as_given(text) for name, text in released.items()}
    counting = _counting(notebook, sheet, given)
    cells = []
    for at, cell in enumerate(notebook["cells"]):
        name = _name(cell)
        cell["metadata"].pop(OWN, None)
        cells.append(cell)
        if counting.get(name) == at:
            cell["metadata"]["nbgrader"] = deepcopy(sheet.cells[name]["metadata"]["nbgrader"])
            text = cell["source"].strip()
            if name in sheet.kept and text and text != given.get(name, ""):
                cells.append(_own_cell(text, f"{name[:50]}-own"))
            continue
        cell["metadata"].pop("nbgrader", None)
        text = cell["source"].strip()
        if _is_own(text, sheet, given.get(name, "")):
            cell["metadata"][OWN] = True
    notebook["cells"] = cells
    missing = [name for name in sheet.cells if name not in counting]
    for name in missing:
        at = _place(notebook, sheet.before[name])
        cell = deepcopy(sheet.cells[name])
        cell["source"] = released.get(name, "")
        notebook["cells"].insert(at, cell)
    notebook["metadata"].pop("celltoolbar", None)
    return [
        say("homework.note_restored", cell=name)
        for name in missing
        if is_grade(sheet.cells[name]) or is_task(sheet.cells[name])
    ]


def overwrite_cells(notebook: Cell, released: ReleasedNotebook) -> None:
    """Put what was given out in place of what came back, as nbgrader's OverwriteCells does.

    Raises
    ------
    HomeworkError
        A cell that is locked was changed in the source since the release.
    """
    if released.kernelspec:
        notebook["metadata"]["kernelspec"] = json.loads(released.kernelspec)
    for cell in notebook["cells"]:
        original = released.cells.get(_name(cell))
        if original is None:
            continue
        if cell["cell_type"] != original["cell_type"]:
            cell["cell_type"] = original["cell_type"]
            for field in ("outputs", "execution_count"):
                cell.pop(field, None)
            if original["cell_type"] == "code":
                cell["outputs"], cell["execution_count"] = [], None
        if original["locked"]:
            cell["source"] = original["source"]
        cell["metadata"]["nbgrader"]["checksum"] = original["checksum"]
        if original["locked"] and not is_as_released(cell):
            raise HomeworkError(say("homework.assignment.cell-changed", cell=_name(cell)))


def is_as_released(cell: Cell) -> bool:
    """Whether a cell is as nbgrader gave it out, by its checksum."""
    kept: str | None = cell["metadata"]["nbgrader"].get("checksum")
    return kept is not None and kept == compute_checksum(cell)


# What the gradebook keeps of a cell, and learners do not get.
HELD_BACK = re.compile(
    r"^[^\n]*BEGIN (MARK SCHEME|HIDDEN TESTS)[^\n]*\n.*?^[^\n]*END \1[^\n]*$\n?",
    re.DOTALL | re.MULTILINE,
)


def _as_given(text: str) -> str:
    return HELD_BACK.sub("", text).strip()


def _counting(notebook: Cell, sheet: SourceNotebook, given: Mapping[str, str]) -> dict[str, int]:
    """Which of the cells of one name counts: the last that a learner changed, else the last."""
    counting: dict[str, int] = {}
    changed: set[str] = set()
    for at, cell in enumerate(notebook["cells"]):
        name = _name(cell)
        if name not in sheet.cells:
            continue
        is_changed = cell["source"].strip() not in {"", given.get(name, "")}
        if is_changed or name not in changed:
            counting[name] = at
        if is_changed:
            changed.add(name)
    return counting


def _is_own(text: str, sheet: SourceNotebook, given: str) -> bool:
    """Whether a learner wrote a text; a deadline is as it was when they got the notebook."""
    return bool(text) and text not in sheet.free and text != given and not is_due_notice(text)


def _own_cell(text: str, id_: str) -> Cell:
    made = new_markdown_cell(text, id=id_)
    made["metadata"][OWN] = True
    return made


def set_aside_for_a_person(notebook: Cell) -> list[str]:
    """Leave a text that is graded by hand to a person where the learner wrote beside it; in place.

    nbgrader gives a cell that is as it was released 0 by its checksum: without one it waits. The
    cells are as released (`restore_released_cells`) when this is done.

    Returns
    -------
    list of str
        A note for each cell that waits so, which names the places.
    """
    own = [
        (number, cell["source"].strip().splitlines()[0][:SHOWN])
        for number, cell in enumerate(notebook["cells"], 1)
        if cell["metadata"].get(OWN) and cell["source"].strip()
    ]
    if not own:
        return []
    places = say("homework.and").join(
        say("homework.cell_place", number=number, begins=begins) for number, begins in own[:3]
    )
    notes = []
    for cell in notebook["cells"]:
        by_hand = (is_grade(cell) and is_solution(cell)) or is_task(cell)
        if by_hand and is_as_released(cell):
            del cell["metadata"]["nbgrader"]["checksum"]
            notes.append(say("homework.note_elsewhere", cell=_name(cell), places=places))
    return notes


def own_texts(notebook: Cell) -> list[str]:
    """What a learner wrote beside the cells that were meant for it, in order."""
    return [
        cell["source"].strip() for cell in notebook["cells"] if cell["metadata"].get(OWN) is True
    ]


def show_answers(notebook: Cell, sheet: SourceNotebook, shown: Mapping[str, Sequence[str]]) -> None:
    """Put what was answered below the cell that shows an exercise, for whoever grades; in place."""
    cells = {cell: exercise for exercise, cell in sheet.shown.items() if cell}
    for cell in notebook["cells"]:
        name = cells.get(_name(cell), "")
        if cell["cell_type"] == "code" and name in shown:
            text = "\n".join(shown[name])
            data = {"text/plain": text, "text/html": f"<pre>{escape(text)}</pre>"}
            # Not `new_output`, which holds each to a schema: a third of a submission's time.
            shown_output = {"output_type": "display_data", "data": data, "metadata": {}}
            cell["outputs"] = [from_dict(shown_output)]


def write_points(notebook: Cell, sheet: SourceNotebook, points: Mapping[str, float]) -> None:
    """Give each test cell its points as the one thing nbgrader reads aright; in place.

    That is an `execute_result` with the text of a float, and nothing beside it. Every other output
    is removed: none of it came from here.

    Raises
    ------
    HomeworkError
        A test cell is not there, or has no points: it would be full marks.
    """
    left = dict(points)
    for number, cell in enumerate(notebook["cells"], 1):
        if cell["cell_type"] != "code":
            continue
        cell["outputs"], cell["execution_count"] = [], None
        name = _name(cell)
        if name not in sheet.tests:
            continue
        value = left.pop(name, None)
        if type(value) is not float or not 0 <= value <= float(
            cell["metadata"]["nbgrader"]["points"]
        ):
            told = say("homework.assignment.not-scored", cell=name, value=repr(value))
            raise HomeworkError(told)
        cell["execution_count"] = number
        cell["outputs"] = [_result(value, number)]
    if left or set(points) != set(sheet.tests):
        names = ", ".join(sorted(left) or sorted(set(sheet.tests) - set(points)))
        raise HomeworkError(say("homework.assignment.not-all-scored", cells=names))


def automatic_scores(notebook: Cell) -> tuple[dict[str, float | None], dict[str, str | None]]:
    """Scores and comments by grade id, by nbgrader's own rules (SaveAutoGrades)."""
    grades: dict[str, float | None] = {}
    comments: dict[str, str | None] = {}
    for cell in notebook["cells"]:
        if is_grade(cell):
            score, _ = determine_grade(cell)
            grades[_name(cell)] = None if score is None else float(score)
        if is_solution(cell) or is_task(cell):
            same = is_as_released(cell) and not is_task(cell)
            comments[_name(cell)] = "No response." if same else None
    return grades, comments


def _result(value: float, number: int) -> Cell:
    return from_dict(
        {
            "output_type": "execute_result",
            "data": {"text/plain": repr(value)},
            "execution_count": number,
            "metadata": {},
        }
    )


def _name(cell: Cell) -> str:
    """The grade id of a cell, whatever a learner wrote into its metadata."""
    about = cell["metadata"].get("nbgrader")
    name = about.get("grade_id") if isinstance(about, dict) else ""
    return name if isinstance(name, str) else ""


def _place(notebook: Cell, before: str) -> int:
    """Where a missing cell belongs: after the one that it follows in the source."""
    for at, cell in enumerate(notebook["cells"]):
        if _name(cell) == before and before:
            return at + 1
    return 0 if not before else len(notebook["cells"])
