"""HTML for a notebook's output: from templates, everything escaped, styled where no page does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from IPython.display import HTML
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from dxcourse import settings
from dxcourse.lesson._unbroken import unbroken
from dxcourse.widgets import strings, tokens

HERE = Path(__file__).parent


@cache
def environment() -> Environment:
    """Where the templates are; `tojson` is safe inside a script element."""
    env = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters["script_json"] = script_json
    return env


def script_json(data: object) -> Markup:
    """JSON that no content can break out of a script element with."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(  # noqa: S704  -- `<`, `>` and `&` are escaped right here
        text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    )


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
