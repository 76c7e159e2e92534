"""The facts, loaded: looked up, cited, and handed out as rows or tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel

from dxcourse.authored import did_you_mean, finding, read_files
from dxcourse.errors import Finding
from dxcourse.facts.checks import check
from dxcourse.facts.dates import deadline_status
from dxcourse.facts.load import TABLES, FactsError, Placed, UnknownFactError, read_rows
from dxcourse.facts.rows import (
    Change,
    Deadline,
    Fact,
    Figure,
    GlossaryTerm,
    LegendEntry,
    OpinionTerm,
    PlanEdition,
    PlanItem,
    Row,
    Source,
    columns,
    split,
)
from dxcourse.text import say

if TYPE_CHECKING:
    import pandas as pd

R = TypeVar("R", bound=Row)


class Citation(BaseModel, frozen=True):
    """How a fact is marked where it is shown."""

    fact: str
    mark: str
    """The certainty's mark, such as ◎."""
    certainty: str
    """What the mark means, in Japanese."""
    provenance: str
    """Where the fact comes from, in Japanese."""
    text: str
    """Source, place in it and as-of date, in Japanese."""


@dataclass(frozen=True, eq=False, repr=False)
class Facts(Mapping[str, Fact]):
    """The course's facts by id, and the tables beside them.

    Immutable, and trusted: everything was checked by `load`.
    """

    _rows: Mapping[type[Row], tuple[Row, ...]]
    _facts: Mapping[str, Fact]
    _sources: Mapping[str, Source]
    _legend: Mapping[tuple[str, str], LegendEntry]

    @classmethod
    def load(cls, folder: Path) -> Facts:
        """Read and check the folder ``data/``.

        Parameters
        ----------
        folder : pathlib.Path
            The folder with the CSV files.

        Returns
        -------
        Facts
            All of it.

        Raises
        ------
        FactsError
            A file, a line or a link between lines is wrong; says where, and the cure.
        """
        placed: dict[type[Row], tuple[Placed, ...]] = {}
        wrong: list[Finding] = []
        for table in TABLES:
            paths = read_files(folder.glob(table.pattern)) or [folder / table.pattern]
            read = [each for path in paths for each in read_rows(path, table.model)]
            placed[table.model] = tuple(each for each in read if isinstance(each, Placed))
            wrong += [each for each in read if isinstance(each, Finding)]
        wrong = wrong or check(placed)
        if wrong:
            raise FactsError(wrong)
        rows = {model: tuple(each.row for each in found) for model, found in placed.items()}
        return cls(
            _rows=MappingProxyType(rows),
            _facts=MappingProxyType({row.id: row for row in _only(rows, Fact)}),
            _sources=MappingProxyType({row.id: row for row in _only(rows, Source)}),
            _legend=MappingProxyType(
                {(row.group, row.id): row for row in _only(rows, LegendEntry)}
            ),
        )

    def __getitem__(self, fact_id: str) -> Fact:
        try:
            return self._facts[fact_id]
        except KeyError:
            cure = did_you_mean(fact_id, self._facts)
            found = finding("data/facts.csv", 0, "facts.unknown", cure, id=fact_id)
            raise UnknownFactError([found]) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def __repr__(self) -> str:
        return f"<Facts: {len(self)} facts>"

    def cite(self, fact_id: str) -> Citation:
        """Say where a fact comes from and how sure it is.

        Raises
        ------
        UnknownFactError
            There is no such fact.
        """
        fact = self[fact_id]
        source = self._sources[fact.source]
        seen_in = self._sources[source.seen_in].short if source.seen_in else ""
        template = ("located" if fact.locator else "whole") + ("-seen" if seen_in else "")
        certainty = self._legend["certainty", fact.certainty]
        return Citation(
            fact=fact.id,
            mark=certainty.mark,
            certainty=certainty.name,
            provenance=self.name("provenance", fact.provenance),
            text=self.name("citation", template).format(
                source=source.short, locator=fact.locator, as_of=fact.as_of, seen_in=seen_in
            ),
        )

    def rows(self, model: type[R]) -> tuple[R, ...]:
        """Hand out a table as typed rows, in the file's order: ``facts.rows(Society)``."""
        return _only(self._rows, model)

    def table(self, name: str) -> pd.DataFrame:
        """Hand out a table as a data frame: a copy, free to be changed.

        Parameters
        ----------
        name : str
            The file's name without ``.csv``; ``figures`` for all figures together.

        Raises
        ------
        FactsError
            There is no such table.
        """
        import pandas as pd  # noqa: PLC0415  -- a quarter of a second that only tables need

        for table in TABLES:
            if table.name == name:
                records = [row.model_dump(by_alias=True) for row in self._rows[table.model]]
                frame = pd.DataFrame(records, columns=columns(table.model))
                # Only a whole number may be missing, and it stays one.
                missing = [name for name in frame if any(row[str(name)] is None for row in records)]
                return frame.astype(dict.fromkeys(missing, "Int64"))
        names = ", ".join(table.name for table in TABLES)
        raise FactsError([finding("data/", 0, "facts.no_table", name=name, known=names)])

    def legend(self, group: str) -> tuple[LegendEntry, ...]:
        """List a group of the legend, in order: ``provenance``, ``certainty``, ``class`` …."""
        return tuple(entry for entry in self.rows(LegendEntry) if entry.group == group)

    def name(self, group: str, id_: str) -> str:
        """Give the Japanese name of an id in a legend's group.

        Raises
        ------
        FactsError
            The legend has no such entry.
        """
        try:
            return self._legend[group, id_].name
        except KeyError:
            found = finding("data/legend.csv", 0, "facts.no_legend", group=group, id=id_)
            raise FactsError([found]) from None

    def editions(self) -> tuple[str, ...]:
        """List the promotion plan's editions that have items, the newest last."""
        filled = {item.edition for item in self.rows(PlanItem)}
        dated = sorted(self.rows(PlanEdition), key=lambda row: row.date)
        return tuple(row.id for row in dated if row.id in filled)

    def plan(self, edition: str | None = None) -> tuple[PlanItem, ...]:
        """List the promotion plan's items, by code.

        Parameters
        ----------
        edition : str, optional
            The edition's id; the newest that has items when not given.

        Raises
        ------
        FactsError
            No items stand under that edition.
        """
        items, editions = self.rows(PlanItem), self.editions()
        chosen = edition if edition is not None else editions[-1] if editions else ""
        if chosen not in editions:
            known = ", ".join(editions) or say("check.none")
            blanks = {"edition": chosen, "known": known}
            raise FactsError([finding("data/plan_items.csv", 0, "facts.no_edition", **blanks)])
        return tuple(sorted((item for item in items if item.edition == chosen), key=_place_in_plan))

    def deadlines(self) -> tuple[Deadline, ...]:
        """List the deadlines, the earliest first."""
        return tuple(sorted(self.rows(Deadline), key=lambda row: row.date))

    def changes(self, today: date, module: str = "") -> tuple[Change, ...]:
        """List what may be told of on a day, the earliest first; of one module, or all."""
        rows = (row for row in self.rows(Change) if row.known(today))
        told = (row for row in rows if not module or module in split(row.modules))
        return tuple(sorted(told, key=lambda row: row.date))

    def deadline_text(self, deadline: Deadline | Change, today: date) -> str:
        """Say in Japanese where a deadline stands on a day; nothing of what has only happened."""
        if deadline.kind == "event":
            return ""
        status = deadline_status(deadline, today)
        template = self.name("deadline", f"{deadline.kind}-{status.state}")
        return template.format(months=status.months)

    def figures(self, series: str) -> tuple[Figure, ...]:
        """List a series' values, in the files' order."""
        return tuple(row for row in self.rows(Figure) if row.series == series)

    def terms(self) -> tuple[OpinionTerm, ...]:
        """List the words that show what an opinion speaks of."""
        return self.rows(OpinionTerm)

    def glossary(self) -> tuple[GlossaryTerm, ...]:
        """List the glossary, in the file's order."""
        return self.rows(GlossaryTerm)


def _only(rows: Mapping[type[Row], tuple[Row, ...]], model: type[R]) -> tuple[R, ...]:
    return tuple(row for row in rows[model] if isinstance(row, model))


def _place_in_plan(item: PlanItem) -> tuple[int, int]:
    section, number = item.code.split("-")
    return int(section), int(number)
