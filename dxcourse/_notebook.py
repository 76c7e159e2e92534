"""What a course notebook contains, read as data: no cell is run."""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Call:
    """A call such as ``exercise("plan-class")`` in a code cell."""

    name: str
    arguments: tuple[str, ...]
    cell: str
    line: int


def calls(notebook: Path) -> list[Call]:
    """The calls of a notebook's code cells, in order; `line` counts in the file.

    Raises
    ------
    SyntaxError
        A code cell is not Python.
    """
    text = notebook.read_text(encoding="utf-8")
    found = []
    for cell in json.loads(text)["cells"]:
        if cell["cell_type"] != "code":
            continue
        source = "".join(cell["source"])
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                arguments = tuple(str(a.value) for a in node.args if isinstance(a, ast.Constant))
                first = source.splitlines()[node.lineno - 1] if source else ""
                found.append(
                    Call(node.func.id, arguments, cell.get("id", ""), _line_of(text, first))
                )
    return found


def _line_of(text: str, source_line: str) -> int:
    needle = json.dumps(source_line, ensure_ascii=False)[1:-1]
    place = text.find(needle)
    return text.count("\n", 0, max(place, 0)) + 1
