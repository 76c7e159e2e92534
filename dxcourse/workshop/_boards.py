"""What the facilitator's board and the projector's wall ask; their addresses are the secret."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Mapping
from typing import Any, ClassVar

from tornado.web import HTTPError

from dxcourse.workshop._commands import read_command
from dxcourse.workshop._errors import NotNow, WorkshopError
from dxcourse.workshop._network import candidates
from dxcourse.workshop._tallying import fits
from dxcourse.workshop._web import RoomApi, RoomHandler

log = logging.getLogger(__name__)


class _Secret(RoomHandler):
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

    def page(self) -> None:
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
                qr=f"{self.request.path}/qr.svg",
                wall=f"/wall/{room.kept.keys.wall}" if self.screen == "board" else "",
                candidates=candidates() if self.screen == "board" else [],
            )
        )


class BoardPage(_Secret):
    """The board."""

    screen = "board"

    async def get(self, secret: str) -> None:
        await self.known(secret)
        self.page()


class BoardEvents(_Secret):
    """What the board hears."""

    screen = "board"

    async def get(self, secret: str) -> None:
        await self.known(secret)
        self.listen_to(self.live.boards)


class BoardVoices(_Secret, RoomApi):
    """What people wrote, to be hidden, pinned, grouped."""

    screen = "board"

    async def get(self, secret: str, name: str) -> None:
        await self.known(secret)
        if name not in self.live.room.exercises:
            raise HTTPError(404)
        self.reply(self.live.voices(name))


class BoardDo(_Secret, RoomApi):
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
            if command.do == "tally":
                exercise = room.exercises.get(command.exercise)
                if not exercise or not fits(exercise, command.item, list(command.counts)):
                    raise NotNow("unknown", "these values cannot be counted for this item")
            await room.do(command)
        except NotNow as error:
            self.reply({"state": "not_now", "code": error.code}, 409)
        except WorkshopError as error:
            log.error("board: %s", error)  # noqa: TRY400  -- the message names place and cure
            self.reply({"state": "waiting"}, 503)
        else:
            self.reply({"state": "done"})


class WallPage(_Secret):
    """The wall."""

    screen = "wall"

    async def get(self, secret: str) -> None:
        await self.known(secret)
        self.page()


class WallEvents(_Secret):
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
