"""What a learner asks of homework's pages: the sheet, what was answered, what came back."""

from __future__ import annotations

import base64
import hashlib
import logging
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tornado.web import HTTPError

from dxcourse.answers import replies
from dxcourse.exercises import AnyExercise
from dxcourse.homework.errors import HomeworkError
from dxcourse.homework.pages.handout import feedback_file
from dxcourse.homework.pages.links import BadLink, Link, LinksOver
from dxcourse.homework.pages.site import HomeworkSite
from dxcourse.text import say
from dxcourse.web.answer_handlers import AnswerHandler
from dxcourse.web.handlers import Handler, LearnerHandler, StaticFileHandler
from dxcourse.web.health_handlers import HealthHandler, ReadyHandler

log = logging.getLogger(__name__)
STYLE = re.compile(rb"<style>(.*?)</style>", re.DOTALL)
# Of a link: without what a sentence puts after it.
TOKEN = re.compile(r"[A-Za-z0-9_.-]*[A-Za-z0-9_-]")


class LinkHandler(Handler):
    """What is shown under a personal link."""

    site: HomeworkSite

    def link(self, token: str) -> Link:
        """Read the link of the address.

        Raises
        ------
        HTTPError
            It was not made here (403), or its time is over (410).
        """
        try:
            return self.site.links.read(token)
        except LinksOver as error:
            raise HTTPError(410, reason="the link's time is over") from error
        except BadLink as error:
            raise HTTPError(403, reason="not a link of ours") from error


class AssignmentPage(LinkHandler):
    """An assignment, to answer."""

    async def get(self, token: str) -> None:
        if (whole := TOKEN.match(token)) and whole[0] != token:
            # A program that made a link of a mail's text took a bracket or a full stop with it. The
            # link is known before it is led to; where it is none, that is what is said.
            self.link(whole[0])
            self.set_status(302)
            self.set_header("Location", whole[0])  # beside this address, whatever folder it is in
            return
        link, now = self.link(token), datetime.now(UTC)

        def make() -> str:
            back = feedback_file(self.site.homework.root, link.assignment, link.who)
            return self.site.sheet(token, link, now, back=back.is_file())

        try:
            page = await self.off_loop(make)
        except (HomeworkError, ValueError) as error:
            log.error("%s: %s", link.assignment, error)  # noqa: TRY400  -- it says place and cure
            raise HTTPError(503) from error
        self.send_html(page)

    head = get


class FeedbackPage(LinkHandler):
    """What is given back, once it is."""

    async def get(self, token: str) -> None:
        link = self.link(token)
        path = feedback_file(self.site.homework.root, link.assignment, link.who)
        try:
            body = await self.off_loop(path.read_bytes)
        except OSError as error:
            raise HTTPError(404) from error
        # One file, made to be read anywhere: its sheet stands in it, and is let in by its digest.
        sheets = [hashlib.sha256(style).digest() for style in STYLE.findall(body)]
        allowed = " ".join(f"'sha256-{base64.b64encode(each).decode()}'" for each in sheets)
        self.set_header(
            "Content-Security-Policy",
            f"default-src 'none'; style-src {allowed}; base-uri 'none'; form-action 'none'; "
            "frame-ancestors 'none'",
        )
        self.send_html(body.decode())

    head = get


class AssignmentApi(LearnerHandler):
    """What speaks JSON with a learner of one assignment, whom their link names."""

    site: HomeworkSite

    @property
    def assignment(self) -> str:
        """The learner's assignment."""
        return self.learner.partition("/")[0]

    @property
    def who(self) -> str:
        """The learner's number in it."""
        return self.learner.partition("/")[2]

    async def exercises(self) -> Mapping[str, AnyExercise]:
        """What the assignment asks; a release is read from the disk."""
        handout = await self.off_loop(lambda: self.site.handout(self.assignment))
        return handout.exercises


class AssignmentReplies(AssignmentApi):
    """What a learner has answered so far."""

    async def get(self) -> None:
        exercises = await self.exercises()
        with self.storing():
            found = await self.off_loop(lambda: replies(exercises, self.site.store, self.learner))
        told = {name: reply.message() for name, reply in found.items()}
        self.reply({"seed": self.who, "name": "", "replies": told, "progress": {}})


class AssignmentAnswers(AssignmentApi, AnswerHandler):
    """An answer, taken as everywhere; after feedback is given back none is."""

    async def exercise(self, name: str) -> AnyExercise | None:
        """The exercise of the learner's own assignment."""
        return (await self.exercises()).get(name)

    async def handle_post(self, body: Mapping[str, Any], *names: str) -> None:
        """See `AnswerHandler.handle_post`."""
        back = feedback_file(self.site.homework.root, self.assignment, self.who)
        if await self.off_loop(back.is_file):
            self.reply({"state": "refused", "error": say("homework.answers_closed")}, 409)
            return
        await super().handle_post(body, *names)


ADDRESSES: list[tuple[str, type[Any]]] = [
    (r"/homework/([^/]+)", AssignmentPage),
    (r"/homework/([A-Za-z0-9_.-]+)/feedback[^/]*", FeedbackPage),
    (r"/static/([0-9a-f]{12})/([a-z.]+)", StaticFileHandler),
    (r"/api/learner", AssignmentReplies),
    (r"/api/answers/([A-Za-z0-9_.-]+)", AssignmentAnswers),
    (r"/healthz", HealthHandler),
    (r"/readyz", ReadyHandler),
]
