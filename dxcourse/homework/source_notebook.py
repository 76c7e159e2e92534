"""The source notebook of an assignment as a grader needs it: what its cells are.

What decides is always the source, never what was handed in.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import nbformat

import dxcourse
from dxcourse.files import cached_by_mtime
from dxcourse.homework.errors import HomeworkError
from dxcourse.text import say

Cell = Any  # nbformat's NotebookNode, which has no types
TEST = re.compile(r"""grade\((["'])([A-Za-z0-9][A-Za-z0-9_.-]*)\1\)""")
HEADING = re.compile(r"^#+\s+(.+)$", re.MULTILINE)
JUPYTER = "jupyter"  # the tag of a cell that is for JupyterLab alone, and so is on no page
OURS = frozenset(dxcourse.__all__)


@dataclass(frozen=True)
class SourceNotebook:
    """A source notebook.

    Parameters
    ----------
    name
        The notebook's name, without ending.
    title
        Its first heading; its name where it has none.
    cells
        The cells nbgrader knows, by grade id, in order.
    before
        For each of them the grade id of the one before, "" for the first.
    tests
        The exercise that each test cell grades, by grade id.
    shown
        The grade id of the cell that shows an exercise, by exercise; "" where nbgrader has none.
    kept
        The grade ids of the cells whose text stays the source's, whatever comes back.
    free
        The texts of the cells that nbgrader does not know.
    plain
        Whether the code is nothing but calls of this course: then no cell needs to be run.
    """

    name: str
    title: str
    cells: Mapping[str, Cell]
    before: Mapping[str, str]
    tests: Mapping[str, str]
    shown: Mapping[str, str]
    kept: frozenset[str]
    free: frozenset[str]
    plain: bool

    @classmethod
    def read(cls, path: Path) -> SourceNotebook:
        """Read a source notebook, anew only when it changed.

        Raises
        ------
        HomeworkError
            It is not there, or is no notebook.
        """
        try:
            return _read(path)
        except OSError as error:
            raise HomeworkError(say("homework.assignment.no-source", path=path)) from error


def nbgrader_of(cell: Cell) -> dict[str, Any]:
    """What nbgrader says of a cell; empty where it is none of its cells, or is no sense."""
    found = cell.get("metadata", {}).get("nbgrader", {})
    return found if isinstance(found, dict) else {}


def is_known(meta: Mapping[str, Any]) -> bool:
    """Whether nbgrader has an eye on a cell with these data."""
    return any(meta.get(flag) for flag in ("grade", "solution", "locked", "task"))


def is_test(cell: Cell) -> bool:
    """Whether a cell is an autograder test."""
    meta = nbgrader_of(cell)
    return cell["cell_type"] == "code" and bool(meta.get("grade")) and not meta.get("solution")


def _is_kept(cell: Cell) -> bool:
    return bool(nbgrader_of(cell).get("locked")) or is_test(cell)


@cached_by_mtime(maxsize=64)
def _read(path: Path) -> SourceNotebook:
    try:
        notebook = nbformat.read(path, as_version=4)
        cells = notebook["cells"]
    except OSError:
        raise
    except Exception as error:
        told = say("homework.assignment.no-notebook", path=path, error=error)
        raise HomeworkError(told) from error
    known: dict[str, Cell] = {}
    before: dict[str, str] = {}
    tests: dict[str, str] = {}
    shown: dict[str, str] = {}
    free: set[str] = set()
    plain = True
    last = ""
    for cell in cells:
        meta = nbgrader_of(cell)
        if is_known(meta):
            name = str(meta.get("grade_id", ""))
            if not name or name in known:
                raise HomeworkError(say("homework.assignment.grade-id", path=path, name=name))
            known[name], before[name], last = cell, last, name
        if not is_known(meta):
            free.add(cell["source"].strip())
        if cell["cell_type"] != "code":
            continue
        called = exercise_of(cell["source"]) if is_test(cell) else None
        if called is not None:
            tests[last] = called
        elif is_test(cell) or meta.get("solution"):
            plain = False  # tests of another kind, and code that learners write
        else:
            calls = _calls(cell["source"])
            plain = plain and calls is not None
            place = str(meta.get("grade_id", "")) if is_known(meta) else ""
            shown |= {name: place for call in calls or () if (name := _shown(call))}
    return SourceNotebook(
        path.stem,
        _title(cells) or path.stem,
        MappingProxyType(known),
        MappingProxyType(before),
        MappingProxyType(tests),
        MappingProxyType(shown),
        frozenset(name for name, cell in known.items() if _is_kept(cell)),
        frozenset(free),
        plain,
    )


def _title(cells: Iterable[Cell]) -> str:
    """The first heading among the texts; "" without one."""
    texts = (cell["source"] for cell in cells if cell["cell_type"] == "markdown")
    found = (HEADING.search(text) for text in texts)
    return next((each[1].strip() for each in found if each), "")


def exercise_of(source: str) -> str | None:
    """The exercise that a test cell grades; None where it is more or less than that one call.

    A semicolon after it would hide the result, and a hidden result is full marks to nbgrader.
    """
    lines = [line for line in source.splitlines() if line.strip() and not line.startswith("#")]
    found = TEST.fullmatch(lines[0].strip()) if len(lines) == 1 else None
    return found[2] if found else None


def _calls(source: str) -> list[ast.Call] | None:
    """The calls of this course that a cell consists of; None where it holds anything else."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError):
        return None
    calls = []
    for line in body:
        if isinstance(line, ast.ImportFrom) and line.module == "dxcourse" and not line.level:
            continue
        call = line.value if isinstance(line, ast.Expr) else None
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            return None
        if call.func.id not in OURS or not all(isinstance(a, ast.Constant) for a in call.args):
            return None
        if not all(isinstance(word.value, ast.Constant) for word in call.keywords):
            return None
        calls.append(call)
    return calls


def _shown(call: ast.Call) -> str:
    """The exercise that a call shows; "" for another call."""
    first = call.args[0] if call.args else None
    is_exercise = isinstance(call.func, ast.Name) and call.func.id == "exercise"
    return str(first.value) if is_exercise and isinstance(first, ast.Constant) else ""
