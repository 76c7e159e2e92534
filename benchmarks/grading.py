"""Submissions a second: nbgrader's stock `autograde` against ours, from command to gradebook.

Each is the command that an instructor types, a process from its start to its end, over the same
submissions; the gradebooks are compared afterwards, cell for cell, before any figure is told.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks._table import Row, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from support.homework import Homework

ROOT = Path(__file__).parent.parent
FEW, MANY = 100, 1000
COLUMNS = ("seconds from the command", "milliseconds a submission, once started")
NBGRADER = ("nbgrader", "autograde")
OURS = ("dxcourse", "homework", "grade")
SECONDS = re.compile(r"（([\d.]+) 秒）")
NBGRADER_BEGINS = "| INFO] Copying "  # the first submission's first file
# As nbgrader is without us; a busy machine takes longer than its half a minute to import.
STOCK = """
from nbgrader.converters import Autograde
c.Autograde.sanitize_preprocessors = Autograde.sanitize_preprocessors.default_args[0]
c.Autograde.autograde_preprocessors = Autograde.autograde_preprocessors.default_args[0]
c.Execute.timeout = 300
"""


@dataclass
class Way:
    """One way to grade, and what was measured of it: the two columns, a run each."""

    command: tuple[str, ...]
    number: int = FEW
    config: str = ""
    runs: list[tuple[float, ...]] = field(default_factory=list)
    grades: Any = None

    @property
    def name(self) -> str:
        """How it is told."""
        sort = "stock" if self.config else "our configuration"
        said = f", {sort}" if self.command[0] == "nbgrader" else ""
        return f"{' '.join(self.command)}{said}: {self.number:,} submissions"

    def grade(self, made: Homework) -> None:
        """Grade a copy of a course, and keep what it took and what came out."""
        from support.homework import HW, gradebook_of  # noqa: PLC0415

        copy = type(made)(Path(shutil.copytree(made.root, made.root.with_name("copy"))))
        with (copy.root / "nbgrader_config.py").open("a", encoding="utf-8") as file:
            file.write(self.config)
        begun = first = time.monotonic()
        with subprocess.Popen(
            [sys.executable, "-m", *self.command, HW],
            cwd=copy.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        ) as done:
            said = ""
            for line in done.stdout or ():
                if first == begun and NBGRADER_BEGINS in line:
                    first = time.monotonic()
                said += line
        seconds = time.monotonic() - begun
        if done.returncode:
            sys.exit(f"{self.name}\n{said[-3000:]}")
        grading = seconds - (first - begun)  # nbgrader is listened to
        if self.command[0] == "dxcourse":
            told = SECONDS.search(said)
            if told is None:
                sys.exit(f"{self.name}: it does not say how long it took\n{said[-3000:]}")
            grading = float(told[1])
        self.runs.append((seconds, 1000 * grading / self.number))
        self.grades = gradebook_of(copy)
        shutil.rmtree(copy.root)


def measure(runs: int) -> Table:
    """Grade in each way, every time in a fresh copy of the course."""
    sys.path.insert(0, str(ROOT / "tests"))  # the submissions are those of the tests
    from support.homework import HW, make_homework  # noqa: PLC0415
    from support.submissions import SOUND, hand_in_many  # noqa: PLC0415

    one = (*OURS, "--workers", "1")
    ways = [Way(OURS), Way(one), Way(OURS, MANY), Way(one, MANY), Way(NBGRADER)]
    stock = Way(NBGRADER, config=STOCK)
    with tempfile.TemporaryDirectory() as folder:
        courses = {}
        for number in (FEW, MANY):
            courses[number] = made = make_homework(Path(folder) / f"{number}" / "course")
            made.run("generate_assignment", HW)
            hand_in_many(made, number, SOUND)
        for _ in range(runs):
            for way in ways:
                way.grade(courses[way.number])
        stock.grade(courses[FEW])  # minutes of kernels: once tells enough
    ways.append(stock)
    for way in ways:
        hold_the_same([each for each in ways if each.number == way.number])
    rows = [Row(way.name, way.runs) for way in ways]
    return Table("grading", "Homework graded, the same gradebook at the end", COLUMNS, rows)


def hold_the_same(ways: Sequence[Way]) -> None:
    """See that all ways came to the same gradebook; ends the program where they did not."""
    first = ways[0]
    if len(first.grades) != first.number or any(way.grades != first.grades for way in ways):
        sys.exit("the gradebooks differ: no figure would mean anything")
