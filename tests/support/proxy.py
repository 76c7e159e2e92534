"""A small proxy in front of a server: one that hands on the whole address, or strips the folder."""

from __future__ import annotations

import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from types import TracebackType

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade"}


class Proxy:
    """A site at whose folder `base` another server is; everything else of it is not there.

    Parameters
    ----------
    strips
        Whether the server is asked without the folder.
    """

    def __init__(self, base: str, *, strips: bool) -> None:
        self.base, self.strips = base, strips
        self.target = urlsplit("")
        self.strays: list[str] = []
        """What was asked outside of the folder: a link that does not know where it is."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.base}"

    def lead_to(self, url: str) -> None:
        """Say where the server is, once it has started."""
        self.target = urlsplit(url)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(proxy) -> type[BaseHTTPRequestHandler]:  # noqa: N805  -- the proxy of the handler
        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                if not self.path.startswith(f"{proxy.base}/"):
                    proxy.strays.append(self.path)
                    self.send_error(404)
                    return
                path = self.path.removeprefix(proxy.base) if proxy.strips else self.path
                size = int(self.headers.get("Content-Length") or 0)
                headers = {k: v for k, v in self.headers.items() if k.lower() not in HOP_BY_HOP}
                host = self.headers["Host"]
                headers |= {"X-Forwarded-Host": host, "X-Forwarded-Proto": "http"}
                headers |= {"X-Forwarded-For": "203.0.113.7", "Host": proxy.target.netloc}
                connection = http.client.HTTPConnection(proxy.target.netloc, timeout=120)
                try:
                    connection.request(self.command, path, self.rfile.read(size), headers)
                    self._hand_back(connection.getresponse())
                except OSError:
                    self.close_connection = True
                finally:
                    connection.close()

            def _hand_back(self, reply: http.client.HTTPResponse) -> None:
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    if name.lower() not in {*HOP_BY_HOP, "content-length", "server", "date"}:
                        self.send_header(name, value)
                self.send_header("Connection", "close")
                self.end_headers()
                while chunk := reply.read1(65536):
                    self.wfile.write(chunk)
                    self.wfile.flush()
                self.close_connection = True

            def do_GET(self) -> None:
                self.handle_any()

            def do_POST(self) -> None:
                self.handle_any()

            def do_HEAD(self) -> None:
                self.handle_any()

            def log_message(self, *_: object) -> None:
                """A test says what matters."""

        return Handler
