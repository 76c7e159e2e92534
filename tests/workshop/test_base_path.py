"""A room in a folder of another site's address: phones, board and wall work through the proxy."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from support.processes import free_port
from support.proxy import Proxy, crawl, fetch
from support.workshop_server import Hall

if TYPE_CHECKING:
    from pathlib import Path

BASE = "/town/room"

pytestmark = [pytest.mark.server]


def state(url: str) -> dict[str, object]:
    """The first state that a screen hears."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=20)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}".rstrip("?"))
        reply = connection.getresponse()
        assert reply.status == 200
        while '"phase"' not in (line := reply.readline().decode()):
            assert line, "the line ended"
        told: dict[str, object] = json.loads(line.removeprefix("data: "))
        return told
    finally:
        connection.close()


@pytest.mark.parametrize("strips", [True, False], ids=["stripping", "handing on"])
def test_a_room_works_in_a_folder(course_copy: Path, tmp_path: Path, *, strips: bool) -> None:
    with Proxy(BASE, strips=strips) as proxy:
        port = free_port()
        hall = Hall(course_copy, tmp_path / "hall", options=("--public-url", proxy.url), port=port)
        try:
            hall.start()
            proxy.lead_to(f"http://127.0.0.1:{port}")
            assert hall.join.startswith(f"{proxy.url}/j/")
            assert hall.board.startswith(f"{proxy.url}/board/")
            seen = crawl(hall.join) | crawl(f"{proxy.url}/test") | crawl(f"{proxy.url}/help")
            board = crawl(hall.board)
            bad = {url: status for url, status in (seen | board).items() if status != 200}
            assert bad == {}
            wall = next(url for url in board if f"{BASE}/wall/" in url)
            assert fetch(f"{wall}/qr.svg")[0] == 200
            key = urlsplit(hall.join).path.rpartition("/")[2]
            joined = post(f"{proxy.url}/api/join", {"key": key})
            assert joined["state"] == "joined"
            assert state(f"{proxy.url}/events?who={joined['token']}")
            assert state(f"{hall.board}/events")
            assert proxy.strays == []
            assert f'data-base="{BASE}"' in fetch(hall.join)[1]
        finally:
            hall.stop()


def post(url: str, data: object) -> dict[str, str]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=20)
    headers = {"Content-Type": "application/json", "Origin": f"http://{parts.netloc}"}
    connection.request("POST", parts.path, json.dumps(data), headers)
    told: dict[str, str] = json.loads(connection.getresponse().read())
    connection.close()
    return told
