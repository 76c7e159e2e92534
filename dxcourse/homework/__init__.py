"""Homework: an ordinary nbgrader course whose answers are data, scored without running anything.

`config` sets nbgrader up for it; its steps are in `preprocessors`, `exporter` and `exchange`.
"""

from typing import TYPE_CHECKING

import dxcourse.lean_jsonschema  # noqa: F401  # isort: split  -- before nbgrader is imported
from dxcourse.assignment import Assignment
from dxcourse.homework._errors import HandedInError, HomeworkError, Unanswered
from dxcourse.homework._grade import grade
from dxcourse.lazy import lazy_names

if TYPE_CHECKING:
    from dxcourse.homework._batch import grade_all, workers
    from dxcourse.homework._collect import Taken, collect_from
    from dxcourse.homework._course import HomeworkCourse
    from dxcourse.homework._due import set_due
    from dxcourse.homework._export import export
    from dxcourse.homework._give_back import give_back
    from dxcourse.homework._progress import Progress, progress_line

__all__ = [
    "Assignment",
    "HandedInError",
    "HomeworkCourse",
    "HomeworkError",
    "Progress",
    "Taken",
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
        "HomeworkCourse": "_course",
        "Progress": "_progress",
        "Taken": "_collect",
        "collect_from": "_collect",
        "export": "_export",
        "give_back": "_give_back",
        "grade_all": "_batch",
        "progress_line": "_progress",
        "set_due": "_due",
        "workers": "_batch",
    },
)
