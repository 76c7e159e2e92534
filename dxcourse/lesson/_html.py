"""HTML for a notebook's output: from templates, everything escaped, styled where no page does."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from IPython.display import HTML
from jinja2 import Environment

from dxcourse import settings
from dxcourse._templates import templates
from dxcourse.lesson._unbroken import unbroken
from dxcourse.widgets import strings, tokens

HERE = Path(__file__).parent


@cache
def environment() -> Environment:
    """Where the templates are."""
    return templates(HERE / "templates")


def html(template: str, values: Mapping[str, Any]) -> HTML:
    """A template as a cell's output; where no page of ours brings the sheet, it comes along."""
    body = plain_html(template, values)
    if settings.rendering():
        return HTML(body)
    sheet = f"<style>{tokens()}{lesson_style()}</style>"
    return HTML(f"{sheet}{body}")


def plain_html(template: str, values: Mapping[str, Any]) -> str:
    """A template as a part of a page that has our sheet."""
    return unbroken(environment().get_template(template).render(words=strings(), **values))


@cache
def lesson_style() -> str:
    """The sheet of what these templates show."""
    return (HERE / "lesson.css").read_text(encoding="utf-8")
