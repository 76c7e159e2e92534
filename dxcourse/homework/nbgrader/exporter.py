"""What nbgrader shows of a notebook, with ours in it: feedback, and formgrader's page to grade on.

Feedback is our page where the assignment is ours. Formgrader has its own template; ours of the same
name lies before it on the path, extends it, and adds what the filter here makes. It would also show
a learner's Markdown with the HTML in it: a script there would run as the grader, with kernels.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbgrader
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import (
    InvalidNotebook,
    IPythonRenderer,
    MarkdownWithMath,
)
from nbgrader.api import Gradebook

from dxcourse.assignment import Assignment
from dxcourse.homework.feedback import HERE as HOMEWORK
from dxcourse.homework.feedback import about_submission, environment, page
from dxcourse.homework.rubric import AFTER_WORD, BETWEEN, NUMBER, criteria_of, prompts_of
from dxcourse.homework.source_notebook import Cell, SourceNotebook, nbgrader_of
from dxcourse.homework.submitted_answers import read_submitted_answers
from dxcourse.text import say, words

TEMPLATES = HOMEWORK / "templates"
NBGRADERS = Path(nbgrader.__file__).parent / "server_extensions/formgrader/templates"
CRITERIA = "dxcourse_criteria"  # the filter's name in the template


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


def configure_pages(c: Any) -> None:  # noqa: ANN401  -- traitlets' Config
    """Set nbgrader's exporter of pages up: our templates before its own, and their filter."""
    c.HTMLExporter.extra_template_basedirs = [str(TEMPLATES), str(NBGRADERS)]
    c.HTMLExporter.extra_template_paths = [str(NBGRADERS)]  # where ours finds what it extends
    c.HTMLExporter.filters = {
        CRITERIA: f"{__name__}.{criteria_boxes.__name__}",
        "markdown2html": f"{__name__}.{markdown_to_html.__name__}",
    }


def criteria_boxes(notebook: Cell) -> Markup:
    """Boxes for the points of each criterion, for formgrader's page; "" where there are none."""
    prompts = prompts_of(notebook["cells"])
    points = {
        meta.get("grade_id", ""): float(meta.get("points", 0))
        for meta in map(nbgrader_of, notebook["cells"])
    }
    questions = [
        {"cell": cell, "criteria": criteria}
        for cell, prompt in prompts.items()
        if (criteria := criteria_of(prompt, points[cell]))
    ]
    if not questions:
        return Markup()
    data = {
        "word": say("homework.criterion_word"),
        "number": NUMBER,
        "between": BETWEEN,
        "after": AFTER_WORD,
        "words": words("homework.boxes"),
    }
    return Markup(  # noqa: S704  -- the template escapes
        environment()
        .get_template("formgrader.html.j2")
        .render(
            questions=questions,
            data=data,
            style=(TEMPLATES / "formgrader.css").read_text(encoding="utf-8"),
            script=(TEMPLATES / "formgrader.js").read_text(encoding="utf-8"),
        )
    )


@pass_context
def markdown_to_html(context: Context, source: str) -> str:
    """A cell's Markdown as nbconvert has it; in formgrader, a learner's HTML is shown as text."""
    cell, resources = context.get("cell", {}), context.get("resources", {})
    foreign = "submission_id" in resources and not nbgrader_of(cell).get("locked")
    renderer = (_LearnersText if foreign else IPythonRenderer)(
        escape=foreign,
        allow_harmful_protocols=not foreign,
        exclude_anchor_links=foreign,  # a heading's id could be that of a box
        attachments=cell.get("attachments", {}),
        path=resources.get("metadata", {}).get("path", ""),
    )
    return MarkdownWithMath(renderer=renderer).render(source)


class _LearnersText(IPythonRenderer):
    """Markdown in which HTML is text, everywhere."""

    def block_mermaidjs(self, code: str) -> str:
        """Show the source: nbconvert puts it into the page as it is."""
        return self.block_code(code)

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Show what stands for a picture that was not handed in: nbconvert shows no page at all."""
        try:
            return super().image(text, url, title)
        except (InvalidNotebook, StopIteration):
            return str(escape(f"![{text}]({url})"))
