"""Codes like 1-4 and eL-QR stay on one line.

A browser may break a line behind the hyphen of "1-4", and no break-free hyphen is used instead: a
reader who searches a page for "1-4" must find it. The front end does the same (core.js).
"""

from __future__ import annotations

import re

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
