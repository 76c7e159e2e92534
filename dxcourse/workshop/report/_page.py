"""The report as one page of HTML: no script, no address, ready to print."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from dxcourse.workshop._snapshot import Workshop
from dxcourse.workshop.report import _drawing
from dxcourse.workshop.report._content import content
from dxcourse.workshop.report._words import say, words


def html_report(workshop: Workshop) -> str:
    """Make the page. Whatever someone typed is text in it."""
    told = content(workshop)
    return _template().render(report=told, words=words(), say=say, drawing=_drawing)


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("dxcourse.workshop.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html")
