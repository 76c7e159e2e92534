"""One process, one room: listens, says where, and ends in order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Callable
from typing import Any

from tornado.web import Application

from dxcourse.web.handlers import NotFoundHandler, StaticFileHandler
from dxcourse.web.logs import TALKATIVE
from dxcourse.web.server import LimitedServer
from dxcourse.workshop import board_handlers as boards
from dxcourse.workshop import handlers as phones
from dxcourse.workshop.errors import WorkshopError
from dxcourse.workshop.handlers import RoomHandler
from dxcourse.workshop.live import Live

BACKLOG = 1024  # phones that knock at the same moment
PORT_TRIES = 20

log = logging.getLogger(__name__)


class StaticFile(RoomHandler, StaticFileHandler):
    """Scripts and sheets, under an address that changes with them."""


class Health(RoomHandler):
    """Alive."""

    def get(self) -> None:
        """Say so."""
        self.set_header("Content-Type", "text/plain")
        self.finish("ok\n")


class NotFound(RoomHandler, NotFoundHandler):
    """Everything that is not named."""


def application(live: Live) -> Application:
    """An allow-list of what is answered."""
    given = {"live": live}
    name = r"([a-z0-9-]{1,64})"
    key = r"([A-Za-z0-9_-]{1,64})"
    routes: list[Any] = [
        (r"/", phones.PhonePageHandler, given),
        (r"/j/([a-z0-9]{1,64})", phones.PhonePageHandler, given),
        (r"/api/join", phones.JoinHandler, given),
        (r"/api/mine", phones.ParticipantStateHandler, given),
        (rf"/api/mine/{name}", phones.OwnReplyHandler, given),
        (rf"/api/answers/{name}", phones.ParticipantAnswerHandler, given),
        (r"/events", phones.PhoneEventsHandler, given),
        (r"/test", boards.ReachTestPageHandler, given),
        (r"/test/events", boards.ReachTestEventsHandler, given),
        (r"/api/reached", boards.ReachReportHandler, given),
        (r"/help", boards.HelpPageHandler, given),
        (rf"/(board|wall)/{key}", boards.ScreenPageHandler, given),
        (rf"/(board|wall)/{key}/events", boards.ScreenEventsHandler, given),
        (rf"/wall/{key}/qr.svg", boards.JoinQrHandler, given),
        (rf"/board/{key}/files/([a-z.]+)", boards.BoardReportHandler, given),
        (rf"/board/{key}/reach", boards.BoardReachHandler, given),
        (rf"/board/{key}/do", boards.BoardCommandHandler, given),
        (rf"/board/{key}/voices/{name}", boards.BoardVoicesHandler, given),
        (r"/static/([0-9a-f]{12})/([a-z.]+)", StaticFile, given),
        (r"/healthz", Health, given),
    ]
    return Application(
        routes,
        default_handler_class=NotFound,
        default_handler_args=given,
        log_function=_log_request,
    )


def listen(host: str, port: int, *, search: bool) -> list[socket.socket]:
    """Take a port; the next free one where `search` allows it.

    Raises
    ------
    WorkshopError
        None can be had: which, why, and what helps.
    """
    failure: OSError | None = None
    for number in range(port, port + (PORT_TRIES if search and port else 1)):
        try:
            taken = socket.create_server((host, number), family=socket.AF_INET, backlog=BACKLOG)
        except OSError as error:
            failure = error
        else:
            taken.setblocking(False)  # noqa: FBT003  -- the socket's own signature
            return [taken]
    cause = failure.strerror if failure else ""
    raise WorkshopError(
        f"{host}:{port}: cannot listen there ({cause}); give another --port, or another --host"
    ) from failure


def serve(
    make: Callable[[], Live], sockets: list[socket.socket], ready: Callable[[], None]
) -> None:
    """Serve until Ctrl+C or SIGTERM."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    asyncio.run(_serve(make, sockets, ready))


async def _serve(
    make: Callable[[], Live], sockets: list[socket.socket], ready: Callable[[], None]
) -> None:
    ending = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows: Ctrl+C raises instead
            loop.add_signal_handler(name, ending.set)
    live = make()
    server = LimitedServer(application(live), live.site)
    server.add_sockets(sockets)
    live.start()
    ready()
    try:
        await ending.wait()
    finally:
        live.stop_listening()
        await server.end()
        live.stop()


def _log_request(handler: Any) -> None:  # noqa: ANN401
    """Log failures only: not where from, not what was sent, and no address that is a secret."""
    if handler.get_status() >= 500:  # noqa: PLR2004  -- a server error
        kind = type(handler).__name__
        log.error("%s %s: %d", handler.request.method, kind, handler.get_status())
