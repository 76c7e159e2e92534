"""Words measured in the pictures' font, and broken into lines where Japanese may break."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from dxcourse.figures.style import font_file
from dxcourse.figures.svg import FigureError
from dxcourse.text import say

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font

# What stays together: a run of Latin letters and digits, of katakana, or one other character; and
# a certainty mark with what it marks, before ("◎ 法律") or behind it ("法律 ◎").
_RUN = r"[0-9A-Za-z.,%+/’'-]+|[ァ-ヺー]+|\s+|."
_UNIT = re.compile(rf"(?<!\s)[◎○△◇⇄]＊?\s(?:{_RUN})|\s[◎○△◇⇄]＊?|{_RUN}", re.DOTALL)
_OPENING = "（「『［"
_CLOSING = "）」』］、。・，．：；？！ー々＊"
# What a break between two characters costs; the first pattern that fits decides.
_BREAKS = [
    (re.compile(pattern, re.DOTALL), cost)
    for pattern, cost in (
        (rf"[{_CLOSING}].", 0.0),
        (r"\s.", 2.0),
        (r".\s", 20.0),  # the space goes with what stands before it
        (rf".[{_OPENING}]", 0.5),
        (r"[ぁ-ん][ぁ-ん]", 9.0),
        (r"[ぁ-ん].", 1.0),
        (r".[ぁ-ん]", 12.0),
        (r"第\d|\d[一-龠]", 12.0),
        (r"[化的性年月号].", 2.0),
        (r".[化的性法]", 12.0),
        (r"[一-龠々][一-龠々]", 10.0),
        (r"..", 3.0),
    )
]
_A_LINE_MORE = 1000.0


def measure(words: str, size: float) -> float:
    """Width of one line in CSS pixels.

    Raises
    ------
    FigureError
        The font lacks a character, which would be drawn as an empty box.
    """
    return sum(_advance(character) for character in words) * size


def wrap(words: str, size: float, width: float) -> tuple[str, ...]:
    """Break words into as few lines as fit ``width``, where it hurts reading least.

    A line break in ``words`` is kept. No line starts with a closing mark or ends with an opening
    one; Latin and katakana words stay whole, and a break inside a run of kanji is a last resort.
    """
    return tuple(
        line for part in words.split("\n") for line in _break_up(_units(part), size, width)
    )


def _units(words: str) -> list[str]:
    units: list[str] = []
    for unit in _UNIT.findall(words):
        before = units[-1].rstrip() if units else ""
        opened = before != "" and before[-1] in _OPENING
        if not units or not (unit[0] in _CLOSING or opened):
            units.append(unit)
            continue
        if not before and len(units) > 1:  # a closing mark behind a space goes where the space went
            space = units.pop()
            units[-1] += space
        units[-1] += unit
    return units


def _break_up(units: list[str], size: float, width: float) -> list[str]:
    """Find the cheapest way to break, by dynamic programming over the places where one may."""
    cheapest: list[tuple[float, list[str]]] = [(0.0, [])]
    for end in range(1, len(units) + 1):
        ways = []
        for start in range(end):
            line = "".join(units[start:end]).strip()
            slack = 1 - measure(line, size) / width
            if slack < 0 and end - start > 1:
                continue
            cost, lines = cheapest[start]
            hurt = _hurt(units[end - 1], units[end]) if end < len(units) else 0.0
            cost += _A_LINE_MORE + 12 * slack**2 + hurt
            ways.append((cost, [*lines, line]))
        cheapest.append(min(ways, key=lambda way: way[0]))
    return cheapest[-1][1]


def _hurt(before: str, after: str) -> float:
    """How much reading suffers from a break between two units."""
    pair = before[-1] + after[0]
    return next(hurt for pattern, hurt in _BREAKS if pattern.match(pair))


@lru_cache(maxsize=2048)
def _advance(character: str) -> float:
    """Advance width in em."""
    from matplotlib.ft2font import LoadFlags  # noqa: PLC0415  matplotlib only when drawing

    font = _font()
    code = ord(character)
    if font.get_char_index(code) == 0:
        blanks = {"character": character, "code": f"{code:04X}"}
        raise FigureError(say("figures.errors.no-character", **blanks))
    return font.load_char(code, flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536 / 100


@lru_cache(maxsize=1)
def _font() -> FT2Font:
    from matplotlib.ft2font import FT2Font  # noqa: PLC0415

    font = FT2Font(font_file())
    font.set_size(100, 72)
    return font
