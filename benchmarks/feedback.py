"""Feedback and the table of grades for 200 learners: ours against nbgrader's own command.

Each is the commands that an instructor types, processes from their start to their end, over the
same graded submissions; every learner has a page afterwards, or no figure is told.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks._table import Row, Table

if TYPE_CHECKING:
    from support.homework import Homework

ROOT = Path(__file__).parent.parent
MANY = 200
COLUMNS = ("seconds from the first command", "milliseconds a learner")
# As nbgrader gives back without us: its page of the notebook.
STOCK = """
from nbgrader.converters import GenerateFeedback
from nbconvert.exporters import HTMLExporter
c.GenerateFeedback.preprocessors = GenerateFeedback.preprocessors.default_args[0]
c.GenerateFeedback.exporter_class = HTMLExporter
"""


@dataclass
class Way:
    """One way to give back, and what was measured of it: the two columns, a run each."""

    name: str
    commands: tuple[tuple[str, ...], ...]
    config: str = ""
    runs: list[tuple[float, float]] = field(default_factory=list)

    def give(self, made: Homework) -> None:
        """Give back in a copy of a course, and keep what it took."""
        from support.homework import HW  # noqa: PLC0415

        copy = type(made)(Path(shutil.copytree(made.root, made.root.with_name("copy"))))
        with (copy.root / "nbgrader_config.py").open("a", encoding="utf-8") as file:
            file.write(self.config)
        begun = time.monotonic()
        for command in self.commands:
            done = subprocess.run(
                [sys.executable, "-m", *command],
                cwd=copy.root,
                capture_output=True,
                text=True,
                check=False,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )
            if done.returncode:
                sys.exit(f"{self.name}\n{(done.stdout + done.stderr)[-3000:]}")
        seconds = time.monotonic() - begun
        pages = list(copy.root.glob(f"feedback/*/{HW}/{HW}.html"))
        if len(pages) != MANY:
            sys.exit(f"{self.name}: {len(pages)} pages for {MANY} learners")
        self.runs.append((seconds, 1000 * seconds / MANY))
        shutil.rmtree(copy.root)


def measure(runs: int) -> Table:
    """Give back in each way, every time in a fresh copy of the course."""
    sys.path.insert(0, str(ROOT / "tests"))  # the submissions are those of the tests
    from support.homework import HW, make_homework  # noqa: PLC0415
    from support.submissions import SOUND, hand_in_many  # noqa: PLC0415

    ours = ("dxcourse", "homework")
    ways = [
        Way("dxcourse homework feedback", ((*ours, "feedback", HW),)),
        Way(
            "dxcourse homework feedback, then export",
            ((*ours, "feedback", HW), (*ours, "export", "grades.xlsx")),
        ),
    ]
    theirs = (("nbgrader", "generate_feedback", HW),)
    slow = [
        Way("nbgrader generate_feedback, our configuration", theirs),
        Way("nbgrader generate_feedback, stock", theirs, STOCK),
    ]
    with tempfile.TemporaryDirectory() as folder:
        made = make_homework(Path(folder) / "course")
        made.run("generate_assignment", HW)
        hand_in_many(made, MANY, SOUND)
        subprocess.run(
            [sys.executable, "-m", *ours, "grade", HW],
            cwd=made.root,
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        for _ in range(runs):
            for way in ways:
                way.give(made)
        for way in slow:
            way.give(made)  # half a minute and more: once tells enough
    rows = [Row(way.name, way.runs) for way in (*ways, *slow)]
    return Table("feedback", f"Given back to {MANY:,} learners", COLUMNS, rows)
