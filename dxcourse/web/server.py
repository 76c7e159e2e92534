"""A server: the port it takes, how many may be connected, how slow they may be, how it ends."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.routing import Router
from tornado.web import Application

from dxcourse.text import say
from dxcourse.web.handlers import NotFoundHandler
from dxcourse.web.health_handlers import listen_for_metrics
from dxcourse.web.proxy import route_pattern
from dxcourse.web.retention import purge_daily, watch_operations
from dxcourse.web.site import LearnerSite, WebSite
from dxcourse.web.static_files import GzipTransform
from dxcourse.web.worker import address_of, listen, this_worker

log = logging.getLogger(__name__)

MAX_HEADERS = 16 * 1024  # bytes, the address included
MAX_SENT = 16 * 1024 * 1024  # bytes of a body that are read at all, to be told that they are many
LOOK_EVERY = 0.02  # seconds
LINGER = 0.3  # seconds that a connection just taken has to send what it came for

Route = tuple[str, type[Any]]
"""The pattern of an address, and its handler."""


class StopSignal:
    """Ctrl+C and SIGTERM: the first asks the server to end, the second ends it at once."""

    def __init__(self) -> None:
        self.asked, self.insisted = asyncio.Event(), asyncio.Event()
        self._loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            try:
                self._loop.add_signal_handler(name, self._hear)
            except NotImplementedError:  # Windows
                signal.signal(name, lambda *_: self._loop.call_soon_threadsafe(self._hear))
        worker = this_worker()
        if worker is not None:
            self._loop.add_reader(worker.follows, self._alone, worker.follows)

    def _alone(self, pipe: int) -> None:
        """The supervisor is gone: nobody would start or end this process any more."""
        self._loop.remove_reader(pipe)
        self._hear()

    def _hear(self) -> None:
        (self.insisted if self.asked.is_set() else self.asked).set()


async def serve(  # noqa: PLR0913  -- what a server has to know
    app: Router,
    site: WebSite,
    sockets: list[socket.socket],
    *,
    ready: Callable[[], None],
    background: Iterable[Coroutine[Any, Any, None]] = (),
    before_end: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """Serve an application until a signal asks for the end.

    Parameters
    ----------
    ready
        Called when connections are taken.
    background
        What runs beside, and is cancelled at the end.
    before_end
        What ends before the last connections do.
    """
    stop = StopSignal()
    server = LimitedServer(app, site)
    server.add_sockets(sockets)
    tasks = [asyncio.create_task(each) for each in background]
    ready()
    await stop.asked.wait()

    async def end() -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if before_end is not None:
            await before_end()
        await server.end()

    ending, insisted = asyncio.create_task(end()), asyncio.create_task(stop.insisted.wait())
    await asyncio.wait({ending, insisted}, return_when=asyncio.FIRST_COMPLETED)
    insisted.cancel()
    if ending.done():
        ending.result()
    else:
        ending.cancel()


class LimitedServer(HTTPServer):
    """Tornado's server with our limits. Each is for a client that means no good, or is ill."""

    def initialize(self, app: Router, site: WebSite) -> None:  # type: ignore[override]
        """Tornado's way to make a server: it calls this, with what the class was called with."""
        settings = site.settings
        super().initialize(
            app,
            idle_connection_timeout=settings.idle_seconds,
            body_timeout=settings.body_seconds,
            max_header_size=MAX_HEADERS,
            max_body_size=MAX_SENT,
        )
        self.site, self._most = site, settings.max_connections
        _raise_file_limit(settings.max_connections)

    def handle_stream(self, stream: Any, address: Any) -> None:  # noqa: ANN401  -- tornado's own
        """Take a connection, or close it where there are too many."""
        if len(self._connections) >= self._most:
            stream.close()
            return
        super().handle_stream(stream, address)

    async def end(self) -> None:
        """Take no more connections, let begun requests end (for a while), then close all."""
        self.stop()
        await asyncio.sleep(LINGER)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self.site.settings.stop_seconds
        while self.site.busy and loop.time() < deadline:  # noqa: ASYNC110  -- a set has no event
            await asyncio.sleep(LOOK_EVERY)
        if self.site.busy:
            log.warning("%s", say("server.stop.unfinished", count=len(self.site.busy)))
        await self.close_all_connections()


def _raise_file_limit(connections: int) -> None:
    """Let the process have as many connections open as it may take, where the system allows it."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  -- not on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + 256
    if soft < wanted:
        may = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(OSError, ValueError):  # a sandbox may forbid it; fewer will do
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, may), hard))


def tornado_settings(site: WebSite, routes: Sequence[Route]) -> dict[str, Any]:
    """What tornado's application is told of a site."""
    return {
        **(site.sign_in.tornado_settings if site.sign_in else {}),
        "site": site,
        "routes": routes,
        "transforms": [GzipTransform],
        "default_handler_class": NotFoundHandler,
        "log_function": _log_request,
    }


def allow_list(site: WebSite, routes: Iterable[Route]) -> list[Route]:
    """The addresses of a site, under its base path and without."""
    return [(route_pattern(pattern, site.settings.base), handler) for pattern, handler in routes]


def run(site: LearnerSite, routes: Sequence[Route], announce: Callable[[str], None]) -> None:
    """Serve a site's addresses and nothing else, until a signal asks for the end.

    Raises
    ------
    PortError
        The port is taken.
    """
    settings = site.settings
    app = Application(allow_list(site, routes), **tornado_settings(site, routes))
    try:
        sockets = listen(settings.host, settings.port)
        asyncio.run(_run(app, site, sockets, announce))
    finally:
        site.close()


async def _run(
    app: Application,
    site: LearnerSite,
    sockets: list[socket.socket],
    announce: Callable[[str], None],
) -> None:
    numbers = listen_for_metrics(site)
    address = address_of(site.settings.host, sockets, site.settings.base)
    beside = [purge_daily(site), watch_operations(site)]
    await serve(app, site, sockets, ready=lambda: announce(address), background=beside)
    if numbers is not None:
        numbers.stop()


def _log_request(handler: Any) -> None:  # noqa: ANN401
    """Count a request, and log it if it failed: not what was sent, nor by whom."""
    status, request, site = handler.get_status(), handler.request, handler.settings["site"]
    kind = type(handler).__name__.removesuffix("Handler")
    if isinstance(site, LearnerSite):
        site.metrics.request(kind, status, request.request_time())
    if site.settings.access_log:
        told = {"kind": kind, "status": status}
        told["ms"] = round(1000 * request.request_time())
        log.info("request", extra={"request": told})
    if status >= 500:  # noqa: PLR2004  -- a server error
        log.error("%s %s: %d", request.method, kind, status)
