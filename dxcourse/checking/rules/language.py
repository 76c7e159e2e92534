"""Language: terms that lead to the glossary, and slips of the keyboard in Japanese text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from dxcourse.authored import did_you_mean, finding
from dxcourse.checking.rules.leaks import CODE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dxcourse.authored import Notebook
    from dxcourse.checking.content import Content, Files
    from dxcourse.errors import Finding
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
