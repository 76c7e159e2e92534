"""Wording: the spelling of official writing, as data; and numbers in prose that count things."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dxcourse.authored import finding, read_table
from dxcourse.checking.rules.language import text_lines
from dxcourse.errors import ContentError, Finding
from dxcourse.files import cached_by_mtime

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from dxcourse.checking.content import Content, Files

SPELLING = "data/spelling.csv"
COLUMNS = ("pattern", "wanted", "why")
DIGITS = "一二三四五六七八九"
# What others wrote stands as they wrote it.
QUOTED = re.compile(r"「[^」]*」")
NUMBER = r"(?<![第0-9〇一二三四五六七八九十])([0-9]+|[一二三四五六七八九十]+)"


def spelling(files: Files) -> Iterator[Finding]:
    """Hold that text is spelt as `data/spelling.csv` says, where the course has one."""
    path = files.root / SPELLING
    if not path.is_file():
        return
    try:
        entries = _entries(path)
    except ContentError as error:
        yield from error.findings
        return
    for name, number, text in text_lines(files):
        if name == SPELLING:
            continue
        own = QUOTED.sub(lambda found: "　" * len(found[0]), text)
        for pattern, wanted, why in entries:
            if found := pattern.search(own):
                blanks = {"found": found[0], "wanted": wanted, "why": why}
                yield finding(name, number, "wording.spelling", **blanks)


@cached_by_mtime(maxsize=4)
def _entries(path: Path) -> tuple[tuple[re.Pattern[str], str, str], ...]:
    table = read_table(path, SPELLING, COLUMNS)
    wrong, entries = list(table.findings), []
    for line in table.lines:
        try:
            pattern = re.compile(line.values["pattern"])
        except re.error as error:
            wrong.append(finding(SPELLING, line.number, "wording.pattern", detail=error))
        else:
            entries.append((pattern, line.values["wanted"], line.values["why"]))
    if wrong:
        raise ContentError(wrong)
    return tuple(entries)


def _modules(content: Content) -> int:
    return len(content.course.outline.modules)


def _plan_items(content: Content) -> int:
    facts = content.course.facts
    return len(facts.plan()) if facts.editions() else 0


def _slides(content: Content) -> int:
    return content.course.outline.slides_total


COUNTED: tuple[tuple[re.Pattern[str], Callable[[Content], int]], ...] = (
    (re.compile(r"(?<![第の0-9〇一二三四五六七八九十])([一二三四五六七八九十]+)章"), _modules),
    (re.compile(NUMBER + "の章"), _modules),
    (re.compile(NUMBER + "の取組"), _plan_items),
    (re.compile(NUMBER + "枚のスライド"), _slides),
)
"""What prose counts, and what it comes to."""


def counted_things(content: Content) -> Iterator[Finding]:
    """Hold that what prose counts is as many: the modules, the plan's items, the slides."""
    wanted = [(pattern, count(content)) for pattern, count in COUNTED]
    for name, number, text in text_lines(content.files):
        for pattern, count in wanted:
            for found in pattern.finditer(text):
                if as_number(found[1]) != count:
                    blanks = {"found": found[0], "count": count}
                    yield finding(name, number, "wording.counted", **blanks)


def as_number(text: str) -> int:
    """Read a number below a hundred, in digits or in kanji."""
    if text.isascii():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        tens, ones = "", text
    return 10 * (DIGITS.index(tens) + 1 if tens else bool(ten)) + (
        DIGITS.index(ones) + 1 if ones and len(ones) == 1 else 0
    )
