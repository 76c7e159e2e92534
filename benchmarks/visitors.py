"""Many visitors come at the same moment, each for the first time: ours against stock Voila.

A visitor has what they came for with the last byte of a page that holds the exercise. A page
without it is a failure, whatever its status says: loaded, Voila answers 200 with empty outputs.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING

from benchmarks._browser import Visited, chromium, visit
from benchmarks._client import Job, Outcome
from benchmarks._client import visit as send
from benchmarks._kept import served
from benchmarks._servers import SERVED, VOILA, VOILA_SET, Running, Server, started
from benchmarks._table import Row, Table
from benchmarks._tree import Tree

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS = ("median s", "95 % within s", "failures", "MB at most", "requests a page", "KB a page")
CROWD_COLUMNS = ("median s", "95 % within s", "failures", "MB at most")
LIMIT = 300.0  # seconds a visitor waits at most
OURS_ALONE = (1_000, 5_000)


def fifty(runs: int) -> Table:
    """Ours against stock Voila, 50 visitors at once; also as it is without its settings."""
    return compared(50, runs, (VOILA_SET, VOILA))


def two_hundred(runs: int) -> Table:
    """Ours against stock Voila with its settings, 200 visitors at once."""
    return compared(200, runs, (VOILA_SET,))


def compared(visitors: int, runs: int, others: Sequence[Server]) -> Table:
    """Measure ours `runs` times, and once each of the others, which take minutes."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        home = Path(folder)
        with served(home / "ours") as server:
            page = visit(browser, server.url + SERVED.page)
            figures = [crowd(server, SERVED, visitors)[0] for _ in range(runs)]
        rows = [Row(SERVED.name, [[*each, *_weight(page)] for each in figures])]
        for number, other in enumerate(others):
            with started(other, home / str(number)) as server:
                page = visit(browser, server.url)
                found, note = crowd(server, other, visitors)
            rows.append(Row(other.name, [[*found, *_weight(page)]], note))
    return Table(f"visitors-{visitors}", f"{visitors} visitors at once", COLUMNS, rows)


def alone(runs: int) -> Table:
    """Ours, with as many visitors as a prefecture has managers."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for visitors in OURS_ALONE:
            with served(Path(folder) / str(visitors)) as server:
                found = [crowd(server, SERVED, visitors) for _ in range(runs)]
            notes = sorted({note for _, note in found if note})
            rows.append(Row(f"{visitors:,} at once", [each for each, _ in found], "; ".join(notes)))
    return Table("visitors-many", f"{SERVED.name} alone", CROWD_COLUMNS, rows)


def crowd(server: Running, sort: Server, visitors: int) -> tuple[list[float], str]:
    """Let them come; the figures, and what went wrong in words.

    Of those who got nothing the wait is not counted: a server that drops visitors looks fast. So
    look at the failures first.
    """
    job = Job("crowd", server.port, visitors, f"/{sort.page}", sort.has, limit=LIMIT)
    with Tree(server.pid) as tree:
        outcome = send(job)
    notes = [f"{count} × {reason}" for reason, count in sorted(outcome.reasons.items())]
    if tree.processes > 1:
        notes.append(f"{tree.processes} processes")
    if tree.out_of_memory:
        notes.append("ended by us before the machine ran out of memory")
    return [*waits(outcome), outcome.failures, tree.most / 1e6], ", ".join(notes)


def waits(outcome: Outcome) -> tuple[float, float]:
    """Give the median wait, and that which 95 of 100 do not exceed; in seconds."""
    if len(outcome.waits) < 2:
        return LIMIT, LIMIT
    return median(outcome.waits), quantiles(outcome.waits, n=20, method="inclusive")[-1]


def _weight(page: Visited) -> tuple[float, float]:
    return page.requests, page.bytes / 1000
