"""What a course's server shows, and what its pages ask: who learns, how far, an answer."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, Field
from tornado.web import HTTPError

from dxcourse.answers import begin_afresh, replies
from dxcourse.exercises import AnyExercise
from dxcourse.figures.svg import dark_rule
from dxcourse.pages.cache import RenderError
from dxcourse.pages.site import CourseSite
from dxcourse.web.answer_handlers import AnswerHandler
from dxcourse.web.checks import enforce
from dxcourse.web.handlers import HTML, Handler, JsonHandler, LearnerHandler
from dxcourse.web.identity import NAME_LENGTH, LocalIdentity, VisitorIdentity
from dxcourse.web.messages import EmptyMessage, RequestMessage, TokenMessage
from dxcourse.web.openapi import Operation, describe
from dxcourse.web.site import WebSite
from dxcourse.web.static_files import Representation
from dxcourse.widgets import token_colours

# -- What a course's pages send and are told beside answers: models that check and describe it -----


class RestartedMessage(BaseModel):
    """So many exercises are begun afresh."""

    state: Literal["saved"]
    exercises: int


class ProgressCount(BaseModel):
    """How many of a module's exercises are answered in full."""

    done: int
    of: int


class LearnerState(BaseModel):
    """What a page shows of its learner."""

    seed: str
    name: str
    replies: dict[str, dict[str, Any]]
    progress: dict[str, ProgressCount]


class CountedChoice(BaseModel):
    """How many chose this."""

    text: str
    count: int


class CountedItem(BaseModel):
    """How an item was answered, by how many."""

    ref: str
    text: str
    answers: int
    rows: list[CountedChoice]


class AnswerCountsMessage(BaseModel):
    """How others answered; an item of fewer than `least` answers has no rows."""

    least: int
    items: list[CountedItem]


class OwnRecords(BaseModel):
    """Everything that is stored of a visitor, in the order it was stored."""

    records: list[dict[str, Any]]


class ForgottenMessage(BaseModel):
    """So many records were deleted."""

    state: Literal["saved"]
    records: int


class NameSent(RequestMessage):
    """What someone who shares this machine calls themselves."""

    name: str = Field(max_length=NAME_LENGTH)


log = logging.getLogger(__name__)

PICTURE_POLICY = "default-src 'none'; style-src {style}; frame-ancestors 'none'"


@contextmanager
def making() -> Iterator[None]:
    """Say that a page is not to be had now where it cannot be made.

    Raises
    ------
    HTTPError
        It cannot (503).
    """
    try:
        yield
    except RenderError as error:
        log.error("%s", error)  # noqa: TRY400  -- the message says it all
        raise HTTPError(503) from error


class HomeHandler(Handler):
    """The first page."""

    site: CourseSite

    def get(self) -> None:
        self.set_header("Cache-Control", "no-cache")
        self.send(self.site.page("home.html.j2"), HTML)

    head = get


class OwnPageHandler(Handler):
    """わたしのページ: a frame, which its script fills with one learner's things."""

    site: CourseSite

    def get(self) -> None:
        self.set_header("Cache-Control", "no-cache")
        self.send(self.site.page("mine.html.j2"), HTML)

    head = get


class SearchHandler(Handler):
    """A field to search all chapters and the glossary in."""

    site: CourseSite

    def get(self) -> None:
        self.set_header("Cache-Control", "no-cache")
        self.send(self.site.page("search.html.j2"), HTML)

    head = get


class RouteHandler(Handler):
    """The start of a short way through the course."""

    site: CourseSite

    def get(self, name: str) -> None:
        if self.site.route(name) is None:
            raise HTTPError(404)
        self.set_header("Cache-Control", "no-cache")
        self.send(self.site.page("route.html.j2", name), HTML)

    head = get


class NotebookHandler(Handler):
    """A module or an appendix: only those that are named."""

    site: CourseSite

    async def get(self) -> None:
        notebook = self.site.edition.notebook(self.path)
        if notebook is None:
            raise HTTPError(404)
        with making():
            page = await self.site.pages.get(notebook)
        self.set_header("Cache-Control", "no-cache")  # keep it, but ask whether it is still so
        self.send(page, HTML)

    head = get


class AppHandler(NotebookHandler):
    """A stand-alone page, which other sites may show in a frame if they are named."""

    def parents(self, site: WebSite) -> str:
        """See `Handler.parents`."""
        return " ".join(site.settings.embed_from) or "'none'"


class NotebookPictureHandler(Handler):
    """A picture of a notebook's page, under an address that changes with it."""

    site: CourseSite

    async def get(self, version: str, name: str) -> None:
        notebook = self.site.edition.notebook(self.path.partition("/pictures/")[0])
        if notebook is None:
            raise HTTPError(404)
        with making():
            found = await self.site.pages.picture(notebook, name)
        if found is None:
            raise HTTPError(404)
        rule = hashlib.sha256(dark_rule(token_colours(dark=True)).encode()).digest()
        style = f"'sha256-{base64.b64encode(rule).decode()}'"
        self.set_header("Content-Security-Policy", PICTURE_POLICY.format(style=style))
        if version == found.version:
            kept_by = "public" if self.site.sign_in is None else "private"
            self.set_header("Cache-Control", f"{kept_by}, max-age=31536000, immutable")
        # Else: the page was made anew since it was sent. What says the same stands there instead,
        # and nobody keeps it.
        self.send(found.file, "image/svg+xml")

    head = get


class PrivacyHandler(Handler):
    """What is kept of a visitor, and the buttons to see, take away and delete it."""

    site: CourseSite

    def get(self) -> None:
        self.set_header("Cache-Control", "no-cache")
        self.send(self.site.page("privacy.html.j2"), HTML)

    head = get


class AccessibilityHandler(Handler):
    """How accessible the course is, as its operator states it."""

    site: CourseSite

    def get(self) -> None:
        if self.site.settings.accessibility_file is None:
            raise HTTPError(404)
        self.set_header("Cache-Control", "no-cache")
        self.send(self.site.page("accessibility.html.j2"), HTML)

    head = get


class OpenApiHandler(Handler):
    """The API, described in OpenAPI by the models that check it."""

    def get(self) -> None:
        self.set_header("Cache-Control", "no-cache")
        found = describe(self.settings["routes"], base=self.site.settings.base)
        text = json.dumps(found, ensure_ascii=False, indent=1)
        self.send(Representation.of(text.encode()), "application/json; charset=utf-8")

    head = get


class LearnerStateHandler(LearnerHandler):
    """Who is learning, what they have answered, and how far they are."""

    site: CourseSite
    operations: ClassVar = {"GET": Operation("What a page shows of its learner", LearnerState)}

    async def get(self) -> None:
        course = self.site.course
        with self.storing():
            found = await self.off_loop(
                lambda: replies(course.exercises, self.site.store, self.learner)
            )
        self.reply(
            {
                "seed": self.learner,
                "name": self.site.learners.name_of(self.learner),
                "replies": {name: reply.message() for name, reply in found.items()},
                "progress": self.site.progress(found),
            }
        )


class LocalLearnerHandler(LearnerStateHandler):
    """On one's own machine someone else may sit down, too."""

    operations: ClassVar = {
        **LearnerStateHandler.operations,
        "POST": Operation("Someone else by name", TokenMessage, NameSent),
    }

    async def handle_post(self, body: Mapping[str, Any], *_: str) -> None:
        """Take a name, which brings its owner back to their answers."""
        learners = self.site.learners
        assert isinstance(learners, LocalIdentity)  # noqa: S101  -- see `routes`
        learner, token = learners.named(self.read(NameSent, body).name)
        self.reply({"token": token, "name": learners.name_of(learner)})


class NewVisitorHandler(JsonHandler):
    """A token for a browser that has none."""

    operations: ClassVar = {"POST": Operation("A new visitor", TokenMessage, EmptyMessage)}

    async def handle_post(self, _: Mapping[str, Any], *__: str) -> None:
        enforce(self.site.limits.new_tokens, self.client.group)
        learners = self.site.learners
        assert isinstance(learners, VisitorIdentity)  # noqa: S101  -- see `routes`
        self.reply({"token": learners.mint(), "name": ""})


class CourseAnswerHandler(AnswerHandler):
    """An answer to an exercise of the course."""

    site: CourseSite

    async def exercise(self, name: str) -> AnyExercise | None:
        """See `AnswerHandler.exercise`."""
        return self.site.course.exercises.get(name)


class RestartHandler(LearnerHandler):
    """「はじめから」: the record stays, the learner begins again."""

    site: CourseSite
    operations: ClassVar = {"POST": Operation("Begin afresh", RestartedMessage, EmptyMessage)}

    async def handle_post(self, _: Mapping[str, Any], *__: str) -> None:
        course, where = self.site.course, f"{self.site.surface}page"
        with self.storing("not stored"):
            count = await self.off_loop(
                lambda: begin_afresh(
                    course.exercises, store=self.site.store, learner=self.learner, where=where
                )
            )
        self.reply({"state": "saved", "exercises": count})
