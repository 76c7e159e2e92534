"""Checks that need more than one row: no doubles, no loose ends, nothing promoted."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import TypeVar

from dxcourse.facts.load import TABLES, FactsError, Placed, Table
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


def check(tables: Tables) -> None:
    """Check the tables against each other.

    Parameters
    ----------
    tables : mapping of type of Row to tuple of Placed
        Every table, by its row model.

    Raises
    ------
    FactsError
        The first thing that does not fit, with its place and cure.
    """
    for table in TABLES:
        _no_doubles(table, tables)
    for table in TABLES:
        _no_loose_ends(table, tables)
    rules: tuple[Callable[[Tables], None], ...] = (
        _templates,
        _nothing_promoted,
        _plan_holds_together,
        _words_are_unambiguous,
    )
    for rule in rules:
        rule(tables)


def _placed(tables: Tables, model: type[R]) -> Iterator[tuple[str, R]]:
    for placed in tables[model]:
        if isinstance(placed.row, model):
            yield placed.place, placed.row


def _no_doubles(table: Table, tables: Tables) -> None:
    seen: dict[tuple[object, ...], str] = {}
    for placed in tables[table.model]:
        values = placed.row.model_dump()
        key = tuple(values[column] for column in table.key)
        if key in seen:
            shown = ", ".join(f'{column} "{values[column]}"' for column in table.key)
            raise FactsError(
                f"{placed.place}: {shown} stands already at {seen[key]}: change or remove one"
            )
        seen[key] = placed.place


def _no_loose_ends(table: Table, tables: Tables) -> None:
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
                    raise FactsError(f"{placed.place}: {column}: {_unknown(one, ref, known[ref])}")


def _known(ref: Ref, tables: Tables) -> set[str]:
    model = next(table.model for table in TABLES if table.name == ref.table)
    return {
        str(getattr(placed.row, ref.column))
        for placed in tables[model]
        if not ref.group or getattr(placed.row, "group", "") == ref.group
    }


def _unknown(value: str, ref: Ref, known: set[str]) -> str:
    where = f"data/{ref.table}.csv" + (f" (group {ref.group})" if ref.group else "")
    near = get_close_matches(value, known, n=1)
    hint = f'did you mean "{near[0]}"?' if near else "add it there, or correct it here"
    return f'"{value}" is not in {where}: {hint}'


def _templates(tables: Tables) -> None:
    entries = {
        (entry.group, entry.id): (place, entry) for place, entry in _placed(tables, LegendEntry)
    }
    for group, ids in TEMPLATES.items():
        for id_ in ids:
            if (group, id_) not in entries:
                raise FactsError(f"data/legend.csv:1: no {group},{id_}: add the line again")
            place, entry = entries[group, id_]
            try:
                entry.name.format(**BLANKS[group])
            except (KeyError, ValueError, IndexError):
                allowed = ", ".join(f"{{{blank}}}" for blank in BLANKS[group])
                raise FactsError(
                    f'{place}: name: "{entry.name}" has a blank that nothing fills: '
                    f"the blanks are {allowed}"
                ) from None


def _nothing_promoted(tables: Tables) -> None:
    """Hold that a fact claims no stronger provenance than its source has."""
    strength = [
        entry.id for _, entry in _placed(tables, LegendEntry) if entry.group == "provenance"
    ]
    sources = {source.id: source for _, source in _placed(tables, Source)}
    for place, fact in _placed(tables, Fact):
        limit = sources[fact.source].provenance
        if strength.index(fact.provenance) < strength.index(limit):
            raise FactsError(
                f'{place}: provenance: "{fact.provenance}" is more than its source '
                f'"{fact.source}" has ("{limit}"): name the source that says so, or write "{limit}"'
            )


def _plan_holds_together(tables: Tables) -> None:
    sections = {(row.edition, row.section) for _, row in _placed(tables, PlanSection)}
    certainty = {fact.id: fact.certainty for _, fact in _placed(tables, Fact)}
    for place, item in _placed(tables, PlanItem):
        if (item.edition, item.section) not in sections:
            raise FactsError(
                f"{place}: section: edition {item.edition} has no section {item.section}: "
                "add it to data/plan_sections.csv"
            )
        if item.class_certainty != certainty[item.class_fact]:
            raise FactsError(
                f'{place}: class_certainty: "{item.class_certainty}", but its fact '
                f'"{item.class_fact}" is "{certainty[item.class_fact]}": make them the same'
            )
        if item.class_scored and item.class_certainty != SETTLED:
            raise FactsError(
                f'{place}: class_scored: only a class that is "{SETTLED}" is marked right or '
                "wrong: write false"
            )


def _words_are_unambiguous(tables: Tables) -> None:
    themes: dict[str, str] = {}
    words: dict[str, str] = {}
    for place, row in _placed(tables, OpinionTerm):
        if themes.setdefault(row.theme, row.theme_name) != row.theme_name:
            raise FactsError(
                f'{place}: theme_name: "{row.theme}" is called "{themes[row.theme]}" above: '
                "use one name"
            )
        for word in row.words:
            folded = unicodedata.normalize("NFKC", word).casefold()
            if folded in words:
                raise FactsError(
                    f'{place}: "{word}" stands already at {words[folded]}: keep it in one place'
                )
            words[folded] = place
