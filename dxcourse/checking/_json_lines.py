"""JSON that remembers its lines, as a notebook is reported by them."""

from __future__ import annotations

import json
import re
from bisect import bisect_left

Place = tuple[str | int, ...]

_SPACE = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()


def lines(text: str) -> dict[Place, int]:
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
