"""How much room text takes on a slide: estimated without the font, and never too little. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from math import ceil
from typing import TypeVar
from unicodedata import east_asian_width

LATIN = 0.62  # of an em: the mean of a word in capitals and figures
LINE = 1.25  # of the size: from one line to the next
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
