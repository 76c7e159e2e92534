"""Which files ``data/`` has, and what makes a line of each its own."""

from dataclasses import dataclass

from dxcourse.facts import rows
from dxcourse.facts.rows import Row


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
    Table("chain", rows.Link, ("id",)),
    Table("plan_editions", rows.PlanEdition, ("id",)),
    Table("plan_sections", rows.PlanSection, ("edition", "section"), "plan_sections*.csv"),
    Table("plan_items", rows.PlanItem, ("edition", "code"), "plan_items*.csv"),
    Table("results", rows.Result, ("number",)),
    Table("deadlines", rows.Deadline, ("id",)),
    Table("changes", rows.Change, ("date", "fact")),
    Table("societies", rows.Society, ("id",)),
    Table("figure_series", rows.FigureSeries, ("series",)),
    Table("figures", rows.Figure, ("series", "group", "as_of", "unit"), "figures_*.csv"),
    Table("opinion_terms", rows.OpinionTerm, ("theme", "term")),
    Table("glossary", rows.GlossaryTerm, ("id",)),
)
