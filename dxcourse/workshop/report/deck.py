"""Slides on which nothing lies over another thing or runs off the edge."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, NamedTuple

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.shapes import MSO_SHAPE, PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Inches, Length, Pt

from dxcourse.text.typed import visible
from dxcourse.workshop.report.content import say, words
from dxcourse.workshop.report.slide_text import (
    ABOVE,
    LINE,
    SIDE,
    Cells,
    SlideTable,
    TableRow,
    cell_text,
    in_portions,
    largest,
    text_height,
    text_width,
)


def colour(code: str) -> RGBColor:
    """Give a colour by its six digits."""
    made: RGBColor = RGBColor.from_string(code)  # type: ignore[no-untyped-call]
    return made


WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
EDGE, BOTTOM = Inches(0.6), Inches(0.6)
INNER = Emu(WIDTH - 2 * EDGE)
HEAD_TOP, HEAD_LEAST, GAP = Inches(0.35), Inches(0.75), Inches(0.12)
NUMBER_HEIGHT = Inches(0.4)
TITLE_ONLY = 5  # of the layouts that an empty presentation has
INK, SOFT, WHITE = colour("1F1D1A"), colour("4A453D"), colour("FFFFFF")
ACCENT, BEFORE, FOLLOWS = colour("1F4788"), colour("857D6E"), colour("6F88B7")
PAPER, GROUND = colour("F6F2E9"), colour("F6F6F3")
TINTS = (GROUND, colour("E0E5EE"), colour("B4C1D8"), ACCENT)  # of a share: 0, to 0.2, to 0.5, more
TITLE_SIZES = (32, 28, 24, 20)
SIZES = (24, 20, 18, 16)  # points, of what stands in tables and at bars
SMALL = 16  # points: nothing is smaller, for the last row's sake
PANEL = 14.0  # points between a panel's edge and its text
LABELS = 0.42  # of a chart's width, at most, for the names of its bars
BAR = 84  # points that a bar is high, with its gap, at most
STRETCH = 1.7  # times its text a row may be high

Group = tuple[Sequence["Paragraph"], Sequence["Paragraph"]]  # a heading, and what stands under it


class Paragraph(NamedTuple):
    """A paragraph: its size and the space above it in points, its font by the word for it.

    `tail` follows on the same line, small.
    """

    text: str
    size: int
    ink: RGBColor = INK
    bold: bool = False
    above: int = 0
    font: str = "sheet_font"
    tail: str = ""


@dataclass(frozen=True)
class Panel:
    """A coloured box with text; `share` of the width of its row."""

    share: float
    fill: RGBColor
    lines: Sequence[Paragraph]


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
    top: Length

    @property
    def left(self) -> float:
        """The points that are left below."""
        return float(Emu(HEIGHT - BOTTOM - self.top).pt)

    def has_room(self, lines: Sequence[Paragraph]) -> bool:
        """Say whether paragraphs fit below."""
        return lines_height(lines) + 2 * ABOVE <= self.left

    def text(self, lines: Sequence[Paragraph]) -> None:
        """Write paragraphs, each with its size in points."""
        if not lines:
            return
        height = Pt(lines_height(lines) + 2 * ABOVE)
        box = self.made.shapes.add_textbox(EDGE, self.top, INNER, height)
        _write(box.text_frame, lines)
        self.top = Emu(self.top + height + GAP)

    def panels(self, row: Sequence[Panel]) -> None:
        """Lay coloured boxes side by side; those of one colour are one."""
        rooms = [each.share * INNER.pt - 2 * PANEL for each in row]
        heights = [lines_height(each.lines, room) for each, room in zip(row, rooms, strict=True)]
        height = Pt(max(heights) + 2 * PANEL)
        left: Length = EDGE
        for each in row:
            width = Emu(int(each.share * INNER))
            place = (left, self.top, width, height)
            box = self.made.shapes.add_shape(MSO_SHAPE.RECTANGLE, *place)
            box.fill.solid()
            box.fill.fore_color.rgb = each.fill
            box.line.fill.background()
            box._element.remove(box._element.find(qn("p:style")))  # noqa: SLF001  -- its shadow
            frame = box.text_frame
            frame.margin_left = frame.margin_right = Pt(PANEL)
            frame.vertical_anchor = MSO_ANCHOR.MIDDLE
            _write(frame, each.lines)
            left = Emu(left + width)
        self.top = Emu(self.top + height + GAP)

    def chart(self, names: Sequence[str], rows: Sequence[Series], told: str) -> None:
        """Draw bars, the first name on top; a number stands at each. `told` says it in words."""
        seen = [visible(name) for name in names]
        size = self.label_size(names)
        data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
        data.categories = seen
        for row in rows:
            data.add_series(row.name, row.counts)
        legend = 2 * size if len(rows) > 1 else 0
        height = min(self.left, legend + BAR * len(rows) ** 0.5 * len(names))
        place = (EDGE, self.top, INNER, Pt(height))
        frame = self.made.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *place, data)
        _tell(frame, told)
        chart = frame.chart
        chart.font.size, chart.font.color.rgb = Pt(size), INK
        _set_fonts(chart.font._element)  # noqa: SLF001  -- it has no other way
        chart.has_title = False
        chart.has_legend = len(rows) > 1
        if chart.has_legend:
            chart.legend.position = XL_LEGEND_POSITION.TOP
            chart.legend.include_in_layout = False
        axis = chart.category_axis
        axis.reverse_order, axis.format.line.color.rgb = True, BEFORE
        _no_name_left_out(axis)
        chart.value_axis.visible = False
        chart.value_axis.has_major_gridlines = False
        chart.value_axis.minimum_scale = 0
        longest = max(text_width(name, size) for name in seen) + 2 * size
        across = min(LABELS, longest / INNER.pt)
        down = legend / height
        _place_plot(chart, across, down, 1 - across - 4 * size / INNER.pt, 1 - down)
        plot = chart.plots[0]
        plot.gap_width, plot.overlap, plot.has_data_labels = 45, 0, True
        plot.data_labels.font.bold, plot.data_labels.font.size = True, Pt(size)
        for series, row in zip(plot.series, rows, strict=True):
            series.format.fill.solid()
            series.format.fill.fore_color.rgb = row.colour
        if len(rows) == 1:
            _lead(plot.series[0], rows[0].counts)

    def label_size(self, names: Sequence[str]) -> int:
        """Give the size for names of bars: large on one line, or else on as many as fit."""
        room = INNER.pt * LABELS
        for size in SIZES[:-1]:
            wide = max(text_width(visible(name), size) for name in names) + 2 * size
            if wide <= room and self.takes(names, size):
                return size
        return next((each for each in SIZES if self.takes(names, each)), SMALL)

    def takes(self, names: Sequence[str], size: int) -> bool:
        """Say whether the names of bars can be read beside them at a size."""
        each = (self.left - 2 * size) / max(1, len(names))  # above stands what the colours mean
        room = INNER.pt * LABELS - size
        return all(text_height([(visible(name), size)], room) <= each for name in names)

    def table(self, table: SlideTable, rows: Sequence[TableRow], told: str) -> None:
        """Lay out some rows of a table. `told` says in words what it is of."""
        heights = [table.height(each) for each in (table.head, *rows)]
        more = min(STRETCH, self.left / sum(heights))
        tall = [Pt(each * max(1.0, more)) for each in heights]
        size = len(tall), len(table.head.cells)
        frame = self.made.shapes.add_table(*size, EDGE, self.top, INNER, Emu(sum(tall)))
        _tell(frame, told)
        frame.table.horz_banding = False
        for column, width in zip(frame.table.columns, table.widths, strict=True):
            column.width = Pt(width)
        for row, height in zip(frame.table.rows, tall, strict=True):
            row.height = height
        for y, each in enumerate((table.head, *rows)):
            for x, text in enumerate(each.cells):
                cell = frame.table.cell(y, x)
                cell.vertical_anchor = MSO_ANCHOR.MIDDLE
                cell.fill.solid()
                fill = ACCENT if y == 0 else TINTS[each.tint(x)]
                cell.fill.fore_color.rgb = fill
                strong = y == 0 or x in each.strong or fill == ACCENT
                ink = WHITE if fill == ACCENT else ACCENT if x in each.strong else INK
                _write(cell.text_frame, [Paragraph(cell_text(text), table.size, ink, bold=strong)])
                if x:
                    cell.text_frame.paragraphs[0].alignment = PP_ALIGN.CENTER
        self.top = Emu(self.top + sum(tall) + GAP)

    def note(self, lines: Iterable[str]) -> None:
        """Write what whoever shows the slide reads beside it."""
        frame = self.made.notes_slide.notes_text_frame
        _write(frame, [Paragraph(line, 12) for line in lines if line])


@dataclass
class Deck:
    """Slides, one after the other; each has its title where a screen reader finds it."""

    name: str
    day: date
    show: Any = field(default_factory=Presentation)
    heads: list[tuple[Any, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        _dress(self.show)
        about = self.show.core_properties
        about.title, about.language, about.author = visible(self.name), "ja-JP", ""
        about.last_modified_by = ""
        about.created = about.modified = datetime.combine(self.day, time())

    def slide(self, title: str, lines: Sequence[Paragraph] = ()) -> Slide:
        """Begin a slide with its title, and what stands beneath it."""
        made = self.show.slides.add_slide(self.show.slide_layouts[TITLE_ONLY])
        head, height = made.shapes.title, Pt(_head_height(title))
        head.left, head.top, head.width, head.height = EDGE, HEAD_TOP, INNER, height
        head.text_frame.vertical_anchor = MSO_ANCHOR.TOP
        self.heads.append((made, title))
        slide = Slide(made, _below(title))
        slide.text(lines)
        return slide

    def takes_chart(self, title: str, lines: Sequence[Paragraph], names: Sequence[str]) -> bool:
        """Say whether the names of bars can all be read beside them, with these lines above."""
        return Slide(None, _below(title, lines)).takes(names, SMALL)

    def tables(
        self,
        title: str,
        lines: Sequence[Paragraph],
        head: Cells,
        rows: Sequence[TableRow],
        told: str,
    ) -> list[Slide]:
        """Lay a table out on as few slides as it takes, each with head and first column.

        It is as large as these few slides allow.
        """
        room = Slide(None, _below(title, lines)).left
        parted = [SlideTable(TableRow(head), rows, size, INNER.pt).pages(room) for size in SIZES]
        best = next(each for each in parted if len(each) == len(parted[-1]))
        found = []
        for table, some in best:
            slide = self.slide(title, lines)
            slide.table(table, some, told)
            found.append(slide)
        return found

    def paragraphs(
        self,
        title: str,
        above: Sequence[Paragraph],
        groups: Callable[[int], Sequence[Group]],
        sizes: Sequence[int],
    ) -> None:
        """Write groups of paragraphs, each under its heading, on as few slides as they take.

        `groups` gives them at a size, of those from large to small; a group that goes on on
        another slide has its heading there, too.
        """
        room = Slide(None, _below(title)).left - 2 * ABOVE
        parted = [_parted(above, groups(size), room) for size in sizes]
        for blocks in next(each for each in parted if len(each) == len(parted[-1])):
            self.slide(title, [line for block in blocks for line in block])

    def file(self) -> bytes:
        """Give the file. Titles that stand on several slides are numbered: none is there twice."""
        count, seen = Counter(title for _, title in self.heads), Counter[str]()
        for number, (made, title) in enumerate(self.heads, start=1):
            head = made.shapes.title
            seen[title] += 1
            of = count[title]
            text = say("slide_part", title=title, n=seen[title], of=of) if of > 1 else title
            size = largest(visible(_widest(title)), TITLE_SIZES, *_head_room())
            _write(head.text_frame, [Paragraph(text, size, bold=True, font="slide_serif")])
            _number(made, number)  # last: whoever has a slide read hears it after the rest
        out = io.BytesIO()
        self.show.save(out)
        return out.getvalue()


def _parted(
    above: Sequence[Paragraph], groups: Iterable[Group], room: float
) -> list[Sequence[Sequence[Paragraph]]]:
    """Part groups into slides; what stands above them all is on the first."""
    blocks: list[Sequence[Paragraph]] = []
    for head, lines in groups:
        used = lines_height(head) + (0 if blocks else lines_height(above))
        heights = [lines_height([line]) for line in lines]
        for some in in_portions(lines, heights, room - used):
            blocks.append([*head, *some] if blocks else [*above, *head, *some])
    heights = [lines_height(block) for block in blocks]
    return list(in_portions(blocks, heights, room))


def lines_height(lines: Sequence[Paragraph], room: float = INNER.pt - 2 * SIDE) -> float:
    """Give the points that paragraphs take, one under the other."""
    sizes = [
        (visible(f"{line.text}{words()['words_join']}{line.tail}"), line.size) for line in lines
    ]
    return text_height(sizes, room) + sum(line.above for line in lines)


def _widest(title: str) -> str:
    """Give a title as it is at its longest, with its number among many."""
    return say("slide_part", title=title, n=10, of=10)


def _head_room() -> tuple[float, float]:
    """Give width and height of two lines of a title: more make it smaller."""
    return INNER.pt - 2 * SIDE, 2 * TITLE_SIZES[0] * LINE


def _head_height(title: str) -> float:
    text = visible(_widest(title))
    size = largest(text, TITLE_SIZES, *_head_room())
    height = text_height([(text, size)], INNER.pt - 2 * SIDE) + 2 * ABOVE
    return max(height, float(HEAD_LEAST.pt))


def _below(title: str, lines: Sequence[Paragraph] = ()) -> Length:
    top = Emu(HEAD_TOP + Pt(_head_height(title)) + GAP)
    return Emu(top + Pt(lines_height(lines) + 2 * ABOVE) + GAP) if lines else top


def _write(frame: Any, lines: Sequence[Paragraph]) -> None:  # noqa: ANN401  -- python-pptx's
    frame.word_wrap = True
    for at, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        # A line is as high as was reckoned, in whatever font the machine has.
        paragraph.line_spacing, paragraph.space_before = Pt(line.size * LINE), Pt(line.above)
        paragraph.alignment = PP_ALIGN.LEFT
        for text, size, bold, ink in (
            (visible(line.text), line.size, line.bold, line.ink),
            (line.tail and f"{words()['words_join']}{visible(line.tail)}", SMALL, False, SOFT),
        ):
            if text:
                run = paragraph.add_run()
                run.text = text
                run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, ink
                _set_fonts(run.font._element, line.font)  # noqa: SLF001  -- it has no other way


def _set_fonts(properties: Any, font: str = "sheet_font") -> None:  # noqa: ANN401
    """Name the font, and the language; a name for Latin letters alone leaves Japanese to chance."""
    properties.set("lang", "ja-JP")
    properties.set("altLang", "en-US")
    for tag in ("a:latin", "a:ea", "a:cs"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
        properties.append(properties.makeelement(qn(tag), {"typeface": words()[font]}))


def _tell(frame: Any, told: str) -> None:  # noqa: ANN401  -- python-pptx's
    """Set what a screen reader says of a chart or a table."""
    frame._element.nvGraphicFramePr.cNvPr.set("descr", visible(told))  # noqa: SLF001


def _no_name_left_out(axis: Any) -> None:  # noqa: ANN401  -- python-pptx's
    """Have every bar's name shown: PowerPoint leaves some out where it thinks there are many."""
    element = axis._element  # noqa: SLF001
    skip = parse_xml(f'<c:tickLblSkip {nsdecls("c")} val="1"/>')
    element.insert_element_before(skip, "c:tickMarkSkip", "c:noMultiLvlLbl", "c:extLst")


def _place_plot(chart: Any, x: float, y: float, w: float, h: float) -> None:  # noqa: ANN401
    """Say where the bars stand, in shares of the chart: names and numbers have what is left."""
    parts = "".join(
        f'<c:{name} val="{value:.4f}"/>' for name, value in zip("xywh", (x, y, w, h), strict=True)
    )
    area = chart._chartSpace.chart.plotArea  # noqa: SLF001
    for old in area.findall(qn("c:layout")):
        area.remove(old)
    layout = parse_xml(
        f'<c:layout {nsdecls("c")}><c:manualLayout><c:layoutTarget val="inner"/>'
        f'<c:xMode val="edge"/><c:yMode val="edge"/>{parts}</c:manualLayout></c:layout>'
    )
    area.insert(0, layout)


def _lead(series: Any, counts: Sequence[int]) -> None:  # noqa: ANN401  -- python-pptx's
    """Let the longest bars stand out."""
    for at, count in enumerate(counts):
        if count < max(counts):
            fill = series.points[at].format.fill
            fill.solid()
            fill.fore_color.rgb = FOLLOWS


def _number(made: Any, number: int) -> None:  # noqa: ANN401  -- python-pptx's
    """Put the slide's number where its layout has it: an empty slide comes without."""
    (place,) = (
        each
        for each in made.slide_layout.placeholders
        if each.placeholder_format.type == PP_PLACEHOLDER.SLIDE_NUMBER
    )
    element = deepcopy(place._element)  # noqa: SLF001
    element.find(f".//{qn('a:t')}").text = str(number)
    ids = (shape.shape_id for shape in made.shapes)
    element.nvSpPr.cNvPr.set("id", str(1 + max(ids)))  # PowerPoint would mend a file with one twice
    made.shapes._spTree.append(element)  # noqa: SLF001


def _dress(show: Any) -> None:  # noqa: ANN401  -- python-pptx's
    """Make an empty presentation wide, Japanese and in the course's colours.

    Its layouts are those of a narrow one; who adds a slide of their own finds them wide.
    """
    across = WIDTH / show.slide_width
    show.slide_width, show.slide_height = WIDTH, HEIGHT
    master = show.slide_master
    for place in (master, *master.slide_layouts):
        for shape in place.shapes:
            if shape._element.spPr.xfrm is not None:  # noqa: SLF001  -- others follow the master
                left, width = shape.left * across, shape.width * across
                shape.left, shape.width = Emu(int(left)), Emu(int(width))
    for shape in master.placeholders:
        if shape.placeholder_format.type == PP_PLACEHOLDER.SLIDE_NUMBER:
            shape.left, shape.width = EDGE, INNER
            shape.top, shape.height = Emu(HEIGHT - BOTTOM + GAP), NUMBER_HEIGHT
            for size in shape._element.iter(qn("a:defRPr")):  # noqa: SLF001
                size.set("sz", str(100 * SMALL))
    theme = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    font = words()["sheet_font"]
    told = theme.blob.decode("utf-8")
    for old, new in (
        (r'<a:(latin|ea) typeface="(Calibri)?"/>', rf'<a:\1 typeface="{font}"/>'),
        (r'script="Jpan" typeface="[^"]*"', f'script="Jpan" typeface="{font}"'),
        (r'<a:accent1><a:srgbClr val="\w+"/>', f'<a:accent1><a:srgbClr val="{ACCENT}"/>'),
    ):
        told = re.sub(old, new, told)
    theme._blob = told.encode("utf-8")  # noqa: SLF001
