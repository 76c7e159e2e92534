"""What all handlers of a workshop share: the course server's own guard, and limits."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Mapping
from typing import Any

from itsdangerous import BadSignature
from tornado.web import HTTPError

from dxcourse.answers import StoreError
from dxcourse.serving._handlers import POLICY, Handler, Open, TooMany
from dxcourse.serving._learners import HEADER
from dxcourse.serving._limit import Limit
from dxcourse.workshop._errors import WorkshopError
from dxcourse.workshop._hub import Channel
from dxcourse.workshop._line import one_line
from dxcourse.workshop._live import Live

log = logging.getLogger(__name__)

TARPIT = 0.5  # seconds that a refusal waits: who asks too often asks less often
NOBODY = "'none'"
STREAM = (
    "HTTP/1.1 200 OK\r\n"
    "Content-Type: text/event-stream; charset=utf-8\r\n"
    "Cache-Control: no-store\r\n"
    f"Content-Security-Policy: {POLICY.format(parents=NOBODY)}\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "X-Accel-Buffering: no\r\n"
    "Connection: close\r\n\r\n"
).encode()


class RoomHandler(Handler):
    """A handler that knows the room. Everything else it does as the course's own do."""

    live: Live

    def initialize(self, live: Live) -> None:  # type: ignore[override]  # another site, same use
        super().initialize(live.site)  # type: ignore[arg-type]  # it has what a handler asks of one
        self.live = live

    def compute_etag(self) -> None:
        """What is kept has an ETag of its own; what is made anew needs none."""

    async def within(self, limit: Limit, key: str) -> None:
        """Let nobody ask more often than a limit allows.

        Raises
        ------
        TooMany
            They did; told after a while.
        """
        if not limit.take(key):
            await asyncio.sleep(TARPIT)
            raise TooMany(limit.wait(key))

    def show(self, page: str, /, **more: object) -> None:
        """Send a page."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(self.live.site.render(page, **more))

    @property
    def address(self) -> str:
        """Where a request comes from: compared in memory, never written."""
        return str(self.request.remote_ip)

    def listen_to(self, channel: Channel, owner: str = "") -> None:
        """Take the connection, and let it hear everything from now on."""
        seen = self.request.headers.get("Last-Event-ID", "")
        self.site.busy.discard(self)  # nobody waits for a line to end
        stream = self.detach()
        stream.max_write_buffer_size = None
        stream.write(STREAM)
        channel.join(stream, seen, owner)
        self.live.touch()


class RoomApi(RoomHandler, Open):
    """What speaks JSON."""

    def admit(self) -> None:
        Handler.admit(self)

    async def post(self, *names: str) -> None:
        try:
            await super().post(*names)
        except (WorkshopError, StoreError) as error:
            # The disk is full, say: who asked keeps what they sent, and sends it again.
            kind = type(self).__name__
            log.error("%s: %s", kind, error)  # noqa: TRY400  -- the message names place and cure
            self.reply({"state": "waiting", "error": "it could not be stored"}, 503)


class ParticipantApi(RoomApi):
    """What a participant asks, who has a token."""

    who: str

    def admit(self) -> None:
        super().admit()
        try:
            self.who = self.live.room.tokens.of(self.request.headers.get(HEADER))
        except BadSignature as error:
            raise HTTPError(401, reason="unknown participant") from error
        if self.who not in self.live.room.state.participants:
            raise HTTPError(401, reason="unknown participant")


def same(given: str, wanted: str) -> bool:
    """Compare a secret, in a time that tells nothing of it."""
    return hmac.compare_digest(given.encode(), wanted.encode())


def flag(body: Mapping[str, Any], name: str) -> bool:
    """Give a yes or no of a request.

    Raises
    ------
    HTTPError
        It is neither.
    """
    value = body.get(name, False)
    if not isinstance(value, bool):
        raise HTTPError(400, reason=f"{name} is true or false")
    return value


def short(body: Mapping[str, Any], name: str, most: int) -> str:
    """Give a short text of a request, on one line and without what no page can hold.

    Raises
    ------
    HTTPError
        It is none, or too long.
    """
    value = body.get(name, "")
    if not isinstance(value, str) or len(value) > most:
        raise HTTPError(400, reason=f"{name} is a text of at most {most} characters")
    return one_line(value)
