"""Facts that were looked up long ago, and rows that say what the fact they name does not.

Each kind of fact has a shelf life, in `data/shelf_life.csv`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from dxcourse.authored import finding, read_table
from dxcourse.checking.coverage import founding_slides, named_slides
from dxcourse.facts import Fact, Figure, GlossaryTerm, ShelfLife, months_since
from dxcourse.facts.load import Placed, read_rows
from dxcourse.facts.rows import columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dxcourse.checking.content import Content
    from dxcourse.errors import Finding
    from dxcourse.facts.rows import Row

FACTS = "data/facts.csv"
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
DATE = re.compile(r"(\d{4})年(?:(\d{1,2})月)?(?:(\d{1,2})日)?")

R = TypeVar("R", bound="Row")


def stale_facts(content: Content) -> Iterator[Finding]:
    """Warn of each kind whose facts are older than it keeps, at the oldest of them."""
    kinds = content.course.facts.rows(ShelfLife)
    stale: dict[str, list[Fact]] = defaultdict(list)
    for fact in content.course.facts.values():
        kind = next((each for each in kinds if each.covers(fact)), None)
        keeps = kind.months if kind is not None else None
        if kind is not None and keeps is not None:
            age = months_since(fact.as_of, content.today)
            stale[kind.kind] += [fact] * (age > keeps)
    if not stale:
        return
    table = read_table(content.files.root / FACTS, FACTS, columns(Fact))
    lines = {line.values["id"].strip(): line.number for line in table.lines}
    for kind in kinds:
        if found := sorted(stale[kind.kind], key=lambda fact: fact.as_of):
            oldest = found[0]
            told = finding(
                FACTS,
                lines[oldest.id],
                "facts.stale",
                kind=kind.name,
                count=len(found),
                months=kind.months,
                id=oldest.id,
                as_of=oldest.as_of,
            )
            yield replace(told, warning=True)


def told_figures(content: Content) -> Iterator[Finding]:
    """Hold that a figure's value and date stand in the fact it names, in its note at least."""
    for placed, row in _placed(content, "data/figures_*.csv", Figure):
        fact = content.course.facts[row.fact]
        text = fact.statement + fact.note
        if row.value not in {float(each.replace(",", "")) for each in NUMBER.findall(text)}:
            blanks = {"value": f"{row.value:g}", "fact": fact.id}
            yield finding(placed.file, placed.line, "facts.untold_value", **blanks)
        if row.as_of != fact.as_of and row.as_of not in _dates(text):
            blanks = {"as_of": row.as_of, "fact": fact.id}
            yield finding(placed.file, placed.line, "facts.untold_date", **blanks)


def told_slides(content: Content) -> Iterator[Finding]:
    """Hold that what names a slide rests on it: a fact by its locator, a term by its facts."""
    facts = content.course.facts
    for placed, fact in _placed(content, FACTS, Fact):
        if slide := _unfounded(fact.statement, fact):
            yield finding(placed.file, placed.line, "facts.other_slide", slide=slide)
    for placed, term in _placed(content, "data/glossary.csv", GlossaryTerm):
        if slide := _unfounded(term.definition, *(facts[id_] for id_ in term.facts)):
            yield finding(placed.file, placed.line, "facts.untold_slide", slide=slide)


def _placed(content: Content, pattern: str, model: type[R]) -> Iterator[tuple[Placed, R]]:
    for path in content.files.find(pattern):
        for placed in read_rows(path, model):
            if isinstance(placed, Placed) and isinstance(placed.row, model):
                yield placed, placed.row


def _dates(text: str) -> set[str]:
    """List the dates that a text names, as far as each goes: ``2019-06``."""
    return {
        "-".join(part.zfill(2) for part in parts if part)
        for parts in (found.groups() for found in DATE.finditer(text))
    }


def _unfounded(text: str, *facts: Fact) -> int | None:
    """Give the first slide that a text names and none of the facts is taken from."""
    founding = {slide for fact in facts for slide in founding_slides(fact)}
    return min(named_slides(text) - founding, default=None)
