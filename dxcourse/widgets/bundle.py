"""Joins the words, the kinds and the core into the one module that a browser loads."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

from dxcourse.exercises import kinds_by_name
from dxcourse.text import words

HERE = Path(__file__).parent
STATIC = HERE / "static"
SHARED = ("parts", "answer", "core")  # what all kinds use, in this order
_EXPORT = re.compile(r"^export default function (\w+)", re.MULTILINE)


@cache
def script() -> str:
    """The front end as one JavaScript module: anywidget's `_esm`, and a part of `page_script`.

    Raises
    ------
    FileNotFoundError
        A kind has no front end.
    """
    parts = [f"const WORDS = {json.dumps(strings(), ensure_ascii=False)};", "const kinds = {};"]
    for name in sorted(kinds_by_name()):
        source = (STATIC / "kinds" / f"{name}.js").read_text(encoding="utf-8")
        function = _EXPORT.search(source)
        if function is None:
            msg = f"{name}.js: a kind begins with `export default function`"
            raise ValueError(msg)
        body = _EXPORT.sub(r"function \1", source)
        parts.append(f"kinds.{name} = (() => {{\n{body}\nreturn {function[1]};\n}})();")
    parts += [(STATIC / f"{name}.js").read_text(encoding="utf-8") for name in SHARED]
    return "\n".join(parts)


@cache
def page_script() -> str:
    """The front end for our pages, in one request with what they share around it (`outbox.js`)."""
    return script() + "\n" + (STATIC / "outbox.js").read_text(encoding="utf-8")


@cache
def tokens() -> str:
    """The look in tokens: colours and type, for every sheet of ours."""
    return (STATIC / "tokens.css").read_text(encoding="utf-8")


@cache
def style() -> str:
    """The tokens and the exercise's style, as one sheet."""
    return tokens() + (STATIC / "exercise.css").read_text(encoding="utf-8")


@cache
def strings() -> dict[str, object]:
    """Every word that an exercise shows by itself."""
    return dict(words("exercises"))
