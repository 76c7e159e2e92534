"""Where a course's record of answers is: by the course's own id, wherever its files lie.

A course without an ``id`` in `notebooks/course.yaml` has a place by its path, as all had before
ids were. Such a place is found again and used: where it is this path's, or where it is the only
one that holds answers to this course's exercises. Which one was found is written down beside it,
so that the next edition in another folder finds it as well.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path

from dxcourse.files import write_atomically

OUTLINE = "notebooks/course.yaml"
ID = re.compile(r"^id: *[\"']?([a-z0-9][a-z0-9-]{0,39})[\"']? *(?:#.*)?$", re.MULTILINE)
BY_PATH = re.compile(r".+-[0-9a-f]{8}$")
LOOKED_AT = 200  # records of a place, to know whose it is
FILE, DATABASE = "answers.jsonl", "served/answers.sqlite"


def course_key(course_root: Path) -> str:
    """A folder name for a course by its path: its own name, and enough of the path to be unique."""
    path = str(course_root.resolve())
    return f"{course_root.resolve().name}-{hashlib.sha256(path.encode()).hexdigest()[:8]}"


def course_id(course_root: Path) -> str | None:
    """The id that a course gives itself; None where it has none."""
    try:
        found = ID.search((course_root / OUTLINE).read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        return None
    return found[1] if found else None


def record_folder(course_root: Path, data: Path) -> Path:
    """The folder of a course's record.

    Parameters
    ----------
    data
        Where this user's records are.
    """
    own = course_id(course_root)
    if own is None:
        return data / course_key(course_root)
    if (data / own).is_dir():
        return data / own
    note = data / f"{own}.folder"
    with suppress(OSError, UnicodeDecodeError):
        known = note.read_text(encoding="utf-8").strip()
        if BY_PATH.match(known) and (data / known).is_dir():
            return data / known
    former = _former(course_root, data)
    if former is None:
        return data / own
    with suppress(OSError):  # it is found again each time
        write_atomically(note, f"{former.name}\n")
    return former


def other_records(course_root: Path, data: Path) -> tuple[Path, ...]:
    """Places by path that hold answers to this course, where more than one could be its own."""
    if course_id(course_root) is None or record_folder(course_root, data).is_dir():
        return ()
    return tuple(_candidates(course_root, data))


def _former(course_root: Path, data: Path) -> Path | None:
    here = data / course_key(course_root)
    if any((here / name).is_file() for name in (FILE, DATABASE)):
        return here
    found = list(islice(_candidates(course_root, data), 2))
    return found[0] if len(found) == 1 else None


def _candidates(course_root: Path, data: Path) -> Iterator[Path]:
    if not data.is_dir():
        return
    ours = {
        name
        for bank in sorted((course_root / "exercises/bank").glob("*.yaml"))
        for name in re.findall(r"\bid: *([a-z0-9-]+)", bank.read_text(encoding="utf-8"))
    }
    for folder in sorted(data.iterdir()):
        if BY_PATH.match(folder.name) and not ours.isdisjoint(_exercises_in(folder)):
            yield folder


def _exercises_in(folder: Path) -> Iterator[str]:
    """The exercises of a place's first records; of what cannot be read, none."""
    with suppress(OSError, ValueError), (folder / FILE).open(encoding="utf-8") as file:
        for line in islice(file, LOOKED_AT):
            yield str(json.loads(line).get("exercise", ""))
    if (folder / DATABASE).is_file():
        address = f"{(folder / DATABASE).resolve().as_uri()}?mode=ro"
        with suppress(sqlite3.Error), closing(sqlite3.connect(address, uri=True)) as database:
            query = "SELECT DISTINCT exercise FROM records LIMIT 200"
            yield from (str(name) for (name,) in database.execute(query))
