"""Language: terms, slips of the keyboard, official spelling, numbers that count things."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from dxcourse.authored import did_you_mean, finding, read_table
from dxcourse.checking.rules.leaks import CODE
from dxcourse.errors import ContentError, Finding
from dxcourse.files import cached_by_mtime

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from dxcourse.authored import Notebook
    from dxcourse.checking.content import Content, Files
    from dxcourse.facts import GlossaryTerm

PAGE = "appendix_glossary.ipynb"
LINK = re.compile(rf"\[(?P<text>[^\]\n]*)\]\({re.escape(PAGE)}#(?P<id>[^)\s]*)\)")
# Where a term is named rather than used: the heading of a section or a table, a quotation, and a
# link that leads elsewhere.
ASIDE = r"^ {0,3}(?:#{1,6} |>).*|^\|.*(?=\n\|[-| ]+$)|「[^」\n]*」|\[[^\]\n]*\]\([^)\n]*\)"
PARTS = re.compile(r"[（）・]")


class Use(NamedTuple):
    """A term in a notebook's text, and whether it is a link to the glossary."""

    id: str
    line: int
    text: str
    linked: bool


def glossary_links(content: Content) -> Iterator[Finding]:
    """Hold that links to the glossary lead to terms that it has."""
    known = [term.id for term in content.course.facts.glossary()]
    for book in (*(book for _, book in content.modules), *content.besides):
        for line, found in _found(book, LINK):
            if found["id"] not in known:
                cure = did_you_mean(found["id"], known)
                yield finding(book.name, line, "language.no_term", cure, id=found["id"])


def first_uses(content: Content) -> Iterator[Finding]:
    """Hold that a term's first use in the modules' running text is a link to the glossary."""
    terms = list(content.course.facts.glossary())
    seen: set[str] = set()
    for _, book in content.modules:
        for use in _uses(book, terms):
            if use.id not in seen and not use.linked:
                blanks = {"term": use.text, "page": PAGE, "id": use.id}
                yield finding(book.name, use.line, "language.first_use", **blanks)
            seen.add(use.id)


def _uses(book: Notebook, terms: Iterable[GlossaryTerm]) -> Iterator[Use]:
    """Give every use of the terms in the running text, in order."""
    ids = {form: term.id for term in terms for form in _forms(term.term)}
    forms = "|".join(map(_alone, sorted(ids, key=len, reverse=True))) or "(?!)"
    wanted = re.compile(rf"{LINK.pattern}|{ASIDE}|(?P<form>{forms})", re.MULTILINE)
    for line, found in _found(book, wanted):
        if found["id"]:
            yield Use(found["id"], line, found["text"], linked=True)
        elif found["form"]:
            yield Use(ids[found["form"]], line, found["form"], linked=False)


def _found(book: Notebook, wanted: re.Pattern[str]) -> Iterator[tuple[int, re.Match[str]]]:
    for cell in book.cells:
        if cell.kind == "markdown":
            text = CODE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), cell.source)
            for found in wanted.finditer(text):
                yield cell.line_at(text.count("\n", 0, found.start())), found


def _forms(term: str) -> set[str]:
    """Give what a text may call a term: 「公的個人認証（JPKI）」 is each of the two as well."""
    return {term, *(part for part in PARTS.split(term) if part)}


def _alone(form: str) -> str:
    """Match a form; one in Latin letters not within a longer word."""
    before = r"(?<![0-9A-Za-z-])" if form[0].isascii() else ""
    after = r"(?![0-9A-Za-z-])" if form[-1].isascii() else ""
    return f"{before}{re.escape(form)}{after}"


SLIPS = (
    (re.compile("[\uff61-\uff9f]+"), "language.half_katakana"),
    (re.compile("[０-９Ａ-Ｚａ-ｚ]+"), "language.wide_letters"),
    (re.compile("\t"), "language.tab"),
)
CURLY_VALUE = re.compile(r"^[ ]*(?:- )*[A-Za-z_][\w-]*: [“”„‟]|^[ ]*- [“”„‟]")
TEXTS = (
    "notebooks/*.yaml",
    "exercises/bank/*.yaml",
    "exercises/homework/source/**/*.yaml",
    "data/*.csv",
    "data/*.yaml",
)


def typing_slips(files: Files) -> Iterator[Finding]:
    """Hold that text has no half-width katakana, no full-width letters or digits, and no tabs."""
    for name, number, text in text_lines(files):
        if name.endswith(".yaml") and CURLY_VALUE.search(text):
            yield finding(name, number, "language.curly_value")
        for slip, code in SLIPS:
            found = slip.search(text)
            if found:
                yield finding(name, number, code, found=found[0])


def text_lines(files: Files) -> Iterator[tuple[str, int, str]]:
    """Give each line of text that people read: its file, its number, and the line."""
    for book in files.notebooks.values():
        for cell in book.cells:
            if not cell.code:
                for index, text in enumerate(cell.source.splitlines()):
                    yield book.name, cell.line_at(index), text
    for path in files.find(*TEXTS):
        text = path.read_text(encoding="utf-8-sig", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            yield files.name(path), number, line


# -- Wording: the spelling of official writing, as data; and numbers in prose that count things ----

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
