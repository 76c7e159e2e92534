"""Module 06's two fictional towns: how many people each way costs, one by one and together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dxcourse.figures.canvas import EDGE, LEGEND_HEIGHT, Box, Canvas, key, notes, notes_height
from dxcourse.figures.style import (
    ACCENT,
    BODY,
    HEAD,
    LINE,
    OPEN,
    OPEN_SOFT,
    PAPER,
    SMALL,
    STRONG,
    Pen,
)

if TYPE_CHECKING:
    from dxcourse.figures.words import Drawing, PictureScene

ZERO, FULL = 110, 470  # where nobody and the most of all ways stand
PRICE = 580
ROW, BAR = 74, 30
OURS = Pen(ACCENT, ACCENT, 1.5)
THEIRS = Pen(OPEN_SOFT, OPEN, 1.5, hatch="///")


def draw(scene: PictureScene) -> Drawing:
    """Draw one bar for each way, from zero: our loss, then the neighbour's, then their sum."""
    (ways, prices), (ours, theirs) = scene.columns(("ways", "prices"), ("ours", "theirs"))
    foot = [scene.say("fiction")]
    bottom = LEGEND_HEIGHT + len(ways) * ROW
    canvas = Canvas(bottom + 14 + notes_height(foot))
    key(canvas, ZERO, [(OURS, scene.say("we")), (THEIRS, scene.say("they"))])
    canvas.words((PRICE, LEGEND_HEIGHT / 2), scene.say("price"), SMALL)
    most = max(a + b for a, b in zip(ours, theirs, strict=True))
    scale = (FULL - ZERO) / most
    steps = []
    for place, (way, price, we, they) in enumerate(zip(ways, prices, ours, theirs, strict=True)):
        top = LEGEND_HEIGHT + place * ROW
        middle = top + ROW / 2
        canvas.line([(EDGE, top), (canvas.width - EDGE, top)], Pen(edge=LINE))
        canvas.words((EDGE, middle), way, HEAD)
        first = Box(ZERO, middle - BAR / 2, we * scale, BAR)
        second = Box(first.right, first.y, they * scale, BAR)
        for bar, pen, people, ink in ((first, OURS, we, PAPER), (second, THEIRS, they, OPEN)):
            canvas.box(bar, pen)
            label = Box(bar.middle[0] - 28, bar.y + 5, 56, BAR - 10)
            canvas.box(label, Pen(ACCENT if pen is OURS else PAPER, radius=4))
            canvas.words(bar.middle, str(people), STRONG.of(ink), "center")
        canvas.words((second.right + 8, middle), scene.say("people", n=we + they), STRONG)
        canvas.block(Box(PRICE, top, canvas.width - EDGE - PRICE, ROW), price, BODY)
        step = scene.say("step", way=way, ours=we, theirs=they, sum=we + they)
        steps.append(step)
    notes(canvas, bottom + 10, foot)
    return scene.done(canvas, steps=scene.say("and").join(steps))
