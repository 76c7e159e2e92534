"""What a learner wrote as an Excel file: a line each, before beside after."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import cast

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font

from dxcourse.export.excel import put_text
from dxcourse.learner.own_words import OwnWords
from dxcourse.text import say

WIDTHS = {"A": 24, "B": 36, "C": 50, "D": 50}


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
    for name, width in WIDTHS.items():
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
