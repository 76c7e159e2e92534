"""What an administrator takes along of a site: its answers as an Excel file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any, cast

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from dxcourse.answers import Record, Store
from dxcourse.course import Course
from dxcourse.facts import JAPAN
from dxcourse.pages.admin_report import AdminReport
from dxcourse.spreadsheet import put_text
from dxcourse.text import say

MOST_ROWS = 200_000  # of answers in a file: Excel opens a million, and not gladly
PARTS = ("exercises", "days", "spaces", "answers")


def admin_file(course: Course, store: Store, report: AdminReport, where: str) -> tuple[bytes, int]:
    """Make the file (.xlsx), and say how many answers are in it.

    Learners are numbered as they come: the numbers under which the record has them stay here.

    Raises
    ------
    StoreError
        The record cannot be read.
    """
    book = Workbook(write_only=True)
    heads = {part: say(f"admin.file.heads.{part}").split("|") for part in PARTS}
    sheet = _sheet(book, "exercises", (28, 40, 10, 10, 10))
    _row(sheet, heads["exercises"], bold=True)
    for each in report.exercises:
        _row(sheet, [each.module, each.title, each.today, each.week, each.total])
    sheet = _sheet(book, "days", (14, 10))
    _row(sheet, heads["days"], bold=True)
    for day in report.days:
        _row(sheet, [day.day.isoformat(), day.answers])
    if report.spaces:
        sheet = _sheet(book, "spaces", (20, 30, 30, 10, 10))
        _row(sheet, heads["spaces"], bold=True)
        for town in report.spaces:
            _row(sheet, [town.id, town.name, town.contact, town.learners, town.answers])
    sheet = _sheet(book, "answers", (18, 10, 32, 44, 60))
    _row(sheet, heads["answers"], bold=True)
    rows = count = 0
    numbers: dict[str, int] = {}
    for record in store.records(learners=where):  # a space's learners are called as it is
        if record.answer is None or not record.where.startswith(where):
            continue
        number = numbers.setdefault(record.learner, len(numbers) + 1)
        count += 1
        for row in _answers(course, record, number):
            rows += 1
            if rows <= MOST_ROWS:
                _row(sheet, row)
    if rows > MOST_ROWS:
        _row(sheet, [say("admin.file.cut", most=MOST_ROWS, rows=rows)])
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue(), count


def _answers(course: Course, record: Record, number: int) -> Iterator[list[str | int]]:
    exercise = course.exercises.get(record.exercise)
    time = f"{record.time.astimezone(JAPAN):%Y-%m-%d %H:%M}"
    given = (record.answer or {}).get("items") or {}
    if exercise is None:
        yield [time, number, record.exercise, "", ""]
        return
    for item in exercise.items:
        if item.ref in given:
            words = exercise.words(item, given[item.ref])
            yield [time, number, exercise.title, "" if exercise.single else item.text, words]


def _sheet(book: Workbook, part: str, widths: Sequence[int]) -> WriteOnlyWorksheet:
    sheet: Any = book.create_sheet(say(f"admin.file.sheets.{part}"))
    for column, width in zip("ABCDE", widths, strict=False):
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "A2"
    return cast("WriteOnlyWorksheet", sheet)


def _row(sheet: WriteOnlyWorksheet, values: Sequence[str | int], *, bold: bool = False) -> None:
    """Write a row; text stays text, whatever someone typed."""
    cells = []
    for value in values:
        cell = WriteOnlyCell(sheet, value=None)
        if isinstance(value, str):
            put_text(cell, value)
        else:
            cell.value = value
        if bold:
            cell.font = Font(bold=True)
        cells.append(cell)
    sheet.append(cells)
