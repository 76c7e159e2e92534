"""A submitted notebook made sound before it is graded: nbgrader's cells are as in the source.

Learners delete cells, copy them, change their type, and may write anything into their metadata.
None of that is a reason to lose a point, and none may gain one.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy

from nbformat import from_dict

from dxcourse.homework.errors import HomeworkError
from dxcourse.homework.source_notebook import Cell, SourceNotebook, nbgrader_of
from dxcourse.text import say


def restore_released_cells(
    notebook: Cell, sheet: SourceNotebook, released: Mapping[str, str]
) -> list[str]:
    """Give each known cell once, with the source's metadata, and none besides; in place.

    Text that a learner wrote into a cell to be graded by hand stays; where they copied that cell,
    the last one counts, as for nbgrader. Cells that learners added stay, as theirs.

    Parameters
    ----------
    released
        The text of each known cell as learners got it, for those that are missing.

    Returns
    -------
    list of str
        What a grader should know.
    """
    last = {
        name: at
        for at, cell in enumerate(notebook["cells"])
        if (name := _name(cell)) in sheet.cells
    }
    for at, cell in enumerate(notebook["cells"]):
        name = _name(cell)
        if last.get(name) == at:
            cell["metadata"]["nbgrader"] = deepcopy(sheet.cells[name]["metadata"]["nbgrader"])
        else:
            _metadata(cell).pop("nbgrader", None)
    missing = [name for name in sheet.cells if name not in last]
    for name in missing:
        at = _place(notebook, sheet.before[name])
        cell = deepcopy(sheet.cells[name])
        cell["source"] = released.get(name, "")
        notebook["cells"].insert(at, cell)
    notebook["metadata"].pop("celltoolbar", None)
    return [
        say("homework.note_restored", cell=name) for name in missing if is_graded(sheet.cells[name])
    ]


def added_code_cells(notebook: Cell, sheet: SourceNotebook) -> list[Cell]:
    """The code cells that are a learner's: neither nbgrader's nor, as they are, the source's."""
    return [
        cell
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
        and _name(cell) not in sheet.cells
        and cell["source"] not in sheet.free
    ]


def is_graded(cell: Cell) -> bool:
    """Whether a cell brings points."""
    meta = nbgrader_of(cell)
    return bool(meta.get("grade") or meta.get("task"))


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
        if type(value) is not float or not 0 <= value <= float(nbgrader_of(cell)["points"]):
            raise HomeworkError(f"test cell {name} was not scored ({value!r})")
        cell["execution_count"] = number
        cell["outputs"] = [_result(value, number)]
    if left or set(points) != set(sheet.tests):
        names = ", ".join(sorted(left) or sorted(set(sheet.tests) - set(points)))
        raise HomeworkError(f"test cell {names} was not scored; release the assignment again")


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
    name = nbgrader_of(cell).get("grade_id")
    return name if isinstance(name, str) else ""


def _metadata(cell: Cell) -> Cell:
    return cell["metadata"]


def _place(notebook: Cell, before: str) -> int:
    """Where a missing cell belongs: after the one that it follows in the source."""
    for at, cell in enumerate(notebook["cells"]):
        if _name(cell) == before and before:
            return at + 1
    return 0 if not before else len(notebook["cells"])
