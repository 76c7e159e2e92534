"""The files that are left of a workshop, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dxcourse.workshop import report
from dxcourse.workshop.snapshot import Workshop

REPORTS: Mapping[str, Callable[[Workshop], bytes]] = {
    "report.html": lambda workshop: report.html_report(workshop).encode(),
    # Found as they are called: what they need takes most of a second to import.
    "report.xlsx": lambda workshop: report.excel_report(workshop),  # noqa: PLW0108
    "report.pptx": lambda workshop: report.powerpoint_report(workshop),  # noqa: PLW0108
    "answers.csv": lambda workshop: report.answers_csv(workshop).encode(),
}
