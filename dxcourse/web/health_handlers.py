"""What watches the server: alive, ready to store, and its numbers."""

from __future__ import annotations

import hmac
import logging
import time
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.web import Application, HTTPError, RequestHandler

from dxcourse.answers import StoreError
from dxcourse.web.handlers import Handler
from dxcourse.web.metrics import CONTENT_TYPE
from dxcourse.web.site import LearnerSite

log = logging.getLogger(__name__)

NOBODY = "readiness"  # a learner that no token names
HELD = 1.0  # seconds that a look at the store is good for


class ProbeHandler(Handler):
    """For whoever asks by number instead of by name, as load balancers do: it tells nothing."""

    site: LearnerSite

    def check_request(self) -> None:
        """Let everyone in."""

    def say(self, text: str, status: int = 200) -> None:
        """Send a word."""
        self.set_status(status)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{text}\n")


class HealthHandler(ProbeHandler):
    """Alive: the process answers. Whether it can store is `Ready`'s to say."""

    def get(self) -> None:
        self.say("ok")

    head = get


class ReadyHandler(ProbeHandler):
    """Ready: the store can be read. Asked often, it looks once a second."""

    async def get(self) -> None:
        site = self.site
        now = time.monotonic()
        if now - site.looked_at_store > HELD:
            site.looked_at_store = now
            try:
                await self.off_loop(lambda: site.store.history(NOBODY, NOBODY))
                site.ready = True
            except StoreError as error:
                log.error("not ready: %s", error)  # noqa: TRY400
                site.ready = False
        self.say("ready" if site.ready else "the store does not answer", 200 if site.ready else 503)

    head = get


class MetricsHandler(ProbeHandler):
    """The numbers, to who knows the secret; where there is none, there is no such address."""

    def get(self) -> None:
        secret = self.site.manner.metrics_secret
        given = self.request.headers.get("Authorization", "")
        if not secret or not hmac.compare_digest(given.encode(), f"Bearer {secret}".encode()):
            raise HTTPError(404)
        self.set_header("Content-Type", CONTENT_TYPE)
        self.finish(self.site.meter.text())


class _MetricsPortHandler(RequestHandler):
    def initialize(self, site: LearnerSite) -> None:
        self.site = site

    def get(self) -> None:
        self.set_header("Content-Type", CONTENT_TYPE)
        self.finish(self.site.meter.text())


def metrics_port(site: LearnerSite) -> HTTPServer | None:
    """Give the numbers at a port of their own, to this machine only, where one is set."""
    if site.manner.metrics_port is None:
        return None
    app = Application([(r"/metrics", _MetricsPortHandler, {"site": site})], log_function=_quiet)
    listening = HTTPServer(app)
    listening.listen(site.manner.metrics_port, "127.0.0.1")
    sockets: dict[int, Any] = listening._sockets  # noqa: SLF001  -- to name a port that was free
    port = next(iter(sockets.values())).getsockname()[1]
    log.info("metrics at http://127.0.0.1:%d/metrics", port)
    return listening


def _quiet(_: object) -> None:
    """Log nothing: a scraper asks every few seconds."""
