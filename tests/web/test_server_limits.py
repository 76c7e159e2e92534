"""Clients that mean no good, or are ill: told, or let go, and nobody else notices."""

from __future__ import annotations

import contextlib
import http.client
import select
import socket
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psutil  # type: ignore[import-untyped]
import pytest

from support.served import Served
from support.study import HEADER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from support.served import Ready

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("served")]

CONNECTIONS = 30
RATE = 20


@pytest.fixture(scope="module")
def served(ready: Ready, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("limits")
    server = Served(
        ready.root,
        folder / "own",
        ready.cache,
        idle_seconds="1",
        body_seconds="1",
        read_seconds="1",
        max_connections=CONNECTIONS,
        learner_rate=RATE,
        trusted_proxies="127.0.0.1",
        public_url="https://dx.example.jp",
    ).start()
    yield server
    server.stop()


@contextlib.contextmanager
def wire(served: Served) -> Iterator[socket.socket]:
    address = urlsplit(served.url)
    with socket.create_connection((address.hostname or "", address.port or 0), 30) as found:
        found.settimeout(30)
        yield found


def ended(wire: socket.socket) -> bytes:
    """What is said until the other end closes."""
    said = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := wire.recv(65536):
            said += piece
    return said


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
        b"POST /api/visitor HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 500\r\n\r\n{",
    ],
    ids=["nothing", "half a header", "half a body"],
)
def test_a_client_that_does_not_go_on_is_let_go(served: Served, sent: bytes) -> None:
    with wire(served) as slow:
        slow.sendall(sent)
        ended(slow)  # or the wire's own time is up, which fails
    assert served.ask("/healthz").status == 200


def test_a_client_that_takes_nothing_is_let_go(served: Served) -> None:
    path = served.ask("/").text.partition('<script type="module" src="')[2].partition('"')[0]
    size = len(served.ask(path).body)
    times = 64_000_000 // size  # more than any system's buffers hold
    with wire(served) as slow:
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
        with contextlib.suppress(OSError):
            slow.sendall(request * times)
        wait_until(lambda: connected(served) == 1)
        wait_until(lambda: connected(served) == 0)
    assert served.ask("/healthz").status == 200


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def connected(served: Served) -> int:
    """How many clients the server has."""
    found = psutil.Process(served.pid).net_connections()
    return sum(each.status == psutil.CONN_ESTABLISHED for each in found)


@pytest.mark.parametrize(
    ("method", "path", "host", "status"),
    [
        ("GET", "/", "", 200),
        ("GET", "/nowhere", "", 404),
        ("GET", "/", "else.example", 421),  # refused before it has been read to its end
        ("GET", "/api/answers/count", "", 405),
        ("DELETE", "/", "", 405),
    ],
)
def test_a_connection_that_will_be_closed_is_said_to_be(
    served: Served, method: str, path: str, host: str, status: int
) -> None:
    """Else a proxy that keeps connections sends its next request into a closed one."""
    address = urlsplit(served.url)
    connection = http.client.HTTPConnection(address.netloc, timeout=30)
    connection.request(method, path, headers={"Host": host or address.netloc})
    reply = connection.getresponse()
    assert reply.status == status
    reply.read()
    assert connection.sock is None or reply.getheader("Connection") is None
    if connection.sock is not None:  # the reply did not say that it is the last one here
        readable, _, _ = select.select([connection.sock], [], [], 0.3)
        assert readable == []
    connection.close()


def test_headers_and_addresses_have_a_length(served: Served) -> None:
    host = b"\r\nHost: 127.0.0.1\r\n"
    for sent in (
        b"GET /" + b"a" * 40_000 + b" HTTP/1.1" + host + b"\r\n",
        b"GET / HTTP/1.1" + host + b"X-Long: " + b"a" * 40_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1" + host + b"X-Many: 1\r\n" * 4_000 + b"\r\n",
    ):
        with wire(served) as other:
            with contextlib.suppress(OSError):
                other.sendall(sent)
            assert b"200 OK" not in ended(other)
    assert served.ask("/healthz").status == 200


def test_more_connections_than_may_be_are_closed_and_the_others_go_on(served: Served) -> None:
    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(wire(served)) for _ in range(CONNECTIONS * 3)]
        assert len(held) == CONNECTIONS * 3
        time.sleep(0.2)
        assert len(psutil.Process(served.pid).net_connections()) <= CONNECTIONS + 5
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if served.ask("/healthz").status == 200:
                return
    raise AssertionError("the server did not come back")


def test_who_asks_too_often_is_told_when_to_come_again_and_others_are_not(served: Served) -> None:
    eager, calm = served.mint(), served.mint()
    found = [served.ask("/api/learner", headers={HEADER: eager}) for _ in range(RATE + 5)]
    assert [reply.status for reply in found[:RATE]] == [200] * RATE
    refused = found[-1]
    assert refused.status == 429
    assert int(refused.headers["Retry-After"] or 0) >= 1
    assert refused.json()["state"] == "waiting"  # the browser keeps the answer and sends it again
    assert served.ask("/api/learner", headers={HEADER: calm}).status == 200


def test_an_address_that_is_none_costs_one_request_as_any_other(
    ready: Ready, tmp_path: Path
) -> None:
    server = Served(ready.root, tmp_path / "own", ready.cache, address_rate=RATE).start()
    try:
        assert {server.ask("/api/none").status for _ in range(RATE)} == {404}
    finally:
        server.stop()


def test_behind_a_proxy_the_public_address_is_the_origin(served: Served) -> None:
    token = served.mint()
    headers = {
        "Host": "dx.example.jp",
        "Origin": "https://dx.example.jp",
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "https",
    }
    assert served.post("/api/afresh", {}, token=token, **headers).status == 200
    headers["Origin"] = "http://dx.example.jp"
    assert served.post("/api/afresh", {}, token=token, **headers).status == 403
    assert served.ask("/", headers={"Host": "evil.example"}).status == 421


def test_of_a_visitor_who_floods_nothing_stays_in_memory(served: Served) -> None:
    process = psutil.Process(served.pid)
    token = served.mint()

    def flood() -> None:
        for number in range(150):
            headers = {HEADER: f"{token}{number}", "X-Forwarded-For": f"198.51.100.{number}"}
            served.ask(f"/nothing/{number}", headers=headers)
            served.post("/api/answers/pick", b"[" * 60_000, **headers)

    flood()
    before = process.memory_info().rss
    flood()
    assert process.memory_info().rss - before < 20_000_000
