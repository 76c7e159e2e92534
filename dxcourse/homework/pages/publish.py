"""Feedback given back on pages: a copy that the server shows under the personal link."""

from __future__ import annotations

import os
from pathlib import Path

from dxcourse.homework.course import HomeworkCourse
from dxcourse.homework.errors import HomeworkError
from dxcourse.homework.pages.links import Links

FOLDER = "pages"  # in the course's folder, beside nbgrader's own


def feedback_file(root: Path, assignment: str, who: str) -> Path:
    """Where a learner's feedback is once it is given back; `who` as in their link."""
    return root / FOLDER / assignment / f"{who}.html"


def publish_feedback(course: HomeworkCourse, assignment: str, links: Links) -> int:
    """Give back all feedback that is written, under each learner's link; give how many.

    Raises
    ------
    HomeworkError
        There is none.
    """
    count = 0
    for student in course.students(assignment, "feedback"):
        pages = sorted(course.folder("feedback", assignment, student).glob("*.html"))
        if not pages:
            continue
        target = feedback_file(course.root, assignment, links.who(assignment, student))
        target.parent.mkdir(parents=True, exist_ok=True)
        half = target.with_suffix(f".{os.getpid()}.tmp")
        half.write_bytes(pages[0].read_bytes())
        half.replace(target)
        count += 1
    if not count:
        raise HomeworkError(f"{assignment}: no feedback; run `dxcourse homework feedback` first")
    return count
