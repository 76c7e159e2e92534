"""What a page would load from outside, and what a page forbids."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dxcourse.checking._finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dxcourse.checking._content import Files

# Code in a text is shown, not followed.
CODE = re.compile(
    r"^(`{3,}|~{3,}).*?(?:^\1|\Z)|(`+)(?!`).+?(?<!`)\2(?!`)", re.MULTILINE | re.DOTALL
)
OUT = r"(?:[a-z][a-z0-9+.-]*:|[\\/]{2})"
ATTRIBUTE = rf"\b(?:src|srcset|href|action|poster|data)\s*=\s*[\"']?\s*({OUT}[^\s\"'>]+)"
TARGETS = (
    re.compile(rf"\]\(\s*<?({OUT}[^)\s>]*)", re.IGNORECASE),
    re.compile(rf"^ {{0,3}}\[[^\]\n]+\]:\s*<?({OUT}[^\s>]*)", re.IGNORECASE | re.MULTILINE),
    re.compile(r"<([a-z][a-z0-9+.-]+:[^\s<>]*)>", re.IGNORECASE),
    re.compile(ATTRIBUTE, re.IGNORECASE),
)
IMAGE = re.compile(r"!\[")
HTML = re.compile(r"<(?:/?[a-z][a-z0-9-]*(?:[\s/][^<>]*)?>|!--|!\[CDATA|[?])", re.IGNORECASE)
ALIGNED = re.compile(r"^(?=.*-)(?=.*\|)[-:| ]*:[-:| ]*$", re.MULTILINE)

# In our own files. A name space is a name, and nothing is fetched from it.
WEB = r"(?:(?:https?|wss?|ftp):)?//(?!www\.w3\.org/)[\w.\[-]+[^\s\"'`)>]*"
LOADED = (
    re.compile(rf"\b(?:src|srcset|href|action|poster|data)\s*=\s*[\"']?\s*({WEB})", re.IGNORECASE),
    re.compile(rf"(?:url\(|@import)\s*[\"']?\s*({WEB})", re.IGNORECASE),
    re.compile(rf"[\"'`]({WEB})", re.IGNORECASE),
)
KINDS = ("css", "js", "mjs", "html", "j2", "svg")
FOLDERS = ("notebooks", "exercises/homework/source", "dxcourse")


def addresses_in_text(files: Files) -> Iterator[Finding]:
    """Hold that no link, image or tag in a notebook's text leads outside; a mention may."""
    for name, line, found in _in_text(files, *TARGETS):
        message = (
            f'a page would load or lead to "{found[1]}"; mention it as plain text, or go without'
        )
        yield Finding(name, line, message)


def images(files: Files) -> Iterator[Finding]:
    """Hold that pictures come from `picture()`, which gives them their alt text."""
    for name, line, _ in _in_text(files, IMAGE):
        yield Finding(name, line, 'an image in the text; show one with picture("its-name")')


def html(files: Files) -> Iterator[Finding]:
    """Hold that text has no raw HTML, and no table whose colons become inline styles."""
    for name, line, found in _in_text(files, HTML):
        yield Finding(name, line, f'raw HTML "{found[0]}"; write it as Markdown')
    for name, line, _ in _in_text(files, ALIGNED):
        message = "a table aligned with colons, whose inline style pages forbid; take them out"
        yield Finding(name, line, message)


def addresses_in_files(files: Files) -> Iterator[Finding]:
    """Hold that no style sheet, script or template of the course names an outside address.

    In a checkout, the package's own are read as well.
    """
    for path in files.find(*(f"{folder}/**/*.{kind}" for folder in FOLDERS for kind in KINDS)):
        text = path.read_text(encoding="utf-8", errors="replace")
        seen = set()
        for pattern in LOADED:
            for found in pattern.finditer(text):
                line = text.count("\n", 0, found.start(1)) + 1
                if (line, found[1]) not in seen:
                    seen.add((line, found[1]))
                    message = f'a page would load "{found[1]}"; ship what it needs with the package'
                    yield Finding(files.name(path), line, message)


def _in_text(files: Files, *patterns: re.Pattern[str]) -> Iterator[tuple[str, int, re.Match[str]]]:
    for book in files.notebooks.values():
        for cell in book.cells:
            if cell.kind != "markdown":
                continue
            text = CODE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), cell.source)
            for pattern in patterns:
                for found in pattern.finditer(text):
                    yield book.name, cell.line_at(text.count("\n", 0, found.start())), found
