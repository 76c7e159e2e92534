"""Tables (CSV) that remember their lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dxcourse.authored.messages import finding
from dxcourse.errors import ContentError, Finding
from dxcourse.text import say

CURLY = tuple("“”„‟")


@dataclass(frozen=True)
class Line:
    """A row as it was read: its values by column, and the line that it begins on."""

    number: int
    values: dict[str, str]


@dataclass(frozen=True)
class TableFile:
    """What could be read of a table: its rows, and what is wrong with the others."""

    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]


def read_table(path: Path, name: str, columns: Sequence[str]) -> TableFile:
    """Read a table with these columns, in whatever order: UTF-8, with or without a BOM.

    Raises
    ------
    ContentError
        The file as a whole cannot be read: it is not there, not UTF-8, not CSV, or has other
        columns.
    """
    rows = _rows(_text(path, name), name)
    number, header = next(rows, (1, []))
    _hold_header(name, number, header, columns)
    lines, wrong = [], []
    for number, cells in rows:
        if len(cells) != len(header):
            blanks = {"found": len(cells), "wanted": len(header)}
            wrong.append(finding(name, number, "tables.cells", **blanks))
        elif any(cell.startswith(CURLY) for cell in cells):
            wrong.append(finding(name, number, "tables.curly_quote"))
        else:
            lines.append(Line(number, dict(zip(header, cells, strict=True))))
    return TableFile(tuple(lines), tuple(wrong))


def _text(path: Path, name: str) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ContentError(
            [finding(name, 0, "tables.missing", detail=error.strerror or error)]
        ) from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ContentError([finding(name, line, "tables.not_utf8")]) from error


def _rows(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Part the text into cells, each row with the line where it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        raise ContentError([finding(name, start, "tables.quotes", detail=error)]) from error


def _hold_header(name: str, number: int, header: list[str], columns: Sequence[str]) -> None:
    missing = [column for column in columns if column not in header]
    unknown = [column for column in header if column not in columns]
    if not missing and not unknown and len(header) == len(columns):
        return
    for sign, code in (("\t", "tables.tabs"), (";", "tables.semicolons")):
        if missing and any(sign in cell for cell in header):
            raise ContentError([finding(name, number, code)])
    told = [
        *(say("check.tables.no_column", name=column) for column in missing),
        *(say("check.tables.unknown_column", name=column) for column in unknown),
    ] or [say("check.tables.doubled_column")]
    blanks = {"detail": "、".join(told), "wanted": ",".join(columns)}
    raise ContentError([finding(name, number, "tables.columns", **blanks)])
