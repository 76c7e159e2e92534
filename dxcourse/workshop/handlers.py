"""What all handlers of a workshop share: the course server's own guard, and limits."""

from __future__ import annotations

import asyncio
import hmac
import logging
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from itsdangerous import BadSignature
from tornado.web import HTTPError

from dxcourse.answers import Refused, StoreError
from dxcourse.exercises import AnswerError
from dxcourse.exercises.typed_text import kept
from dxcourse.text.typed import one_line, visible
from dxcourse.web.handlers import POLICY, Handler, JsonHandler
from dxcourse.web.identity import HEADER
from dxcourse.web.messages import AnswerSent
from dxcourse.web.rate_limit import RateLimit, TooManyRequests
from dxcourse.web.sse import EventChannel
from dxcourse.workshop.errors import WorkshopError
from dxcourse.workshop.live import Live
from dxcourse.workshop.room import RoomFull
from dxcourse.workshop.state import Phase

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

    def initialize(self) -> None:
        super().initialize()
        self.live = self.settings["live"]

    def compute_etag(self) -> None:
        """What is kept has an ETag of its own; what is made anew needs none."""

    async def within(self, limit: RateLimit, key: str) -> None:
        """Let nobody ask more often than a limit allows.

        Raises
        ------
        TooManyRequests
            They did; told after a while.
        """
        if not limit.take(key):
            await asyncio.sleep(TARPIT)
            raise TooManyRequests(limit.wait(key))

    async def catch_up(self) -> None:
        """Know what other processes stored before this was asked, so that nobody is shown less.

        While that cannot be read, what is known has to do.
        """
        with suppress(WorkshopError, StoreError):
            await self.live.room.catch_up()

    def show(self, page: str, /, **more: object) -> None:
        """Send a page."""
        self.send_html(self.live.site.render(page, **more))

    @property
    def address(self) -> str:
        """Where a request comes from: compared in memory, never written."""
        return self.client.group

    def listen_to(self, channel: EventChannel, owner: str = "") -> None:
        """Take the connection, and let it hear everything from now on."""
        seen = self.request.headers.get("Last-Event-ID", "")
        self.site.busy.discard(self)  # nobody waits for a line to end
        stream = self.detach()
        stream.max_write_buffer_size = None
        stream.write(STREAM)
        channel.join(stream, seen, owner)
        self.live.touch()


def identify_participant(handler: ParticipantHandler) -> None:
    """Tell who asks by their token.

    Raises
    ------
    HTTPError
        It was not made for this room.
    """
    room = handler.live.room
    try:
        handler.who = room.tokens.of(handler.request.headers.get(HEADER))
    except BadSignature as error:
        raise HTTPError(401, reason="unknown participant") from error
    if handler.who not in room.state.participants:  # of whom no process knows, see `prepare`
        raise HTTPError(401, reason="unknown participant")


class RoomJsonHandler(RoomHandler, JsonHandler):
    """What speaks JSON; how often anyone may ask is the room's own matter (`within`)."""

    checks = RoomHandler.checks

    async def post(self, *names: str) -> None:
        try:
            await super().post(*names)
        except (WorkshopError, StoreError) as error:
            # The disk is full, say: who asked keeps what they sent, and sends it again.
            kind = type(self).__name__
            log.error("%s: %s", kind, error)  # noqa: TRY400  -- the message names place and cure
            self.reply({"state": "waiting", "error": "it could not be stored"}, 503)


class ParticipantHandler(RoomJsonHandler):
    """What a participant asks, who has a token."""

    checks = (*RoomJsonHandler.checks, identify_participant)
    who: str

    async def prepare(self) -> None:
        room = self.live.room
        with suppress(BadSignature):
            who = room.tokens.of(self.request.headers.get(HEADER))
            if who not in room.state.participants:
                await self.catch_up()  # they may just have joined at another process
        begun = super().prepare()
        if begun is not None:
            await begun


def same_secret(given: str, wanted: str) -> bool:
    """Compare a secret, in a time that tells nothing of it."""
    return hmac.compare_digest(given.encode(), wanted.encode())


def read_flag(body: Mapping[str, Any], name: str) -> bool:
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


def read_short_text(body: Mapping[str, Any], name: str, most: int) -> str:
    """Give a short text of a request, on one line and without what no page can hold.

    Raises
    ------
    HTTPError
        It is none, or too long.
    """
    try:
        return one_line(kept(body.get(name, ""), most, name))
    except AnswerError as error:
        msg = f"{name} is a text of at most {most} characters"
        raise HTTPError(400, reason=msg) from error


def read_table(body: Mapping[str, Any]) -> int:
    """Give the table whose card someone came in by; 0 for none.

    Raises
    ------
    HTTPError
        It is no table's number.
    """
    value = body.get("table", 0)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_TABLES:
        raise HTTPError(400, reason=f"table is a number up to {MOST_TABLES}")
    return value


MOST_TABLES = 99
NAME_LENGTH = 20  # characters
YEAR = 31_536_000  # seconds
QUESTION_LENGTH = 140
QUESTION_ID = re.compile(r"[0-9a-f]{32}")


class PhonePageHandler(RoomHandler):
    """The one page of a phone; its script asks for the rest."""

    async def get(self, *_: str) -> None:
        await self.within(self.live.limits.requests, self.address)
        state = self.live.room.state
        self.show(
            "phone",
            name=state.name,
            names=state.names,
            name_length=NAME_LENGTH,
            question_length=QUESTION_LENGTH,
        )


class SheetPageHandler(RoomHandler):
    """The sheet to take home: made of what the phone keeps, and kept by its browser for a year."""

    async def get(self) -> None:
        await self.within(self.live.limits.requests, self.address)
        self.set_header("Cache-Control", f"private, max-age={YEAR}, immutable")
        self.show("sheet")


class JoinHandler(RoomJsonHandler):
    """Someone comes in, by the QR code's key or the code on the wall."""

    async def handle_post(self, body: Mapping[str, Any], *_: str) -> None:
        limits = self.live.limits
        if not await self._knows(body):
            self.reply({"state": "wrong_code"}, 403)
            return
        await self.within(limits.joins, self.address)
        said = {"pair": read_flag(body, "pair"), "consent": read_flag(body, "consent")}
        name = read_short_text(body, "name", NAME_LENGTH)
        try:
            table = read_table(body)
            who, token = await self.live.room.join(**said, name=name, table=table)
        except RoomFull:
            self.reply({"state": "door_closed"}, 403)
        else:
            self.reply({"state": "joined", "token": token, "seed": who})

    async def _knows(self, body: Mapping[str, Any]) -> bool:
        """Whether they may come in: by the key, which nobody guesses, or by the code."""
        keys, limits = self.live.room.kept.keys, self.live.limits
        key, code = read_short_text(body, "key", 64), read_short_text(body, "code", 32)
        if same_secret(key, keys.join):
            return True
        # Whether there is a try left is asked first: a right guess is none where there was none.
        if not limits.codes.has(self.address) or not limits.all_codes.has(""):
            await self.within(limits.codes, self.address)
            await self.within(limits.all_codes, "")
        if same_secret(re.sub(r"\D", "", code), keys.code):
            return True
        limits.codes.take(self.address)
        limits.all_codes.take("")
        return False


class ParticipantStateHandler(ParticipantHandler):
    """What a participant may know: what was asked so far, and their own answers."""

    async def get(self) -> None:
        await self.within(self.live.limits.asks, self.who)
        await self.catch_up()
        room = self.live.room
        profile = room.state.participants.get(self.who)
        if profile is None:  # put out just now
            raise HTTPError(401, reason="unknown participant")
        asked = [name for name in room.exercises if room.state.phase(name) is not Phase.UNASKED]
        self.reply(
            {
                "seed": self.who,
                "pair": profile.pair,
                "consent": profile.consent,
                "table": profile.table,
                "nods": [name for name, who in room.state.nods.items() if self.who in who],
                "questions": [
                    {"id": each.id, "text": visible(each.text), "status": each.status.value}
                    for each in room.state.questions.values()
                    if each.who == self.who
                ],
                "exercises": [room.public(name) for name in asked],
                "phases": {name: room.state.phase(name).value for name in asked},
                "replies": {name: reply for name in asked if (reply := room.reply(self.who, name))},
            }
        )

    async def handle_post(self, body: Mapping[str, Any], *_: str) -> None:
        """What they say about themselves."""
        await self.within(self.live.limits.answers, self.who)
        room = self.live.room
        known = room.state.participants[self.who]
        said = {"pair": read_flag(body, "pair"), "consent": read_flag(body, "consent")}
        await room.tell(self.who, **said, name=known.name, table=known.table)
        self.reply({"state": "saved"})


class OwnReplyHandler(ParticipantHandler):
    """What a participant may know of their answer to one exercise: more after the reveal."""

    async def get(self, name: str) -> None:
        await self.within(self.live.limits.asks, self.who)
        await self.catch_up()
        if name not in self.live.room.exercises:
            raise HTTPError(404, reason="there is no such exercise")
        self.reply({"reply": self.live.room.reply(self.who, name)})


class ParticipantAnswerHandler(ParticipantHandler):
    """An answer: checked, stored, and told so."""

    async def handle_post(self, body: Mapping[str, Any], *names: str) -> None:
        await self.within(self.live.limits.answers, self.who)
        room = self.live.room
        if names[0] not in room.exercises:
            await self.catch_up()  # it may just have been made
        exercise = room.exercises.get(names[0])
        if exercise is None:
            raise HTTPError(404, reason="there is no such exercise")
        draft = read_flag(body, "draft")
        sent = self.read(AnswerSent, {name: body[name] for name in body if name != "draft"})
        try:
            await room.answer(self.who, exercise, sent.answer, sent.id, over=sent.over, draft=draft)
        except Refused:
            self.reply({"state": "closed", "reply": room.reply(self.who, names[0])}, 409)
        except (AnswerError, RecursionError) as error:
            self.reply({"state": "refused", "error": str(error)[:300]}, 400)
        else:
            self.reply({"state": "saved", "reply": room.reply(self.who, names[0])})


class NodHandler(ParticipantHandler):
    """Someone agrees with a voice or a question that all can see, or no longer does."""

    async def handle_post(self, body: Mapping[str, Any], *_: str) -> None:
        await self.within(self.live.limits.nods, self.who)
        target = read_short_text(body, "target", 64)
        on = read_flag(body, "on")
        if on and not await self.live.may_nod(target):
            raise HTTPError(404, reason="there is no such voice to agree with")
        await self.live.room.nod(self.who, target, on=on)
        self.reply({"state": "saved", "nods": len(self.live.room.state.nods.get(target, ()))})


class QuestionHandler(ParticipantHandler):
    """A question for the facilitator."""

    async def handle_post(self, body: Mapping[str, Any], *_: str) -> None:
        question_id = read_short_text(body, "id", 64)
        text = read_short_text(body, "text", QUESTION_LENGTH)
        if not QUESTION_ID.fullmatch(question_id) or not text:
            raise HTTPError(400, reason="a question has an id and a text")
        await self.within(self.live.limits.questions, self.who)
        try:
            await self.live.room.question(self.who, text, f"q{question_id}")
        except RoomFull:
            self.reply({"state": "refused"}, 409)
        else:
            self.reply({"state": "saved"})


class PhoneEventsHandler(RoomHandler):
    """The present state, and every later one. An EventSource cannot send a header."""

    async def get(self) -> None:
        room = self.live.room
        try:
            who = room.tokens.of(self.get_query_argument("who", ""))
        except BadSignature:
            who = ""
        if who and who not in room.state.participants:
            await self.catch_up()  # they may just have joined at another process
        if who not in room.state.participants:
            await self.within(self.live.limits.requests, self.address)
            self.set_status(204)  # which tells a browser not to ask again
            self.finish()
            return
        await self.within(self.live.limits.asks, who)
        self.listen_to(self.live.phones, who)
