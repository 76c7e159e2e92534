"""`dxcourse study` as a learner starts it: a process of its own, which tests may end any time."""

from __future__ import annotations

import http.client
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from support import warm
from support.processes import end, said

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

COMMAND = ("dxcourse", "study", "--no-browser", "--port")
LEARNER = "kacho"  # whom the server takes for the user of this machine
HEADER = "X-Dxcourse-Learner"


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self) -> dict[str, Any]:
        data: dict[str, Any] = json.loads(self.body)
        return data

    @property
    def text(self) -> str:
        return self.body.decode()


class Study:
    """A server with its own answers; rendered pages are shared through `cache`."""

    command: tuple[str, ...] = COMMAND

    def __init__(self, course: Path, folder: Path, cache: Path, *, today: str = "") -> None:
        self.course = course
        self.answers = folder / "answers.jsonl"
        self.log = folder / "server.log"
        self.url = ""
        self._port = 0
        self._known = 0
        self._process: warm.Started | None = None
        self._environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("DXCOURSE_")},
            "DXCOURSE_ANSWERS": str(self.answers),
            "DXCOURSE_CACHE": str(cache),
            "DXCOURSE_COURSE": str(course),
            "JUPYTERHUB_USER": LEARNER,
            **({"DXCOURSE_TODAY": today} if today else {}),
        }

    def start(self) -> Self:
        """Start, at the port of the last time, and wait until it answers."""
        self.answers.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            self._process = warm.start(
                [*self.command, str(self._port)],
                cwd=self.course,
                env=self._environment,
                output=log.fileno(),
            )
        self.url = said(self._process, self.log, r"^http.*(?=\n)").rstrip("/")
        self._port = urlsplit(self.url).port or 0
        return self

    def kill(self) -> None:
        """End it as a power cut does."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        self._process = None

    def stop(self) -> int:
        """Ask it to end; its exit code."""
        if self._process is None:
            return 0
        try:
            return end(self._process)
        finally:
            self._process = None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request, its path exactly as given."""
        host, port = urlsplit(self.url).hostname or "", urlsplit(self.url).port
        connection = http.client.HTTPConnection(host, port, timeout=60)
        try:
            connection.request(method, path, body=body, headers=dict(headers or {}))
            reply = connection.getresponse()
            return Answer(reply.status, reply.headers, reply.read())
        finally:
            connection.close()

    def post(self, path: str, data: object, *, token: str = "", **more: str) -> Answer:
        """Post JSON."""
        headers = {"Content-Type": "application/json", **({HEADER: token} if token else {})}
        body = data if isinstance(data, bytes) else json.dumps(data).encode()
        return self.ask(path, method="POST", body=body, headers={**headers, **more})

    def token(self, name: str) -> str:
        """The token of someone who gives a name."""
        token: str = self.post("/api/learner", {"name": name}).json()["token"]
        return token

    def state(self, token: str = "") -> dict[str, Any]:
        """Everything a page learns about its learner."""
        return self.ask("/api/learner", headers={HEADER: token} if token else {}).json()

    def records(self) -> list[dict[str, Any]]:
        """The record of answers, as it is on disk."""
        if not self.answers.exists():
            return []
        lines = self.answers.read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines[self._known :]]

    def anew(self) -> Self:
        """For the next test: running, its user without answers, the record begun here."""
        if not self.alive:
            self.start()
        self.post("/api/afresh", {})
        self._known += len(self.records())
        return self
