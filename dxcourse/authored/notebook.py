"""A notebook as data: its cells, the line in the file of each line of theirs; no cell is run."""

from __future__ import annotations

import ast
import json
import re
from bisect import bisect_left
from codecs import BOM_UTF8
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dxcourse.errors import Finding
from dxcourse.text import say_all

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Place = tuple[str | int, ...]

DEEPEN = "deepen"
"""The tag of a cell that is folded under 「深める」, and not counted."""

_SPACE = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()


def json_lines(text: str) -> dict[Place, int]:
    """Give the line of every value of valid JSON by its place: ``("cells", 3, "source", 0)``."""
    offsets: dict[Place, int] = {}
    _walk(text, _skip(text, 0), (), offsets)
    breaks = [found.start() for found in re.finditer("\n", text)]
    return {place: bisect_left(breaks, offset) + 1 for place, offset in offsets.items()}


def _walk(text: str, at: int, place: Place, offsets: dict[Place, int]) -> int:
    """Note where the value at `at` and those within it begin; give where it ends."""
    offsets[place] = at
    opening = text[at]
    if opening not in "{[":
        return _DECODER.raw_decode(text, at)[1]
    at = _skip(text, at + 1)
    index = 0
    while text[at] not in "}]":
        step: str | int = index
        if opening == "{":
            step, at = _DECODER.raw_decode(text, at)
            at = _skip(text, _skip(text, at) + 1)  # over the colon
        at = _skip(text, _walk(text, at, (*place, step), offsets))
        if text[at] == ",":
            at = _skip(text, at + 1)
        index += 1
    return at + 1


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


@dataclass(frozen=True)
class Call:
    """A call such as ``exercise("plan-class")`` in a code cell."""

    name: str
    arguments: tuple[str, ...]
    cell: str
    line: int
    deeper: bool = False
    """Whether its cell is tagged `deepen`."""


class NotebookError(ValueError):
    """A file is no notebook that can be read: line, cause and cure."""

    def __init__(self, line: int, code: str, /, **blanks: object) -> None:
        self.line, self.code = line, code
        self.message, self.cure = say_all(f"check.{code}", **blanks)
        super().__init__(f"{self.message} → {self.cure}")

    def finding(self, file: str) -> Finding:
        """Give the finding, of a file by its name."""
        return Finding(file, self.line, self.message, self.cure, self.code)


def calls(notebook: Path) -> list[Call]:
    """The calls of a notebook's code cells, in order; `line` counts in the file.

    Raises
    ------
    NotebookError
        It cannot be read, or a code cell is not Python.
    """
    text, raw = _raw(notebook)
    found = []
    for cell in raw["cells"]:
        if cell["cell_type"] != "code":
            continue
        source = "".join(cell["source"])
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError) as error:
            line = _line_of(text, source.splitlines()[0] if source else "")
            raise NotebookError(line, "notebooks.python", detail=error) from error
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                arguments = tuple(str(a.value) for a in node.args if isinstance(a, ast.Constant))
                line = _line_of(text, source.splitlines()[node.lineno - 1])
                deeper = DEEPEN in cell.get("metadata", {}).get("tags", ())
                found.append(Call(node.func.id, arguments, cell.get("id", ""), line, deeper))
    return found


def _raw(path: Path) -> tuple[str, dict[str, Any]]:
    """Read a file's text, and the notebook in it as plain data, as far as a reader relies on it."""
    data = path.read_bytes()
    if data.startswith(BOM_UTF8):
        raise NotebookError(1, "notebooks.bom")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotebookError(data.count(b"\n", 0, error.start) + 1, "notebooks.not_utf8") from error
    try:
        raw = json.loads(text)
    except json.JSONDecodeError as error:
        raise NotebookError(error.lineno, "notebooks.json", detail=error.msg) from error
    try:
        for cell in raw["cells"]:
            "".join(cell["source"])
            cell["cell_type"], cell.get("id")
        dict(raw.get("metadata", {}))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise NotebookError(1, "notebooks.shape", detail=repr(error)) from error
    return text, raw


def _line_of(text: str, source_line: str) -> int:
    needle = json.dumps(source_line, ensure_ascii=False)[1:-1]
    place = text.find(needle)
    return text.count("\n", 0, max(place, 0)) + 1


@dataclass(frozen=True)
class Cell:
    """A cell; `lines` are where the lines of its source stand in the file."""

    kind: str
    id: str
    line: int
    source: str
    lines: tuple[int, ...]
    ran: bool
    """Whether outputs or a count of runs are kept with it."""
    metadata: Mapping[str, Any]

    @property
    def code(self) -> bool:
        """Whether it is a code cell."""
        return self.kind == "code"

    @property
    def deeper(self) -> bool:
        """Whether it is folded under 「深める」."""
        return DEEPEN in self.metadata.get("tags", ())

    @property
    def nbgrader(self) -> Mapping[str, Any]:
        """What nbgrader knows of it; empty where it knows nothing."""
        found = self.metadata.get("nbgrader", {})
        return found if isinstance(found, dict) else {}

    @property
    def call(self) -> Call | None:
        """The one call on texts that the cell is, or None where it is anything else."""
        try:
            body = ast.parse(self.source).body if self.code else []
        except (SyntaxError, ValueError):
            return None
        match body:
            case [ast.Expr(value=ast.Call(func=ast.Name(id=name), args=given, keywords=[]))]:
                texts = [a.value for a in given if isinstance(a, ast.Constant)]
                arguments = tuple(text for text in texts if isinstance(text, str))
                if len(arguments) == len(given):
                    return Call(name, arguments, self.id, self.line_at(body[0].lineno - 1))
        return None

    def line_at(self, index: int) -> int:
        """Give the line in the file of a line of the source, counted from 0."""
        return self.lines[min(index, len(self.lines) - 1)] if self.lines else self.line


@dataclass(frozen=True)
class Notebook:
    """A notebook, by its name from the course's folder."""

    name: str
    cells: tuple[Cell, ...]
    metadata: Mapping[str, Any]

    def calls(self, name: str) -> list[Call]:
        """List the calls of that name, in order."""
        found = [cell.call for cell in self.cells]
        return [call for call in found if call is not None and call.name == name]


def read_notebook(path: Path, name: str) -> Notebook:
    """Read a notebook.

    Raises
    ------
    NotebookError
        It is not UTF-8, not JSON, or not a notebook.
    """
    text, raw = _raw(path)
    lines = json_lines(text)
    cells = tuple(_cell_of(cell, ("cells", i), lines) for i, cell in enumerate(raw["cells"]))
    return Notebook(name, cells, dict(raw.get("metadata", {})))


def _cell_of(raw: Mapping[str, Any], place: Place, lines: Mapping[Any, int]) -> Cell:
    source = raw["source"]
    pieces = [source] if isinstance(source, str) else source
    where: list[int] = []
    for index, piece in enumerate(pieces):
        step = () if piece is source else (index,)
        where += [lines[(*place, "source", *step)]] * len(piece.splitlines())
    ran = bool(raw.get("outputs")) or raw.get("execution_count") is not None
    line = lines.get((*place, "id"), lines[place])
    kept = dict(raw.get("metadata", {}))
    return Cell(raw["cell_type"], raw.get("id", ""), line, "".join(pieces), tuple(where), ran, kept)
