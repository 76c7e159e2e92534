"""Who the learner is and where answers are, on one's own machine: the one place that decides."""

from __future__ import annotations

import getpass
import os
import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

from dxcourse.facts import today_in_japan
from dxcourse.record_folder import course_key, other_records, record_folder

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
