"""The report as one page of HTML: no script, no address, ready to print."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Template

from dxcourse.text.templates import templates
from dxcourse.workshop.report import drawing as _drawing
from dxcourse.workshop.report.comparison import RoomComparison, compare_tables
from dxcourse.workshop.report.content import report_content, say, words
from dxcourse.workshop.snapshot import Workshop


def html_report(workshop: Workshop) -> str:
    """Make the page. Whatever someone typed is text in it."""
    told, tables = report_content(workshop), compare_tables(workshop)
    spoken = {"words": words(), "say": say}
    template = _template("report")
    return template.render(report=told, tables=tables, drawing=_drawing, **spoken)


def html_comparison(comparison: RoomComparison) -> str:
    """Make the page that lays rooms side by side."""
    return _template("comparison").render(comparison=comparison, words=words(), say=say)


@cache
def _template(name: str) -> Template:
    return templates(Path(__file__).parent / "templates").get_template(f"{name}.html.j2")
