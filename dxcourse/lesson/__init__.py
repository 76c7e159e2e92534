"""The calls that a course notebook makes, one a cell; all they show is data or a template."""

from dxcourse.lesson._calls import (
    changes,
    deadlines,
    ending,
    evidence,
    exercise,
    exercise_html,
    glossary,
    heading,
    legend,
    numbers,
    picture,
    plan_table,
)
from dxcourse.lesson._html import lesson_style
from dxcourse.lesson._own import File, Own
from dxcourse.lesson._own_calls import before_after, certificate, my_plan
from dxcourse.lesson._unbroken import unbroken

__all__ = [
    "File",
    "Own",
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
    "numbers",
    "picture",
    "plan_table",
    "unbroken",
]
