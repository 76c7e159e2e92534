"""Slide 21, readable: each item of the plan with its class, basis, handbook, result, deadline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dxcourse.facts import Law, PlanSection, deadline_status
from dxcourse.figures.canvas import (
    EDGE,
    LEADING,
    LEGEND_HEIGHT,
    Box,
    Canvas,
    legend,
    notes,
    notes_height,
)
from dxcourse.figures.line_breaking import wrap
from dxcourse.figures.style import (
    ACCENT,
    ACCENT_SOFT,
    BODY,
    INK,
    INK_SOFT,
    LINE,
    NOTE,
    OPEN,
    OPEN_SOFT,
    PAPER,
    SMALL,
    STRONG,
    Pen,
    Type,
)

if TYPE_CHECKING:
    from dxcourse.facts import PlanItem
    from dxcourse.figures.words import Drawing, PictureScene

HEAD, BAND, PAD = 40, 34, 9
# Left edge and width of the columns.
CODE, NAME, CLASS = (EDGE, 34), (EDGE + 38, 204), (268, 92)
BASIS, HANDBOOK, RESULT, DUE = (398, 100), (508, 100), (612, 40), (660, 92)
OUT = 8  # bands and rules reach as far out
CELL = Type(14)
PILLS = {
    ("deadline", True): (Pen(ACCENT, ACCENT, 1.5, radius=13), PAPER),
    ("deadline", False): (Pen(PAPER, ACCENT, 1.5, dash=(3, 2), radius=13), ACCENT),
    ("continuous", True): (Pen(OPEN_SOFT, OPEN, 1.5, radius=13), OPEN),
    ("continuous", False): (Pen(OPEN_SOFT, OPEN, 1.5, dash=(3, 2), radius=13), OPEN),
}
UNREAD = (Pen(PAPER, INK_SOFT, 1, dash=(1, 2), radius=13), INK_SOFT)


@dataclass(frozen=True)
class MapRow:
    """An item of the plan as the map says it; an empty word is a dash."""

    item: PlanItem
    class_: str
    basis: str
    handbook: str
    result: str
    due: str
    left: str

    @property
    def height(self) -> float:
        """As much as its fullest cell needs."""
        lines = [
            len(wrap(self.item.name, BODY.size, NAME[1])) * BODY.size,
            len(wrap(self.basis, CELL.size, BASIS[1])) * CELL.size,
            len(wrap(self.handbook, CELL.size, HANDBOOK[1])) * CELL.size,
            (1 + len(wrap(self.left, NOTE.size, DUE[1]))) * NOTE.size if self.left else 0,
        ]
        return max(40.0, max(lines) * LEADING + 2 * PAD)


def draw(scene: PictureScene) -> Drawing:
    """Map the newest edition's items, section by section, deadlines seen from today."""
    items = scene.facts.plan()
    rows = [_row(scene, item) for item in items]
    sections = [
        section for section in scene.facts.rows(PlanSection) if section.edition == items[0].edition
    ]
    foot = [*_footnotes(scene, items), *(scene.quote(key) for key in scene.quoted())]
    body = HEAD + len(sections) * BAND + sum(row.height for row in rows)
    canvas = Canvas(body + 8 + LEGEND_HEIGHT + notes_height(foot) + 10)
    _head(canvas, scene)
    top = float(HEAD)
    for section in sections:
        top = _band(canvas, top, section)
        for row in rows:
            if row.item.section == section.section:
                _draw_row(canvas, scene, top, row)
                top += row.height
    legend(canvas, scene, top + 4, scene.say("none"))
    notes(canvas, top + 4 + LEGEND_HEIGHT, foot)
    return scene.done(
        canvas,
        count=len(items),
        rows="".join(_spoken(scene, row) for row in rows),
        today=scene.date_of(scene.today.isoformat()),
    )


def _row(scene: PictureScene, item: PlanItem) -> MapRow:
    laws = {law.id: law.short for law in scene.facts.rows(Law)}
    mark = scene.mark
    due = ""
    if item.deadline:
        due = f"{scene.month(item.deadline)} {mark(item.deadline_fact)}"
    elif item.deadline_fact:
        due = mark(item.deadline_fact)
    handbook = scene.facts.name("handbook", item.handbook)
    listed = item.result is not None or item.handbook != "none"
    basis = scene.say("near", mark=mark(item.basis_fact)) if item.basis_fact else ""
    return MapRow(
        item,
        class_=scene.facts.name("class", item.class_),
        basis=f"{laws[item.basis]} {mark(item.basis_fact)}" if item.basis else basis,
        handbook=f"{handbook} {mark(item.handbook_fact)}" if listed else "",
        result=f"{chr(0x245F + item.result)} {mark(item.result_fact)}" if item.result else "",
        due=due,
        left=_left(scene, item),
    )


def _left(scene: PictureScene, item: PlanItem) -> str:
    """Say how far off the item's own deadline is, or past."""
    for deadline in scene.facts.deadlines():
        if deadline.item == item.code and deadline.date == item.deadline:
            status = deadline_status(deadline, scene.today)
            return scene.say(f"{deadline.kind}-{status.state}", months=status.months)
    return ""


def _footnotes(scene: PictureScene, items: tuple[PlanItem, ...]) -> list[str]:
    """Say what is known of a basis that no law can be named for."""
    return [
        f"{scene.say('near', mark=scene.mark(item.basis_fact))} "
        f"{scene.facts[item.basis_fact].statement}"
        for item in items
        if item.basis_fact and not item.basis
    ]


def _head(canvas: Canvas, scene: PictureScene) -> None:
    columns = {"item": CODE, "class": CLASS, "basis": BASIS, "handbook": HANDBOOK, "due": DUE}
    for word, (x, _) in columns.items():
        canvas.words((x, HEAD / 2), scene.say(word), STRONG.of(INK_SOFT))
    canvas.words((RESULT[0] - 2, HEAD / 2), scene.say("result"), STRONG.of(INK_SOFT))


def _band(canvas: Canvas, top: float, section: PlanSection) -> float:
    box = Box(OUT, top, canvas.width - 2 * OUT, BAND)
    canvas.box(box, Pen(ACCENT_SOFT))
    at = (EDGE, box.middle[1])
    width = canvas.words(at, str(section.section), STRONG.of(ACCENT))
    canvas.words((at[0] + width + 12, at[1]), section.name, STRONG)
    return box.bottom


def _draw_row(canvas: Canvas, scene: PictureScene, top: float, row: MapRow) -> None:
    item, height = row.item, row.height
    middle = top + height / 2
    if item.class_scored:
        canvas.box(Box(OUT, top + 3, 4, height - 6), Pen(ACCENT))
    canvas.words((CODE[0], middle), item.code, STRONG.of(ACCENT))
    canvas.block(Box(NAME[0], top, NAME[1], height), item.name, BODY)
    pen, ink = PILLS.get((item.class_, item.class_scored), UNREAD)
    pill = Box(CLASS[0], middle - 13, CLASS[1], 26)
    canvas.box(pill, pen)
    canvas.words(pill.middle, row.class_, SMALL.of(ink), "center")
    canvas.words((pill.right + 6, middle), scene.mark(item.class_fact), CELL)
    for words, (x, width) in ((row.basis, BASIS), (row.handbook, HANDBOOK), (row.result, RESULT)):
        look = CELL if words else CELL.of(INK_SOFT)
        canvas.block(Box(x, top, width, height), words or scene.say("dash"), look)
    if row.left:
        canvas.block(Box(DUE[0], top, DUE[1], height), f"{row.due}\n{row.left}", NOTE.of(INK))
    else:
        canvas.words((DUE[0], middle), row.due or scene.say("dash"), CELL.of(INK_SOFT))
    canvas.line([(OUT, top + height), (canvas.width - OUT, top + height)], Pen(edge=LINE))


def _spoken(scene: PictureScene, row: MapRow) -> str:
    parts = {
        "basis": row.basis,
        "handbook": row.handbook,
        "result": row.result,
        "due": f"{row.due} {row.left}".strip(),
    }
    known = [
        scene.say("part", name=scene.say(key), value=parts[key]) for key in parts if parts[key]
    ]
    mark = scene.mark(row.item.class_fact)
    start = f"{row.item.code} {row.item.short}＝{row.class_} {mark}"
    return scene.say("spoken", parts=scene.say("and").join([start, *known]))
