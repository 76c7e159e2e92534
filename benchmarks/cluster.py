"""Homework graded by a Dask cluster on this machine: what it gains, and what it costs.

The cluster has a scheduler and two workers that run before the command does, as an operator starts
them. It has the same two cores as the processes beside it, so that what differs is what Dask costs;
the processor's time of the command itself, which alone writes the gradebook, is what no further
worker takes away.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks._table import Row, Table
from benchmarks.grading import FEW, MANY, OURS, ROOT, Way, hold_the_same

if TYPE_CHECKING:
    from support.homework import Homework

WORKERS = 2
COLUMNS = (
    "seconds from the command",
    "milliseconds a submission, once started",
    "of them the command's own processor",
)


@dataclass
class MeasuredWay(Way):
    """A way to grade, of which the command's own processor is measured, too."""

    told: str = ""

    @property
    def name(self) -> str:
        """How it is told."""
        return f"{self.told}: {self.number:,} submissions"

    def grade(self, made: Homework) -> None:
        """See `Way.grade`."""
        before = _processor()
        super().grade(made)
        own = 1000 * (_processor() - before) / self.number
        self.runs[-1] = (*self.runs[-1], own)


def _processor() -> float:
    """Seconds of the processor that ended children took, and theirs; a cluster has not ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(runs: int) -> Table:
    """Grade by one process, by two, and by a cluster of two, in turns."""
    from distributed import LocalCluster  # noqa: PLC0415  -- an extra of the package

    sys.path.insert(0, str(ROOT / "tests"))  # the submissions are those of the tests
    from support.homework import HW, make_homework  # noqa: PLC0415
    from support.submissions import SOUND, hand_in_many  # noqa: PLC0415

    settings = {"n_workers": WORKERS, "threads_per_worker": 1, "dashboard_address": None}
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalCluster(processes=True, silence_logs=50, **settings) as cluster,
    ):
        by_cluster = (*OURS, "--dask", cluster.scheduler_address)
        courses, ways = {}, []
        for number in (MANY, FEW):
            courses[number] = made = make_homework(Path(folder) / f"{number}" / "course")
            made.run("generate_assignment", HW)
            hand_in_many(made, number, SOUND)
            ways += [
                MeasuredWay(by_cluster, number, told="grade --dask, two workers"),
                MeasuredWay((*OURS, "--workers", "2"), number, told="grade --workers 2"),
                MeasuredWay((*OURS, "--workers", "1"), number, told="grade --workers 1"),
            ]
        for _ in range(runs):
            for way in ways:
                way.grade(courses[way.number])
    for number in (MANY, FEW):
        hold_the_same([way for way in ways if way.number == number])
    title = "Homework graded with a Dask cluster and without, the same gradebook at the end"
    return Table("dask", title, COLUMNS, [Row(way.name, way.runs) for way in ways])
