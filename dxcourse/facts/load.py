"""Reads the tables of ``data/`` into rows, each with the place it stands at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from dxcourse.authored import mistakes, read_table
from dxcourse.errors import ContentError, Finding
from dxcourse.facts import rows
from dxcourse.facts.rows import Row, columns


@dataclass(frozen=True)
class Table:
    """A table: its row model, the columns no two rows share, the files it is in."""

    name: str
    model: type[Row]
    key: tuple[str, ...]
    files: str = ""
    """A glob where the table may be spread over files; else the table's own name."""

    @property
    def pattern(self) -> str:
        """The glob of the table's files."""
        return self.files or f"{self.name}.csv"


TABLES = (
    Table("legend", rows.LegendEntry, ("group", "id")),
    Table("sources", rows.Source, ("id",)),
    Table("facts", rows.Fact, ("id",)),
    Table("laws", rows.Law, ("id",)),
    Table("chain", rows.ChainLink, ("id",)),
    Table("plan_editions", rows.PlanEdition, ("id",)),
    Table("plan_sections", rows.PlanSection, ("edition", "section"), "plan_sections*.csv"),
    Table("plan_items", rows.PlanItem, ("edition", "code"), "plan_items*.csv"),
    Table("results", rows.PlanResult, ("number",)),
    Table("deadlines", rows.Deadline, ("id",)),
    Table("changes", rows.Change, ("date", "fact")),
    Table("societies", rows.Society, ("id",)),
    Table("figure_series", rows.FigureSeries, ("series",)),
    Table("figures", rows.Figure, ("series", "group", "as_of", "unit"), "figures_*.csv"),
    Table("opinion_terms", rows.OpinionTerm, ("theme", "term")),
    Table("glossary", rows.GlossaryTerm, ("id",)),
    Table("shelf_life", rows.ShelfLife, ("kind",)),
)


class FactsError(ContentError):
    """``data/`` is not as it should be."""


class UnknownFactError(FactsError, KeyError):
    """A fact was asked for that ``data/facts.csv`` does not have."""

    def __str__(self) -> str:
        # KeyError would show the message in quotes.
        return str(self.args[0])


@dataclass(frozen=True)
class Placed:
    """A row, and where it was read."""

    file: str
    line: int
    row: Row

    @property
    def place(self) -> str:
        """The place as an author reads it: ``data/facts.csv:12``."""
        return f"{self.file}:{self.line}"


def read_rows(path: Path, model: type[Row]) -> Iterator[Placed | Finding]:
    """Read a table's rows, and what is wrong with those that are none.

    Parameters
    ----------
    path : pathlib.Path
        The file: UTF-8, with or without a byte-order mark, a header line first.
    model : type of Row
        What a line holds.

    Yields
    ------
    Placed or Finding
        A row with its place, or what is to be mended in a line, or in the whole file.
    """
    name = f"{path.parent.name}/{path.name}"
    try:
        table = read_table(path, name, columns(model))
    except ContentError as error:
        yield from error.findings
        return
    yield from table.findings
    for line in table.lines:
        try:
            yield Placed(name, line.number, model.model_validate(line.values))
        except ValidationError as error:
            for found in mistakes(error, model):
                yield found.finding(name, line.number, str(found.place[0]) if found.place else "")
