"""What `dxcourse check` says: to people, a line a finding; to programs, JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from dxcourse.text import say

if TYPE_CHECKING:
    from dxcourse.checking.content import Loaded
    from dxcourse.course import Module
    from dxcourse.errors import Finding


@dataclass(frozen=True)
class Counts:
    """What there is: of modules, slides and objectives, only what is written counts.

    `items` are the parts that are marked. None is what could not be counted.
    """

    modules: int | None = None
    slides_total: int | None = None
    slides_covered: int | None = None
    objectives: int | None = None
    exercises: int | None = None
    items: int | None = None
    facts: int | None = None

    @classmethod
    def of(cls, loaded: Loaded) -> Counts:
        """Count what could be loaded."""
        outline, bank = loaded.outline, loaded.bank
        told: dict[str, int] = {}
        if outline is not None:
            slides = {slide for module in outline.written for slide in module.slides}
            told["modules"] = len(outline.written)
            told["slides_total"] = outline.slides_total
            told["slides_covered"] = len(slides & set(range(1, outline.slides_total + 1)))
            told["objectives"] = sum(len(module.objectives) for module in outline.written)
        if bank is not None:
            exercises = bank.exercises.values()
            told["exercises"] = len(exercises)
            told["items"] = sum(each.worth(item) > 0 for each in exercises for item in each.items)
        if loaded.facts is not None:
            told["facts"] = len(loaded.facts)
        return cls(**told)


@dataclass(frozen=True)
class Measure:
    """A figure that a rule counts, with what it should be: told, and no finding by itself."""

    name: str
    text: str
    values: dict[str, float]


@dataclass(frozen=True)
class Report:
    """What was counted, which modules are still coming, and what is to mend."""

    counts: Counts
    coming: tuple[Module, ...]
    findings: tuple[Finding, ...]
    warnings: tuple[Finding, ...] = ()
    figures: tuple[Measure, ...] = ()

    def json(self) -> str:
        """Give the counts and the findings as JSON; each finding with its code."""
        told = {
            **asdict(self.counts),
            "findings": [_plain(each) for each in self.findings],
            "warnings": [_plain(each) for each in self.warnings],
            "figures": {each.name: each.values for each in self.figures},
        }
        return json.dumps(told, ensure_ascii=False)

    def text(self) -> str:
        """Give a line a finding, then a summary."""
        counts = asdict(self.counts)
        shown = {name: "―" if count is None else count for name, count in counts.items()}
        missing = [say("check.report.no_outline")] if counts["modules"] is None else []
        missing += [say("check.report.no_bank")] if counts["exercises"] is None else []
        coming = [
            say("check.report.coming", id=m.id, title=m.title, slides=m.slides_text)
            for m in self.coming
        ]
        found, warned = len(self.findings), len(self.warnings)
        last = say("check.report.found", count=found) if found else say("check.report.clean")
        lines = [
            *map(str, self.findings),
            *(say("check.report.warning", told=each) for each in self.warnings),
            say("check.report.summary", **shown),
            *missing,
            *coming,
            *(each.text for each in self.figures),
            *([say("check.report.warned", count=warned)] if warned else []),
            last,
        ]
        return "\n".join(lines)


def _plain(finding: Finding) -> dict[str, object]:
    told = asdict(finding)
    del told["warning"]
    return told
