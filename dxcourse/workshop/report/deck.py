"""Slides on which nothing lies over another thing or runs off the edge."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Length, Pt

from dxcourse.text.typed import visible
from dxcourse.workshop.report.content import words
from dxcourse.workshop.report.slide_text import (
    in_portions,
    largest,
    line_count,
    text_height,
    text_width,
)


def colour(code: str) -> RGBColor:
    """Give a colour by its six digits."""
    made: RGBColor = RGBColor.from_string(code)  # type: ignore[no-untyped-call]
    return made


WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
EDGE, BOTTOM = Inches(0.6), Inches(0.4)
INNER = Emu(WIDTH - 2 * EDGE)
HEAD_TOP, HEAD_HEIGHT, GAP = Inches(0.35), Inches(1.0), Inches(0.1)
TOP = Emu(HEAD_TOP + HEAD_HEIGHT + GAP)
TITLE_ONLY = 5  # of the layouts that an empty presentation has
INK, SOFT = colour("1F1D1A"), colour("4A453D")
ACCENT, BEFORE, WHITE = colour("1F4788"), colour("857D6E"), colour("FFFFFF")
TITLE_SIZES = (32, 28, 24, 20, 18, 16)
SMALL = 14  # points: nothing is smaller
SIDE, ABOVE = 7.2, 3.6  # points between a box's edge and its text, as PowerPoint has them
MOST_COLUMNS = 6  # of a table on a slide, beside the first
LABELS = 0.4  # of a chart's width, for the names of its bars

Line = tuple[str, int, bool, RGBColor]
Cells = Sequence[str | int | float | None]


@dataclass(frozen=True)
class Series:
    """Bars of one colour."""

    name: str
    counts: Sequence[int]
    colour: RGBColor


@dataclass
class Slide:
    """A slide that is filled from the top down."""

    made: Any
    top: Length = TOP

    @property
    def left(self) -> float:
        """The points that are left below."""
        return float(Emu(HEIGHT - BOTTOM - self.top).pt)

    def text(self, lines: Sequence[Line]) -> None:
        """Write paragraphs, each with its size in points."""
        if not lines:
            return
        height = Pt(lines_height(lines) + 2 * ABOVE)
        box = self.made.shapes.add_textbox(EDGE, self.top, INNER, height)
        _write(box.text_frame, lines)
        self.top = Emu(self.top + height + GAP)

    def chart(self, names: Sequence[str], rows: Sequence[Series]) -> None:
        """Draw bars, the first name on top; a number stands at each."""
        data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
        data.categories = [visible(name) for name in names]
        for row in rows:
            data.add_series(row.name, row.counts)
        place = (EDGE, self.top, INNER, Emu(HEIGHT - self.top - BOTTOM))
        chart = self.made.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *place, data).chart
        size = next(each for each in (16, SMALL) if self.takes(names, each) or each == SMALL)
        chart.font.size, chart.font.name = Pt(size), words()["sheet_font"]
        chart.has_title = False
        chart.has_legend = len(rows) > 1
        if chart.has_legend:
            chart.legend.position = XL_LEGEND_POSITION.BOTTOM
            chart.legend.include_in_layout = False
        chart.category_axis.reverse_order = True
        chart.value_axis.visible = False
        chart.value_axis.has_major_gridlines = False
        chart.value_axis.minimum_scale = 0
        plot = chart.plots[0]
        plot.gap_width, plot.has_data_labels = 45, True
        for series, row in zip(plot.series, rows, strict=True):
            series.format.fill.solid()
            series.format.fill.fore_color.rgb = row.colour

    def takes(self, names: Sequence[str], size: int) -> bool:
        """Say whether the names of bars can be read beside them at a size."""
        each = (self.left - 3 * size) / max(1, len(names))  # below stands what the colours mean
        room = INNER.pt * LABELS
        return all(text_height([(visible(name), size)], room) <= each for name in names)

    def table(
        self, table: SlideTable, rows: Sequence[Cells], strong: Sequence[Sequence[int]]
    ) -> None:
        """Lay out some rows of a table; in each, cells at the `strong` places stand out."""
        cells = (table.head, *rows)
        heights = [table.height(each) for each in cells]
        size = len(cells), len(table.head)
        shape = self.made.shapes.add_table(*size, EDGE, self.top, INNER, Pt(sum(heights)))
        for column, width in zip(shape.table.columns, table.widths, strict=True):
            column.width = Pt(width)
        for row, height in zip(shape.table.rows, heights, strict=True):
            row.height = Pt(height)
        for y, each in enumerate(cells):
            for x, cell in enumerate(each):
                marked = y > 0 and x in strong[y - 1]
                ink = WHITE if y == 0 else ACCENT if marked else INK
                _write(
                    shape.table.cell(y, x).text_frame, [(_told(cell), SMALL, marked or not y, ink)]
                )
        self.top = Emu(self.top + Pt(sum(heights)) + GAP)


@dataclass(frozen=True)
class SlideTable:
    """A table as it is laid out: how wide its columns are, and so how high its rows."""

    head: Cells
    rows: Sequence[Cells]

    @cached_property
    def widths(self) -> tuple[float, ...]:
        """Points for each column: by what stands in it, the first with most."""
        longest = [
            max(text_width(_told(row[at]), SMALL) for row in (self.head, *self.rows))
            for at in range(len(self.head))
        ]
        room = INNER.pt - 2 * SIDE * len(longest)
        least = room / len(longest) / 2  # no column is narrower than half of what is fair
        wanted = [max(least, min(each, room / 2)) + SMALL for each in longest]
        return tuple(2 * SIDE + room * each / sum(wanted) for each in wanted)

    def height(self, row: Cells) -> float:
        """Points that a row takes."""
        lines = [
            line_count(_told(cell), SMALL, width - 2 * SIDE)
            for cell, width in zip(row, self.widths, strict=True)
        ]
        return max(lines) * text_height([("", SMALL)], 1e6) + 2 * ABOVE


@dataclass
class Deck:
    """Slides, one after the other; each has its title where a screen reader finds it."""

    show: Any = field(default_factory=Presentation)

    def __post_init__(self) -> None:
        self.show.slide_width, self.show.slide_height = WIDTH, HEIGHT

    def slide(self, title: str, lines: Sequence[Line] = ()) -> Slide:
        """Begin a slide with its title, and what stands beneath it."""
        made = self.show.slides.add_slide(self.show.slide_layouts[TITLE_ONLY])
        head = made.shapes.title
        head.left, head.top, head.width, head.height = EDGE, HEAD_TOP, INNER, HEAD_HEIGHT
        room, height = INNER.pt - 2 * SIDE, HEAD_HEIGHT.pt - 2 * ABOVE
        size = largest(visible(title), TITLE_SIZES, room, height)
        _write(head.text_frame, [(title, size, True, INK)])
        slide = Slide(made)
        slide.text(lines)
        return slide

    def takes_chart(self, lines: Sequence[Line], names: Sequence[str]) -> bool:
        """Say whether the names of bars can all be read beside them, with these lines above."""
        return Slide(None, _below(lines)).takes(names, SMALL)

    def tables(
        self,
        title: str,
        lines: Sequence[Line],
        head: Cells,
        rows: Sequence[Cells],
        strong: Sequence[Sequence[int]] = (),
    ) -> None:
        """Lay a table out on as many slides as it takes, each with head and first column."""
        marked = strong or [()] * len(rows)
        for places in _column_groups(len(head)):
            table = SlideTable(
                [head[at] for at in places], [[row[at] for at in places] for row in rows]
            )
            marks = [[places.index(at) for at in each if at in places] for each in marked]
            pairs = list(zip(table.rows, marks, strict=True))
            room = Slide(None, _below(lines)).left - table.height(table.head)
            for some in in_portions(pairs, [table.height(row) for row in table.rows], room):
                slide = self.slide(title, lines)
                slide.table(table, [row for row, _ in some], [mark for _, mark in some])

    def paragraphs(self, title: str, blocks: Sequence[Sequence[Line]]) -> None:
        """Write blocks of paragraphs that stay together, on as many slides as they take."""
        heights = [lines_height(block) for block in blocks]
        for some in in_portions(blocks, heights, Slide(None).left - 2 * ABOVE):
            self.slide(title, [line for block in some for line in block])

    def file(self) -> bytes:
        """Give the file."""
        out = io.BytesIO()
        self.show.save(out)
        return out.getvalue()


def lines_height(lines: Sequence[Line]) -> float:
    """Give the points that paragraphs take, one under the other."""
    sizes = [(visible(text), size) for text, size, _, _ in lines]
    return text_height(sizes, INNER.pt - 2 * SIDE)


def _below(lines: Sequence[Line]) -> Length:
    return Emu(TOP + Pt(lines_height(lines) + 2 * ABOVE) + GAP) if lines else TOP


def _column_groups(count: int) -> Iterator[list[int]]:
    """Part columns into groups of about the same number, each with the first."""
    rest = range(1, count)
    groups = -(-len(rest) // MOST_COLUMNS) or 1
    size = -(-len(rest) // groups)
    for start in range(0, max(1, len(rest)), max(1, size)):
        yield [0, *rest[start : start + size]]


def _told(cell: str | float | None) -> str:
    return "" if cell is None else visible(str(cell))


def _write(frame: Any, lines: Sequence[Line]) -> None:  # noqa: ANN401  -- python-pptx's
    frame.word_wrap = True
    for at, (text, size, bold, ink) in enumerate(lines):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = visible(text)
        run.font.size, run.font.bold = Pt(size), bold
        run.font.color.rgb = ink
        run.font.name = words()["sheet_font"]
        # `name` is for Latin letters alone: what East Asian ones are set in stands beside it.
        face = run.font._element.makeelement(qn("a:ea"), {"typeface": words()["sheet_font"]})  # noqa: SLF001
        run.font._element.append(face)  # noqa: SLF001
