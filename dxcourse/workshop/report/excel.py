"""The report as an Excel file: one sheet for the day, and one for each exercise."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from typing import cast

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from dxcourse.export.excel import put_text
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
from dxcourse.workshop.results import Bars, Themes, Voice
from dxcourse.workshop.snapshot import Workshop

Value = str | int | float | None
SHADE = PatternFill("solid", fgColor="EEEEEE")  # light enough for a black-and-white printer
EDGE = Side(style="thin", color="BBBBBB")
BOX = Border(left=EDGE, right=EDGE, top=EDGE, bottom=EDGE)
NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")  # of a sheet, says Excel
LONGEST_NAME = 31
FIRST_WIDTH, WIDTH = 48, 16  # characters


def excel_report(workshop: Workshop) -> bytes:
    """Make the file (.xlsx). Whatever someone typed is text in it, never a formula."""
    told = report_content(workshop)
    book = Workbook()
    overview = book.worksheets[0]
    overview.title = words()["sheet_overview"]
    _overview(_Sheet(overview), told)
    for number, result in enumerate(told.results, start=1):
        _result(_Sheet(book.create_sheet(_name(number, result.view.title))), result)
    tables = compare_tables(workshop)
    if tables:
        _compared(_Sheet(book.create_sheet(words()["tables"])), tables)
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
    _compared(_Sheet(book.create_sheet(words()["compared_questions"])), comparison.questions)
    return _file(book)


def _file(book: Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _compared(sheet: _Sheet, questions: Sequence[ComparedQuestion]) -> None:
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

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet, self.row = sheet, 1
        sheet.column_dimensions["A"].width = FIRST_WIDTH
        for letter in "BCDEFGHIJKLM":
            sheet.column_dimensions[letter].width = WIDTH
        sheet.freeze_panes = "B2"
        sheet.page_setup.paperSize = 9  # A4
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        if sheet.sheet_properties.pageSetUpPr is not None:
            sheet.sheet_properties.pageSetUpPr.fitToPage = True

    def line(self, value: Value, *, size: int = 11, bold: bool = False) -> None:
        """Write a line of its own."""
        self._put(1, value, Font(name=words()["sheet_font"], size=size, bold=bold))
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
        if series and rows:
            self._chart(title, len(rows), series)
        font = Font(name=words()["sheet_font"])
        for at, cells in enumerate((head, *rows)):
            for column, value in enumerate(cells, start=1):
                cell = self._put(column, value, font)
                cell.border = BOX
                cell.alignment = Alignment(vertical="top", wrap_text=True)
                if at == 0:
                    cell.fill = SHADE
            self.row += 1
        self.row += 1

    def _chart(self, title: str, rows: int, series: int) -> None:
        """Draw the next table's first columns as bars, beside it."""
        chart = BarChart()
        chart.type, chart.title, chart.height, chart.width = "bar", title, 1.2 * rows + 3, 18
        numbers = Reference(self.sheet, 2, self.row, 1 + series, self.row + rows)
        chart.add_data(numbers, titles_from_data=True)
        chart.set_categories(Reference(self.sheet, 1, self.row + 1, 1, self.row + rows))
        chart.y_axis.delete = chart.x_axis.delete = False
        chart.x_axis.scaling.orientation = "maxMin"  # the first row on top
        self.sheet.add_chart(chart, f"O{self.row}")

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
