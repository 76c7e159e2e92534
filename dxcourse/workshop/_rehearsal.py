"""The rehearsal: a page that shows whether a phone reaches this machine, and one that says why not.

It needs no code, keeps nothing, and tells the board only how many got through.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from dxcourse.workshop._boards import Secret
from dxcourse.workshop._reach import findings, look
from dxcourse.workshop._web import RoomApi, RoomHandler

NUMBER = re.compile(r"[A-Za-z0-9_-]{8,64}")  # of a test page, made up by itself
MOST = 500  # test pages that are counted; more is not needed to know


class TestPage(RoomHandler):
    """「この画面が見えたら、届いています」."""

    async def get(self) -> None:
        await self.within(self.live.limits.requests, self.address)
        self.show("test", name=self.live.room.state.name)


class BoardReach(Secret, RoomApi):
    """What can be seen from here of why a phone does not get through."""

    async def get(self, secret: str) -> None:
        await self.known(secret)
        address = urlsplit(self.live.site.join_address)
        own = self.live.site.address
        port = address.port or 80
        seen = await self.off_loop(partial(look, own, port, len(self.live.reached)))
        self.reply({"findings": findings(seen)})


class HelpPage(RoomHandler):
    """What to do where a phone does not get here."""

    async def get(self) -> None:
        await self.within(self.live.limits.requests, self.address)
        self.show("help", address=self.live.site.join_address.removeprefix("http://"))


class TestEvents(RoomHandler):
    """Whether what we tell arrives without being asked for: some proxies hold it back."""

    async def get(self) -> None:
        await self.within(self.live.limits.requests, self.address)
        self.set_header("Content-Type", "text/event-stream; charset=utf-8")
        self.finish('event: beat\ndata: {"now":0}\n\n')


class TestReached(RoomApi):
    """The test page's script ran, and reports back."""

    async def take(self, body: Mapping[str, Any], *_: str) -> None:
        await self.within(self.live.limits.requests, self.address)
        number = body.get("id")
        if isinstance(number, str) and NUMBER.fullmatch(number) and len(self.live.reached) < MOST:
            self.live.reached.add(number)
            self.live.touch()
        self.reply({"state": "reached"})
