"""A roster becomes links: a table in, the same table with an address a learner out."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from dxcourse.export.excel import csv_text
from dxcourse.homework.collect import STUDENT
from dxcourse.homework.course import HomeworkCourse
from dxcourse.homework.errors import HomeworkError
from dxcourse.homework.pages.handout import Handout
from dxcourse.homework.pages.links import Links

ID = "id"
NAMES = ("first_name", "last_name", "email")  # as nbgrader's own rosters have them
LINK = "link"


def write_links(  # noqa: PLR0913
    course: HomeworkCourse,
    assignment: str,
    roster: Path,
    file: Path,
    *,
    links: Links,
    address: str,
    until: datetime,
) -> int:
    """Write a link for each learner of a roster, and enter them into the gradebook; give how many.

    Parameters
    ----------
    roster
        A table (CSV) with a column ``id``; ``first_name``, ``last_name`` and ``email`` are taken
        into the gradebook where they are there.
    address
        Where the pages are served, as https://dx.example.jp.
    until
        When the links end.

    Raises
    ------
    HomeworkError
        The assignment is not released, or the roster cannot be used; nothing was written.
    """
    Handout.at(course.folder("release", assignment))
    rows = list(_rows(roster))
    with course.gradebook() as gradebook:
        for row in rows:
            given = {name: row[name] for name in NAMES if row.get(name)}
            gradebook.update_or_create_student(row[ID], **given)
    base = f"{address.rstrip('/')}/homework"
    try:
        # With a mark at its beginning, without which Excel takes Japanese for something else.
        with file.open("w", encoding="utf-8-sig", newline="") as out:
            table = csv.writer(out)
            table.writerow([ID, *NAMES, LINK])
            for row in rows:
                token = links.token(assignment, row[ID], until)
                told = [csv_text(row.get(name, "")) for name in (ID, *NAMES)]
                table.writerow([*told, f"{base}/{token}"])
    except OSError as error:
        raise HomeworkError(f"{file}: cannot be written ({error.strerror})") from error
    return len(rows)


def _rows(roster: Path) -> Iterator[Mapping[str, str]]:
    try:
        text = roster.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        cure = 'save it as "CSV UTF-8"'
        raise HomeworkError(f"{roster}: cannot be read ({error}); {cure}") from error
    table = csv.DictReader(text.splitlines())
    if ID not in (table.fieldnames or ()):
        raise HomeworkError(f'{roster}:1: no column "{ID}"; it names each learner')
    seen: dict[str, int] = {}
    for number, row in enumerate(table, 2):
        name = (row.get(ID) or "").strip()
        if not STUDENT.fullmatch(name):
            raise HomeworkError(
                f'{roster}:{number}: id "{name[:40]}"; use letters, digits, "_", "." and "-"'
            )
        if name in seen:
            raise HomeworkError(f'{roster}:{number}: id "{name}" stands in line {seen[name]}, too')
        seen[name] = number
        yield {key: (value or "").strip() for key, value in row.items() if key} | {ID: name}
    if not seen:
        raise HomeworkError(f"{roster}: names no learner")
