"""Checks that need more than one row: no doubles, no loose ends, nothing promoted."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from dxcourse.authored import did_you_mean, finding
from dxcourse.errors import Finding
from dxcourse.facts.load import TABLES, Placed, Table
from dxcourse.facts.rows import (
    Fact,
    LegendEntry,
    OpinionTerm,
    PlanItem,
    PlanSection,
    Ref,
    Row,
    Source,
    split,
)
from dxcourse.text import say

Tables = Mapping[type[Row], tuple[Placed, ...]]
R = TypeVar("R", bound=Row)

SETTLED = "stated"
"""The one certainty with which an answer may be marked right or wrong."""

DEADLINE_KINDS = ("due", "start", "date")
DEADLINE_STATES = ("past", "this-month", "ahead")
TEMPLATES = {
    "citation": ("located", "located-seen", "whole", "whole-seen"),
    "deadline": tuple(f"{kind}-{state}" for kind in DEADLINE_KINDS for state in DEADLINE_STATES),
}
BLANKS: Mapping[str, Mapping[str, str | int]] = {
    "citation": {"source": "", "locator": "", "as_of": "", "seen_in": ""},
    "deadline": {"months": 0},
}


def check(tables: Tables) -> list[Finding]:
    """Check the tables against each other.

    Parameters
    ----------
    tables : mapping of type of Row to tuple of Placed
        Every table, by its row model.

    Returns
    -------
    list of Finding
        Everything that does not fit; what would only follow from it is left for later.
    """
    doubled = [found for table in TABLES for found in _no_doubles(table, tables)]
    loose = [found for table in TABLES for found in _no_loose_ends(table, tables)]
    if doubled or loose:
        return [*doubled, *loose]
    rules: tuple[Callable[[Tables], Iterator[Finding]], ...] = (
        _templates,
        _nothing_promoted,
        _plan_holds_together,
        _words_are_unambiguous,
    )
    return [found for rule in rules for found in rule(tables)]


def _placed(tables: Tables, model: type[R]) -> Iterator[tuple[Placed, R]]:
    for placed in tables[model]:
        if isinstance(placed.row, model):
            yield placed, placed.row


def _found(placed: Placed, code: str, cure: str = "", /, **blanks: object) -> Finding:
    return finding(placed.file, placed.line, code, cure, **blanks)


def _no_doubles(table: Table, tables: Tables) -> Iterator[Finding]:
    seen: dict[tuple[object, ...], str] = {}
    for placed in tables[table.model]:
        values = placed.row.model_dump()
        key = tuple(values[column] for column in table.key)
        if key in seen:
            shown = ", ".join(f"{column} 「{values[column]}」" for column in table.key)
            yield _found(placed, "facts.doubled", shown=shown, place=seen[key])
        seen.setdefault(key, placed.place)


def _no_loose_ends(table: Table, tables: Tables) -> Iterator[Finding]:
    refs = [
        (name, field.alias or name, ref)
        for name, field in table.model.model_fields.items()
        for ref in field.metadata
        if isinstance(ref, Ref)
    ]
    known = {ref: _known(ref, tables) for _, _, ref in refs}
    for placed in tables[table.model]:
        for name, column, ref in refs:
            value = getattr(placed.row, name)
            text = "" if value is None else str(value)
            for one in split(text) if ref.many else (text,):
                if one and one not in known[ref]:
                    where = f"data/{ref.table}.csv"
                    if ref.group:
                        where = say("check.facts.group", file=where, group=ref.group)
                    cure = did_you_mean(one, known[ref])
                    blanks = {"column": column, "value": one, "where": where}
                    yield _found(placed, "facts.loose", cure, **blanks)


def _known(ref: Ref, tables: Tables) -> set[str]:
    model = next(table.model for table in TABLES if table.name == ref.table)
    return {
        str(getattr(placed.row, ref.column))
        for placed in tables[model]
        if not ref.group or getattr(placed.row, "group", "") == ref.group
    }


def _templates(tables: Tables) -> Iterator[Finding]:
    entries = {
        (entry.group, entry.id): (place, entry) for place, entry in _placed(tables, LegendEntry)
    }
    for group, ids in TEMPLATES.items():
        for id_ in ids:
            if (group, id_) not in entries:
                yield finding("data/legend.csv", 0, "facts.template", group=group, id=id_)
                continue
            place, entry = entries[group, id_]
            try:
                entry.name.format(**BLANKS[group])
            except (KeyError, ValueError, IndexError):
                allowed = ", ".join(f"{{{blank}}}" for blank in BLANKS[group])
                yield _found(place, "facts.blank", name=entry.name, allowed=allowed)


def _nothing_promoted(tables: Tables) -> Iterator[Finding]:
    """Hold that a fact claims no stronger provenance than its source has."""
    strength = [
        entry.id for _, entry in _placed(tables, LegendEntry) if entry.group == "provenance"
    ]
    sources = {source.id: source for _, source in _placed(tables, Source)}
    for place, fact in _placed(tables, Fact):
        limit = sources[fact.source].provenance
        if strength.index(fact.provenance) < strength.index(limit):
            blanks = {"value": fact.provenance, "source": fact.source, "limit": limit}
            yield _found(place, "facts.promoted", **blanks)


def _plan_holds_together(tables: Tables) -> Iterator[Finding]:
    sections = {(row.edition, row.section) for _, row in _placed(tables, PlanSection)}
    certainty = {fact.id: fact.certainty for _, fact in _placed(tables, Fact)}
    for place, item in _placed(tables, PlanItem):
        if (item.edition, item.section) not in sections:
            blanks = {"edition": item.edition, "section": item.section}
            yield _found(place, "facts.section", **blanks)
        if item.class_certainty != certainty[item.class_fact]:
            yield _found(
                place,
                "facts.class_certainty",
                value=item.class_certainty,
                fact=item.class_fact,
                other=certainty[item.class_fact],
            )
        elif item.class_scored and item.class_certainty != SETTLED:
            yield _found(place, "facts.class_scored", settled=SETTLED)


def _words_are_unambiguous(tables: Tables) -> Iterator[Finding]:
    themes: dict[str, str] = {}
    words: dict[str, str] = {}
    for placed, row in _placed(tables, OpinionTerm):
        if themes.setdefault(row.theme, row.theme_name) != row.theme_name:
            yield _found(placed, "facts.theme", theme=row.theme, name=themes[row.theme])
        for word in row.words:
            folded = unicodedata.normalize("NFKC", word).casefold()
            if folded in words:
                yield _found(placed, "facts.word", word=word, place=words[folded])
            words.setdefault(folded, placed.place)
