"""The calls that a course notebook makes, one a cell; all they show is data or a template."""

from dxcourse.notebook_calls.calls import (
    changes,
    deadlines,
    ending,
    evidence,
    exercise,
    exercise_html,
    glossary,
    heading,
    legend,
    now,
    numbers,
    picture,
    plan_table,
)
from dxcourse.notebook_calls.markup import lesson_style, paper_style, unbroken, with_marks
from dxcourse.notebook_calls.own import before_after, certificate, my_plan, said
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
