"""HTML for a notebook's output: from templates, everything escaped, styled where no page does."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from IPython.display import HTML
from jinja2 import Environment

from dxcourse import settings
from dxcourse.figures.signs import plates, sign, signs_style
from dxcourse.text import say
from dxcourse.text.templates import templates
from dxcourse.widgets import strings, tokens

if TYPE_CHECKING:
    from dxcourse.facts import LegendEntry

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


_MARKED = re.compile(r"<[^>]*>|[^<]+")
_NOT_MARKED = re.compile(r"<(/?)(?:a|button|h[1-6]|script|summary)\b")


def with_marks(html: str, marks: Iterable[LegendEntry]) -> str:
    """HTML, well formed, whose marks of certainty say what they mean when one asks them.

    Each leads to its meaning at the end of the page. Where a finger or a key does
    something else already (a link, a heading that may be one), they stay as they are.
    """
    known = {each.mark: each for each in marks}
    if not any(mark in html for mark in known):
        return html
    sign = re.compile("[" + "".join(known) + "]")
    pieces: list[str] = []
    depth = 0
    for piece in _MARKED.findall(html):
        if tag := _NOT_MARKED.match(piece):
            depth += -1 if tag[1] else 1
        if depth or piece.startswith("<"):
            pieces.append(piece)
        else:
            pieces.append(sign.sub(lambda found: _button(known[found[0]]), piece))
    return "".join(pieces)


def _button(entry: LegendEntry) -> str:
    label = say("chapter.mark_key", mark=entry.mark, certainty=entry.name)
    return (
        f'<button type="button" class="dxc-mark" popovertarget="mark-{entry.id}"'
        f' aria-label="{label}">{entry.mark}</button>'
    )


def _keep(text: str) -> str:
    return _CODE.sub(rf'<span class="{CLASS}">\g<0></span>', text)


HERE = Path(__file__).parent


@cache
def environment() -> Environment:
    """Where the templates are."""
    found = templates(HERE / "templates")
    found.globals |= {"sign": sign, "plates": plates, "tip_id": _tip_id}
    return found


_tips = count(1)
_here = secrets.token_hex(2)  # JupyterLab shows notebooks of several kernels in one document


def _tip_id(fact: str) -> str:
    """A name that nothing else in a page has."""
    return f"tip-{fact}-{'' if settings.rendering() else _here}{next(_tips)}"


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
