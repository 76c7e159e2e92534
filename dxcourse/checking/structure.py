"""The cells that every module has: the first two, the key points, the last."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dxcourse.checking._finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dxcourse.checking._content import Content
    from dxcourse.checking._notebooks import Cell

IMPORT = "from dxcourse import *"
KEY_POINTS = "key-points"
POINT = re.compile(r"^ {0,3}(?:[-*+]|\d+[.)])\s", re.MULTILINE)
FEWEST, MOST = 3, 5


def setup(content: Content) -> Iterator[Finding]:
    """Hold that the first cell of every notebook of the course brings in the calls."""
    for book in (*(book for _, book in content.modules), *content.besides):
        first = book.cells[0] if book.cells else None
        if first is None or not first.code or first.source.strip() != IMPORT:
            line = first.line_at(0) if first else 1
            yield Finding(
                book.name, line, f"the first cell is `{IMPORT}` and nothing else; mend it"
            )


def heading(content: Content) -> Iterator[Finding]:
    """Hold that the second cell is the module's heading, and that there is no other."""
    for module, book in content.modules:
        wanted = ("heading", module.id)
        if not _is(book.cells[1:2], wanted):
            line = book.cells[1].line_at(0) if book.cells[1:] else 1
            yield Finding(book.name, line, f'the second cell is heading("{module.id}"); mend it')
        for call in book.calls("heading")[1:]:
            yield Finding(book.name, call.line, "a module has one heading; take this one out")


def ending(content: Content) -> Iterator[Finding]:
    """Hold that the last cell is the module's ending, and that there is no other."""
    for module, book in content.modules:
        wanted = ("ending", module.id)
        if not _is(book.cells[-1:], wanted):
            line = book.cells[-1].line_at(0) if book.cells else 1
            yield Finding(book.name, line, f'the last cell is ending("{module.id}"); mend it')
        for call in book.calls("ending")[:-1]:
            yield Finding(book.name, call.line, "a module has one ending; take this one out")


def key_points(content: Content) -> Iterator[Finding]:
    """Hold that three to five key points stand right before the ending."""
    for _, book in content.modules:
        found = [(i, cell) for i, cell in enumerate(book.cells) if cell.id == KEY_POINTS]
        if not found:
            line = book.cells[-1].line if book.cells else 1
            message = f'no cell "{KEY_POINTS}" stands before the ending; write three to five points'
            yield Finding(book.name, line, message)
        for index, cell in found[:1]:
            points = len(POINT.findall(cell.source))
            if cell.kind != "markdown" or not FEWEST <= points <= MOST:
                message = f'"{KEY_POINTS}" is text with three to five points; it has {points}'
                yield Finding(book.name, cell.line_at(0), message)
            elif index != len(book.cells) - 2:
                message = f'"{KEY_POINTS}" stands right before the ending; move it there'
                yield Finding(book.name, cell.line_at(0), message)


def _is(cells: tuple[Cell, ...], wanted: tuple[str, str]) -> bool:
    calls = [cell.call for cell in cells]
    return [(c.name, *c.arguments) for c in calls if c is not None] == [wanted]
