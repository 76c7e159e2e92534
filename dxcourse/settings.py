"""Who the learner is and where answers are, on one's own machine: the one place that decides."""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import re
import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from datetime import UTC, date, datetime
from functools import cache
from itertools import islice
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

from dxcourse.facts import today_in_japan
from dxcourse.files import write_atomically

ANSWERS_VARIABLE = "DXCOURSE_ANSWERS"
SERVICE_VARIABLE = "DXCOURSE_SERVICE"
CACHE_VARIABLE = "DXCOURSE_CACHE"
RENDER_VARIABLE = "DXCOURSE_RENDER"
TODAY_VARIABLE = "DXCOURSE_TODAY"
APP = "dxcourse"


def answers_file(course_root: Path, environ: Mapping[str, str] = os.environ) -> Path:
    """Where a course's answers are kept: one place a course, shared by pages and notebooks."""
    if environ.get(ANSWERS_VARIABLE):
        return Path(environ[ANSWERS_VARIABLE])
    return record_folder(course_root, user_data_path(APP, appauthor=False)) / "answers.jsonl"


def answers_service(environ: Mapping[str, str] = os.environ) -> tuple[str, str] | None:
    """The server of the course that keeps this learner's answers, and what lets them in there.

    Under a hub it is the hub's service, which knows a learner by the token of their own server.
    """
    address, token = environ.get(SERVICE_VARIABLE), environ.get("JUPYTERHUB_API_TOKEN")
    return (address, token) if address and token else None


def pages_folder(course_root: Path, environ: Mapping[str, str] = os.environ) -> Path:
    """Where rendered pages are kept; it may be deleted at any time."""
    if environ.get(CACHE_VARIABLE):
        return Path(environ[CACHE_VARIABLE]) / course_key(course_root)
    return user_cache_path(APP, appauthor=False) / course_key(course_root)


def served_folder(course_root: Path) -> Path:
    """Where `dxcourse serve` keeps answers and its secret, where nothing else was said."""
    return record_folder(course_root, user_data_path(APP, appauthor=False)) / "served"


def records_elsewhere(course_root: Path) -> tuple[Path, ...]:
    """Places with answers to this course, of which nobody can say which is its own."""
    return other_records(course_root, user_data_path(APP, appauthor=False))


def lab_folder(course_root: Path) -> Path:
    """Where JupyterLab keeps a learner's settings and open tabs of this course."""
    return user_data_path(APP, appauthor=False) / course_key(course_root) / "lab"


def account() -> str:
    """The account of this machine that runs the program; "" where the system has no name for it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # no account database, as in some containers
        return ""


def local_learner(environ: Mapping[str, str] = os.environ) -> str:
    """The name under which this machine's user answers."""
    return environ.get("JUPYTERHUB_USER") or account() or "learner"


def visited(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether stock Voila runs this kernel, for a visitor.

    It says so in the kernel's environment before the first cell: `VOILA_KERNEL_ID` always,
    `SERVER_SOFTWARE` where the kernel was started for the request and not ahead of it.
    """
    return bool(environ.get("VOILA_KERNEL_ID")) or environ.get("SERVER_SOFTWARE", "").startswith(
        "voila/"
    )


@cache
def passing_learner() -> str:
    """A name for a visitor of stock Voila, whose kernel ends with the visit: one a kernel."""
    return f"visitor-{secrets.token_hex(8)}"


def rendering(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether our own application is making a page, which wants HTML and no widgets."""
    return environ.get(RENDER_VARIABLE) == "1"


def grading(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether nbgrader runs this kernel, to grade or to validate: nobody answers then."""
    return bool(environ.get("NBGRADER_EXECUTION"))


def today(environ: Mapping[str, str] = os.environ) -> date:
    """Today in Japan: the one reading of the clock that pages rest on."""
    if environ.get(TODAY_VARIABLE):
        return date.fromisoformat(environ[TODAY_VARIABLE])
    return today_in_japan(datetime.now(UTC))


# -- Where a course's record of answers is: by the course's own id, wherever its files lie ---------
#
# A course without an ``id`` in `notebooks/course.yaml` has a place by its path, as all had before
# ids were. Such a place is found again and used: where it is this path's, or where it is the only
# one that holds answers to this course's exercises. Which one was found is written down beside it,
# so that the next edition in another folder finds it as well.

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
