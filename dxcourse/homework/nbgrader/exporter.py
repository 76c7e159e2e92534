"""Feedback as nbgrader's converter writes it: our page where the assignment is ours."""

from __future__ import annotations

from datetime import UTC, datetime
from math import ceil
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbgrader.api import Gradebook

from dxcourse.assignment import Assignment
from dxcourse.facts import JAPAN
from dxcourse.homework.feedback import page
from dxcourse.homework.source_notebook import SourceNotebook
from dxcourse.homework.submitted_answers import read_submitted_answers
from dxcourse.text import say

DAY = 86_400  # seconds


class FeedbackExporter(HTMLExporter):
    """nbgrader's page of an autograded notebook, or ours for an assignment that is scored by us."""

    def from_notebook_node(
        self,
        nb: Any,  # noqa: ANN401  -- nbformat's NotebookNode
        resources: Any = None,  # noqa: ANN401
        **options: Any,  # noqa: ANN401
    ) -> tuple[Any, Any]:
        """Give the page of a notebook that nbgrader has put scores and comments into."""
        about = resources["nbgrader"]
        directory = self.parent.coursedir  # type: ignore[union-attr]  # the converter
        source = Path(directory.format_path(directory.source_directory, ".", about["assignment"]))
        assignment = Assignment.at(source)
        sheet = SourceNotebook.read(source / f"{about['notebook']}.ipynb")
        if assignment is None or not sheet.plain:
            made: tuple[Any, Any] = super().from_notebook_node(nb, resources, **options)
            return made
        # Metadata first: the preprocessors put scores and comments into it.
        graded, resources = self._preprocess(nb, self._init_resources(resources))  # type: ignore[no-untyped-call]
        student = about["student"]
        folder = Path(resources["metadata"]["path"])
        submitted = Path(directory.format_path(directory.submitted_directory, student, "x"))
        given = read_submitted_answers(folder, student, submitted.parent.parent)
        text = page(graded, sheet, assignment, given, _about(about, resources, sheet.title))
        resources["output_extension"] = ".html"
        return text, resources


def _about(about: Any, resources: Any, title: str) -> dict[str, Any]:  # noqa: ANN401
    with Gradebook(about["db_url"]) as gradebook:
        submission = gradebook.find_submission(about["assignment"], about["student"])
        notebook = gradebook.find_submission_notebook(
            about["notebook"], about["assignment"], about["student"]
        )
        late = submission.total_seconds_late
        return {
            "student": about["student"],
            "title": title,
            "score": resources["nbgrader"]["score"],
            "max_score": resources["nbgrader"]["max_score"],
            "penalty": resources["nbgrader"]["late_penalty"],
            "submitted": in_japan(submission.timestamp),
            "late": say("homework.late", due=in_japan(submission.duedate), days=ceil(late / DAY))
            if late
            else "",
            "pending": {each.name for each in notebook.grades if each.needs_manual_grade},
        }


def in_japan(time: datetime | None) -> str:
    """A time of the gradebook (UTC, without a zone) in Japan, the zone said; "" for none."""
    if time is None:
        return ""
    here = time.replace(tzinfo=UTC).astimezone(JAPAN)
    return say(
        "homework.japan_time",
        year=here.year,
        month=here.month,
        day=here.day,
        clock=f"{here:%H:%M}",
    )
