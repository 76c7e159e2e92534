"""Rosters as offices keep them: what Excel saves in Japan, read without being asked how."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from openpyxl import load_workbook

from dxcourse.homework.course import HomeworkCourse
from dxcourse.homework.errors import HomeworkError
from dxcourse.homework.student_names import STUDENT, as_id, fold
from dxcourse.text import say, words

MAX_BYTES = 20_000_000
HEADINGS_WITHIN = 20  # rows; above the headings stand titles and dates
XLSX = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class RosterRow:
    """A learner of a roster; what it does not say is ""."""

    id: str
    last_name: str = ""
    first_name: str = ""
    email: str = ""
    lms_user_id: str = ""


COLUMNS = tuple(each.name for each in fields(RosterRow))
FULL_NAME = "full_name"


def read_roster_file(path: Path) -> list[RosterRow]:
    """Read a table of learners: CSV or tabs in any encoding that Excel writes, or ``.xlsx``.

    Raises
    ------
    HomeworkError
        It cannot be read, has no column of ids, or names a learner in a way that cannot be one.
    """
    table = list(_table(path))
    heading = next(
        (
            (number, columns)
            for number, cells in table[:HEADINGS_WITHIN]
            if "id" in (columns := _columns(cells)).values()
        ),
        None,
    )
    if heading is None:
        names = say("homework.and").join(words("homework.roster.headings")["id"])
        raise HomeworkError(_say(path, 1, "no_id_column", names=names))
    start, columns = heading
    found: dict[str, tuple[int, RosterRow]] = {}
    for number, cells in table:
        if number <= start or not any(each.strip() for each in cells):
            continue
        row = _row(path, number, {columns[n]: c for n, c in enumerate(cells) if n in columns})
        if row.id in found:
            raise HomeworkError(_say(path, number, "twice", id=row.id, line=found[row.id][0]))
        found[row.id] = number, row
    if not found:
        raise HomeworkError(_say(path, 1, "nobody"))
    return [row for _, row in found.values()]


def enter_roster(course: HomeworkCourse, rows: Sequence[RosterRow]) -> None:
    """Enter learners into the gradebook; from now on those are who may hand in."""
    with course.gradebook() as gradebook:
        for row in rows:
            told = {name: getattr(row, name) for name in COLUMNS[1:] if getattr(row, name)}
            gradebook.update_or_create_student(row.id, **told)
    course.set_newcomers(course.newcomers() - {row.id for row in rows})


def _table(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of a file, each with the number that a spreadsheet shows."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise HomeworkError(_say(path, 0, "large", mega=MAX_BYTES // 1_000_000))
        data = path.read_bytes()
    except OSError as error:
        raise HomeworkError(_say(path, 0, "unreadable", cause=error.strerror)) from error
    if data.startswith(OLD_EXCEL):
        raise HomeworkError(_say(path, 0, "old_excel"))
    if data.startswith(XLSX):
        yield from _workbook(path, data)
        return
    text = _decoded(path, data)
    first = next((line for line in text.splitlines() if "," in line or "\t" in line), "")
    delimiter = "\t" if first.count("\t") > first.count(",") else ","
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise HomeworkError(_say(path, 0, "unreadable", cause=error)) from error


def _workbook(path: Path, data: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            yield number, [_cell(each) for each in cells]
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, OSError) as error:
        raise HomeworkError(_say(path, 0, "unreadable", cause=type(error).__name__)) from error


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _decoded(path: Path, data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        codes = ["utf-16"]
    elif b"\0" in data[:200]:
        codes = ["utf-16-le" if data[1:2] == b"\0" else "utf-16-be"]
    else:
        codes = ["utf-8-sig", "cp932"]
    for code in codes:
        try:
            return data.decode(code)
        except UnicodeDecodeError:
            continue
    raise HomeworkError(_say(path, 0, "encoding"))


def _columns(cells: Sequence[str]) -> dict[int, str]:
    """What the columns hold, by their headings."""
    meanings = {
        _heading(name): meaning
        for meaning, names in words("homework.roster.headings").items()
        for name in (meaning, *names)
    }
    found: dict[int, str] = {}
    for number, cell in enumerate(cells):
        meaning = meanings.get(_heading(cell), "")
        if meaning and meaning not in found.values():
            found[number] = meaning
    return found


def _heading(text: str) -> str:
    return re.sub(r"[\s_.・（）()-]", "", unicodedata.normalize("NFKC", text)).casefold()


def _row(path: Path, number: int, told: dict[str, str]) -> RosterRow:
    plain = {name: " ".join(value.split()) for name, value in told.items()}
    name = as_id(unicodedata.normalize("NFKC", plain.get("id", "")))
    if not name or not STUDENT.fullmatch(name) or name != fold_id(plain["id"]):
        raise HomeworkError(_say(path, number, "bad_id", id=plain.get("id", "")[:40]))
    last, first = plain.get("last_name", ""), plain.get("first_name", "")
    full = plain.get(FULL_NAME, "")
    if full and not (last and first):
        last, _, first = full.partition(" ")
    email = fold(plain.get("email", "")) if plain.get("email") else ""
    return RosterRow(name, last, first, email, plain.get("lms_user_id", ""))


def fold_id(text: str) -> str:
    """An id as it is kept: full width is narrowed, so that ｕ０１ and u01 are one."""
    return unicodedata.normalize("NFKC", text).strip()


def _say(path: Path, line: int, name: str, /, **blanks: object) -> str:
    place = f"{path}:{line}" if line else str(path)
    return f"{place}：{say(f'homework.roster.{name}', **blanks)}"
