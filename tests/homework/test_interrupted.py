"""Grading that is killed at any moment goes on where it was, and ends as if it never had been."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dxcourse.homework import HomeworkCourse, grade_all
from dxcourse.homework.pipeline import STAMP
from support.homework import HW, Homework, gradebook_of
from support.submissions import REFUSED, hand_in_many

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS = Path(__file__).parents[1]
MEGABYTE = 1024  # kB

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals")


@contextmanager
def grading(homework: Homework, workers: int) -> Iterator[Iterator[tuple[int, int]]]:
    """Grade in a process group of its own; what it says: how many are graded, peak of memory."""
    program = subprocess.Popen(
        [sys.executable, "-m", "support.grading_program", str(homework.root), str(workers)],
        cwd=TESTS,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert program.stdout is not None
    lines = (line.split() for line in program.stdout)
    try:
        yield ((int(made), int(peak)) for made, peak in lines)
    finally:
        if program.poll() is None:
            os.killpg(program.pid, signal.SIGKILL)
        program.wait()
        program.stdout.close()


def kill_and_resume(homework: Homework, number: int, at: int, workers: int) -> dict[str, str]:
    """Kill half-way, without a word; then go on, and hold that each is graded exactly once."""
    sorts = hand_in_many(homework, number)
    with grading(homework, workers) as said:
        next(made for made, _ in said if made >= at)
    stamped = len(list(homework.root.glob(f"autograded/*/{HW}/{STAMP}")))
    assert 0 < stamped < number
    done = grade_all(HomeworkCourse.open(homework.root), HW)
    refused = {student for student, sort in sorts.items() if sort in REFUSED}
    assert (done.unchanged, set(done.failed)) == (stamped, refused)
    assert done.made == number - stamped - len(refused)
    again = grade_all(HomeworkCourse.open(homework.root), HW)
    assert (again.made, again.unchanged) == (0, number - len(refused))
    return sorts


def test_killed_half_way_it_ends_as_if_it_had_not_been(homework: Homework, tmp_path: Path) -> None:
    whole = Homework(shutil.copytree(homework.root, tmp_path / "whole"))
    hand_in_many(whole, 60)
    grade_all(HomeworkCourse.open(whole.root), HW)
    kill_and_resume(homework, number=60, at=30, workers=1)
    assert gradebook_of(homework) == gradebook_of(whole)


def test_killed_with_workers_it_leaves_none_behind(homework: Homework) -> None:
    kill_and_resume(homework, number=80, at=30, workers=2)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_two_thousand_killed_half_way(homework: Homework) -> None:
    sorts = kill_and_resume(homework, number=2000, at=1000, workers=2)
    assert set(gradebook_of(homework)) == set(sorts)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_memory_is_flat_over_two_thousand(homework: Homework) -> None:
    hand_in_many(homework, 2000)
    with grading(homework, 1) as said:
        peaks = dict(said)
    assert max(peaks) > 1600
    assert peaks[max(peaks)] - peaks[300] < 20 * MEGABYTE
