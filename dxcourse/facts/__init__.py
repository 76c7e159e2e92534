"""The course's facts: ``data/`` as typed rows, each with its source and its certainty.

The folder is read and checked as a whole, once, by `Facts.load`; nothing here writes,
reads the clock, or knows what a page looks like.
"""

from dxcourse.facts.dates import (
    JAPAN,
    DeadlineStatus,
    days_left,
    deadline_status,
    months_since,
    today_in_japan,
)
from dxcourse.facts.facts import Citation, Facts
from dxcourse.facts.load import FactsError, UnknownFactError
from dxcourse.facts.rows import (
    ChainLink,
    Change,
    Deadline,
    Fact,
    Figure,
    FigureSeries,
    GlossaryTerm,
    Law,
    LegendEntry,
    OpinionTerm,
    PlanEdition,
    PlanItem,
    PlanResult,
    PlanSection,
    ShelfLife,
    Society,
    Source,
)

__all__ = [
    "JAPAN",
    "ChainLink",
    "Change",
    "Citation",
    "Deadline",
    "DeadlineStatus",
    "Fact",
    "Facts",
    "FactsError",
    "Figure",
    "FigureSeries",
    "GlossaryTerm",
    "Law",
    "LegendEntry",
    "OpinionTerm",
    "PlanEdition",
    "PlanItem",
    "PlanResult",
    "PlanSection",
    "ShelfLife",
    "Society",
    "Source",
    "UnknownFactError",
    "days_left",
    "deadline_status",
    "months_since",
    "today_in_japan",
]
