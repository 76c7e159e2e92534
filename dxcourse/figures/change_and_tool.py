"""Slide 4: what changes, and the tool, which the trainer asks to put aside first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dxcourse.figures.canvas import Box, Canvas, notes, notes_height
from dxcourse.figures.style import ACCENT, ACCENT_SOFT, BIG, BODY, HEAD, INK_SOFT, PAPER, SMALL, Pen

if TYPE_CHECKING:
    from dxcourse.figures.words import Drawing, PictureScene

CHANGE, TOOL = Box(16, 16, 428, 320), Box(556, 96, 188, 240)
CARD = 66


def draw(scene: PictureScene) -> Drawing:
    """Draw two boxes: the change, large and solid, and the tool, dashed and off to the side."""
    foot = [scene.quote(key) for key in scene.quoted()]
    canvas = Canvas(CHANGE.bottom + 20 + notes_height(foot))
    what = scene.say("what").split("|")
    tools = scene.say("tools").split("|")
    canvas.box(CHANGE, Pen(ACCENT, radius=14))
    canvas.words((CHANGE.x + 24, CHANGE.y + 36), scene.say("change"), BIG.of(PAPER))
    ask = (CHANGE.right - 24, CHANGE.y + 38)
    canvas.words(ask, scene.say("change-ask"), BODY.of(PAPER), "right")
    for place, words in enumerate(what):
        card = Box(CHANGE.x + 20, CHANGE.y + 72 + place * (CARD + 12), CHANGE.width - 40, CARD)
        canvas.box(card, Pen(ACCENT_SOFT, radius=10))
        canvas.words(card.middle, words, HEAD, "center")
    canvas.box(TOOL, Pen(PAPER, INK_SOFT, 1.5, dash=(5, 4), radius=14))
    canvas.words((TOOL.middle[0], TOOL.y + 34), scene.say("tool"), BIG.of(INK_SOFT), "center")
    canvas.words((TOOL.middle[0], TOOL.y + 64), scene.say("tool-ask"), SMALL, "center")
    for place, words in enumerate(tools):
        card = Box(TOOL.x + 20, TOOL.y + 90 + place * 46, TOOL.width - 40, 36)
        canvas.box(card, Pen(PAPER, INK_SOFT, 1, radius=18))
        canvas.words(card.middle, words, BODY, "center")
    _aside(canvas, scene)
    notes(canvas, CHANGE.bottom + 14, foot)
    return scene.done(
        canvas,
        what=scene.say("and").join(what),
        tools=scene.say("and").join(tools),
        mark=scene.mark(scene.fact("definition").id),
        tools_mark=scene.mark(scene.fact("tools").id),
    )


def _aside(canvas: Canvas, scene: PictureScene) -> None:
    """Draw the two arrows: the tool is put aside first, and serves the change later."""
    left, right = CHANGE.right + 8, TOOL.x - 8
    first, later = TOOL.y + 40, TOOL.bottom - 70
    canvas.block(Box(left, first - 62, right - left, 44), scene.say("first"), SMALL, "center")
    canvas.arrow((left, first), (right, first), Pen(edge=INK_SOFT, width=2, dash=(4, 3)))
    canvas.arrow((right, later), (left, later), Pen(edge=ACCENT, width=2.5))
    canvas.block(Box(left, later + 14, right - left, 44), scene.say("later"), SMALL, "center")
