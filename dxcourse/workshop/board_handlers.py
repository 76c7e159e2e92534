"""What the facilitator's board and the projector's wall ask; their addresses are the secret."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from tornado.web import HTTPError

from dxcourse.workshop.commands import read_command
from dxcourse.workshop.errors import NotNow
from dxcourse.workshop.handlers import RoomHandler, RoomJsonHandler, same_secret
from dxcourse.workshop.network import collect_evidence, explain, own_addresses
from dxcourse.workshop.report.files import REPORTS
from dxcourse.workshop.room import snapshot

BOARD, WALL = "board", "wall"


class SecretHandler(RoomHandler):
    """An address with a secret in it; without it there is nothing here."""

    async def known(self, secret: str, screen: str = BOARD) -> None:
        """Go on only where the secret is that of this screen.

        Raises
        ------
        HTTPError
            It is not.
        """
        keys = self.live.room.kept.keys
        if not same_secret(secret, {BOARD: keys.board, WALL: keys.wall}[screen]):
            await self.within(self.live.limits.requests, self.address)
            raise HTTPError(404)


class ScreenPageHandler(SecretHandler):
    """The board or the wall."""

    async def get(self, screen: str, secret: str) -> None:
        await self.known(secret, screen)
        room, here = self.live.room, self.path
        more: dict[str, object] = {"qr": f"{here}/qr.svg"}
        if screen == BOARD:
            # Looking for addresses may ask the network's name server, which may be slow.
            known = await self.off_loop(own_addresses)
            more = {"here": here, "wall": f"/wall/{room.kept.keys.wall}", "candidates": known}
        self.set_header("Referrer-Policy", "no-referrer")  # the address is a secret
        self.show(
            screen,
            name=room.state.name,
            address=self.live.site.join_address.removeprefix("http://"),
            code=room.kept.keys.code_to_read,
            **more,
        )


class ScreenEventsHandler(SecretHandler):
    """What the board or the wall hears."""

    async def get(self, screen: str, secret: str) -> None:
        await self.known(secret, screen)
        self.listen_to({BOARD: self.live.boards, WALL: self.live.walls}[screen])


class JoinQrHandler(SecretHandler):
    """The QR code, for the wall."""

    async def get(self, secret: str) -> None:
        await self.known(secret, WALL)
        self.send(self.live.site.qr, "image/svg+xml")


class BoardVoicesHandler(SecretHandler, RoomJsonHandler):
    """What people wrote, to be hidden, pinned, grouped."""

    async def get(self, secret: str, name: str) -> None:
        await self.known(secret)
        if name not in self.live.room.exercises:
            raise HTTPError(404)
        self.reply(await self.live.voices(name))


class BoardCommandHandler(SecretHandler, RoomJsonHandler):
    """What the facilitator says."""

    async def handle_post(self, body: Mapping[str, Any], *names: str) -> None:
        await self.known(names[0])
        try:
            command = read_command(body)
        except ValueError as error:
            raise HTTPError(400, reason="not a command") from error
        try:
            await self.live.room.do(command)
        except NotNow as error:
            self.reply({"state": "not_now", "code": error.code}, 409)
        else:
            self.reply({"state": "done"})


class BoardReportHandler(SecretHandler):
    """The report and the answers, as files to keep."""

    async def get(self, secret: str, name: str) -> None:
        await self.known(secret)
        make = REPORTS.get(name)
        if make is None:
            raise HTTPError(404)
        body = await self.off_loop(partial(make, snapshot(self.live.room)))
        self.set_header("Content-Type", "application/octet-stream")
        self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        self.finish(body)


TEST_PAGE_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")  # of a test page, made up by itself
MOST_TEST_PAGES = 500  # test pages that are counted; more is not needed to know


class ReachTestPageHandler(RoomHandler):
    """「この画面が見えたら、届いています」."""

    async def get(self) -> None:
        await self.within(self.live.limits.requests, self.address)
        self.show("test", name=self.live.room.state.name)


class BoardReachHandler(SecretHandler, RoomJsonHandler):
    """What can be seen from here of why a phone does not get through."""

    async def get(self, secret: str) -> None:
        await self.known(secret)
        address = urlsplit(self.live.site.join_address)
        own = self.live.site.address
        port = address.port or 80
        seen = await self.off_loop(partial(collect_evidence, own, port, len(self.live.reached)))
        self.reply({"findings": explain(seen)})


class HelpPageHandler(RoomHandler):
    """What to do where a phone does not get here."""

    async def get(self) -> None:
        await self.within(self.live.limits.requests, self.address)
        self.show("help", address=self.live.site.join_address.removeprefix("http://"))


class ReachTestEventsHandler(RoomHandler):
    """Whether what we tell arrives without being asked for: some proxies hold it back."""

    async def get(self) -> None:
        await self.within(self.live.limits.requests, self.address)
        self.set_header("Content-Type", "text/event-stream; charset=utf-8")
        self.finish('event: beat\ndata: {"now":0}\n\n')


class ReachReportHandler(RoomJsonHandler):
    """The test page's script ran, and reports back."""

    async def handle_post(self, body: Mapping[str, Any], *_: str) -> None:
        await self.within(self.live.limits.requests, self.address)
        number = body.get("id")
        if (
            isinstance(number, str)
            and TEST_PAGE_ID.fullmatch(number)
            and len(self.live.reached) < MOST_TEST_PAGES
        ):
            self.live.reached.add(number)
            self.live.touch()
        self.reply({"state": "reached"})
