"""What the server gives one learner alone: pieces of HTML for the page's script, and files.

A link cannot carry a token, so scripts fetch these with it; see `static/own.js`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from tornado.web import HTTPError

from dxcourse.course import CourseError
from dxcourse.notebook_calls import LearnerReport
from dxcourse.serving._handlers import HTML, Api

T = TypeVar("T")


class OwnThing(Api):
    """Reads a learner's record and makes something of it, off the event loop."""

    async def made(self, make: Callable[[LearnerReport], T]) -> T:
        """What `make` makes of the record.

        Raises
        ------
        HTTPError
            The record cannot be read now (503), or the course has no such thing (404).
        """
        course = self.site.course

        def work() -> T:
            return make(LearnerReport.of(course, self.site.store, self.learner, pages=True))

        try:
            with self.storing():
                return await self.off_loop(work)
        except CourseError as error:
            raise HTTPError(404, reason="the course has no such thing") from error

    def piece(self, html: str) -> None:
        """Send some HTML to be put into a page."""
        self.set_header("Content-Type", HTML)
        self.finish(html)


class OwnPlan(OwnThing):
    """The plan as a card."""

    async def get(self) -> None:
        self.piece(await self.made(lambda own: own.plan_html(datetime.now(UTC))))


class OwnPlanFile(OwnThing):
    """The plan as a file."""

    async def get(self, ending: str) -> None:
        def make(own: LearnerReport) -> tuple[str, str, bytes] | None:
            plan = own.plan()
            if plan is None:
                return None
            file = own.files(plan, datetime.now(UTC))[ending]
            return file.name, file.content_type, file.body

        made = await self.made(make)
        if made is None:
            raise HTTPError(404, reason="there is no plan yet")
        name, content_type, body = made
        self.set_header("Content-Type", content_type)
        self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        self.finish(body)


class OwnCertificate(OwnThing):
    """The certificate; the name on it never comes here."""

    async def get(self) -> None:
        self.piece(await self.made(lambda own: own.certificate_html()))


class OwnBeforeAfter(OwnThing):
    """Two exercises' answers side by side."""

    async def get(self, before: str, after: str) -> None:
        self.piece(await self.made(lambda own: own.before_after_html(before, after)))
