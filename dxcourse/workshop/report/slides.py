"""The report as PowerPoint slides: the page for the mayor, then one question after the other."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Length, Pt

from dxcourse.text.typed import visible
from dxcourse.workshop.report.content import (
    ExerciseResult,
    ReportContent,
    report_content,
    say,
    words,
)
from dxcourse.workshop.results import Bars, Histogram, Picture, Themes, Voice, Voices
from dxcourse.workshop.snapshot import Workshop


def _colour(code: str) -> RGBColor:
    made: RGBColor = RGBColor.from_string(code)  # type: ignore[no-untyped-call]
    return made


WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
EDGE, TOP = Inches(0.6), Inches(1.5)
INNER = Emu(WIDTH - 2 * EDGE)
TITLE_ONLY = 5  # of the layouts that an empty presentation has
INK, SOFT = _colour("1F1D1A"), _colour("4A453D")
ACCENT, BEFORE = _colour("1F4788"), _colour("857D6E")
ROWS, QUOTES = 9, 5  # of a table, and of voices, on a slide
FEW_COLUMNS = 3

Thing = TypeVar("Thing")
Cells = Sequence[str | int | float | None]


def powerpoint_report(workshop: Workshop) -> bytes:
    """Make the file (.pptx). Whatever someone typed is text in it."""
    told = report_content(workshop)
    deck = _Deck()
    _front(deck, told)
    for result in told.results:
        _result(deck, result)
    return deck.file()


@dataclass
class _Deck:
    """Slides, one after the other; each has its title where a screen reader finds it."""

    show: Any = field(default_factory=Presentation)

    def __post_init__(self) -> None:
        self.show.slide_width, self.show.slide_height = WIDTH, HEIGHT

    def slide(self, title: str) -> Any:  # noqa: ANN401  -- python-pptx's
        made = self.show.slides.add_slide(self.show.slide_layouts[TITLE_ONLY])
        head = made.shapes.title
        head.left, head.top, head.width, head.height = EDGE, Inches(0.35), INNER, Inches(1.0)
        _write(head.text_frame, [(title, 32, True, INK)])
        return made

    def text(self, slide: Any, lines: Sequence[_Line], top: Length, height: Length) -> None:  # noqa: ANN401
        """Write paragraphs, each with its size in points."""
        if not lines:
            return
        box = slide.shapes.add_textbox(EDGE, top, INNER, height)
        _write(box.text_frame, lines)

    def chart(self, slide: Any, names: Sequence[str], rows: Sequence[_Series], top: Length) -> None:  # noqa: ANN401
        """Draw bars, the first name on top; a number stands at each."""
        data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
        data.categories = [visible(name) for name in names]
        for row in rows:
            data.add_series(row.name, row.counts)
        kind, place = XL_CHART_TYPE.BAR_CLUSTERED, (EDGE, top, INNER, Emu(HEIGHT - top - EDGE))
        chart = slide.shapes.add_chart(kind, *place, data).chart
        chart.font.size, chart.font.name = Pt(16), words()["sheet_font"]
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

    def table(self, slide: Any, head: Cells, rows: Sequence[Cells], top: Length) -> None:  # noqa: ANN401
        shape = slide.shapes.add_table(len(rows) + 1, len(head), EDGE, top, INNER, Inches(0.4))
        first = INNER // (2 if len(head) <= FEW_COLUMNS else 3)
        for at, column in enumerate(shape.table.columns):
            column.width = Emu(first if at == 0 else (INNER - first) // max(1, len(head) - 1))
        for y, cells in enumerate((head, *rows)):
            for x, cell in enumerate(cells):
                colour = _colour("FFFFFF") if y == 0 else INK
                told = "" if cell is None else str(cell)
                _write(shape.table.cell(y, x).text_frame, [(told, 14, y == 0, colour)])

    def file(self) -> bytes:
        out = io.BytesIO()
        self.show.save(out)
        return out.getvalue()


_Line = tuple[str, int, bool, RGBColor]


@dataclass(frozen=True)
class _Series:
    name: str
    counts: Sequence[int]
    colour: RGBColor


def _write(frame: Any, lines: Sequence[_Line]) -> None:  # noqa: ANN401  -- python-pptx's
    frame.word_wrap = True
    for at, (text, size, bold, colour) in enumerate(lines):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = visible(text)
        run.font.size, run.font.bold = Pt(size), bold
        run.font.color.rgb = colour
        run.font.name = words()["sheet_font"]
        # `name` is for Latin letters alone: what East Asian ones are set in stands beside it.
        face = run.font._element.makeelement(qn("a:ea"), {"typeface": words()["sheet_font"]})  # noqa: SLF001
        run.font._element.append(face)  # noqa: SLF001


def _front(deck: _Deck, told: ReportContent) -> None:
    """Tell who moved, what was said, what was promised: it stands alone."""
    summary = told.summary
    slide = deck.slide(words()["front"] if summary.moved else words()["front_still"])
    lines: list[_Line] = [
        (say("title", name=told.name), 18, False, SOFT),
        (f"{told.day}　{told.hours}".strip(), 18, False, SOFT),
        (f"{words()['came']}　{told.participants}{words()['moved_unit']}", 28, True, ACCENT),
    ]
    if summary.moved and summary.moved.view.changed:
        changed = summary.moved.view.changed
        lines.append((summary.moved.view.title, 20, True, INK))
        lines.append((say("moved_of", of=changed.of, n=changed.n), 24, True, ACCENT))
    if summary.pledges:
        line = f"{words()['pledges']}　{summary.pledges}{words()['sheets']}"
        lines.append((line, 28, True, ACCENT))
    lines.append((f"{words()['in_a_month']}　{summary.month}", 20, True, INK))
    lines.append((words()["month_question"], 20, False, INK))
    lines.append((words()["promise"], 14, False, SOFT))
    deck.text(slide, lines, TOP, Inches(5.4))
    if summary.voices:
        _voices(deck, words()["front_voices"], summary.voices)


def _result(deck: _Deck, result: ExerciseResult) -> None:
    view = result.view
    counted = [f"{view.answered.people}{words()['people']}"]
    counted += [f"{view.answered.pairs}{words()['pairs']}"] if view.answered.pairs else []
    counted += [f"{words()['hands']} {view.answered.hands}"] if view.answered.hands else []
    notes = ["　".join(counted), *result.notes]
    if view.changed:
        notes.append(say("changed", of=view.changed.of, n=view.changed.n))
    if not view.pictures:
        deck.text(deck.slide(view.title), _soft(notes), TOP, Inches(2))
    for at, picture in enumerate(view.pictures):
        _picture(deck, view.title, picture, notes if at == 0 else ())


def _picture(deck: _Deck, title: str, picture: Picture, notes: Sequence[str]) -> None:
    if isinstance(picture, Voices):
        _voices(deck, title, picture.voices, picture.title)
        return
    beneath = [each for each in (picture.title, *notes) if each]
    drawn = _bars(picture)
    if drawn:
        slide = deck.slide(title)
        deck.text(slide, _soft(beneath), Inches(1.35), Inches(0.9))
        deck.chart(slide, drawn[0], drawn[1], Emu(TOP + Inches(0.3 + 0.3 * len(beneath))))
        return
    for rows in _portions(picture.table.rows, ROWS):
        slide = deck.slide(title)
        deck.text(slide, _soft(beneath), Inches(1.35), Inches(0.9))
        deck.table(slide, picture.table.head, rows, Emu(TOP + Inches(0.3 + 0.3 * len(beneath))))


def _bars(picture: Picture) -> tuple[list[str], list[_Series]] | None:
    """Give names and counts of what is drawn as bars; the earlier ones first."""
    things: Sequence[Any]
    if isinstance(picture, Bars):
        things, names = picture.bars, [f"{'✓ ' if b.right else ''}{b.text}" for b in picture.bars]
    elif isinstance(picture, Histogram):
        things, names = picture.spans, [span.label for span in picture.spans]
    elif isinstance(picture, Themes):
        things = [each for each in picture.all if each.count or each.before]
        names = [each.name for each in things]
    else:
        return None
    if not things:
        return None
    now = _Series(words()["now"], [each.count for each in things], ACCENT)
    if any(each.before is not None for each in things):
        return names, [
            _Series(words()["before"], [each.before or 0 for each in things], BEFORE),
            now,
        ]
    return names, [now]


def _voices(deck: _Deck, title: str, voices: Sequence[Voice], of: str = "") -> None:
    for some in _portions(voices, QUOTES):
        slide = deck.slide(title)
        lines: list[_Line] = [(of, 16, False, SOFT)] if of else []
        for voice in some:
            lines.append((f"「{voice.text}」{words()['cut'] if voice.cut else ''}", 24, False, INK))
            if voice.nods:
                lines.append((say("nods", n=voice.nods), 14, False, SOFT))
        deck.text(slide, lines, TOP, Inches(5.4))


def _soft(lines: Iterable[str]) -> list[_Line]:
    return [(line, 16, False, SOFT) for line in lines]


def _portions(things: Sequence[Thing], most: int) -> Iterator[Sequence[Thing]]:
    for at in range(0, len(things), most):
        yield things[at : at + most]
