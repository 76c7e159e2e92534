"""Slides 13 and 15: from the basic act to what a municipality does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dxcourse.facts import ChainLink, Law, PlanEdition
from dxcourse.figures.canvas import EDGE, Box, Canvas, notes, notes_height
from dxcourse.figures.style import ACCENT, ACCENT_SOFT, HEAD, PAPER, SMALL, STRONG, Pen

if TYPE_CHECKING:
    from dxcourse.figures.words import Drawing, PictureScene

TOP, CARD, GAP, STEP = 12, 92, 60, 44
TAG = 116


def draw(scene: PictureScene) -> Drawing:
    """Draw the links from top to bottom, with what leads from one to the next between them."""
    links = sorted(scene.facts.rows(ChainLink), key=lambda row: row.order)
    foot = [scene.quote(key) for key in scene.quoted() if key not in _dated(scene)]
    bottom = TOP + len(links) * (CARD + GAP) - GAP
    canvas = Canvas(bottom + 20 + notes_height(foot))
    for place, link in enumerate(links):
        top = TOP + place * (CARD + GAP)
        last = place == len(links) - 1
        _card(canvas, scene, Box(EDGE + place * STEP, top, 596, CARD), link, last=last)
        if not last:
            tail = (EDGE + (place + 1) * STEP + 28, top + CARD + 6)
            canvas.arrow(tail, (tail[0], top + CARD + GAP - 5), Pen(edge=ACCENT, width=2))
            middle = top + CARD + GAP / 2
            words = f"{scene.mark(link.fact)} {link.link}"
            canvas.block(Box(tail[0] + 18, middle - 20, 560, 40), words, SMALL)
    notes(canvas, bottom + 14, foot)
    return scene.done(
        canvas,
        steps=scene.say("arrow").join(f"{link.name}（{link.kind}）" for link in links),
        why="".join(
            scene.say("why", name=link.name, link=link.link) for link in links if link.link
        ),
    )


def _card(canvas: Canvas, scene: PictureScene, box: Box, link: ChainLink, *, last: bool) -> None:
    """Draw a link; the last, one's own, is the dark one."""
    canvas.box(box, Pen(ACCENT if last else ACCENT_SOFT, ACCENT, 1.5, radius=10))
    ink = (PAPER, PAPER) if last else (HEAD.colour, SMALL.colour)
    detail = _detail(scene, link)
    name = Box(box.x + 24, box.y + (14 if detail else 28), box.width - TAG - 48, 36)
    canvas.block(name, link.name, HEAD.of(ink[0]))
    if detail:
        canvas.block(Box(name.x, name.bottom, name.width, 30), detail, SMALL.of(ink[1]))
    tag = Box(box.right - TAG - 12, box.middle[1] - 15, TAG, 30)
    canvas.box(tag, Pen(PAPER, radius=6))
    canvas.words(tag.middle, link.kind, STRONG.of(ACCENT), "center")


def _dated(scene: PictureScene) -> list[str]:
    """List the quoted facts that date a link: named for it, ``priority-plan-1``."""
    ids = [link.id for link in scene.facts.rows(ChainLink)]
    return [key for key in scene.quoted() if key.rpartition("-")[0] in ids]


def _detail(scene: PictureScene, link: ChainLink) -> str:
    for law in scene.facts.rows(Law):
        if law.id == link.law:
            in_force = scene.date_of(law.in_force)
            return scene.say("law", number=law.number, date=in_force, mark=scene.mark(law.fact))
    dated = [scene.fact(key) for key in _dated(scene) if key.rpartition("-")[0] == link.id]
    if dated:
        dates = scene.say("and").join(
            f"{scene.date_of(fact.as_of)} {scene.mark(fact.id)}" for fact in dated
        )
        return scene.say("decided", dates=dates)
    editions = sorted(scene.facts.rows(PlanEdition), key=lambda row: row.date)
    if link.id == scene.say("editions-of"):
        first, newest = editions[0], editions[-1]
        return scene.say(
            "editions",
            first=f"{first.name} {scene.month(first.date)} {scene.mark(first.fact)}",
            newest=f"{newest.name} {scene.month(newest.date)} {scene.mark(newest.fact)}",
        )
    return ""
