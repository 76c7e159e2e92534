"""The homework of a course, served: what its handlers need."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment

from dxcourse.homework.course import HomeworkCourse
from dxcourse.homework.pages.handout import Handout
from dxcourse.homework.pages.links import Link, Links
from dxcourse.homework.times import in_japan
from dxcourse.notebook_calls import lesson_style
from dxcourse.text.templates import templates
from dxcourse.web.site import LearnerSite
from dxcourse.web.static_files import (
    StaticFiles,
    page_scripts,
    page_style,
    read_scripts,
    static_files,
)
from dxcourse.widgets import page_script, style

HERE = Path(__file__).parent
LOOK_EVERY = 10.0  # seconds between two looks at a deadline in the gradebook


class LinkTokens:
    """Who asks, by their link: see `dxcourse.web.identity.Identity`."""

    def __init__(self, links: Links) -> None:
        self.links = links

    def of(self, token: str | None) -> str:
        """The learner of a link, as answers are recorded; BadSignature without a good one."""
        return self.links.read(token or "").learner

    def name_of(self, learner: str) -> str:  # noqa: ARG002
        """Nothing: no page says a name."""
        return ""


@dataclass(kw_only=True)
class HomeworkSite(LearnerSite):
    """A site whose pages are the released assignments, each learner's under their own link."""

    homework: HomeworkCourse
    links: Links
    _dues: dict[str, tuple[float, datetime | None]] = field(default_factory=dict)

    def handout(self, assignment: str) -> Handout:
        """What learners get of an assignment.

        Raises
        ------
        HomeworkError, AssignmentError
            It is not released, or not as a page can show it.
        """
        return Handout.at(self.homework.folder("release", assignment))

    def due(self, assignment: str) -> datetime | None:
        """When an assignment is due, in UTC; None where no time is set.

        Raises
        ------
        HomeworkError
            The gradebook is out of reach, and has not been read before.
        """
        now = time.monotonic()
        looked, due = self._dues.get(assignment, (float("-inf"), None))
        if now - looked > LOOK_EVERY:
            with self.homework.gradebook() as gradebook:
                known = [each for each in gradebook.assignments if each.name == assignment]
                found = known[0].duedate if known else None
            due = found.replace(tzinfo=UTC) if found else None
            self._dues[assignment] = (now, due)
        return due

    def sheet(self, token: str, link: Link, now: datetime, *, back: bool) -> str:
        """The page of a learner; `back` says that feedback has been given back."""
        handout, due = self.handout(link.assignment), self.due(link.assignment)
        return self._render(
            "page.html.j2",
            title=handout.title,
            body=handout.html,
            due=in_japan(due.astimezone(UTC).replace(tzinfo=None)) if due else "",
            due_at=int(due.timestamp()) if due else 0,
            late=due is not None and now > due,
            until=in_japan(link.until.replace(tzinfo=None)),
            feedback=f"/homework/{token}/feedback" if back else "",
        )

    def error_page(self, status: int) -> str:
        """See `WebSite.error_page`: what a learner reads here leads to no other page."""
        return self._render("error.html.j2", status=status)

    @cached_property
    def static(self) -> StaticFiles:
        """Scripts and sheets by name."""
        own = (HERE / "static/homework.css").read_text("utf-8")
        return static_files(
            {
                **page_scripts(),
                **read_scripts(HERE / "static"),
                "exercise.js": page_script(),
                "course.css": style() + lesson_style() + page_style() + own,
            }
        )

    @cached_property
    def _templates(self) -> Environment:
        return templates(HERE / "templates")

    def _render(self, template: str, **values: Any) -> str:  # noqa: ANN401
        static = f"/static/{self.version}"
        found = self._templates.get_template(template)
        return found.render(static=static, **values)
