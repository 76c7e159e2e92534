"""Submissions a second: nbgrader's stock `autograde` against ours, from command to gradebook.

Each is the command that an instructor types, a process from its start to its end, over the same
submissions; the gradebooks are compared afterwards, cell for cell, before any figure is told.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks._table import Row, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from homework.homework_making import Homework

ROOT = Path(__file__).parent.parent
NUMBER = 100
COLUMNS = ("seconds", "seconds a submission")
NBGRADER = (sys.executable, "-m", "nbgrader", "autograde")
OURS = (sys.executable, "-m", "dxcourse", "homework", "grade")
# As nbgrader is without us; a busy machine takes longer than its half a minute to import.
STOCK = """
from nbgrader.converters import Autograde
c.Autograde.sanitize_preprocessors = Autograde.sanitize_preprocessors.default_args[0]
c.Autograde.autograde_preprocessors = Autograde.autograde_preprocessors.default_args[0]
c.Execute.timeout = 300
"""


def measure(runs: int) -> Table:
    """Grade as many submissions in each way, every run in a fresh copy of the course."""
    sys.path.insert(0, str(ROOT / "tests"))  # the submissions are those of the tests
    from homework.homework_making import HW, make_homework  # noqa: PLC0415
    from homework.submissions import SOUND, hand_in_many  # noqa: PLC0415

    ways: dict[str, tuple[Sequence[str], str]] = {
        "dxcourse homework grade": ((*OURS, HW), ""),
        "dxcourse homework grade --workers 2": ((*OURS, HW, "--workers", "2"), ""),
        "nbgrader autograde, our configuration": ((*NBGRADER, HW), ""),
        "nbgrader autograde, stock": ((*NBGRADER, HW), STOCK),
    }
    with tempfile.TemporaryDirectory() as folder:
        made = make_homework(Path(folder) / "course")
        made.run("generate_assignment", HW)
        hand_in_many(made, NUMBER, SOUND)
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        found: dict[str, Any] = {}
        for run in range(runs):
            for name, (command, config) in ways.items():
                if config and run:  # minutes of kernels: once tells enough
                    continue
                copy = type(made)(Path(shutil.copytree(made.root, Path(folder) / "copy")))
                seconds[name].append(_graded(copy, command, config))
                found[name] = {student: copy.grades(student) for student in _students(copy)}
                shutil.rmtree(copy.root)
        first, *others = found.values()
        if len(first) != NUMBER or any(each != first for each in others):
            sys.exit("the gradebooks differ: no figure would mean anything")
    rows = [
        Row(name, [(each, each / NUMBER) for each in seconds[name]], _note(name, seconds))
        for name in ways
    ]
    title = f"{NUMBER} submissions graded, the same gradebook at the end"
    return Table("grading", title, COLUMNS, rows)


def _graded(course: Homework, command: Sequence[str], config: str) -> float:
    with (course.root / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(config)
    begun = time.monotonic()
    done = subprocess.run(
        command,
        cwd=course.root,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    seconds = time.monotonic() - begun
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stderr[-3000:]}")
    return seconds


def _students(course: Homework) -> list[str]:
    return sorted(path.name for path in (course.root / "submitted").iterdir())


def _note(name: str, seconds: dict[str, list[float]]) -> str:
    """How many submissions a second, and what that is of the stock way."""
    stock = min(next(each for way, each in seconds.items() if way.endswith("stock")))
    own = min(seconds[name])
    return f"{NUMBER / own:.1f} submissions a second at best, {stock / own:.1f}× the stock way"
