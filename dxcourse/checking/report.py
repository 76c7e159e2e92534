"""What `dxcourse check` says: to people, a line a finding; to programs, JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dxcourse.checking.load import Loaded
    from dxcourse.course import Module
    from dxcourse.errors import Finding


@dataclass(frozen=True)
class Counts:
    """What there is: of modules, slides and objectives, only what is written counts.

    `items` are the parts that are marked.
    """

    modules: int = 0
    slides_total: int = 0
    slides_covered: int = 0
    objectives: int = 0
    exercises: int = 0
    items: int = 0
    facts: int = 0

    @classmethod
    def of(cls, loaded: Loaded) -> Counts:
        """Count what could be loaded."""
        outline = loaded.outline
        written = outline.written if outline else ()
        slides = {slide for module in written for slide in module.slides}
        total = outline.slides_total if outline else 0
        exercises = loaded.bank.exercises.values() if loaded.bank else ()
        return cls(
            modules=len(written),
            slides_total=total,
            slides_covered=len(slides & set(range(1, total + 1))),
            objectives=sum(len(module.objectives) for module in written),
            exercises=len(exercises),
            items=sum(
                exercise.worth(item) > 0 for exercise in exercises for item in exercise.items
            ),
            facts=len(loaded.facts or ()),
        )


@dataclass(frozen=True)
class Report:
    """What was counted, which modules are still coming, and what is to mend."""

    counts: Counts
    coming: tuple[Module, ...]
    findings: tuple[Finding, ...]

    def json(self) -> str:
        """Give the counts and the findings as JSON."""
        findings = [asdict(finding) for finding in self.findings]
        return json.dumps({**asdict(self.counts), "findings": findings}, ensure_ascii=False)

    def text(self) -> str:
        """Give a line a finding, then a summary."""
        n = self.counts
        summary = (
            f"{n.modules} modules, {n.objectives} objectives, {n.exercises} exercises, "
            f"{n.items} items, {n.facts} facts; slides covered: {n.slides_covered} of "
            f"{n.slides_total}"
        )
        coming = [f"still coming: {m.id} {m.title} (slides {m.slides_text})" for m in self.coming]
        found = len(self.findings)
        last = f"{found} finding{'' if found == 1 else 's'}" if found else "nothing to mend"
        return "\n".join([*map(str, self.findings), summary, *coming, last])
