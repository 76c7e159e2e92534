"""Module 01's counter before and after: where the minutes of a fictional wait went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dxcourse.figures.canvas import EDGE, LEGEND_HEIGHT, Box, Canvas, key, notes, notes_height
from dxcourse.figures.style import ACCENT, BODY, HEAD, LINE, OPEN, OPEN_SOFT, SMALL, STRONG, Pen

if TYPE_CHECKING:
    from dxcourse.figures.words import Drawing, PictureScene

ZERO, FULL = 272, 676  # where no minute and the whole wait stand
ROW, BAR = 66, 20
BEFORE = Pen(OPEN_SOFT, OPEN, 1.5, hatch="///")
AFTER = Pen(ACCENT, ACCENT)


def draw(scene: PictureScene) -> Drawing:
    """Draw two bars for each part of the wait, and for all of it: before, and after."""
    (parts, moves), (before, after) = scene.columns(("parts", "moves"), ("before", "after"))
    whole = sum(before)
    foot = [scene.say("fiction")]
    bottom = LEGEND_HEIGHT + (len(parts) + 1) * ROW
    canvas = Canvas(bottom + 12 + notes_height(foot))
    key(canvas, ZERO, [(BEFORE, scene.say("then")), (AFTER, scene.say("now"))])
    rows = list(zip(parts, moves, before, after, strict=True))
    rows.append((scene.say("whole"), "", whole, sum(after)))
    for place, (name, move, *minutes) in enumerate(rows):
        top = LEGEND_HEIGHT + place * ROW
        last = place == len(parts)
        canvas.line([(EDGE, top), (canvas.width - EDGE, top)], Pen(edge=LINE, width=1 + last))
        lines = [(name, HEAD if last else BODY), *([(move, SMALL)] if move else [])]
        for number, (words, look) in enumerate(lines):
            y = top + ROW / 2 + (number - (len(lines) - 1) / 2) * 23
            canvas.words((EDGE, y), words, look)
        for number, (value, pen) in enumerate(zip(minutes, (BEFORE, AFTER), strict=True)):
            bar = Box(ZERO, top + 10 + number * (BAR + 6), (FULL - ZERO) * value / whole, BAR)
            canvas.box(bar, pen)
            canvas.words((bar.right + 10, bar.middle[1]), scene.say("value", value=value), STRONG)
    notes(canvas, bottom + 8, foot)
    steps = [
        scene.say("step", name=name, move=move, before=then, after=now)
        for name, move, then, now in rows[:-1]
    ]
    return scene.done(canvas, steps=scene.say("and").join(steps), before=whole, after=sum(after))
