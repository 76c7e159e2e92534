"""Telework: how many bodies had it, beside what held the others back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dxcourse.facts import FigureSeries
from dxcourse.figures.canvas import EDGE, Box, Canvas, notes, notes_height
from dxcourse.figures.style import (
    ACCENT,
    BODY,
    GROUND,
    HEAD,
    LINE,
    NOTE,
    OPEN,
    OPEN_SOFT,
    STRONG,
    Pen,
)

if TYPE_CHECKING:
    from dxcourse.facts import Figure
    from dxcourse.figures.words import Drawing, PictureScene

ADOPTION, REASONS = "telework-adoption", ("telework-reason-counter", "telework-reason-security")
WHOLE = 100
HEADING, BAR, STEP, BETWEEN = 56, 28, 46, 22
ZERO, FULL = 180, 582  # where 0 % and 100 % stand
SOLID = Pen(ACCENT, ACCENT)
HATCHED = Pen(OPEN_SOFT, OPEN, 1.5, hatch="///")


def draw(scene: PictureScene) -> Drawing:
    """Draw two panels on one scale of 0 to 100 %: adoption by year, reasons of those without."""
    everyone = scene.say("everyone")
    shares = scene.shares(ADOPTION, everyone)
    counts = {
        row.as_of: row.value
        for row in scene.facts.figures(ADOPTION)
        if row.group == everyone and row.unit != "%"
    }
    reasons = [row for name in REASONS for row in scene.shares(name)]
    names = {row.series: row for row in scene.facts.rows(FigureSeries)}
    foot = [
        scene.sources([row.fact for row in shares]),
        scene.sources([row.fact for row in reasons]),
    ]
    second = HEADING + len(shares) * STEP + BETWEEN
    bottom = second + HEADING + len(reasons) * STEP
    canvas = Canvas(bottom + 14 + notes_height(foot))
    _heading(canvas, 0, scene.say("adopted"), names[ADOPTION].note)
    for place, row in enumerate(shares):
        counted = (
            scene.say("count", count=f"{counts[row.as_of]:,.0f}") if row.as_of in counts else ""
        )
        value = scene.say("percent", value=f"{row.value:g}") + counted
        _bar(canvas, HEADING + place * STEP, row, (scene.month(row.as_of), value), SOLID)
    when = scene.say("and").join(dict.fromkeys(scene.date_of(row.as_of) for row in reasons))
    _heading(canvas, second, scene.say("reasons", when=when), names[REASONS[0]].note)
    for place, row in enumerate(reasons):
        value = scene.say("percent", value=f"{row.value:g}")
        name = names[row.series].short
        _bar(canvas, second + HEADING + place * STEP, row, (name, value), HATCHED)
    notes(canvas, bottom + 8, foot)
    return scene.done(
        canvas,
        adoption=scene.say("and").join(
            scene.say("spoken", name=scene.month(row.as_of), value=f"{row.value:g}")
            for row in shares
        ),
        reasons=scene.say("and").join(
            scene.say("spoken", name=names[row.series].short, value=f"{row.value:g}")
            for row in reasons
        ),
        when=when,
    )


def _heading(canvas: Canvas, top: float, title: str, note: str) -> None:
    width = canvas.words((EDGE, top + 20), title, HEAD)
    canvas.words((EDGE + width + 16, top + 21), note, NOTE)
    canvas.line([(EDGE, top + 40), (canvas.width - EDGE, top + 40)], Pen(edge=LINE))


def _bar(canvas: Canvas, top: float, row: Figure, words: tuple[str, str], pen: Pen) -> None:
    """Draw a share's bar, its name before it and its value behind."""
    track = Box(ZERO, top + 4, FULL - ZERO, BAR)
    length = (FULL - ZERO) * row.value / WHOLE
    canvas.block(Box(EDGE, track.y, ZERO - EDGE - 14, BAR), words[0], BODY, "right")
    canvas.box(track, Pen(GROUND))
    canvas.box(Box(ZERO, track.y, length, BAR), pen)
    canvas.words((FULL + 12, track.middle[1]), words[1], STRONG)
