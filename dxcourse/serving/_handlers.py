"""What the server answers: an allow-list of plain handlers. Nothing here reaches a kernel."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from itsdangerous import BadSignature
from tornado.web import HTTPError, RequestHandler, stream_request_body

from dxcourse.answers import (
    AttemptsUsed,
    StoreError,
    begin_afresh,
    prepare,
    replies,
    reply_from,
)
from dxcourse.exercises import AnswerError
from dxcourse.serving._learners import HEADER, NAME_LENGTH
from dxcourse.serving._pages import Page
from dxcourse.serving._renderer import PageFailed
from dxcourse.serving._site import Site

log = logging.getLogger(__name__)

MAX_BODY = 64 * 1024  # bytes of a request that are kept; an answer has far fewer
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
ID = re.compile(r"[A-Za-z0-9_-]{8,64}")  # as in `Record.id`
T = TypeVar("T")


@stream_request_body
class Handler(RequestHandler):
    """What all answers share: safe headers, the Host and Origin checked, errors in Japanese.

    A body comes in pieces, so that one of many megabytes is told of (413) and never held.
    """

    site: Site

    def initialize(self, site: Site) -> None:
        self.site = site
        self.received = bytearray()
        self.oversize = False

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        self.set_header("Content-Security-Policy", POLICY)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "same-origin")
        self.set_header("Cache-Control", "no-store")

    def prepare(self) -> None:
        # What has a body is refused when it has been read: a connection that is closed on unread
        # bytes takes the refusal with it.
        if self.request.method in {"GET", "HEAD"}:
            self.admit()

    def data_received(self, chunk: bytes) -> None:
        self.oversize = self.oversize or len(self.received) + len(chunk) > MAX_BODY
        if not self.oversize:
            self.received += chunk

    def admit(self) -> None:
        """Refuse a request from elsewhere.

        Raises
        ------
        HTTPError
            The Host is not ours, or the Origin is another.
        """
        host = self.request.host_name
        if host not in self.site.hosts:
            # Another site's name that resolves to this machine (DNS rebinding) gets nothing.
            raise HTTPError(421, reason="unknown host")
        origin = self.request.headers.get("Origin")
        if origin is not None and origin != f"{self.request.protocol}://{self.request.host}":
            raise HTTPError(403, reason="other origin")

    def write_error(self, status_code: int, **kwargs: Any) -> None:  # noqa: ANN401, ARG002
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(self.site.error_page(status_code))

    async def off_loop(self, call: Callable[[], T]) -> T:
        """Run what waits for a disk or a lock in a thread."""
        return await asyncio.get_running_loop().run_in_executor(None, call)

    def send(self, page: Page, content_type: str) -> None:
        """Send something kept: from the browser's own copy, or compressed, or as it is."""
        self.set_header("Content-Type", content_type)
        self.set_header("ETag", page.etag)
        self.set_header("Vary", "Accept-Encoding")
        if self.check_etag_header():
            self.set_status(304)
            self.finish()
            return
        if "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            self.finish(page.gzipped)
        else:
            self.finish(page.body)


class NotFound(Handler):
    """Everything that is not named."""

    def get(self) -> None:
        self.admit()
        raise HTTPError(404)

    head = post = put = patch = delete = options = get


class HomePage(Handler):
    """The first page."""

    def get(self) -> None:
        self.set_header("Cache-Control", "no-cache")
        self.send(self.site.home(), "text/html; charset=utf-8")


class NotebookPage(Handler):
    """A module, or a stand-alone page: only those that are named."""

    async def get(self) -> None:
        notebook = self.site.notebook(self.request.path)
        if notebook is None:
            raise HTTPError(404)
        try:
            page = await self.site.pages.get(notebook)
        except PageFailed as error:
            log.error("%s", error)  # noqa: TRY400  -- the message says it all
            raise HTTPError(503) from error
        self.set_header("Cache-Control", "no-cache")  # keep it, but ask whether it is still so
        self.send(page, "text/html; charset=utf-8")


class StaticFile(Handler):
    """Scripts and sheets, under an address that changes with them."""

    def get(self, name: str) -> None:
        found = self.site.static.get(name)
        if found is None:
            raise HTTPError(404)
        content_type, page = found
        self.set_header("Cache-Control", "public, max-age=31536000, immutable")
        self.send(page, content_type)


class Api(Handler):
    """What speaks JSON: errors do, too."""

    learner: str

    def admit(self) -> None:
        super().admit()
        try:
            self.learner = self.site.learners.of(self.request.headers.get(HEADER))
        except BadSignature as error:
            raise HTTPError(401, reason="unknown learner token") from error

    async def post(self, *names: str) -> None:
        self.admit()
        await self.take(self._body(), *names)

    async def take(self, body: Mapping[str, Any], *names: str) -> None:  # noqa: ARG002
        """Answer a POST; `names` come from the address."""
        raise HTTPError(405)

    def _body(self) -> Mapping[str, Any]:
        if self.oversize:
            raise HTTPError(413, reason=f"the body is larger than {MAX_BODY} bytes")
        if self.request.headers.get("Content-Type", "").split(";")[0] != "application/json":
            raise HTTPError(415, reason="send application/json")
        try:
            data = json.loads(self.received)
        except (ValueError, RecursionError) as error:
            raise HTTPError(400, reason="the body is not JSON") from error
        if not isinstance(data, dict):
            raise HTTPError(400, reason="the body is not a JSON object")
        return data

    def reply(self, data: Mapping[str, Any], status: int = 200) -> None:
        """Send JSON."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(json.dumps(data, ensure_ascii=False))

    def write_error(self, status_code: int, **kwargs: Any) -> None:  # noqa: ANN401
        error = (kwargs.get("exc_info") or (None, None, None))[1]
        told = error.reason if isinstance(error, HTTPError) and error.reason else "error"
        # What we did not foresee may pass: the browser keeps the answer and sends it again.
        state = "waiting" if status_code >= 500 else "refused"  # noqa: PLR2004  -- server errors
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(json.dumps({"state": state, "error": told}))


class Learner(Api):
    """Who is learning, what they have answered, and how far they are."""

    async def get(self) -> None:
        course = self.site.course
        try:
            found = await self.off_loop(
                lambda: replies(course.exercises, self.site.store, self.learner)
            )
        except StoreError as error:
            self._unavailable(error)
            return
        self.reply(
            {
                "seed": self.learner,
                "name": self.site.learners.name_of(self.learner),
                "replies": {name: reply.message() for name, reply in found.items()},
                "progress": self.site.progress(found),
            }
        )

    async def take(self, body: Mapping[str, Any], *_: str) -> None:
        """Someone else sits down here: a name, which brings them back to their answers."""
        name = body.get("name")
        if not isinstance(name, str) or len(name) > NAME_LENGTH:
            raise HTTPError(400, reason=f"name is a text of at most {NAME_LENGTH} characters")
        learner, token = self.site.learners.named(name)
        self.reply({"token": token, "name": self.site.learners.name_of(learner)})

    def _unavailable(self, error: StoreError) -> None:
        log.error("answers: %s", error)
        self.reply({"state": "waiting", "error": "answers cannot be read now"}, 503)


class Answers(Api):
    """An answer: checked, stored, judged."""

    async def take(self, body: Mapping[str, Any], *names: str) -> None:
        exercise = self.site.course.exercises.get(names[0])
        if exercise is None:
            raise HTTPError(404, reason="there is no such exercise")
        try:
            entry, guard = prepare(
                exercise,
                body.get("answer"),
                learner=self.learner,
                where="page",
                entry_id=_entry_id(body.get("id")),
            )
            stored = await self.site.writer.append(entry, guard)
            reply = await self.off_loop(
                lambda: reply_from(exercise, self.site.store, self.learner, stored)
            )
        except (AnswerError, RecursionError) as error:
            self.reply({"state": "refused", "error": str(error)[:300]}, 400)
        except LookupError as error:
            self.reply({"state": "refused", "error": str(error)[:300]}, 409)
        except AttemptsUsed as error:
            self.reply({"state": "spent", "error": str(error)}, 409)
        except StoreError as error:
            log.error("answers: %s", error)  # noqa: TRY400  -- the message names place and cure
            self.reply({"state": "waiting", "error": "the answer could not be stored"}, 503)
        else:
            self.reply({"state": "saved", "reply": reply.message()})


class Afresh(Api):
    """「はじめから」: the record stays, the learner begins again."""

    async def take(self, _: Mapping[str, Any], *__: str) -> None:
        course = self.site.course
        try:
            count = await self.off_loop(
                lambda: begin_afresh(
                    course.exercises, store=self.site.store, learner=self.learner, where="page"
                )
            )
        except StoreError as error:
            log.error("answers: %s", error)  # noqa: TRY400
            self.reply({"state": "waiting", "error": "not stored"}, 503)
        else:
            self.reply({"state": "saved", "exercises": count})


class Health(Handler):
    """Alive."""

    def get(self) -> None:
        self.set_header("Content-Type", "text/plain")
        self.finish("ok\n")


def _entry_id(value: object) -> str:
    if not isinstance(value, str) or not ID.fullmatch(value):
        raise HTTPError(400, reason="id is 8 to 64 letters, digits, - or _")
    return value
