"""A small proxy in front of a server: one that hands on the whole address, or strips the folder."""

from __future__ import annotations

import http.client
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from types import TracebackType

LINK = re.compile(r'<[^>]*\s(?:href|src)="([^"#]+)')
IMPORT = re.compile(r'(?:from|import) "(\.[^"]+)"')
DROPPED = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade"}
OWN = {*DROPPED, "content-length", "server", "date"}


class Proxy(ThreadingHTTPServer):
    """A site at whose folder `base` another server is; everything else of it is not there.

    Parameters
    ----------
    strips
        Whether the server is asked without the folder.
    """

    daemon_threads = True

    def __init__(self, base: str, *, strips: bool) -> None:
        super().__init__(("127.0.0.1", 0), _ProxyHandler)
        self.base, self.strips = base, strips
        self.target = ""
        self.strays: list[str] = []
        """What was asked outside of the folder: by a link that does not know where it is."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}{self.base}"

    def lead_to(self, url: str) -> None:
        """Say where the server is, once it has started."""
        self.target = urlsplit(url).netloc

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.shutdown()
        self.server_close()


class _ProxyHandler(BaseHTTPRequestHandler):
    server: Proxy

    def do_GET(self) -> None:
        self._hand_on()

    def do_POST(self) -> None:
        self._hand_on()

    def do_HEAD(self) -> None:
        self._hand_on()

    def _hand_on(self) -> None:
        proxy = self.server
        if not self.path.startswith(f"{proxy.base}/"):
            proxy.strays.append(self.path)
            self.send_error(404)
            return
        path = self.path.removeprefix(proxy.base) if proxy.strips else self.path
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {k: v for k, v in self.headers.items() if k.lower() not in DROPPED}
        headers |= {"X-Forwarded-Host": self.headers["Host"], "X-Forwarded-Proto": "http"}
        headers |= {"X-Forwarded-For": "203.0.113.7", "Host": proxy.target}
        connection = http.client.HTTPConnection(proxy.target, timeout=120)
        try:
            connection.request(self.command, path, body, headers)
            self._hand_back(connection.getresponse())
        except OSError:
            self.close_connection = True
        finally:
            connection.close()

    def _hand_back(self, reply: http.client.HTTPResponse) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            if name.lower() not in OWN:
                self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        while chunk := reply.read1(65_536):
            self.wfile.write(chunk)
            self.wfile.flush()
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """A test says what matters."""


def fetch(url: str, **headers: str) -> tuple[int, str]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=60)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}".rstrip("?"), headers=headers)
        reply = connection.getresponse()
        return reply.status, reply.read().decode("utf-8", "replace")
    finally:
        connection.close()


def crawl(first: str) -> dict[str, int]:
    """Follow every link and every import of a script, from a page on; the status of each."""
    seen: dict[str, int] = {}
    todo = [first]
    while todo:
        url = todo.pop()
        if url in seen or urlsplit(url).netloc != urlsplit(first).netloc:
            continue
        seen[url], text = fetch(url)
        found = IMPORT.findall(text) if url.endswith(".js") else LINK.findall(text)
        todo += [urljoin(url, link) for link in found if not link.startswith("data:")]
    return seen
