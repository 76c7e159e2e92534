"""Slide 18: the five results in the trainer's order, with boxes to tick on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dxcourse.facts import PlanResult
from dxcourse.figures.canvas import EDGE, LEADING, Box, Canvas, notes, notes_height
from dxcourse.figures.line_breaking import wrap
from dxcourse.figures.style import ACCENT, HEAD, INK_SOFT, LINE, PAPER, SMALL, Pen

if TYPE_CHECKING:
    from dxcourse.figures.words import Drawing, PictureScene

TOP, ROW, DISC = 40, 92, 44
WORDS, TICKS = 88, 584
SUB = 26  # height of the line under a result's name


def draw(scene: PictureScene) -> Drawing:
    """Draw five steps on a line; to the right, what one's own municipality has done."""
    results = sorted(scene.facts.rows(PlanResult), key=lambda row: row.number)
    short = {item.code: item.short for item in scene.facts.plan()}
    foot = [scene.quote(key) for key in scene.quoted()]
    bottom = TOP + len(results) * ROW
    canvas = Canvas(bottom + 12 + notes_height(foot))
    marks = "".join(dict.fromkeys(scene.mark(row.fact) for row in results))
    canvas.words((WORDS, TOP / 2), scene.say("result", marks=marks), SMALL)
    _tick_heads(canvas, scene)
    x = EDGE + DISC / 2
    canvas.line([(x, TOP + ROW / 2), (x, bottom - ROW / 2)], Pen(edge=ACCENT, width=2))
    for place, result in enumerate(results):
        items = [f"{code} {short.get(code, '')}".strip() for code in result.codes]
        _row(canvas, scene, TOP + place * ROW, result, items)
        if place:
            y = TOP + place * ROW
            canvas.line([(WORDS, y), (canvas.width - EDGE, y)], Pen(edge=LINE))
    notes(canvas, bottom + 10, foot)
    steps = [
        scene.say("step", number=row.number, name=row.name, items=scene.say("and").join(row.codes))
        if row.codes
        else scene.say("step-alone", number=row.number, name=row.name)
        for row in results
    ]
    return scene.done(canvas, steps="".join(steps), count=len(results))


def _tick_heads(canvas: Canvas, scene: PictureScene) -> None:
    for place, state in enumerate(("done", "underway", "not-yet")):
        canvas.words((TICKS + 26 + place * 54, TOP / 2), scene.say(state), SMALL, "center")


def _row(
    canvas: Canvas, scene: PictureScene, top: float, result: PlanResult, items: list[str]
) -> None:
    middle = top + ROW / 2
    disc = (EDGE + DISC / 2, middle)
    canvas.ellipse(disc, (DISC, DISC), Pen(ACCENT, PAPER, 3))
    canvas.words(disc, str(result.number), HEAD.of(PAPER), "center")
    lines = [scene.say("includes", what=result.includes)] if result.includes else []
    if items:
        lines.append(scene.say("items", items=scene.say("and").join(items)))
    width = TICKS - WORDS - 16
    high = len(wrap(result.name, HEAD.size, width)) * HEAD.size * LEADING
    name = Box(WORDS, middle - (high + (SUB if lines else 0)) / 2, width, high)
    canvas.block(name, result.name, HEAD)
    canvas.words((WORDS, name.bottom + SUB / 2), scene.say("between").join(lines), SMALL)
    for place in range(3):
        box = Box(TICKS + 15 + place * 54, middle - 11, 22, 22)
        canvas.box(box, Pen(PAPER, INK_SOFT, 1.5, radius=3))
