"""What watches the server: alive, ready to store, and its numbers."""

from __future__ import annotations

import hmac
import logging

from tornado.httpserver import HTTPServer
from tornado.web import Application, HTTPError, RequestHandler

from dxcourse.text import say
from dxcourse.web.handlers import Handler
from dxcourse.web.metrics import CONTENT_TYPE
from dxcourse.web.site import LearnerSite
from dxcourse.web.worker import PortError, listen, port_of, this_worker

log = logging.getLogger(__name__)

METRICS_TRIES = 20  # ports, from the one that is set


class ProbeHandler(Handler):
    """For whoever asks by number instead of by name, as load balancers do: it tells nothing."""

    checks = ()
    site: LearnerSite

    def send_word(self, text: str, status: int = 200) -> None:
        """Send a word."""
        self.set_status(status)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{text}\n")


class HealthHandler(ProbeHandler):
    """Alive: the process answers. Whether it can store is `ReadyHandler`'s to say."""

    def get(self) -> None:
        self.send_word("ok")

    head = get


class ReadyHandler(ProbeHandler):
    """Ready: answers can be stored. Asked often, it looks once in a while."""

    async def get(self) -> None:
        if await self.site.probe.sound():
            self.send_word("ready")
        else:
            self.send_word("the store does not answer", 503)

    head = get


class MetricsHandler(ProbeHandler):
    """The numbers, to who knows the secret; where there is none, there is no such address."""

    def get(self) -> None:
        secret = self.site.settings.metrics_secret
        wanted = f"Bearer {secret.get_secret_value()}" if secret else ""
        given = self.request.headers.get("Authorization", "")
        if not wanted or not hmac.compare_digest(given.encode(), wanted.encode()):
            raise HTTPError(404)
        self.set_header("Content-Type", CONTENT_TYPE)
        self.finish(self.site.metrics.text())


class _MetricsPortHandler(RequestHandler):
    def get(self) -> None:
        self.set_header("Content-Type", CONTENT_TYPE)
        self.finish(self.settings["site"].metrics.text())


def listen_for_metrics(site: LearnerSite) -> HTTPServer | None:
    """Give the numbers at a port of their own, to this machine only, where one is set.

    Where it is taken, by another process with the same settings, the next free one is used: a
    server without its numbers is better than none.
    """
    first = site.settings.metrics_port
    if first is None or this_worker() is not None:  # the supervisor gives the numbers of all
        return None
    try:
        sockets = listen("127.0.0.1", first, tries=METRICS_TRIES)
    except PortError as error:
        log.error("%s", say("server.metrics.none", cause=error))  # noqa: TRY400  -- it says it all
        return None
    port = port_of(sockets)
    if first not in {0, port}:
        log.warning("%s", say("server.metrics.moved", first=first, port=port))
    log.info("%s", say("server.metrics.at", url=f"http://127.0.0.1:{port}/metrics"))
    app = Application([(r"/metrics", _MetricsPortHandler)], log_function=_quiet, site=site)
    server = HTTPServer(app)
    server.add_sockets(sockets)
    return server


def _quiet(_: object) -> None:
    """Log nothing: a scraper asks every few seconds."""
