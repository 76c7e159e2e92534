"""How much room text and tables take on a slide: estimated without the font. Pure.

Never too little: what has been reckoned to fit does.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import TypeVar
from unicodedata import east_asian_width

from dxcourse.text.typed import visible

LATIN = 0.62  # of an em: the mean of a word in capitals and figures
LINE = 1.25  # of the size: from one line to the next
SIDE, ABOVE = 7.2, 3.6  # points between a box's edge and its text, as PowerPoint has them
FIRST = 0.2  # of a table's width, at least, for what its rows are called
SHORT_HEAD = 4.5  # signs of a head that stay on one line
LONGEST_CELL = 11  # signs in a line of any other column
TINTED = (0.0, 0.25, 0.55)  # shares from which a cell is darker
Cells = Sequence[str | int | float | None]
_PIECE = re.compile(r"[!-~\u00a1-\u02ff]+|.", re.DOTALL)  # a word of Latin letters, or one sign

Thing = TypeVar("Thing")


def text_width(text: str, size: float) -> float:
    """Give the width of a text on one line, in points."""
    return size * sum(1.0 if east_asian_width(sign) in "WFA" else LATIN for sign in text)


def line_count(text: str, size: float, room: float) -> int:
    """Give how many lines a text takes in so many points of width.

    A word stays whole where it can, and a sign that may not begin a line takes one with it.
    """
    room -= size / 2
    lines = 0
    for part in text.split("\n"):
        lines, used = lines + 1, 0.0
        for piece in _PIECE.findall(part):
            width = text_width(piece, size)
            if used and used + width > room:
                lines, used = lines + 1, 0.0
            if width > room:
                lines += ceil(width / room) - 1
                width %= room
            used += width
    return lines


def text_height(lines: Iterable[tuple[str, float]], room: float) -> float:
    """Give the height of paragraphs, each with its size, in points."""
    return sum(line_count(text, size, room) * size * LINE for text, size in lines)


def largest(text: str, sizes: Sequence[int], room: float, height: float) -> int:
    """Give the largest size, of those from large to small, at which a text fits."""
    fits = (size for size in sizes if text_height([(text, size)], room) <= height)
    return next(fits, sizes[-1])


def in_portions(
    things: Sequence[Thing], heights: Sequence[float], room: float
) -> Iterator[Sequence[Thing]]:
    """Part things into runs that fit into a height; one that is too high stands alone."""
    start, used = 0, 0.0
    for at, height in enumerate(heights):
        if at > start and used + height > room:
            yield things[start:at]
            start, used = at, 0.0
        used += height
    if things:
        yield things[start:]


def cell_text(cell: str | float | None) -> str:
    """Give what stands in a cell."""
    return "" if cell is None else visible(str(cell))


@dataclass(frozen=True)
class TableRow:
    """A row of a table; cells at the `strong` places stand out, `shares` shade them (0 to 1)."""

    cells: Cells
    strong: frozenset[int] = frozenset()
    shares: Sequence[float | None] = ()

    def tint(self, at: int) -> int:
        """Give how dark a cell's ground is: 0, where it has no share, to 3."""
        share = self.shares[at] if at < len(self.shares) else None
        return bisect_left(TINTED, share) if share else 0

    def of(self, places: Sequence[int]) -> TableRow:
        """Give the row with these columns alone."""
        shares = [self.shares[at] if at < len(self.shares) else None for at in places]
        strong = frozenset(places.index(at) for at in self.strong if at in places)
        return TableRow([self.cells[at] for at in places], strong, shares)


@dataclass(frozen=True)
class SlideTable:
    """A table as it is laid out: how wide its columns are, and so how high its rows."""

    head: TableRow
    rows: Sequence[TableRow]
    size: int
    width: float

    def wanted(self, at: int) -> float:
        """Points of text for a column: what its longest cell takes; a head may take two lines."""
        head = text_width(cell_text(self.head.cells[at]), self.size)
        body = max(text_width(cell_text(row.cells[at]), self.size) for row in self.rows)
        if not at:
            return max(head, body)
        folded = min(head, max(head / 2 + self.size, SHORT_HEAD * self.size))
        return min(max(body + self.size, folded), LONGEST_CELL * self.size)

    @cached_property
    def widths(self) -> tuple[float, ...]:
        """Points for each column: the first has what the others leave, then all some more."""
        count = len(self.head.cells)
        slack = 2 * SIDE + self.size / 2 + 1
        others = [self.wanted(at) + slack for at in range(1, count)]
        first = min(self.wanted(0) + slack, self.width - sum(others))
        more = (self.width - first - sum(others)) / count
        return (first + more, *(each + more for each in others))

    @property
    def fits(self) -> bool:
        """Whether the columns have their room, the first at least what its rows are called by."""
        slack = 2 * SIDE + self.size / 2 + 1
        return self.widths[0] >= min(self.wanted(0) + slack, FIRST * self.width)

    def height(self, row: TableRow) -> float:
        """Points that a row takes."""
        lines = [
            line_count(cell_text(cell), self.size, width - 2 * SIDE)
            for cell, width in zip(row.cells, self.widths, strict=True)
        ]
        return max(lines) * self.size * LINE + 2 * ABOVE

    def pages(self, room: float) -> list[tuple[SlideTable, Sequence[TableRow]]]:
        """Part it for slides with so many points of height: by columns, then by rows."""
        found = []
        for places in self._column_groups():
            part = SlideTable(
                self.head.of(places), [row.of(places) for row in self.rows], self.size, self.width
            )
            heights = [part.height(row) for row in part.rows]
            left = room - part.height(part.head)
            found += [(part, some) for some in in_portions(part.rows, heights, left)]
        return found

    def _column_groups(self) -> Sequence[Sequence[int]]:
        """Part columns into as few groups as fit, of about the same number, each with the first."""
        rest = range(1, len(self.head.cells))
        groups: list[list[int]] = [[0]]
        for count in range(1, len(rest) + 1):
            size = -(-len(rest) // count)
            groups = [[0, *rest[at : at + size]] for at in range(0, len(rest), size)]
            parts = (
                SlideTable(
                    self.head.of(each), [row.of(each) for row in self.rows], self.size, self.width
                )
                for each in groups
            )
            if all(part.fits for part in parts):
                break
        return groups
