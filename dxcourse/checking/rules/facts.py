"""Facts that were looked up long ago: each kind has a shelf life, in `data/shelf_life.csv`."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from dxcourse.authored import finding, read_table
from dxcourse.facts import Fact, ShelfLife, months_since
from dxcourse.facts.rows import columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dxcourse.checking.content import Content
    from dxcourse.errors import Finding

FACTS = "data/facts.csv"


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
