"""Slide 7's sushi, as its words say it; what comes next is the room's to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dxcourse.figures.canvas import Box, Canvas, Point
from dxcourse.figures.style import (
    ACCENT,
    ACCENT_SOFT,
    EDGE,
    GROUND,
    HEAD,
    INK_SOFT,
    LINE,
    PAPER,
    RED,
    Pen,
    Type,
)
from dxcourse.figures.svg import FigureError
from dxcourse.figures.words import FILE
from dxcourse.text import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from dxcourse.figures.words import Drawing, PictureScene

HEIGHT, BELT, WORDS = 300, 196, 256
_ROLLERS = 8
TUNA, RICE, EDGE_OF_RICE = RED, PAPER, EDGE
UNKNOWN = Type(56, ACCENT, bold=True)


def draw(scene: PictureScene) -> Drawing:
    """Draw four plates on one belt: ordering by word, by belt, by tablet, and an empty one."""
    steps = scene.say("steps").split("|")
    pictures: tuple[Callable[[Canvas, float], None], ...] = (_word, _plates, _tablet, _empty)
    if len(steps) != len(pictures):
        raise FigureError(say("figures.errors.steps", file=FILE, count=len(pictures)))
    canvas = Canvas(HEIGHT)
    _belt(canvas)
    width = canvas.width / len(steps)
    for place, (step, picture) in enumerate(zip(steps, pictures, strict=True)):
        x = width * (place + 0.5)
        picture(canvas, x)
        canvas.block(Box(x - width / 2, WORDS - 30, width, 60), step, HEAD, "center")
        if place:
            y = BELT - 66
            gap = x - width / 2
            canvas.arrow((gap - 12, y), (gap + 12, y), Pen(edge=ACCENT, width=2))
    canvas.words((width * (len(steps) - 0.5), 98), scene.say("unknown"), UNKNOWN, "center")
    return scene.done(
        canvas,
        steps=scene.say("arrow").join(step.replace("\n", scene.say("and")) for step in steps),
        mark=scene.mark(scene.fact("sushi").id),
    )


def _belt(canvas: Canvas) -> None:
    """Draw a counter, and rollers where it turns."""
    belt = Box(16, BELT, canvas.width - 32, 18)
    canvas.box(belt, Pen(GROUND, LINE, 1.5, radius=9))
    for place in range(_ROLLERS):
        x = canvas.width * (0.27 + 0.21 * place / (_ROLLERS - 1))
        canvas.ellipse((x, belt.middle[1]), (7, 7), Pen(INK_SOFT))


def _plate(canvas: Canvas, x: float, pen: Pen, size: float = 1) -> None:
    canvas.box(Box(x - 22 * size, BELT - 8, 44 * size, 8), pen)
    canvas.ellipse((x, BELT - 15), (100 * size, 20), pen)


def _nigiri(canvas: Canvas, middle: Point, size: float) -> None:
    """Draw rice, and a slice of tuna over it."""
    x, y = middle
    canvas.box(
        Box(x - 26 * size, y, 52 * size, 20 * size),
        Pen(RICE, EDGE_OF_RICE, 1.5, radius=9 * size),
    )
    slice_ = Box(x - 32 * size, y - 12 * size, 64 * size, 18 * size)
    canvas.box(slice_, Pen(TUNA, radius=8 * size))
    for place in (-14, 2, 18):
        top = (x + place * size, slice_.y + 4 * size)
        canvas.line([top, (top[0] - 6 * size, slice_.bottom - 4 * size)], Pen(edge=RICE, width=1.5))


def _word(canvas: Canvas, x: float) -> None:
    bubble = Box(x - 62, 40, 124, 76)
    canvas.box(bubble, Pen(PAPER, ACCENT, 2, radius=20))
    canvas.polygon([(x - 14, 115), (x + 14, 115), (x - 18, 138)], Pen(PAPER, ACCENT, 2))
    canvas.box(Box(x - 16, 110, 34, 6), Pen(PAPER))
    _nigiri(canvas, (x, 76), 0.9)
    _plate(canvas, x, Pen(PAPER, ACCENT, 2))


def _plates(canvas: Canvas, x: float) -> None:
    for side in (-43, 43):
        _plate(canvas, x + side, Pen(PAPER, ACCENT, 2), 0.8)
        _nigiri(canvas, (x + side, BELT - 37), 0.85)


def _tablet(canvas: Canvas, x: float) -> None:
    tablet = Box(x - 54, 40, 108, 138)
    canvas.box(tablet, Pen(ACCENT, radius=12))
    canvas.box(Box(tablet.x + 8, tablet.y + 10, 92, 112), Pen(PAPER, radius=4))
    for place in range(4):
        tile = Box(tablet.x + 14 + place % 2 * 42, tablet.y + 16 + place // 2 * 38, 38, 34)
        canvas.box(tile, Pen(ACCENT_SOFT, radius=4))
        _nigiri(canvas, (tile.middle[0], tile.middle[1] - 1), 0.45)
    canvas.box(Box(tablet.x + 14, tablet.y + 98, 80, 18), Pen(ACCENT, radius=9))


def _empty(canvas: Canvas, x: float) -> None:
    canvas.ellipse((x, 98), (112, 112), Pen(PAPER, INK_SOFT, 2, dash=(4, 3)))
    _plate(canvas, x, Pen(PAPER, INK_SOFT, 2, dash=(4, 3)))
