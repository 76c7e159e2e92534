"""Our server with its pages made, as it is for all but the first minute of its months."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks._servers import ROOT, SERVED, Running, fetch, started
from dxcourse import course as courses

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def served(home: Path, **settings: str) -> Iterator[Running]:
    """Start `dxcourse serve`; every page is in its memory when the block begins."""
    with started(SERVED, home, DXCOURSE_CACHE=kept_pages(), **settings) as server:
        all_pages(server)
        yield server


def kept_pages() -> str:
    """Give a folder with all pages, which goes when the run ends."""
    return _made().name


@cache
def _made() -> tempfile.TemporaryDirectory[str]:
    """Make the pages once for all benchmarks of a run."""
    folder = tempfile.TemporaryDirectory()
    with (
        tempfile.TemporaryDirectory() as home,
        started(SERVED, Path(home), DXCOURSE_CACHE=folder.name) as server,
    ):
        all_pages(server)
    return folder


def all_pages(server: Running) -> None:
    """Ask for every page once."""
    course = courses.at(ROOT)
    notebooks = [
        *course.outline.notebooks,
        *(f"apps/{path.name}" for path in course.apps().values()),
    ]
    for address in filter(None, map(course.address_of, notebooks)):
        fetch(server.url.rstrip("/") + address)
