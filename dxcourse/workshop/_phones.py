"""What phones ask: to join, what is open now, what they gave, and to give an answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from itsdangerous import BadSignature
from tornado.web import HTTPError

from dxcourse.answers import Refused
from dxcourse.exercises import AnswerError
from dxcourse.serving._messages import AnswerSent
from dxcourse.workshop._room import Full
from dxcourse.workshop._state import Phase
from dxcourse.workshop._web import ParticipantApi, RoomApi, RoomHandler, flag, same, short

NAME_LENGTH = 20  # characters


class PhonePage(RoomHandler):
    """The one page of a phone; its script asks for the rest."""

    async def get(self, *_: str) -> None:
        await self.within(self.live.limits.requests, self.address)
        state = self.live.room.state
        self.show("phone", name=state.name, names=state.names)


class Join(RoomApi):
    """Someone comes in, by the QR code's key or the code on the wall."""

    async def take(self, body: Mapping[str, Any], *_: str) -> None:
        limits = self.live.limits
        if not await self._knows(body):
            self.reply({"state": "wrong_code"}, 403)
            return
        await self.within(limits.joins, self.address)
        said = {"pair": flag(body, "pair"), "consent": flag(body, "consent")}
        name = short(body, "name", NAME_LENGTH)
        try:
            who, token = await self.live.room.join(**said, name=name)
        except Full:
            self.reply({"state": "door_closed"}, 403)
        else:
            self.reply({"state": "joined", "token": token, "seed": who})

    async def _knows(self, body: Mapping[str, Any]) -> bool:
        """Whether they may come in: by the key, which nobody guesses, or by the code."""
        keys, limits = self.live.room.kept.keys, self.live.limits
        key, code = short(body, "key", 64), short(body, "code", 32)
        if same(key, keys.join):
            return True
        # Whether there is a try left is asked first: a right guess is none where there was none.
        if not limits.codes.has(self.address) or not limits.all_codes.has(""):
            await self.within(limits.codes, self.address)
            await self.within(limits.all_codes, "")
        if same(re.sub(r"\D", "", code), keys.code):
            return True
        limits.codes.take(self.address)
        limits.all_codes.take("")
        return False


class Mine(ParticipantApi):
    """What a participant may know: what was asked so far, and their own answers."""

    async def get(self) -> None:
        await self.within(self.live.limits.asks, self.who)
        room = self.live.room
        profile = room.state.participants[self.who]
        asked = [name for name in room.exercises if room.state.phase(name) is not Phase.UNASKED]
        self.reply(
            {
                "seed": self.who,
                "pair": profile.pair,
                "consent": profile.consent,
                "exercises": [room.public(name) for name in asked],
                "phases": {name: room.state.phase(name).value for name in asked},
                "replies": {name: reply for name in asked if (reply := room.reply(self.who, name))},
            }
        )

    async def take(self, body: Mapping[str, Any], *_: str) -> None:
        """What they say about themselves."""
        await self.within(self.live.limits.answers, self.who)
        room = self.live.room
        name = room.state.participants[self.who].name
        said = {"pair": flag(body, "pair"), "consent": flag(body, "consent")}
        await room.tell(self.who, **said, name=name)
        self.reply({"state": "saved"})


class OwnReply(ParticipantApi):
    """What a participant may know of their answer to one exercise: more after the reveal."""

    async def get(self, name: str) -> None:
        await self.within(self.live.limits.asks, self.who)
        if name not in self.live.room.exercises:
            raise HTTPError(404, reason="there is no such exercise")
        self.reply({"reply": self.live.room.reply(self.who, name)})


class Answers(ParticipantApi):
    """An answer: checked, stored, and told so."""

    async def take(self, body: Mapping[str, Any], *names: str) -> None:
        await self.within(self.live.limits.answers, self.who)
        room = self.live.room
        exercise = room.exercises.get(names[0])
        if exercise is None:
            raise HTTPError(404, reason="there is no such exercise")
        sent = self.read(AnswerSent, body)
        try:
            await room.answer(self.who, exercise, sent.answer, sent.id)
        except Refused:
            self.reply({"state": "closed", "reply": room.reply(self.who, names[0])}, 409)
        except (AnswerError, RecursionError) as error:
            self.reply({"state": "refused", "error": str(error)[:300]}, 400)
        else:
            self.reply({"state": "saved", "reply": room.reply(self.who, names[0])})


class PhoneEvents(RoomHandler):
    """The present state, and every later one. An EventSource cannot send a header."""

    async def get(self) -> None:
        room = self.live.room
        try:
            who = room.tokens.of(self.get_query_argument("who", ""))
        except BadSignature:
            who = ""
        if who not in room.state.participants:
            await self.within(self.live.limits.requests, self.address)
            self.set_status(204)  # which tells a browser not to ask again
            self.finish()
            return
        await self.within(self.live.limits.asks, who)
        self.listen_to(self.live.phones, who)
