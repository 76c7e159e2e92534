"""The calls that a course notebook makes, one a cell; all they show is data or a template."""

from dxcourse.lesson._calls import (
    deadlines,
    ending,
    evidence,
    exercise,
    glossary,
    heading,
    legend,
    picture,
    plan_table,
)
from dxcourse.lesson._html import lesson_style

__all__ = [
    "deadlines",
    "ending",
    "evidence",
    "exercise",
    "glossary",
    "heading",
    "legend",
    "lesson_style",
    "picture",
    "plan_table",
]
