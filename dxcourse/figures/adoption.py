"""AI, RPA and generative AI over the years, for the appendix: one panel a tool."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from dxcourse.facts import FigureSeries
from dxcourse.figures.canvas import EDGE, Box, Canvas, Point, notes, notes_height
from dxcourse.figures.style import ACCENT, HEAD, INK, INK_SOFT, LINE, NOTE, OPEN, PAPER, Pen

if TYPE_CHECKING:
    from dxcourse.facts import Figure
    from dxcourse.figures.words import Drawing, PictureScene

SERIES = ("ai-adoption", "rpa-adoption", "genai-adoption")
TITLE, PLOT, GAP, AXIS = 34, 168, 20, 30
LEFT, RIGHT = 62, 590
LABEL = 16  # least distance between two labels
WHOLE = 100
# A group's line and marker tell it apart without colour.
LOOKS = (
    (Pen(PAPER, INK_SOFT, 2), "s"),
    (Pen(PAPER, OPEN, 2, dash=(3, 2)), "^"),
    (Pen(ACCENT, ACCENT, 2.5), "o"),
    (Pen(PAPER, ACCENT, 2.5, dash=(1, 1)), "D"),
)

Lines = dict[str, list["Figure"]]


def draw(scene: PictureScene) -> Drawing:
    """Draw three panels on one axis of years, 0 to 100 %, values beside their points."""
    groups = scene.say("groups").split("|")
    panels = {name: _lines(scene, name, groups) for name in SERIES}
    rows = [row for lines in panels.values() for line in lines.values() for row in line]
    years = range(
        int(min(row.as_of for row in rows)[:4]), int(max(row.as_of for row in rows)[:4]) + 2
    )
    foot = [scene.sources([row.fact for row in rows]), scene.quote("reported")]
    step = TITLE + PLOT + GAP
    bottom = len(panels) * step - GAP
    canvas = Canvas(bottom + AXIS + 16 + notes_height(foot))
    names = {row.series: row.short for row in scene.facts.rows(FigureSeries)}
    for place, (name, lines) in enumerate(panels.items()):
        canvas.words((EDGE, place * step + 20), names[name], HEAD)
        plot = Box(LEFT, place * step + TITLE + 8, RIGHT - LEFT, PLOT - 8)
        _grid(canvas, scene, plot, years)
        _plot(
            canvas, scene, plot, years, {groups.index(group): line for group, line in lines.items()}
        )
    for year in years[:-1]:
        x = LEFT + (RIGHT - LEFT) * (year + 0.5 - years[0]) / (len(years) - 1)
        canvas.words((x, bottom + 16), scene.say("year", year=year), NOTE, "center")
    notes(canvas, bottom + AXIS + 10, foot)
    return scene.done(
        canvas, series="".join(_spoken(scene, names[name], lines) for name, lines in panels.items())
    )


def _lines(scene: PictureScene, series: str, groups: list[str]) -> Lines:
    """Collect the shares of a series by group, the earliest first."""
    rows = scene.shares(series)
    lines = {group: [row for row in rows if row.group == group] for group in groups}
    return {group: line for group, line in lines.items() if line}


def _grid(canvas: Canvas, scene: PictureScene, plot: Box, years: range) -> None:
    for share in (0, WHOLE / 2, WHOLE):
        y = plot.bottom - plot.height * share / WHOLE
        canvas.line([(plot.x, y), (plot.right, y)], Pen(edge=LINE))
        label = scene.say("percent", value=f"{share:g}")
        canvas.words((plot.x - 8, y), label, NOTE, "right")
    for year in years:
        x = plot.x + plot.width * (year - years[0]) / (len(years) - 1)
        canvas.line([(x, plot.bottom), (x, plot.bottom + 5)], Pen(edge=INK_SOFT))


def _plot(
    canvas: Canvas, scene: PictureScene, plot: Box, years: range, lines: dict[int, list[Figure]]
) -> None:
    ends: list[tuple[float, str, str]] = []
    newest = max(row.as_of[:7] for line in lines.values() for row in line)
    for look, line in lines.items():
        pen, marker = LOOKS[look % len(LOOKS)]
        points = [_point(plot, years, row) for row in line]
        canvas.line(points, pen, marker)
        # Values stand over their line, but under it at the top and for the second group.
        for point, row in zip(points[:-1], line[:-1], strict=True):
            over = look != 1 and point[1] > plot.y + 20
            at = (point[0], point[1] + (-16 if over else 17))
            canvas.words(at, f"{row.value:g}", NOTE.of(INK), "center")
        share = scene.say("percent", value=f"{line[-1].value:g}")
        words = f"{share} {line[-1].group}"
        if line[-1].as_of[:7] == newest:
            ends.append((points[-1][1], words, pen.edge))
        else:
            under = (points[-1][0], points[-1][1] + 19)
            canvas.words(under, words, NOTE.of(pen.edge), "center")
    x = max(_point(plot, years, line[-1])[0] for line in lines.values())
    last = -float(LABEL)
    for y, words, colour in sorted(ends):
        last = max(y, last + LABEL)
        canvas.words((x + 14, last), words, NOTE.of(colour))


def _point(plot: Box, years: range, row: Figure) -> Point:
    """Place a value; a date that names no day stands at its month's start."""
    day = date.fromisoformat((row.as_of + "-01-01")[:10])
    since = day.year - years[0] + day.timetuple().tm_yday / 365.25
    return (
        plot.x + plot.width * since / (len(years) - 1),
        plot.bottom - plot.height * row.value / WHOLE,
    )


def _spoken(scene: PictureScene, name: str, lines: Lines) -> str:
    groups = [
        scene.say(
            "group",
            group=group,
            values=scene.say("arrow").join(
                scene.say("value", when=scene.month(row.as_of), value=f"{row.value:g}")
                for row in line
            ),
        )
        for group, line in lines.items()
    ]
    return scene.say("spoken", name=name, groups=scene.say("and").join(groups))
