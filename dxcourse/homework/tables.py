"""Tables for people and their spreadsheets, as CSV and as Excel files."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING, cast

from dxcourse.facts import JAPAN
from dxcourse.homework.errors import HomeworkError
from dxcourse.spreadsheet import FORBIDDEN, csv_text, put_text
from dxcourse.text import say

if TYPE_CHECKING:
    from openpyxl.cell import Cell

TableCell = str | float | datetime | None
"""A time is UTC without a zone, as in the gradebook; people read it in Japan's."""
ENDINGS = (".csv", ".xlsx")


def table_csv(headings: Sequence[str], rows: Iterable[Sequence[TableCell]]) -> bytes:
    """A table as CSV: UTF-8 with the mark that Excel looks for, and no formula in it."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([plain(each) for each in headings])
    writer.writerows([_csv_cell(each) for each in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _csv_cell(value: TableCell) -> str | float | None:
    if isinstance(value, datetime):
        return f"{_japan(value):%Y-%m-%d %H:%M}"
    return plain(value) if isinstance(value, str) else value


def table_excel(title: str, headings: Sequence[str], rows: Iterable[Sequence[TableCell]]) -> bytes:
    """The same as an Excel file: text is text in it, never a formula, and a date is a date."""
    from openpyxl import Workbook  # noqa: PLC0415  -- a quarter of a second, which a CSV saves
    from openpyxl.styles import Font  # noqa: PLC0415

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for at, name in enumerate(headings, 1):
        cell = cast("Cell", sheet.cell(1, at))
        put_text(cell, name)
        cell.font = Font(bold=True)
    for line, row in enumerate(rows, 2):
        for at, value in enumerate(row, 1):
            cell = cast("Cell", sheet.cell(line, at))  # none is merged
            if isinstance(value, str):
                put_text(cell, value)
            elif isinstance(value, datetime):
                cell.value = _japan(value).replace(tzinfo=None)
                cell.number_format = "yyyy-mm-dd hh:mm"
            else:
                cell.value = value
    sheet.freeze_panes = "A2"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def table_lines(headings: Sequence[str], rows: Iterable[Sequence[TableCell]]) -> Iterator[str]:
    """A table for a terminal: a line a row, the cells apart by two spaces."""
    yield "  ".join(headings)
    for row in rows:
        yield "  ".join("-" if each in {None, ""} else _line_cell(each) for each in row)


def _line_cell(value: TableCell) -> str:
    if isinstance(value, datetime):
        return f"{_japan(value):%Y-%m-%d %H:%M}"
    return " ".join(value.split()) if isinstance(value, str) else f"{value:g}"


def check_ending(file: Path, endings: Sequence[str] = ENDINGS) -> None:
    """Hold that a file's name says a form that we write.

    Raises
    ------
    HomeworkError
        It says another one.
    """
    if file.suffix.lower() not in endings:
        told = say("homework.export.ending", file=file, endings=" / ".join(endings))
        raise HomeworkError(told)


def write_table(
    file: Path, title: str, headings: Sequence[str], rows: Iterable[Sequence[TableCell]]
) -> None:
    """Write a table in the form that a file's ending says.

    Raises
    ------
    HomeworkError
        The ending is another one, or the file cannot be written.
    """
    check_ending(file)
    is_csv = file.suffix.lower() == ".csv"
    write_file(file, table_csv(headings, rows) if is_csv else table_excel(title, headings, rows))


def write_file(file: Path, data: bytes) -> None:
    """Write a file that a person named.

    Raises
    ------
    HomeworkError
        It cannot be written.
    """
    try:
        file.write_bytes(data)
    except OSError as error:
        told = say("homework.cannot_write", file=file, cause=error.strerror)
        raise HomeworkError(told) from error


def plain(text: str) -> str:
    """Text for a cell of a CSV: no formula, and on one line."""
    return csv_text(" ".join(FORBIDDEN.sub("", text).split()))


def _japan(time: datetime) -> datetime:
    return time.replace(tzinfo=UTC).astimezone(JAPAN)
