"""Grades an assignment in a process of its own, to be killed: ``ROOT WORKERS``.

After each submission it says how many are graded, and the most memory it has had (kB).
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

from dxcourse.homework import HomeworkCourse, Progress, grade_all, workers
from support.homework import HW


def report(progress: Progress) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stdout.write(f"{progress.made} {peak}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    course = HomeworkCourse.open(Path(sys.argv[1]))
    with workers(int(sys.argv[2])) as executor:
        grade_all(course, HW, executor=executor, report=report)
