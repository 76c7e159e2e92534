"""Module 01's counter before and after: where the minutes of a fictional wait went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dxcourse.figures._marks import EDGE, LEGEND_HEIGHT, notes, notes_height
from dxcourse.figures._picture import FigureError
from dxcourse.figures._sheet import Box, Sheet
from dxcourse.figures._style import (
    ACCENT,
    BODY,
    HEAD,
    LINE,
    OPEN,
    OPEN_SOFT,
    SMALL,
    STRONG,
    Pen,
)
from dxcourse.figures._words import FILE

if TYPE_CHECKING:
    from dxcourse.figures._picture import Drawing
    from dxcourse.figures._scene import Scene

ZERO, FULL = 272, 676  # where no minute and the whole wait stand
ROW, BAR = 66, 20
BEFORE = Pen(OPEN_SOFT, OPEN, 1.5, hatch="///")
AFTER = Pen(ACCENT, ACCENT)


def draw(scene: Scene) -> Drawing:
    """Draw two bars for each part of the wait, and for all of it: before, and after."""
    parts = scene.say("parts").split("|")
    moves = scene.say("moves").split("|")
    before, after = _minutes(scene, "before"), _minutes(scene, "after")
    if not len(parts) == len(moves) == len(before) == len(after):
        msg = f"{FILE}: before_after needs as many moves, before and after as parts ({len(parts)})"
        raise FigureError(msg)
    whole = sum(before)
    foot = [scene.say("fiction")]
    bottom = LEGEND_HEIGHT + (len(parts) + 1) * ROW
    sheet = Sheet(bottom + 12 + notes_height(foot))
    x = float(ZERO)
    for pen, word in ((BEFORE, "then"), (AFTER, "now")):
        sheet.box(Box(x, 10, 26, 14), pen)
        x += 34 + sheet.words((x + 34, LEGEND_HEIGHT / 2), scene.say(word), SMALL) + 26
    rows = list(zip(parts, moves, before, after, strict=True))
    rows.append((scene.say("whole"), "", whole, sum(after)))
    for place, (name, move, *minutes) in enumerate(rows):
        top = LEGEND_HEIGHT + place * ROW
        last = place == len(parts)
        sheet.line([(EDGE, top), (sheet.width - EDGE, top)], Pen(edge=LINE, width=1 + last))
        lines = [(name, HEAD if last else BODY), *([(move, SMALL)] if move else [])]
        for number, (words, look) in enumerate(lines):
            y = top + ROW / 2 + (number - (len(lines) - 1) / 2) * 23
            sheet.words((EDGE, y), words, look)
        for number, (value, pen) in enumerate(zip(minutes, (BEFORE, AFTER), strict=True)):
            bar = Box(ZERO, top + 10 + number * (BAR + 6), (FULL - ZERO) * value / whole, BAR)
            sheet.box(bar, pen)
            sheet.words((bar.right + 10, bar.middle[1]), scene.say("value", value=value), STRONG)
    notes(sheet, bottom + 8, foot)
    steps = [
        scene.say("step", name=name, move=move, before=then, after=now)
        for name, move, then, now in rows[:-1]
    ]
    return scene.done(sheet, steps=scene.say("and").join(steps), before=whole, after=sum(after))


def _minutes(scene: Scene, word: str) -> list[int]:
    try:
        return [int(value) for value in scene.say(word).split("|")]
    except ValueError as error:
        msg = f'{FILE}: before_after has whole minutes in "{word}", parted by |; {error}'
        raise FigureError(msg) from error
