"""A notebook's answers on a server of the course: the same record, refusals and numbers."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from dxcourse.answers import AttemptsUsed, Entry, ServiceStore, StoreError
from support.records import stored

if TYPE_CHECKING:
    from collections.abc import Iterator

RECORD = {
    "version": 1,
    "id": "entry-0001",
    "time": "2026-11-27T01:00:00Z",
    "learner": "taro",
    "exercise": "pick",
    "attempt": 1,
    "answer": {"items": {"r": 1}},
    "where": "notebook",
}


class Service(ThreadingHTTPServer):
    """Says what a test has put there, and keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replies: dict[str, tuple[int, str]] = {}
        self.asked: list[tuple[str, str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/services/dxcourse/"

    def says(self, path: str, data: object, status: int = 200) -> None:
        text = data if isinstance(data, str) else json.dumps(data)
        self.replies[f"/services/dxcourse{path}"] = status, text


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        told = json.loads(sent) if sent else None
        self.server.asked.append((self.path, self.headers["Authorization"], told))
        status, text = self.server.replies[self.path]
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """A test says what matters."""


@pytest.fixture
def service() -> Iterator[Service]:
    with Service() as found:
        threading.Thread(target=found.serve_forever, daemon=True).start()
        yield found
        found.shutdown()


def entry(given: str = "entry-0001") -> Entry:
    return Entry(given, datetime.now(UTC), "taro", "pick", {"items": {"r": 1}}, "notebook")


def test_an_answer_is_given_with_the_token_and_comes_back_as_it_is_stored(service: Service) -> None:
    service.says("/api/answers/pick", {"state": "saved", "reply": {}})
    service.says("/my/answers.json", {"records": [RECORD, {**RECORD, "exercise": "other"}]})
    store = ServiceStore(service.url, "the-token")
    (given,) = stored(store.append([(entry(), None)]))
    assert given == store.history("taro", "pick")[0]
    assert len(store.history("taro")) == 2
    sent = {"id": "entry-0001", "answer": {"items": {"r": 1}}, "where": "notebook"}
    assert service.asked[0] == ("/services/dxcourse/api/answers/pick", "token the-token", sent)


def test_an_answer_that_did_not_change_is_the_one_that_is_there(service: Service) -> None:
    service.says("/api/answers/pick", {"state": "saved", "reply": {}})
    service.says("/my/answers.json", {"records": [RECORD]})
    (given,) = stored(ServiceStore(service.url, "t").append([(entry("entry-0002"), None)]))
    assert given.id == "entry-0001"


def test_what_is_sent_again_says_over_which_attempt_it_was_given(service: Service) -> None:
    service.says("/api/answers/pick", {"state": "saved", "reply": {}})
    service.says("/my/answers.json", {"records": [RECORD, {**RECORD, "id": "b" * 8, "attempt": 2}]})
    again = replace(entry("entry-0002"), once=True, over=1)
    assert stored(ServiceStore(service.url, "t").append([(again, None)]))
    assert service.asked[0][2]["over"] == 1


def test_what_the_server_refuses_is_refused(service: Service) -> None:
    store = ServiceStore(service.url, "t")
    service.says("/api/answers/pick", {"state": "spent", "error": "no tries left"}, 409)
    (spent,) = store.append([(entry(), None)])
    assert isinstance(spent, AttemptsUsed)
    service.says("/api/answers/pick", {"state": "refused", "error": "no such bin"}, 400)
    with pytest.raises(ValueError, match="no such bin"):
        store.append([(entry(), None)])


@pytest.mark.parametrize(
    ("status", "said", "told"),
    [
        (503, {"state": "waiting", "error": "…"}, "503"),
        (401, {"state": "refused", "error": "sign in first"}, "401"),
        (502, "<html>a proxy's page</html>", "502"),
        (200, {"records": [{"version": 1}]}, "返事を読めません"),
        (200, {"records": [{**RECORD, "learner": "hanako"}]}, "hanako"),
    ],
)
def test_a_server_that_cannot_be_read_is_told(
    service: Service, status: int, said: object, told: str
) -> None:
    service.says("/my/answers.json", said, status)
    with pytest.raises(StoreError, match=told):
        ServiceStore(service.url, "t").history("taro")


def test_an_answer_waits_where_the_server_is_away() -> None:
    with Service() as gone:
        url = gone.url
    with pytest.raises(StoreError, match="つながりません"):
        ServiceStore(url, "t").append([(entry(), None)])
