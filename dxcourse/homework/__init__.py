"""Homework: an ordinary nbgrader course whose answers are data, scored without running anything.

`nbgrader.config` sets nbgrader up for it, with steps of ours among its own.
"""

from typing import TYPE_CHECKING

import dxcourse.lean_jsonschema  # noqa: F401  # isort: split  -- before nbgrader is imported
from dxcourse.assignment import Assignment
from dxcourse.homework.errors import HomeworkError, SubmissionError, Unanswered
from dxcourse.homework.scoring import grade
from dxcourse.lazy import lazy_names

if TYPE_CHECKING:
    from dxcourse.homework.autograde import grade_all
    from dxcourse.homework.collect import Collected, collect_from
    from dxcourse.homework.course import HomeworkCourse
    from dxcourse.homework.deadlines import set_due
    from dxcourse.homework.feedback_release import give_back
    from dxcourse.homework.grade_export import export
    from dxcourse.homework.parallel import Progress, progress_line, workers

__all__ = [
    "Assignment",
    "Collected",
    "HomeworkCourse",
    "HomeworkError",
    "Progress",
    "SubmissionError",
    "Unanswered",
    "collect_from",
    "export",
    "give_back",
    "grade",
    "grade_all",
    "progress_line",
    "set_due",
    "workers",
]

# What needs nbgrader, which takes a second to import: a learner's notebook never does.
__getattr__ = lazy_names(
    __name__,
    {
        "HomeworkCourse": "course",
        "Progress": "parallel",
        "Collected": "collect",
        "collect_from": "collect",
        "export": "grade_export",
        "give_back": "feedback_release",
        "grade_all": "autograde",
        "progress_line": "parallel",
        "set_due": "deadlines",
        "workers": "parallel",
    },
)
