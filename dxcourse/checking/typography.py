"""Slips of the keyboard in Japanese text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dxcourse.checking._finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dxcourse.checking._content import Files

SLIPS = (
    (re.compile("[\uff61-\uff9f]+"), "half-width katakana", "write full-width ones"),
    (re.compile("[０-９Ａ-Ｚａ-ｚ]+"), "full-width letters or digits", "write half-width ones"),
    (re.compile("\t"), "a tab", "write spaces"),
)
TEXTS = (
    "notebooks/*.yaml",
    "exercises/bank/*.yaml",
    "exercises/homework/source/**/*.yaml",
    "data/*.csv",
    "data/*.yaml",
)


def slips(files: Files) -> Iterator[Finding]:
    """Hold that text has no half-width katakana, no full-width letters or digits, and no tabs."""
    for name, number, text in _lines(files):
        for slip, what, cure in SLIPS:
            found = slip.search(text)
            if found:
                shown = f" ({found[0]})" if found[0].strip() else ""
                yield Finding(name, number, f"{what}{shown}: {cure}")


def _lines(files: Files) -> Iterator[tuple[str, int, str]]:
    for book in files.notebooks.values():
        for cell in book.cells:
            if not cell.code:
                for index, text in enumerate(cell.source.splitlines()):
                    yield book.name, cell.line_at(index), text
    for path in files.find(*TEXTS):
        text = path.read_text(encoding="utf-8-sig", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            yield files.name(path), number, line
