"""A learner's plan, and what they wrote, as Excel files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import cast

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from dxcourse.learner.own_words import OwnWords
from dxcourse.learner.plan import Plan
from dxcourse.spreadsheet import put_text
from dxcourse.text import say

PLAN_WIDTHS = {"A": 20, "B": 24, "C": 24, "D": 36}  # characters; together an A4 sheet upright
LINE = 29  # full-width characters of a line in columns B to D together, with room to spare
HEIGHT = 20  # points of a line
EDGE = Side(style="thin", color="888888")
BOX = Border(left=EDGE, right=EDGE, top=EDGE, bottom=EDGE)
SHADE = PatternFill("solid", fgColor="EEEEEE")  # light enough for a black-and-white printer


def excel_file(plan: Plan) -> bytes:
    """Make the file (.xlsx). What a learner typed is text in it, never a formula."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = say("plan.excel.sheet")
    _put(_at(sheet, 1, 1), plan.title, bold=True, size=16)
    row = 3
    for line in plan.lines:
        _boxed(_at(sheet, row, 1), line.name, head=True)
        _boxed(_at(sheet, row, 2), line.value)
        for column in (3, 4):
            _boxed(_at(sheet, row, column), "")
        sheet.merge_cells(start_row=row, end_row=row, start_column=2, end_column=4)
        sheet.row_dimensions[row].height = HEIGHT * max(2, _lines(line.value))
        row += 1
    row += 1
    for column, name in enumerate(("after", "by", "asked", "found"), start=1):
        _boxed(_at(sheet, row, column), say(f"plan.excel.heads.{name}"), head=True)
    for asked in plan.asked:
        row += 1
        _boxed(_at(sheet, row, 1), say("plan.excel.days", days=asked.days))
        _boxed(_at(sheet, row, 2), asked.day)
        _boxed(_at(sheet, row, 3), asked.text)
        _boxed(_at(sheet, row, 4), "")
        sheet.row_dimensions[row].height = HEIGHT * 4
    _put(_at(sheet, row + 2, 1), say("plan.footer"))
    _lay_out(sheet, row + 2)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _at(sheet: Worksheet, row: int, column: int) -> Cell:
    return cast("Cell", sheet.cell(row, column))  # a merged one only after it was merged


def _put(cell: Cell, value: str | date, *, bold: bool = False, size: int = 11) -> None:
    if isinstance(value, str):
        put_text(cell, value)
    else:
        cell.value = value
        cell.number_format = say("plan.excel.date")
    cell.font = Font(name=say("plan.excel.font"), bold=bold, size=size)


def _boxed(cell: Cell, value: str | date, *, head: bool = False) -> None:
    _put(cell, value, bold=head)
    cell.border = BOX
    cell.alignment = Alignment(horizontal="left", vertical="top", wrap_text=True)
    if head:
        cell.fill = SHADE


def _lines(value: str | date) -> int:
    text = value if isinstance(value, str) else ""
    return sum(1 + len(line) // LINE for line in text.split("\n"))


def _lay_out(sheet: Worksheet, last_row: int) -> None:
    for column, width in PLAN_WIDTHS.items():
        sheet.column_dimensions[column].width = width
    sheet.sheet_view.showGridLines = False
    sheet.print_area = f"A1:D{last_row}"
    sheet.page_setup.orientation = "portrait"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 1
    if sheet.sheet_properties.pageSetUpPr is not None:
        sheet.sheet_properties.pageSetUpPr.fitToPage = True


# -- What a learner wrote as an Excel file: a line each, before beside after -----------------------

WORDS_WIDTHS = {"A": 24, "B": 36, "C": 50, "D": 50}


def words_file(written: Sequence[OwnWords]) -> bytes:
    """Make the file (.xlsx). What a learner typed is text in it, never a formula."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = say("plan.words.sheet")
    heads = [say(f"plan.words.heads.{name}") for name in ("chapter", "question", "before", "text")]
    rows = [
        [f"{each.module.id}　{each.module.title}", each.exercise.title, each.before, each.text]
        for each in written
    ]
    for number, row in enumerate([heads, *rows], start=1):
        for column, text in enumerate(row, start=1):
            cell = cast("Cell", sheet.cell(number, column))
            put_text(cell, text)
            cell.font = Font(name=say("plan.excel.font"), bold=number == 1)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    for name, width in WORDS_WIDTHS.items():
        sheet.column_dimensions[name].width = width
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    if sheet.sheet_properties.pageSetUpPr is not None:
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()
