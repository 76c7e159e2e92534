"""Slide 35's Act told right: its years to scale, what is known of it, and what is read into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dxcourse.figures.canvas import EDGE, LEADING, Box, Canvas
from dxcourse.figures.line_breaking import wrap
from dxcourse.figures.style import (
    ACCENT,
    ACCENT_SOFT,
    BODY,
    HEAD,
    INK,
    INK_SOFT,
    OPEN,
    OPEN_SOFT,
    PAPER,
    RED,
    SMALL,
    STRONG,
    Pen,
)
from dxcourse.figures.svg import FigureError
from dxcourse.figures.words import FILE
from dxcourse.text import say

if TYPE_CHECKING:
    from dxcourse.figures.words import Drawing, PictureScene

LINE_Y, BAR, TOP = 90, 28, 186
LEFT, RIGHT = 60, 700  # where the first and the last year stand
POLE = 62
PANEL, PAD, GAP = 352, 18, 10
KNOWN = Pen(ACCENT_SOFT, ACCENT, 1.5, radius=10)
READ = Pen(OPEN_SOFT, OPEN, 1.5, dash=(5, 3), radius=10)


def draw(scene: PictureScene) -> Drawing:
    """Draw the years on a line, a flag up and a flag down; below, facts beside a reading."""
    years = _years(scene)
    known = [scene.quote(key) for key in scene.quoted() if key.startswith("known-")]
    read = [scene.quote(key) for key in scene.quoted() if key.startswith("read-")]
    high = max(_height(known), _height(read))
    canvas = Canvas(TOP + high + 12)
    _line(canvas, scene, years)
    for x, pen, word, lines in (
        (EDGE, KNOWN, "known", known),
        (EDGE + PANEL + 24, READ, "read", read),
    ):
        box = Box(x, TOP, PANEL, high)
        canvas.box(box, pen)
        canvas.words((x + PAD, TOP + 26), scene.say(word), HEAD.of(pen.edge))
        _list(canvas, box, lines)
    steps = scene.say("and").join(
        scene.say("step", year=year, what=what)
        for year, what in zip(years, scene.say("what").split("|"), strict=True)
    )
    return scene.done(canvas, steps=steps, known="".join(known), read="".join(read))


def _years(scene: PictureScene) -> list[int]:
    """Give the three years: begun, flag dropped, ended."""
    years, what = scene.say("years").split("|"), scene.say("what").split("|")
    if len(years) != len(what) or not all(year.isdecimal() for year in years):
        raise FigureError(say("figures.errors.years", file=FILE))
    return [int(year) for year in years]


def _line(canvas: Canvas, scene: PictureScene, years: list[int]) -> None:
    begun, dropped, ended = (_place(year, years) for year in years)
    canvas.box(Box(begun, LINE_Y, ended - begun, BAR), Pen(ACCENT_SOFT, ACCENT, 1.5))
    canvas.box(Box(begun, LINE_Y, dropped - begun, BAR), Pen(ACCENT, ACCENT, 1.5))
    for x, right, word, ink in ((begun, dropped, "with", PAPER), (dropped, ended, "without", INK)):
        place = ((x + right) / 2, LINE_Y + BAR / 2)
        canvas.words(place, scene.say(word), SMALL.of(ink), "center")
    for x, year, what in zip(
        (begun, dropped, ended), years, scene.say("what").split("|"), strict=True
    ):
        canvas.line([(x, LINE_Y), (x, LINE_Y + BAR + 8)], Pen(edge=INK, width=2))
        canvas.words((x, LINE_Y + BAR + 22), scene.say("year", year=year), STRONG, "center")
        canvas.words((x, LINE_Y + BAR + 43), what, SMALL, "center")
    _flag(canvas, begun + 10)
    _fallen(canvas, dropped + 10)
    canvas.words((begun + 78, LINE_Y - 52), scene.say("up"), BODY)
    canvas.block(Box(dropped + 102, LINE_Y - 62, 260, 44), scene.say("down"), BODY)


def _place(year: int, years: list[int]) -> float:
    return LEFT + (RIGHT - LEFT) * (year - years[0]) / (years[-1] - years[0])


def _flag(canvas: Canvas, x: float) -> None:
    top = LINE_Y - 6 - POLE
    canvas.line([(x, LINE_Y - 6), (x, top)], Pen(edge=INK, width=3))
    cloth = [
        (x + 2, top),
        (x + 54, top + 8),
        (x + 48, top + 20),
        (x + 54, top + 34),
        (x + 2, top + 28),
    ]
    canvas.polygon(cloth, Pen(RED, RED, 1))


def _fallen(canvas: Canvas, x: float) -> None:
    """Draw the flag lowered to the line: an outline of what is no longer held."""
    base = LINE_Y - 8
    tip, knot = (x + POLE, base - 24), (x + POLE * 0.55, base - 13)
    cloth = [tip, knot, (knot[0] + 4, base), (tip[0] + 4, base)]
    canvas.polygon(cloth, Pen(PAPER, RED, 2, dash=(4, 3)))
    canvas.line([(x, base), tip], Pen(edge=INK_SOFT, width=3))


def _height(lines: list[str]) -> float:
    return 52 + sum(len(_wrapped(line)) * BODY.size * LEADING + GAP for line in lines) + 8


def _list(canvas: Canvas, box: Box, lines: list[str]) -> None:
    top = box.y + 52
    for line in lines:
        for part in _wrapped(line):
            canvas.words((box.x + PAD, top + BODY.size * LEADING / 2), part, BODY)
            top += BODY.size * LEADING
        top += GAP


def _wrapped(line: str) -> tuple[str, ...]:
    return wrap(line, BODY.size, PANEL - 2 * PAD)
