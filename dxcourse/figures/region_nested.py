"""Slide 22 built up from below; under it, a canvas to fill in: what, and how far, with whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dxcourse.figures.canvas import EDGE, Box, Canvas, notes, notes_height
from dxcourse.figures.style import (
    ACCENT,
    ACCENT_SOFT,
    BODY,
    GROUND,
    HEAD,
    INK_SOFT,
    LINE,
    PAPER,
    SMALL,
    STRONG,
    Pen,
)
from dxcourse.figures.svg import FigureError
from dxcourse.figures.words import FILE
from dxcourse.text import say

if TYPE_CHECKING:
    from dxcourse.figures.words import Drawing, PictureScene

NATION = Box(EDGE, 12, 728, 204)
REGIONS, TOWNS = 3, 3
SHEET, ROW = 284, 78
WHAT, TICKS, STEP = 250, 500, 62  # where the line to write on and the boxes to tick begin


def draw(scene: PictureScene) -> Drawing:
    """Draw towns in regions in the nation, one's own town dark; then a row for each width."""
    widths, asks = scene.say("widths").split("|"), scene.say("asks").split("|")
    if len(widths) != len(asks):
        raise FigureError(say("figures.errors.asks", file=FILE, count=len(widths)))
    foot = [scene.quote("nested"), scene.say("ours"), scene.say("overlap")]
    bottom = SHEET + len(widths) * ROW
    canvas = Canvas(bottom + 14 + notes_height(foot))
    _nest(canvas, scene)
    _heads(canvas, scene)
    for place, (width, ask) in enumerate(zip(widths, asks, strict=True)):
        _row(canvas, SHEET + place * ROW, width, ask, own=place == 0)
    notes(canvas, bottom + 10, foot)
    return scene.done(
        canvas,
        widths="".join(
            scene.say("width", width=width, ask=ask)
            for width, ask in zip(widths, asks, strict=True)
        ),
        steps=scene.say("and").join(scene.say("steps").split("|")),
    )


def _nest(canvas: Canvas, scene: PictureScene) -> None:
    mark = scene.mark(scene.fact("nested").id)
    canvas.box(NATION, Pen(GROUND, INK_SOFT, 1.5, radius=14))
    canvas.words((NATION.x + 18, NATION.y + 24), scene.say("nation", mark=mark), HEAD)
    width = (NATION.width - 32 - (REGIONS - 1) * 12) / REGIONS
    for number in range(REGIONS):
        region = Box(NATION.x + 16 + number * (width + 12), NATION.y + 48, width, 140)
        canvas.box(region, Pen(ACCENT_SOFT, ACCENT, 1.5, radius=12))
        canvas.words((region.x + 14, region.y + 22), scene.say("region"), STRONG.of(ACCENT))
        for place in range(TOWNS):
            _town(canvas, scene, region, place, own=(number, place) == (0, 0))


def _town(canvas: Canvas, scene: PictureScene, region: Box, place: int, *, own: bool) -> None:
    width = (region.width - 28 - (TOWNS - 1) * 6) / TOWNS
    town = Box(region.x + 14 + place * (width + 6), region.y + 44, width, 80)
    canvas.box(town, Pen(ACCENT if own else PAPER, ACCENT, 1.5, radius=8))
    look = STRONG.of(PAPER) if own else SMALL
    canvas.words(town.middle, scene.say("own" if own else "town"), look, "center")


def _heads(canvas: Canvas, scene: PictureScene) -> None:
    y = SHEET - 18
    canvas.words((EDGE, y), scene.say("with"), SMALL)
    canvas.words((WHAT, y), scene.say("what"), SMALL)
    canvas.words((TICKS + STEP * 2, y - 24), scene.say("how-far"), SMALL, "center")
    for place, step in enumerate(scene.say("steps").split("|")):
        canvas.words((TICKS + STEP * (place + 0.5), y), step, SMALL, "center")


def _row(canvas: Canvas, top: float, width: str, ask: str, *, own: bool) -> None:
    canvas.line([(EDGE, top), (EDGE + NATION.width, top)], Pen(edge=LINE, width=2 if own else 1))
    canvas.words((EDGE, top + 26), width, HEAD.of(ACCENT))
    canvas.words((EDGE, top + 52), ask, BODY)
    canvas.line(
        [(WHAT, top + ROW - 18), (TICKS - 24, top + ROW - 18)], Pen(edge=INK_SOFT, dash=(2, 3))
    )
    for place in range(4):
        box = Box(TICKS + STEP * (place + 0.5) - 11, top + ROW / 2 - 11, 22, 22)
        canvas.box(box, Pen(PAPER, INK_SOFT, 1.5, radius=3))
