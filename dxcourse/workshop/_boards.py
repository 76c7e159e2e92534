"""What the facilitator's board and the projector's wall ask; their addresses are the secret."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from tornado.web import HTTPError

from dxcourse.workshop._commands import read_command
from dxcourse.workshop._errors import NotNow
from dxcourse.workshop._network import candidates
from dxcourse.workshop._reports import REPORTS
from dxcourse.workshop._room import snapshot
from dxcourse.workshop._web import RoomApi, RoomHandler, same

BOARD, WALL = "board", "wall"


class Secret(RoomHandler):
    """An address with a secret in it; without it there is nothing here."""

    async def known(self, secret: str, screen: str = BOARD) -> None:
        """Go on only where the secret is that of this screen.

        Raises
        ------
        HTTPError
            It is not.
        """
        keys = self.live.room.kept.keys
        if not same(secret, {BOARD: keys.board, WALL: keys.wall}[screen]):
            await self.within(self.live.limits.requests, self.address)
            raise HTTPError(404)


class ScreenPage(Secret):
    """The board or the wall."""

    async def get(self, screen: str, secret: str) -> None:
        await self.known(secret, screen)
        room, here = self.live.room, self.request.path
        more: dict[str, object] = {"qr": f"{here}/qr.svg"}
        if screen == BOARD:
            # Looking for addresses may ask the network's name server, which may be slow.
            known = await self.off_loop(candidates)
            more = {"here": here, "wall": f"/wall/{room.kept.keys.wall}", "candidates": known}
        self.set_header("Referrer-Policy", "no-referrer")  # the address is a secret
        self.show(
            screen,
            name=room.state.name,
            address=self.live.site.join_address.removeprefix("http://"),
            code=room.kept.keys.code_to_read,
            **more,
        )


class ScreenEvents(Secret):
    """What the board or the wall hears."""

    async def get(self, screen: str, secret: str) -> None:
        await self.known(secret, screen)
        self.listen_to({BOARD: self.live.boards, WALL: self.live.walls}[screen])


class JoinCode(Secret):
    """The QR code, for the wall."""

    async def get(self, secret: str) -> None:
        await self.known(secret, WALL)
        self.send(self.live.site.qr, "image/svg+xml")


class BoardVoices(Secret, RoomApi):
    """What people wrote, to be hidden, pinned, grouped."""

    async def get(self, secret: str, name: str) -> None:
        await self.known(secret)
        if name not in self.live.room.exercises:
            raise HTTPError(404)
        self.reply(await self.live.voices(name))


class BoardDo(Secret, RoomApi):
    """What the facilitator says."""

    async def take(self, body: Mapping[str, Any], *names: str) -> None:
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


class BoardReport(Secret):
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
