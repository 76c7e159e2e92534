"""The calls that a course notebook makes, one a cell; all they show is data or a template."""

from dxcourse.notebook_calls.calls import (
    before_after,
    certificate,
    changes,
    deadlines,
    ending,
    evidence,
    exercise,
    exercise_html,
    glossary,
    heading,
    legend,
    my_plan,
    now,
    numbers,
    picture,
    plan_table,
    said,
)
from dxcourse.notebook_calls.markup import lesson_style, paper_style, unbroken, with_marks
from dxcourse.notebook_calls.report import Download, LearnerReport

__all__ = [
    "Download",
    "LearnerReport",
    "before_after",
    "certificate",
    "changes",
    "deadlines",
    "ending",
    "evidence",
    "exercise",
    "exercise_html",
    "glossary",
    "heading",
    "legend",
    "lesson_style",
    "my_plan",
    "now",
    "numbers",
    "paper_style",
    "picture",
    "plan_table",
    "said",
    "unbroken",
    "with_marks",
]
