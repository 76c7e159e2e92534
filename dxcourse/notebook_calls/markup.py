"""HTML for a notebook's output: from templates, everything escaped, styled where no page does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from IPython.display import HTML
from jinja2 import Environment

from dxcourse import settings
from dxcourse.figures.signs import plates, sign, signs_style
from dxcourse.text.templates import templates
from dxcourse.widgets import strings, tokens

CLASS = "dxl-unbroken"  # styled by lesson.css and exercise.css

# Short parts, two or three of them: what a learner types must still be able to break.
_CODE = re.compile(r"\b[0-9A-Za-z]{1,6}(?:-[0-9A-Za-z]{1,6}){1,2}\b(?!-)", re.ASCII)

# What is no text for readers: elements that hold none or no elements, tags, and codes done already.
_SKIPPED = re.compile(
    rf"<(?P<tag>script|style|title|textarea|option)\b.*?</(?P=tag)>"
    rf'|<span class="{CLASS}">.*?</span>|<[^>]*>',
    re.DOTALL,
)


def unbroken(html: str) -> str:
    """HTML, escaped and well formed, whose codes do not break at the end of a line.

    Done again, it changes nothing.
    """
    pieces: list[str] = []
    end = 0
    for skipped in _SKIPPED.finditer(html):
        pieces += [_keep(html[end : skipped.start()]), skipped[0]]
        end = skipped.end()
    return "".join([*pieces, _keep(html[end:])])


def _keep(text: str) -> str:
    return _CODE.sub(rf'<span class="{CLASS}">\g<0></span>', text)


HERE = Path(__file__).parent


@cache
def environment() -> Environment:
    """Where the templates are."""
    found = templates(HERE / "templates")
    found.globals |= {"sign": sign, "plates": plates}
    return found


def html(template: str, values: Mapping[str, Any]) -> HTML:
    """A template as a cell's output; where no page of ours brings the sheet, it comes along."""
    body = plain_html(template, values)
    if settings.rendering():
        return HTML(body)
    sheet = f"<style>{tokens()}{lesson_style()}</style>"
    return HTML(f"{sheet}{body}")


def plain_html(template: str, values: Mapping[str, Any]) -> str:
    """A template as a part of a page that has our sheet."""
    return unbroken(
        environment()
        .get_template(template)
        .render(words=strings(), **{"pages": settings.rendering(), **values})
    )


@cache
def lesson_style() -> str:
    """The sheet of what these templates show, and of the drawings in them."""
    return signs_style() + (HERE / "lesson.css").read_text(encoding="utf-8")


@cache
def paper_style() -> str:
    """The sheet of what is printed alone: the plan card and the certificate."""
    return (HERE / "paper.css").read_text(encoding="utf-8")
