"""The server's ear: how many may be connected, how slow they may be, and how it closes."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.web import Application

from dxcourse.serving._site import Site

log = logging.getLogger(__name__)

MAX_HEADERS = 16 * 1024  # bytes, the address included
MAX_SENT = 16 * 1024 * 1024  # bytes of a body that are read at all, to be told that they are many
LOOK_EVERY = 0.02  # seconds


class Listening(HTTPServer):
    """Tornado's server with our limits. Each is for a client that means no good, or is ill."""

    def initialize(self, app: Application, site: Site) -> None:  # type: ignore[override]
        """Tornado's way to make a server: it calls this, with what the class was called with."""
        limits = site.manner.limits
        super().initialize(
            app,
            idle_connection_timeout=limits.idle,
            body_timeout=limits.body,
            max_header_size=MAX_HEADERS,
            max_body_size=MAX_SENT,
        )
        self.site, self._most = site, limits.connections
        _raise_file_limit(limits.connections)

    def handle_stream(self, stream: Any, address: Any) -> None:  # noqa: ANN401  -- tornado's own
        """Take a connection, or close it where there are too many."""
        if len(self._connections) >= self._most:
            stream.close()
            return
        super().handle_stream(stream, address)

    async def end(self) -> None:
        """Take no more connections, let begun requests end (for a while), then close all."""
        self.stop()
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self.site.manner.limits.stop
        while self.site.busy and loop.time() < deadline:  # noqa: ASYNC110  -- a set has no event
            await asyncio.sleep(LOOK_EVERY)
        if self.site.busy:
            log.warning("%d requests did not end in time", len(self.site.busy))
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
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, may), hard))
