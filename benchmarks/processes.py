"""Answers of one process and of two over one PostgreSQL, in turns on this machine's cores.

Visitors, processes and database share the same cores here, so a rate by the clock is one of a
machine that the visitors take a part of. It stands there a second time with that part taken out:
as if the visitors came from elsewhere, and no process had more than a core.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import psutil  # type: ignore[import-untyped]

from benchmarks._client import visit
from benchmarks._kept import all_pages, kept_pages
from benchmarks._servers import ROOT, SERVED, Running, Server, started
from benchmarks._table import Row, Table
from benchmarks._tree import family
from benchmarks.rates import LASTS, answering

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

COUNTS = (2, 1)  # processes; the first is ours, with which the other is compared
COLUMNS = (
    "answers a second by the clock",
    "with the visitors' share taken out",
    "CPU ms an answer: processes",
    "database",
    "visitors",
)


@dataclass(frozen=True)
class Spent:
    """Seconds of the processor that were taken, by whom."""

    processes: float
    database: float
    visitors: float

    def since(self, before: Spent) -> Spent:
        """What was taken since."""
        pairs = zip(self.all, before.all, strict=True)
        return Spent(*(now - then for now, then in pairs))

    @property
    def all(self) -> tuple[float, float, float]:
        """The three, in the order of the columns."""
        return self.processes, self.database, self.visitors


def measure(runs: int) -> Table:
    """Two processes against one."""
    sys.path.insert(0, str(ROOT / "tests"))  # the database is the tests'
    from support.postgres import Cluster  # noqa: PLC0415

    found: dict[int, list[Sequence[float]]] = {count: [] for count in COUNTS}
    cluster = Cluster().start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            for run in range(runs):
                for count in COUNTS[:: 1 if run % 2 else -1]:
                    home = Path(folder) / f"{run}-{count}"
                    with (
                        cluster.database() as address,
                        started(
                            _server(count),
                            home,
                            DXCOURSE_STORE=address,
                            DXCOURSE_CACHE=kept_pages(),
                        ) as server,
                    ):
                        all_pages(server)
                        spent = partial(_spent, server.pid, cluster.process)
                        found[count].append(_figures(server, run, count, spent))
    finally:
        cluster.remove()
    rows = [
        Row(f"{count} processes" if count > 1 else "1 process", found[count]) for count in COUNTS
    ]
    return Table("processes", "Answers over one PostgreSQL", COLUMNS, rows)


def _server(count: int) -> Server:
    command = ("-m", "dxcourse", "serve", "--processes", f"{count}", "--port")
    return Server(SERVED.name, command, ROOT, SERVED.page, SERVED.has, SERVED.environment)


def _figures(
    server: Running, run: int, count: int, spent: Callable[[], Spent]
) -> tuple[float, ...]:
    job = answering(server, LASTS, run)
    before = spent()
    outcome = visit(job)
    used = spent().since(before)
    answers = len(outcome.acknowledged)
    if outcome.failures or not answers:
        msg = f"{outcome.failures} failures: {outcome.reasons}"
        raise RuntimeError(msg)
    cores = os.cpu_count() or 1
    free = cores - used.visitors / outcome.seconds
    by_clock = answers / outcome.seconds
    shared = by_clock * cores / free
    each_on_a_core = min(count, cores) * answers / used.processes
    by_itself = max(by_clock, min(shared, each_on_a_core))
    return (by_clock, by_itself, *(1000 * part / answers for part in used.all))


def _spent(server: int, database: int) -> Spent:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)  # the visitors, once they have left
    return Spent(_of_family(server), _of_family(database), ended.ru_utime + ended.ru_stime)


def _of_family(pid: int) -> float:
    times = [each.cpu_times() for each in family(pid) if psutil.pid_exists(each.pid)]
    return float(sum(each.user + each.system for each in times))
