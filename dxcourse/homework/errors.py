"""What can go wrong with homework."""

from __future__ import annotations

from dxcourse.course import CourseError


class HomeworkError(CourseError):
    """Something of homework is wrong; the message names the place, the learner, and the cure."""


class SubmissionError(HomeworkError):
    """What a learner handed in cannot be scored as theirs; nobody else's is affected."""


class Unanswered(Exception):  # noqa: N818  -- what a learner is told, no failure of ours
    """Something is not answered yet. Said under Validate, and where a learner runs a test cell."""

    def _render_traceback_(self) -> list[str]:
        """Show the message alone, instead of the lines of a program (IPython's hook)."""
        return [str(self)]
