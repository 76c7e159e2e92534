"""A roster becomes links: a table in, the same table with an address a learner out."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

from dxcourse.export.excel import csv_text
from dxcourse.homework.course import HomeworkCourse
from dxcourse.homework.errors import HomeworkError
from dxcourse.homework.pages.handout import Handout
from dxcourse.homework.pages.links import Links
from dxcourse.homework.roster import enter_roster, read_roster_file
from dxcourse.text import say

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
        A table with a column of ids (see `dxcourse.homework.roster`); names and e-mail addresses
        are taken into the gradebook where they are there.
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
    rows = read_roster_file(roster)
    enter_roster(course, rows)
    base = f"{address.rstrip('/')}/homework"
    try:
        # With a mark at its beginning, without which Excel takes Japanese for something else.
        with file.open("w", encoding="utf-8-sig", newline="") as out:
            table = csv.writer(out)
            table.writerow([ID, *NAMES, LINK])
            for row in rows:
                token = links.token(assignment, row.id, until)
                told = [csv_text(getattr(row, name)) for name in (ID, *NAMES)]
                table.writerow([*told, f"{base}/{token}"])
    except OSError as error:
        why = say("homework.cannot_write", file=file, cause=error.strerror)
        raise HomeworkError(why) from error
    return len(rows)
