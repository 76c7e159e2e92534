"""Joins the words, the kinds and the core into the one module that a browser loads."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml

from dxcourse.exercises import Exercise, is_own, kinds_by_name
from dxcourse.text import LANGUAGE, say, words

log = logging.getLogger(__name__)

HERE = Path(__file__).parent
STATIC = HERE / "static"
SHARED = ("parts", "answer", "reply", "core")  # what all kinds use, in this order
_EXPORT = re.compile(r"^export default function (\w+)", re.MULTILINE)
# Whole lines of comment, and what a line is indented by: for readers, not for browsers.
_COMMENT = re.compile(r"^[ \t]*(?://[^\n]*|/\*\*.*?\*/[ \t]*)\n|^[ \t]+", re.MULTILINE | re.DOTALL)


@cache
def script() -> str:
    """The front end as one JavaScript module: anywidget's `_esm`, and a part of `page_script`.

    A kind of another package whose files cannot be used is named in the log and left out.

    Raises
    ------
    FileNotFoundError, ValueError
        One of the course's own kinds has no front end.
    """
    scripts = dict(_kinds())
    parts = [f"const WORDS = {json.dumps(strings(), ensure_ascii=False)};", "const kinds = {};"]
    parts += [f"kinds.{name} = {source};" for name, source in scripts.items()]
    parts += [_lean(f"{name}.js") for name in SHARED]
    return "\n".join(parts)


def _lean(name: str) -> str:
    """Give a file without its comments: a fifth of what a phone would load."""
    return _COMMENT.sub("", (STATIC / name).read_text(encoding="utf-8"))


def _kinds() -> Iterator[tuple[str, str]]:
    for name, cls in sorted(kinds_by_name().items()):
        try:
            yield name, _function(name, _front_end(cls).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            if is_own(cls):
                raise
            log.warning(say("check.kinds.broken", kind=name, source=f"{name}.js", cause=str(error)))


def _front_end(cls: type[Exercise[Any]]) -> Traversable:
    """Find a kind's script: beside the module of another package, with ours for our own."""
    return STATIC / "kinds" / f"{cls.kind}.js" if is_own(cls) else _beside(cls) / f"{cls.kind}.js"


def _beside(cls: type[Exercise[Any]]) -> Traversable:
    return files(cls.__module__.partition(".")[0])


def _function(name: str, source: str) -> str:
    """Give a kind's script as an expression: its function, with what it keeps to itself."""
    function = _EXPORT.search(source)
    if function is None:
        msg = f"{name}.js: a kind begins with `export default function`"
        raise ValueError(msg)
    body = _COMMENT.sub("", _EXPORT.sub(r"function \1", source))
    return f"(() => {{\n{body}\nreturn {function[1]};\n}})()"


@cache
def page_script() -> str:
    """The front end for our pages, in one request with what they share around it (`outbox.js`)."""
    return script() + "\n" + _lean("outbox.js")


@cache
def tokens() -> str:
    """The look in tokens: colours and type, for every sheet of ours."""
    return (STATIC / "tokens.css").read_text(encoding="utf-8")


@cache
def token_colours(*, dark: bool) -> Mapping[str, str]:
    """The colours of the tokens on a light screen, or on a dark one."""
    start = r"\(prefers-color-scheme: dark\)" if dark else ":root, .dxc"
    rule = re.search(start + r"[^;}]*\{([^}]*)\}", tokens())
    return dict(re.findall(r"(--dx-[a-z-]+): (#[0-9a-f]+);", rule[1] if rule else ""))


@cache
def style() -> str:
    """The tokens and the exercise's style, as one sheet."""
    return tokens() + (STATIC / "exercise.css").read_text(encoding="utf-8")


@cache
def strings() -> dict[str, object]:
    """Every word that an exercise shows by itself; another package's under its kind's name."""
    found = dict(words("exercises"))
    for name, cls in kinds_by_name().items():
        file = _beside(cls) / f"{LANGUAGE}.yaml"
        if not is_own(cls) and file.is_file():
            own = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
            found |= {f"{name}.{key}": text for key, text in own.items()}
    return found
