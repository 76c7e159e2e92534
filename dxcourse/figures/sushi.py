"""Slide 7's sushi, as its words say it; what comes next is the room's to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dxcourse.figures._picture import FigureError
from dxcourse.figures._sheet import Box, Point, Sheet
from dxcourse.figures._style import (
    ACCENT,
    ACCENT_SOFT,
    GROUND,
    HEAD,
    INK_SOFT,
    LINE,
    PAPER,
    Pen,
    Type,
)
from dxcourse.figures._words import FILE

if TYPE_CHECKING:
    from collections.abc import Callable

    from dxcourse.figures._picture import Drawing
    from dxcourse.figures._scene import Scene

HEIGHT, BELT, WORDS = 300, 196, 256
_ROLLERS = 8
TUNA, RICE, EDGE_OF_RICE = "#a8321f", "#ffffff", "#8a8c93"
UNKNOWN = Type(56, ACCENT, bold=True)


def draw(scene: Scene) -> Drawing:
    """Draw four plates on one belt: ordering by word, by belt, by tablet, and an empty one."""
    steps = scene.say("steps").split("|")
    pictures: tuple[Callable[[Sheet, float], None], ...] = (_word, _plates, _tablet, _empty)
    if len(steps) != len(pictures):
        raise FigureError(f"{FILE}: sushi needs {len(pictures)} steps, parted by |")
    sheet = Sheet(HEIGHT)
    _belt(sheet)
    width = sheet.width / len(steps)
    for place, (step, picture) in enumerate(zip(steps, pictures, strict=True)):
        x = width * (place + 0.5)
        picture(sheet, x)
        sheet.block(Box(x - width / 2, WORDS - 30, width, 60), step, HEAD, "center")
        if place:
            y = BELT - 66
            sheet.arrow((x - width / 2 - 12, y), (x - width / 2 + 12, y), Pen(edge=ACCENT, width=2))
    sheet.words((width * (len(steps) - 0.5), 98), scene.say("unknown"), UNKNOWN, "center")
    return scene.done(
        sheet,
        steps=scene.say("arrow").join(step.replace("\n", scene.say("and")) for step in steps),
        mark=scene.mark(scene.fact("sushi").id),
    )


def _belt(sheet: Sheet) -> None:
    """Draw a counter, and rollers where it turns."""
    belt = Box(16, BELT, sheet.width - 32, 18)
    sheet.box(belt, Pen(GROUND, LINE, 1.5, radius=9))
    for place in range(_ROLLERS):
        x = sheet.width * (0.27 + 0.21 * place / (_ROLLERS - 1))
        sheet.ellipse((x, belt.middle[1]), (7, 7), Pen(INK_SOFT))


def _plate(sheet: Sheet, x: float, pen: Pen, size: float = 1) -> None:
    sheet.box(Box(x - 22 * size, BELT - 8, 44 * size, 8), pen)
    sheet.ellipse((x, BELT - 15), (100 * size, 20), pen)


def _nigiri(sheet: Sheet, middle: Point, size: float) -> None:
    """Draw rice, and a slice of tuna over it."""
    x, y = middle
    sheet.box(
        Box(x - 26 * size, y, 52 * size, 20 * size),
        Pen(RICE, EDGE_OF_RICE, 1.5, radius=9 * size),
    )
    slice_ = Box(x - 32 * size, y - 12 * size, 64 * size, 18 * size)
    sheet.box(slice_, Pen(TUNA, radius=8 * size))
    for place in (-14, 2, 18):
        top = (x + place * size, slice_.y + 4 * size)
        sheet.line([top, (top[0] - 6 * size, slice_.bottom - 4 * size)], Pen(edge=RICE, width=1.5))


def _word(sheet: Sheet, x: float) -> None:
    bubble = Box(x - 62, 40, 124, 76)
    sheet.box(bubble, Pen(PAPER, ACCENT, 2, radius=20))
    sheet.polygon([(x - 14, 115), (x + 14, 115), (x - 18, 138)], Pen(PAPER, ACCENT, 2))
    sheet.box(Box(x - 16, 110, 34, 6), Pen(PAPER))
    _nigiri(sheet, (x, 76), 0.9)
    _plate(sheet, x, Pen(PAPER, ACCENT, 2))


def _plates(sheet: Sheet, x: float) -> None:
    for side in (-43, 43):
        _plate(sheet, x + side, Pen(PAPER, ACCENT, 2), 0.8)
        _nigiri(sheet, (x + side, BELT - 37), 0.85)


def _tablet(sheet: Sheet, x: float) -> None:
    tablet = Box(x - 54, 40, 108, 138)
    sheet.box(tablet, Pen(ACCENT, radius=12))
    sheet.box(Box(tablet.x + 8, tablet.y + 10, 92, 112), Pen(PAPER, radius=4))
    for place in range(4):
        tile = Box(tablet.x + 14 + place % 2 * 42, tablet.y + 16 + place // 2 * 38, 38, 34)
        sheet.box(tile, Pen(ACCENT_SOFT, radius=4))
        _nigiri(sheet, (tile.middle[0], tile.middle[1] - 1), 0.45)
    sheet.box(Box(tablet.x + 14, tablet.y + 98, 80, 18), Pen(ACCENT, radius=9))


def _empty(sheet: Sheet, x: float) -> None:
    sheet.ellipse((x, 98), (112, 112), Pen(PAPER, INK_SOFT, 2, dash=(4, 3)))
    _plate(sheet, x, Pen(PAPER, INK_SOFT, 2, dash=(4, 3)))
