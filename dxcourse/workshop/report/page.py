"""The report as one page of HTML: no script, no address, ready to print."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Template

from dxcourse.text.templates import templates
from dxcourse.workshop.report import drawing as _drawing
from dxcourse.workshop.report.content import report_content, say, words
from dxcourse.workshop.snapshot import Workshop


def html_report(workshop: Workshop) -> str:
    """Make the page. Whatever someone typed is text in it."""
    told = report_content(workshop)
    return _template().render(report=told, words=words(), say=say, drawing=_drawing)


@cache
def _template() -> Template:
    return templates(Path(__file__).parent / "templates").get_template("report.html.j2")
