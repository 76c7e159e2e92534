"""The report as an Excel file: one sheet for the day, and one for each exercise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from io import BytesIO
from math import ceil
from typing import cast

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from dxcourse.spreadsheet import put_text
from dxcourse.text.typed import visible
from dxcourse.workshop.report.comparison import (
    ComparedQuestion,
    RoomComparison,
    compare_tables,
)
from dxcourse.workshop.report.content import (
    ExerciseResult,
    ReportContent,
    report_content,
    say,
    words,
)
from dxcourse.workshop.report.slide_text import LINE, line_count
from dxcourse.workshop.results import Bars, Themes, Voice
from dxcourse.workshop.snapshot import Workshop

Value = str | int | float | None
SHADE = PatternFill("solid", fgColor="EEEEEE")  # light enough for a black-and-white printer
EDGE = Side(style="thin", color="BBBBBB")
BOX = Border(left=EDGE, right=EDGE, top=EDGE, bottom=EDGE)
NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")  # of a sheet, says Excel
LONGEST_NAME = 31
FIRST_WIDTH, WIDTH = 48, 13  # characters
NARROW = 5  # columns of a sheet that is printed upright
SIZE, ROW_HEIGHT, EMPTY_ROW = 11, 18.75, 15.0  # points
POINTS_A_SIGN = 5.4  # of a column's width, which counts figures
POINTS_A_CM = 72 / 2.54
MARGIN = 0.5  # inches
BAR, CHART_WIDTH = 1.1, 19  # centimetres
LABEL, LABEL_LINES = 220, 2  # points and lines for the name of a bar
COLOURS = ("1F4788", "B9AF9C")  # now and before: dark and light in black and white, too


def excel_report(workshop: Workshop) -> bytes:
    """Make the file (.xlsx). Whatever someone typed is text in it, never a formula."""
    told = report_content(workshop)
    book = Workbook()
    overview = book.worksheets[0]
    overview.title = words()["sheet_overview"]
    _overview(_Sheet(overview), told)
    for number, result in enumerate(told.results, start=1):
        sheet = book.create_sheet(_name(number, result.view.title))
        columns = max((len(each.table.head) for each in result.view.pictures), default=1)
        _result(_Sheet(sheet, columns), result)
    tables = compare_tables(workshop)
    if tables:
        sheet = book.create_sheet(words()["tables"])
        _compared(_Sheet(sheet, _columns(tables)), words()["tables"], tables)
    return _file(book)


def excel_comparison(comparison: RoomComparison) -> bytes:
    """Make the file that lays rooms side by side (.xlsx)."""
    book = Workbook()
    sheet = _Sheet(book.worksheets[0])
    sheet.sheet.title = words()["rooms"]
    head = [words()[name] for name in ("room_head", "day_head", "came", "moved_head", "pledges")]
    rows: list[tuple[Value, ...]] = []
    for at, room in enumerate(comparison.rooms, start=1):
        changed = room.summary.moved.view.changed if room.summary.moved else None
        moved = say("of", n=changed.n, of=changed.of) if changed else words()["no_share"]
        name = say("room", at=at, name=room.name)
        rows.append((name, room.day, room.participants, moved, room.summary.pledges))
    sheet.table(words()["compared"], head, rows)
    title, questions = words()["compared_questions"], comparison.questions
    _compared(_Sheet(book.create_sheet(title), _columns(questions)), title, questions)
    return _file(book)


def _file(book: Workbook) -> bytes:
    book.properties.creator = ""  # not the library's name
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _columns(questions: Sequence[ComparedQuestion]) -> int:
    """Give how many columns the widest of some questions takes."""
    return max((1 + len(each.groups) for each in questions), default=1)


def _compared(sheet: _Sheet, title: str, questions: Sequence[ComparedQuestion]) -> None:
    sheet.line(title, size=16, bold=True)
    for question in questions:
        rows: list[tuple[Value, ...]] = [
            (option, *counts)
            for option, counts in zip(question.options, question.counts, strict=True)
        ]
        rows.append((words()["people"], *question.sizes))
        sheet.table(question.title, (words()["answers"], *question.groups), rows)
    sheet.line(words()["few"])


class _Sheet:
    """A sheet that is written from the top down."""

    def __init__(self, sheet: Worksheet, columns: int = NARROW) -> None:
        self.sheet, self.row = sheet, 1
        self.columns = max(columns, NARROW)
        sheet.column_dimensions["A"].width = FIRST_WIDTH
        for at in range(2, self.columns + 1):
            sheet.column_dimensions[get_column_letter(at)].width = WIDTH
        sheet.freeze_panes = "B2"
        sheet.page_setup.paperSize = 9  # A4
        sheet.page_setup.orientation = "portrait" if self.columns <= NARROW else "landscape"
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.print_title_rows = "1:1"
        for edge in ("left", "right"):
            setattr(sheet.page_margins, edge, MARGIN)
        footer = sheet.HeaderFooter.oddFooter
        if footer is not None and footer.center is not None:
            footer.center.text = "&P / &N"
        if sheet.sheet_properties.pageSetUpPr is not None:
            sheet.sheet_properties.pageSetUpPr.fitToPage = True

    def line(self, value: Value, *, size: int = SIZE, bold: bool = False) -> None:
        """Write a line of its own, over all columns: on one of them it would widen the print."""
        cell = self._put(1, value, Font(name=words()["sheet_font"], size=size, bold=bold))
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        self.sheet.merge_cells(f"A{self.row}:{get_column_letter(self.columns)}{self.row}")
        width = FIRST_WIDTH + WIDTH * (self.columns - 1)
        self._set_height([(value, width)], size)
        self.row += 1

    def table(
        self,
        title: str,
        head: Sequence[str],
        rows: Sequence[Sequence[Value]],
        *,
        series: int = 0,
    ) -> None:
        """Write a table under its title, and an empty line; `series` columns of it as a chart."""
        self.line(title, bold=True)
        begins = self.row
        for at, cells in enumerate((head, *rows)):
            font = Font(name=words()["sheet_font"], size=SIZE, bold=at == 0)
            for column, value in enumerate(cells, start=1):
                cell = self._put(column, value, font)
                cell.border = BOX
                across = "left" if column == 1 else "center"
                cell.alignment = Alignment(across, vertical="center", wrap_text=True)
                if at == 0:
                    cell.fill = SHADE
            widths = [FIRST_WIDTH, *[WIDTH] * (len(cells) - 1)]
            self._set_height(zip(cells, widths, strict=True), SIZE)
            self.row += 1
        names = [visible(str(cells[0])) for cells in rows]
        if series and rows and all(line_count(name, SIZE, LABEL) <= LABEL_LINES for name in names):
            self._chart(begins, len(rows), series)
        self.row += 1

    def _chart(self, begins: int, rows: int, series: int) -> None:
        """Draw a table's first columns as bars, below it: beside it a print would be tiny."""
        chart = BarChart()
        chart.type, chart.title = "bar", None
        chart.height, chart.width = BAR * rows * series**0.5 + 1, CHART_WIDTH
        numbers = Reference(self.sheet, 2, begins, 1 + series, begins + rows)
        chart.add_data(numbers, titles_from_data=True)
        chart.set_categories(Reference(self.sheet, 1, begins + 1, 1, begins + rows))
        chart.x_axis.delete, chart.y_axis.delete = False, True
        chart.x_axis.scaling.orientation = "maxMin"  # the first row on top
        chart.x_axis.tickLblSkip = 1  # no name left out
        chart.y_axis.scaling.min = 0  # or a small difference looks like a large one
        chart.y_axis.majorGridlines = None
        chart.gapWidth = 50
        if series == 1:
            chart.legend = None
        elif chart.legend:
            chart.legend.position = "t"
        chart.dataLabels = DataLabelList(showVal=True)
        for off in ("showSerName", "showCatName", "showLegendKey", "showPercent"):
            setattr(chart.dataLabels, off, False)
        for each, colour in zip(chart.series, COLOURS, strict=False):
            each.graphicalProperties.solidFill = colour
        self.row += 1
        self.sheet.add_chart(chart, f"A{self.row}")
        self.row += ceil(chart.height * POINTS_A_CM / EMPTY_ROW) + 1

    def _set_height(self, cells: Iterable[tuple[Value, float]], size: int) -> None:
        """Make the row as high as its text: not every program does when it opens the file."""
        lines = [
            line_count(visible(value), size, width * POINTS_A_SIGN)
            for value, width in cells
            if isinstance(value, str)
        ]
        height = max(lines, default=1) * size * LINE + 4
        self.sheet.row_dimensions[self.row].height = max(ROW_HEIGHT, height)

    def _put(self, column: int, value: Value, font: Font) -> Cell:
        cell = cast("Cell", self.sheet.cell(self.row, column))
        if isinstance(value, str):
            put_text(cell, value)
        else:
            cell.value = value
        cell.font = font
        return cell


def _overview(sheet: _Sheet, told: ReportContent) -> None:
    sheet.line(say("title", name=told.name), size=16, bold=True)
    sheet.line(f"{told.day} {told.hours}".strip())
    sheet.line(words()["promise"])
    sheet.row += 1
    rows: list[tuple[Value, ...]] = [(words()["joined"], told.participants)]
    rows += [(words()["pairs_joined"], told.pairs)] if told.pairs else []
    sheet.table(words()["participation"], ("", words()["people"]), rows)
    head = [words()[name] for name in ("exercise", "people", "pairs", "hands")]
    sheet.table(
        words()["answers"],
        head,
        [
            (view.title, view.answered.people, view.answered.pairs, view.answered.hands)
            for view in (result.view for result in told.results)
        ],
    )
    head = [words()[name] for name in ("stop", "began", "planned", "ran", "note")]
    agenda = [(each.title, each.began, each.planned, each.ran, each.note) for each in told.agenda]
    sheet.table(words()["agenda"], head, agenda)


def _result(sheet: _Sheet, result: ExerciseResult) -> None:
    view = result.view
    sheet.line(view.title, size=16, bold=True)
    for note in result.notes:
        sheet.line(note)
    if view.changed:
        sheet.line(say("changed", of=view.changed.of, n=view.changed.n))
    sheet.row += 1
    for picture in view.pictures:
        series = (1 + (picture.before_n is not None)) if isinstance(picture, Bars) else 0
        title = picture.title or picture.caption
        sheet.table(title, picture.table.head, picture.table.rows, series=series)
        if isinstance(picture, Themes):
            for theme in picture.all:
                if theme.voices:
                    sheet.table(theme.name, (words()["answers"],), _lines(theme.voices))


def _lines(voices: Sequence[Voice]) -> list[tuple[str]]:
    return [(voice.text + (words()["cut"] if voice.cut else ""),) for voice in voices]


def _name(number: int, title: str) -> str:
    """Name a sheet as Excel allows: short; the number makes it its own."""
    return f"{number} {NOT_IN_A_NAME.sub('', title)}"[:LONGEST_NAME]
