"""Draws a picture by its name."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from dxcourse.figures.svg import FigureError, Picture
from dxcourse.figures.words import Drawing, PictureScene, PictureTexts
from dxcourse.text import say

if TYPE_CHECKING:
    from datetime import date

    from dxcourse.facts import Facts

# A picture is the module of the same name; it is imported, and matplotlib with it, when drawn.
_NAMES = (
    "before_after",
    "change_and_tool",
    "societies",
    "sushi",
    "chain",
    "plan_map",
    "results",
    "two_towns",
    "region_nested",
    "telework",
    "red_flag",
    "adoption",
)


class _Draws(Protocol):
    def draw(self, scene: PictureScene) -> Drawing: ...


def names() -> tuple[str, ...]:
    """List the pictures that there are, in the course's order."""
    return _NAMES


def draw(name: str, facts: Facts, today: date, words: PictureTexts | None = None) -> Picture:
    """Draw a picture.

    Parameters
    ----------
    name
        One of `names`.
    facts
        What the picture shows; it follows them.
    today
        The day against which deadlines are shown.
    words
        The words of the pictures; those shipped with the package if none are given.

    Raises
    ------
    FigureError
        No picture has this name, or its words are missing or cannot be set in the font.
    """
    if name not in _NAMES:
        raise FigureError(say("figures.errors.no-picture", name=name, known=", ".join(_NAMES)))
    module = cast("_Draws", import_module(f"dxcourse.figures.{name}"))
    drawing = module.draw(PictureScene(name, facts, words or PictureTexts.shipped(), today))
    canvas = drawing.canvas
    svg = canvas.svg(name, drawing.alt)
    return Picture(name, svg, drawing.alt, drawing.caption, canvas.width, canvas.height)
