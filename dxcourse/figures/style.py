"""Colours and type of the course's pictures: the look's tokens, in light."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from dxcourse.text import say

WIDTH = 760
"""Width of a picture in CSS pixels: the column of a course page."""

INK = "#1b1c20"
INK_SOFT = "#55575f"
PAPER = "#ffffff"
GROUND = "#f6f6f3"
LINE = "#d9d9d4"
ACCENT = "#1f4788"
ACCENT_SOFT = "#e8eef8"
RIGHT = "#1a6b43"
OPEN = "#7a5200"
OPEN_SOFT = "#fdf3dc"
RED = "#a8321f"
EDGE = "#8a8c93"
TINTS = (PAPER, "#f3f6fb", ACCENT_SOFT, "#cfdcf0", ACCENT)
"""Five steps, from paper to the accent."""

TOKENS = {
    INK: "--dx-ink",
    INK_SOFT: "--dx-ink-soft",
    PAPER: "--dx-paper",
    GROUND: "--dx-ground",
    LINE: "--dx-line",
    EDGE: "--dx-edge",
    ACCENT: "--dx-accent",
    ACCENT_SOFT: "--dx-accent-soft",
    RIGHT: "--dx-right",
    OPEN: "--dx-open",
    OPEN_SOFT: "--dx-open-soft",
    RED: "--dx-shu",
    TINTS[1]: "--dx-ground",
    TINTS[3]: "--dx-accent-mid",
}
"""The tokens of a page that the colours are in it; there they follow light and dark."""


@dataclass(frozen=True)
class Type:
    """How words look: size in CSS pixels, colour, weight."""

    size: float
    colour: str = INK
    bold: bool = False

    def of(self, colour: str) -> Type:
        """Give the same in another colour."""
        return replace(self, colour=colour)


BIG = Type(26, bold=True)
HEAD = Type(18, bold=True)
STRONG = Type(15, bold=True)
BODY = Type(15)
SMALL = Type(14, INK_SOFT)
NOTE = Type(13, INK_SOFT)


@dataclass(frozen=True)
class Pen:
    """How a shape looks; ``hatch`` and ``dash`` carry what colour alone would not."""

    fill: str = "none"
    edge: str = "none"
    width: float = 1.0
    dash: tuple[float, ...] = ()
    hatch: str = ""
    radius: float = 0.0


@lru_cache(maxsize=1)
def font_file() -> Path:
    """Find the Japanese font that a pinned package ships.

    The package is only located: importing it would set matplotlib's font for the whole process.

    Raises
    ------
    FileNotFoundError
        matplotlib-fontja is not installed, or has no IPAexGothic.
    """
    spec = importlib.util.find_spec("matplotlib_fontja")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / "fonts/ipaexg.ttf"
        if path.is_file():
            return path
    raise FileNotFoundError(say("figures.errors.no-font"))
