"""A canvas to draw on: CSS pixels from the top left, a few shapes, words; then one clean SVG."""

from __future__ import annotations

from functools import lru_cache
from io import StringIO
from math import hypot
from typing import TYPE_CHECKING, Literal, NamedTuple

from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Ellipse, FancyBboxPatch, Patch, Polygon

from dxcourse.figures.line_breaking import measure, wrap
from dxcourse.figures.style import INK_SOFT, NOTE, PAPER, SMALL, WIDTH, Pen, Type, font_file
from dxcourse.figures.svg import BOLD, tidy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from dxcourse.figures.words import PictureScene

Align = Literal["left", "center", "right"]
LEADING = 1.4
_MIDDLE = 0.38  # from the baseline to the middle of a kanji, in em


class Box(NamedTuple):
    """A rectangle by its top left corner and size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> tuple[float, float]:
        """Its centre."""
        return self.x + self.width / 2, self.y + self.height / 2


Point = tuple[float, float]


class Canvas:
    """White paper of a width and height in CSS pixels; later shapes cover earlier ones."""

    def __init__(self, height: float, width: float = WIDTH) -> None:
        self.width, self.height = round(width), round(height)
        # A figure of its own, not pyplot's: nothing is left behind in the process.
        self._figure = Figure(figsize=(self.width / 72, self.height / 72), dpi=72, facecolor=PAPER)
        self._axes: Axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set(xlim=(0, self.width), ylim=(self.height, 0))
        self._axes.set_axis_off()
        self._order = 0

    def words(self, at: Point, words: str, look: Type, align: Align = "left") -> float:
        """Write one line, its middle at ``at``; returns its width."""
        width = measure(words, look.size)
        self._order += 1
        text = self._axes.text(
            at[0],
            at[1] + _MIDDLE * look.size,
            words,
            color=look.colour,
            fontproperties=_font(look.size),
            ha=align,
            va="baseline",
            parse_math=False,
            zorder=self._order,
        )
        if look.bold:
            text.set_gid(BOLD + look.colour)
        return width

    def block(self, box: Box, words: str, look: Type, align: Align = "left") -> float:
        """Write words on as many lines as the box's width asks for, centred in its height.

        Returns the height that the lines take.
        """
        lines = wrap(words, look.size, box.width)
        step = look.size * LEADING
        x = {"left": box.x, "center": box.middle[0], "right": box.right}[align]
        for number, line in enumerate(lines):
            y = box.middle[1] + (number - (len(lines) - 1) / 2) * step
            self.words((x, y), line, look, align)
        return step * len(lines)

    def box(self, box: Box, pen: Pen) -> None:
        """Draw a rectangle, rounded if the pen is."""
        style = f"round,pad=0,rounding_size={pen.radius}" if pen.radius else "square,pad=0"
        self._add(FancyBboxPatch((box.x, box.y), box.width, box.height, boxstyle=style), pen)

    def ellipse(self, middle: Point, size: Point, pen: Pen) -> None:
        """Draw an ellipse of a width and a height."""
        self._add(Ellipse(middle, size[0], size[1]), pen)

    def polygon(self, corners: Sequence[Point], pen: Pen) -> None:
        """Draw a closed outline."""
        self._add(Polygon(list(corners), closed=True), pen)

    def line(self, points: Sequence[Point], pen: Pen, marker: str = "") -> None:
        """Draw a line through points, with a marker on each if one is named."""
        self._order += 1
        line = Line2D(
            [x for x, _ in points],
            [y for _, y in points],
            color=pen.edge,
            linewidth=pen.width,
            linestyle=(0, pen.dash) if pen.dash else "solid",
            marker=marker,
            markersize=9,
            markerfacecolor=pen.fill if pen.fill != "none" else PAPER,
            markeredgecolor=pen.edge,
            markeredgewidth=2,
            zorder=self._order,
        )
        self._axes.add_line(line)
        line.set_clip_on(False)

    def arrow(self, tail: Point, head: Point, pen: Pen) -> None:
        """Draw a straight arrow; its head stays solid when the shaft is dashed."""
        long, half = 6 * pen.width, 2.8 * pen.width
        length = hypot(head[0] - tail[0], head[1] - tail[1])
        along = (head[0] - tail[0]) / length, (head[1] - tail[1]) / length
        neck = head[0] - long * along[0], head[1] - long * along[1]
        side = -half * along[1], half * along[0]
        corners = [(neck[0] + side[0], neck[1] + side[1]), (neck[0] - side[0], neck[1] - side[1])]
        self.line([tail, neck], pen)
        self.polygon([head, *corners], Pen(pen.edge))

    def svg(self, name: str, alt: str) -> str:
        """Give the canvas as one SVG element; the same canvas gives the same text."""
        out = StringIO()
        plain = {"Date": None, "Creator": None, "Format": None, "Type": None}
        with rc_context({"svg.fonttype": "path", "svg.hashsalt": name, "hatch.linewidth": 0.9}):
            self._figure.savefig(out, format="svg", metadata=plain)
        return tidy(out.getvalue(), name, alt)

    def _add(self, patch: Patch, pen: Pen) -> None:
        self._order += 1
        patch.set(
            facecolor=pen.fill,
            edgecolor=pen.edge,
            linewidth=pen.width if pen.edge != "none" else 0,
            linestyle=(0, pen.dash) if pen.dash else "solid",
            zorder=self._order,
        )
        if pen.hatch:
            patch.set_hatch(pen.hatch)
            patch.set_hatchcolor(pen.edge if pen.edge != "none" else INK_SOFT)
        self._axes.add_patch(patch)
        patch.set_clip_on(False)


@lru_cache(maxsize=32)
def _font(size: float) -> FontProperties:
    return FontProperties(fname=str(font_file()), size=size)


EDGE = 16
"""Space left free at a canvas's left and right."""

NOTE_STEP = NOTE.size * LEADING
LEGEND_HEIGHT = 34


def legend(canvas: Canvas, scene: PictureScene, top: float, *rest: str) -> None:
    """Draw the certainty marks and their meaning in one line; then other signs of the picture."""
    x = float(EDGE)
    marks = [f"{entry.mark} {entry.name}" for entry in scene.facts.legend("certainty")]
    for words in (*marks, *rest):
        x += canvas.words((x, top + LEGEND_HEIGHT / 2), words, SMALL) + 22


def key(canvas: Canvas, left: float, bars: Sequence[tuple[Pen, str]]) -> None:
    """Draw what each sort of bar stands for, in one line at the top."""
    x = left
    for pen, word in bars:
        canvas.box(Box(x, 10, 26, 14), pen)
        x += 34 + canvas.words((x + 34, LEGEND_HEIGHT / 2), word, SMALL) + 26


def notes_height(notes: Sequence[str]) -> float:
    """Say how high `notes` will be."""
    return sum(len(_note_lines(note)) * NOTE_STEP + 4 for note in notes)


def notes(canvas: Canvas, top: float, lines: Sequence[str]) -> None:
    """Draw small notes, one under the other; the turned lines hang behind the first's mark."""
    for note in lines:
        for number, line in enumerate(_note_lines(note)):
            indent = _hang(note) if number else 0.0
            canvas.words((EDGE + indent, top + NOTE_STEP / 2), line, NOTE)
            top += NOTE_STEP
        top += 4


def _hang(note: str) -> float:
    head, space, _ = note.partition(" ")
    return measure(head + space, NOTE.size) if space else 0.0


def _note_lines(note: str) -> tuple[str, ...]:
    return wrap(note, NOTE.size, 760 - 2 * EDGE - _hang(note))
