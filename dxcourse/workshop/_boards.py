"""What the facilitator's board and the projector's wall ask; their addresses are the secret."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from tornado.web import HTTPError

from dxcourse.workshop._commands import read_command
from dxcourse.workshop._errors import NotNow, WorkshopError
from dxcourse.workshop._network import candidates
from dxcourse.workshop._reports import REPORTS
from dxcourse.workshop._web import RoomApi, RoomHandler

log = logging.getLogger(__name__)


class Secret(RoomHandler):
    """An address with a secret in it; without it there is nothing here."""

    screen: ClassVar[str]

    async def known(self, secret: str) -> None:
        """Go on only where the secret is right.

        Raises
        ------
        HTTPError
            It is not.
        """
        wanted = getattr(self.live.room.kept.keys, self.screen)
        if not hmac.compare_digest(secret.encode(), wanted.encode()):
            await self.within(self.live.limits.requests, self.address)
            raise HTTPError(404)

    def page(self, **more: object) -> None:
        """Show the screen's page."""
        room, site = self.live.room, self.live.site
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Referrer-Policy", "no-referrer")  # the address is a secret
        digits = room.kept.keys.code
        self.finish(
            site.render(
                self.screen,
                name=room.state.name,
                address=site.join_address.removeprefix("http://"),
                code=f"{digits[:3]} {digits[3:]}",
                here=self.request.path,
                qr=f"{self.request.path}/qr.svg",
                **more,
            )
        )


class BoardPage(Secret):
    """The board."""

    screen = "board"

    async def get(self, secret: str) -> None:
        await self.known(secret)
        # Looking for addresses may ask the network's name server, which may be slow.
        known = await self.off_loop(candidates)
        self.page(wall=f"/wall/{self.live.room.kept.keys.wall}", candidates=known)


class BoardEvents(Secret):
    """What the board hears."""

    screen = "board"

    async def get(self, secret: str) -> None:
        await self.known(secret)
        self.listen_to(self.live.boards)


class BoardVoices(Secret, RoomApi):
    """What people wrote, to be hidden, pinned, grouped."""

    screen = "board"

    async def get(self, secret: str, name: str) -> None:
        await self.known(secret)
        if name not in self.live.room.exercises:
            raise HTTPError(404)
        self.reply(await self.live.voices(name))


class BoardDo(Secret, RoomApi):
    """What the facilitator says."""

    screen = "board"

    async def take(self, body: Mapping[str, Any], *names: str) -> None:
        await self.known(names[0])
        try:
            command = read_command(body)
        except ValueError as error:
            raise HTTPError(400, reason="not a command") from error
        room = self.live.room
        try:
            await room.do(command)
        except NotNow as error:
            self.reply({"state": "not_now", "code": error.code}, 409)
        except WorkshopError as error:
            log.error("board: %s", error)  # noqa: TRY400  -- the message names place and cure
            self.reply({"state": "waiting"}, 503)
        else:
            self.reply({"state": "done"})


class BoardReport(Secret):
    """The report and the answers, as files to keep."""

    screen = "board"

    async def get(self, secret: str, name: str) -> None:
        await self.known(secret)
        make = REPORTS.get(name)
        if make is None:
            raise HTTPError(404)
        body = await self.off_loop(partial(make, self.live.room.snapshot()))
        self.set_header("Content-Type", "application/octet-stream")
        self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        self.finish(body)


class WallPage(Secret):
    """The wall."""

    screen = "wall"

    async def get(self, secret: str) -> None:
        await self.known(secret)
        self.page()


class WallEvents(Secret):
    """What the wall hears."""

    screen = "wall"

    async def get(self, secret: str) -> None:
        await self.known(secret)
        self.listen_to(self.live.walls)


class JoinCode(RoomHandler):
    """The QR code, on the board's and the wall's address."""

    async def get(self, secret: str) -> None:
        keys = self.live.room.kept.keys
        if not any(
            hmac.compare_digest(secret.encode(), k.encode()) for k in (keys.board, keys.wall)
        ):
            await self.within(self.live.limits.requests, self.address)
            raise HTTPError(404)
        self.send(self.live.site.qr, "image/svg+xml")
