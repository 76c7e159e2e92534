"""Feedback given back on pages: a copy that the server shows under the personal link."""

from __future__ import annotations

from pathlib import Path

from dxcourse.files import write_atomically
from dxcourse.homework.course import HomeworkCourse
from dxcourse.homework.errors import HomeworkError
from dxcourse.homework.pages.links import Links
from dxcourse.text import say

FOLDER = "pages"  # in the course's folder, beside nbgrader's own


def feedback_file(root: Path, assignment: str, who: str) -> Path:
    """Where a learner's feedback is once it is given back; `who` as in their link."""
    return root / FOLDER / assignment / f"{who}.html"


def publish_feedback(
    course: HomeworkCourse, assignment: str, links: Links, student: str | None = None
) -> int:
    """Give back feedback that is written, under each learner's link; give how many.

    Parameters
    ----------
    student
        The one whose feedback is given back; None for everybody's.

    Raises
    ------
    HomeworkError
        There is none.
    """
    count = 0
    for each in course.students(assignment, "feedback"):
        pages = sorted(course.folder("feedback", assignment, each).glob("*.html"))
        if not pages or student not in {None, each}:
            continue
        target = feedback_file(course.root, assignment, links.who(assignment, each))
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, pages[0].read_bytes())
        count += 1
    if not count:
        raise HomeworkError(say("homework.feedback.nothing", whose=student or assignment))
    return count


def withdraw_feedback(
    course: HomeworkCourse, assignment: str, links: Links, student: str | None = None
) -> list[str]:
    """Take back feedback from under the links, so that answers may change again; give whose.

    What a learner has saved of it stays with them.
    """
    folder = course.root / FOLDER / assignment
    if student is None:
        known = course.students(assignment, "feedback")
        names = {links.who(assignment, each): each for each in known}
        files = sorted(folder.glob("*.html"))
    else:
        files = [feedback_file(course.root, assignment, links.who(assignment, student))]
        names = {files[0].stem: student}
    gone = []
    for path in files:
        if path.is_file():
            path.unlink()
            gone.append(names.get(path.stem, path.stem))
    return sorted(gone)
