"""Slide 5: the five societies, and what set each change off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dxcourse.facts import Society
from dxcourse.figures.canvas import Box, Canvas
from dxcourse.figures.style import ACCENT, BIG, BODY, INK, NOTE, PAPER, SMALL, STRONG, TINTS, Pen

if TYPE_CHECKING:
    from dxcourse.figures.words import Drawing, PictureScene

TOP, CARD, GAP = 44, 76, 58
LEFT, MIDDLE, PILL, RIGHT = 196, 220, 306, 520


def draw(scene: PictureScene) -> Drawing:
    """Draw a timeline from top to bottom: era, society, and the trigger between two."""
    societies = sorted(scene.facts.rows(Society), key=lambda row: row.order)
    canvas = Canvas(TOP + len(societies) * (CARD + GAP) - GAP + 12)
    _heads(canvas, scene, societies[0])
    for place, society in enumerate(societies):
        top = TOP + place * (CARD + GAP)
        if society.trigger:
            _trigger(canvas, top, society.trigger)
        tint = TINTS[min(place, len(TINTS) - 1)]
        _card(canvas, top, society, tint)
        if society.id in scene.quoted():
            note = Box(RIGHT + 20, top, canvas.width - RIGHT - 36, CARD)
            canvas.block(note, scene.quote(society.id), NOTE)
    steps = scene.say("arrow").join(
        scene.say("step", trigger=row.trigger, name=row.name)
        if row.trigger
        else scene.say("first", name=row.name)
        for row in societies
    )
    return scene.done(
        canvas,
        steps=steps,
        eras=scene.say("and").join(f"{row.name}＝{row.era}" for row in societies),
        mark=scene.mark(societies[0].era_fact),
    )


def _heads(canvas: Canvas, scene: PictureScene, first: Society) -> None:
    era = scene.say("era", mark=scene.mark(first.era_fact))
    canvas.words((LEFT, 20), era, SMALL, "right")
    canvas.words((MIDDLE, 20), scene.say("society", mark=scene.mark(first.fact)), SMALL)
    trigger = scene.say("trigger", mark=scene.mark(first.trigger_fact))
    canvas.words((PILL + 55, 20), trigger, SMALL, "center")


def _card(canvas: Canvas, top: float, society: Society, tint: str) -> None:
    ink = PAPER if tint == ACCENT else INK
    box = Box(MIDDLE, top, RIGHT - MIDDLE, CARD)
    canvas.words((LEFT, box.middle[1]), society.era, BODY, "right")
    canvas.box(box, Pen(tint, ACCENT, 1.5, radius=10))
    canvas.words((MIDDLE + 20, top + 24), society.society, SMALL.of(ink))
    canvas.words((MIDDLE + 20, top + 50), society.name, BIG.of(ink))


def _trigger(canvas: Canvas, top: float, trigger: str) -> None:
    """Draw the trigger on the arrow that leads down into a society."""
    x, middle = MIDDLE + 60, top - GAP / 2
    canvas.arrow((x, top - GAP + 6), (x, top - 5), Pen(edge=ACCENT, width=2))
    pill = Box(PILL, middle - 15, 110, 30)
    canvas.line([(x, middle), (pill.x, middle)], Pen(edge=ACCENT, width=1.5))
    canvas.box(pill, Pen(PAPER, ACCENT, 1.5, dash=(4, 2), radius=15))
    canvas.words(pill.middle, trigger, STRONG.of(ACCENT), "center")
