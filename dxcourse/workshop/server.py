"""A process that serves a room: listens, says where, and ends in order."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable

from tornado.web import Application

from dxcourse.web.handlers import StaticFileHandler
from dxcourse.web.logs import TALKATIVE
from dxcourse.web.server import Route, allow_list, serve, tornado_settings
from dxcourse.workshop import board_handlers as boards
from dxcourse.workshop import handlers as phones
from dxcourse.workshop.handlers import RoomHandler
from dxcourse.workshop.live import Live

PORT_TRIES = 20

log = logging.getLogger(__name__)


class RoomHealthHandler(RoomHandler):
    """Alive."""

    checks = ()

    def get(self) -> None:
        """Say so."""
        self.set_header("Content-Type", "text/plain")
        self.finish("ok\n")


def application(live: Live) -> Application:
    """An allow-list of what is answered."""
    name = r"([a-z0-9-]{1,64})"
    key = r"([A-Za-z0-9_-]{1,64})"
    routes: list[Route] = [
        (r"/", phones.PhonePageHandler),
        (r"/j/([a-z0-9]{1,64})", phones.PhonePageHandler),
        (r"/sheet", phones.SheetPageHandler),
        (r"/api/join", phones.JoinHandler),
        (r"/api/mine", phones.ParticipantStateHandler),
        (rf"/api/mine/{name}", phones.OwnReplyHandler),
        (rf"/api/answers/{name}", phones.ParticipantAnswerHandler),
        (r"/api/nods", phones.NodHandler),
        (r"/api/questions", phones.QuestionHandler),
        (r"/events", phones.PhoneEventsHandler),
        (r"/test", boards.ReachTestPageHandler),
        (r"/test/events", boards.ReachTestEventsHandler),
        (r"/api/reached", boards.ReachReportHandler),
        (r"/help", boards.HelpPageHandler),
        (rf"/(board|wall)/{key}", boards.ScreenPageHandler),
        (rf"/(board|wall)/{key}/events", boards.ScreenEventsHandler),
        (rf"/wall/{key}/(qr|wifi).svg", boards.JoinQrHandler),
        (rf"/board/{key}/remote.svg", boards.RemoteQrHandler),
        (rf"/board/{key}/cards", boards.CardsPageHandler),
        (rf"/board/{key}/card/([1-9][0-9]?).svg", boards.CardQrHandler),
        (r"/pictures/([A-Za-z0-9_.-]{1,100})", boards.PictureHandler),
        (rf"/board/{key}/files/([a-z.]+)", boards.BoardReportHandler),
        (rf"/board/{key}/reach", boards.BoardReachHandler),
        (rf"/board/{key}/do", boards.BoardCommandHandler),
        (rf"/board/{key}/voices/{name}", boards.BoardVoicesHandler),
        (r"/static/([0-9a-f]{12})/([a-z.]+)", StaticFileHandler),
        (r"/healthz", RoomHealthHandler),
    ]
    return Application(
        allow_list(live.site, routes), live=live, **tornado_settings(live.site, routes)
    )


def run_room(
    make: Callable[[], Live], sockets: list[socket.socket], ready: Callable[[], None]
) -> None:
    """Serve until Ctrl+C or SIGTERM."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    asyncio.run(_run_room(make, sockets, ready))


async def _run_room(
    make: Callable[[], Live], sockets: list[socket.socket], ready: Callable[[], None]
) -> None:
    live = make()

    def begin() -> None:
        live.start()
        ready()

    async def let_go() -> None:
        live.stop_listening()

    try:
        await serve(application(live), live.site, sockets, ready=begin, before_end=let_go)
    finally:
        live.stop()
