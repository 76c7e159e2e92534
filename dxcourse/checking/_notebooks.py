"""A notebook as a rule reads it: its cells, and the line in the file of each line of theirs."""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dxcourse._notebook import Call
from dxcourse.checking import _json_lines

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


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


def read(path: Path, name: str) -> Notebook:
    """Read a notebook.

    Raises
    ------
    ValueError
        It is not UTF-8, not JSON, or not a notebook.
    """
    text = path.read_text(encoding="utf-8")
    raw = json.loads(text)
    lines = _json_lines.lines(text)
    try:
        cells = tuple(_cell(cell, ("cells", i), lines) for i, cell in enumerate(raw["cells"]))
        return Notebook(name, cells, dict(raw.get("metadata", {})))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"cells are not as nbformat 4 has them: {error!r}") from error


def _cell(raw: Mapping[str, Any], place: _json_lines.Place, lines: Mapping[Any, int]) -> Cell:
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
