"""What the facilitator's board and the projector's wall ask; their addresses are the secret."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from tornado.web import HTTPError

from dxcourse.workshop.commands import GROUP_LENGTH, OPTION_LENGTH, OWN_LENGTH, read_command
from dxcourse.workshop.errors import NotNow
from dxcourse.workshop.handlers import MOST_TABLES, RoomHandler, RoomJsonHandler, same_secret
from dxcourse.workshop.network import collect_evidence, explain, own_addresses
from dxcourse.workshop.report.content import REPORTS
from dxcourse.workshop.room import snapshot
from dxcourse.workshop.site import qr_code

BOARD, WALL = "board", "wall"


def short_address(url: str) -> str:
    """An address as it is read out: browsers fill in http:// by themselves, not https://."""
    return url.removeprefix("http://")


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
        await self.catch_up()


class ScreenPageHandler(SecretHandler):
    """The board or the wall."""

    async def get(self, screen: str, secret: str) -> None:
        await self.known(secret, screen)
        room = self.live.room
        more: dict[str, object] = {"join": self.live.site.door(room.kept.keys)}
        if screen == BOARD:
            # Looking for addresses may ask the network's name server, which may be slow.
            known = await self.off_loop(own_addresses)
            more |= {
                "here": self.path,
                "group_length": GROUP_LENGTH,
                "own_length": OWN_LENGTH,
                "option_length": OPTION_LENGTH,
                "wall": f"/wall/{room.kept.keys.wall}",
                "candidates": known,
                "address": short_address(self.live.site.join_address),
                "code": room.kept.keys.code_to_read,
            }
        self.set_header("Referrer-Policy", "no-referrer")  # the address is a secret
        self.show(screen, name=room.state.name, **more)


class ScreenEventsHandler(SecretHandler):
    """What the board or the wall hears."""

    async def get(self, screen: str, secret: str) -> None:
        await self.known(secret, screen)
        self.listen_to({BOARD: self.live.boards, WALL: self.live.walls}[screen])


class JoinQrHandler(SecretHandler):
    """The QR codes of the wall: to join the session, and the network."""

    async def get(self, secret: str, name: str) -> None:
        await self.known(secret, WALL)
        code = {"qr": self.live.site.qr, "wifi": self.live.site.wifi_qr}[name]
        if code is None:
            raise HTTPError(404)
        self.send(code, "image/svg+xml")


class RemoteQrHandler(SecretHandler):
    """The QR code that makes a phone the facilitator's remote: it holds the board's secret."""

    async def get(self, secret: str) -> None:
        await self.known(secret)
        site = self.live.site
        address = f"{site.join_address}/board/{self.live.room.kept.keys.board}"
        self.send(qr_code(address), "image/svg+xml")


class CardsPageHandler(SecretHandler):
    """Cards to print, one a table: the network, the way in, and the table's number."""

    async def get(self, secret: str) -> None:
        await self.known(secret)
        site, keys = self.live.site, self.live.room.kept.keys
        try:
            tables = min(MOST_TABLES, max(1, int(self.get_query_argument("tables", "8"))))
        except ValueError:
            tables = 8
        self.set_header("Referrer-Policy", "no-referrer")
        self.show(
            "cards",
            name=self.live.room.state.name,
            here=self.path.removesuffix("/cards"),
            tables=tables,
            wifi=site.wifi.name if site.wifi else "",
            wall=f"/wall/{keys.wall}",
            address=short_address(site.join_address),
            code=keys.code_to_read,
        )


class CardQrHandler(SecretHandler):
    """The QR code of a table's card: it joins, and says at which table."""

    async def get(self, secret: str, table: str) -> None:
        await self.known(secret)
        self.send(qr_code(f"{self.live.site.join_url}?t={int(table)}"), "image/svg+xml")


class PictureHandler(RoomHandler):
    """A picture of a scene or a stop: one of ours, or one that the agenda brought."""

    async def get(self, name: str) -> None:
        await self.within(self.live.limits.requests, self.address)
        found = await self.off_loop(partial(self.live.site.picture, self.live.room.kept, name))
        if found is None:
            raise HTTPError(404)
        self.send(*found)


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
        site = self.live.site
        look = partial(collect_evidence, site.address, site.port, self.live.attendance.reached)
        seen = await self.off_loop(look)
        self.reply({"findings": explain(seen)})


class HelpPageHandler(RoomHandler):
    """What to do where a phone does not get here."""

    async def get(self) -> None:
        await self.within(self.live.limits.requests, self.address)
        self.show("help", address=short_address(self.live.site.join_address))


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
            self.request.remote_ip not in self.live.site.own  # a window of this machine is no phone
            and isinstance(number, str)
            and TEST_PAGE_ID.fullmatch(number)
            and len(self.live.reached) < MOST_TEST_PAGES
        ):
            self.live.reached.add(number)
            self.live.touch()
        self.reply({"state": "reached"})
