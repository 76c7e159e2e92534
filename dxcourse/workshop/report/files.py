"""The files that are left of a workshop, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dxcourse.workshop.report import answers_csv, excel_report, html_report, powerpoint_report
from dxcourse.workshop.snapshot import Workshop

REPORTS: Mapping[str, Callable[[Workshop], bytes]] = {
    "report.html": lambda workshop: html_report(workshop).encode(),
    "report.xlsx": excel_report,
    "report.pptx": powerpoint_report,
    "answers.csv": lambda workshop: answers_csv(workshop).encode(),
}
