"""Feedback as nbgrader's converter writes it: our page where the assignment is ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbgrader.api import Gradebook

from dxcourse.assignment import Assignment
from dxcourse.homework.feedback import about_submission, page
from dxcourse.homework.source_notebook import SourceNotebook
from dxcourse.homework.submitted_answers import read_submitted_answers


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
        return about_submission(
            about["student"],
            title,
            score=resources["nbgrader"]["score"],
            max_score=resources["nbgrader"]["max_score"],
            penalty=resources["nbgrader"]["late_penalty"],
            submitted=submission.timestamp,
            due=submission.duedate,
            pending={each.name for each in notebook.grades if each.needs_manual_grade},
        )
