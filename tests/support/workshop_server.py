"""`dxcourse workshop` as a facilitator starts it: a process of its own, and people who use it."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import sqlite3
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import psutil  # type: ignore[import-untyped]
import sqlalchemy as sa
from click.testing import CliRunner

from dxcourse.cli import main
from dxcourse.workshop import WorkshopFolder
from dxcourse.workshop.postgres import disposing
from support import warm
from support.study import HEADER, Answer

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

    from click.testing import Result

HOST = "dx.test"  # what the browser takes for this machine; phones come by a name, as in a room
NAME = "函館市 管理職研修 2026-12"
START_SECONDS = 60.0


@dataclass
class Hall:
    """A workshop that runs, and can be killed."""

    course: Path
    folder: Path
    name: str = NAME
    options: tuple[str, ...] = ()
    serving: tuple[str, ...] = ()
    database: str = ""
    port: int = 0
    join: str = ""
    code: str = ""
    board: str = ""
    begun: bool = False
    _process: warm.Started | None = field(default=None, repr=False)

    @property
    def log(self) -> Path:
        return self.folder / "workshop.log"

    @property
    def environment(self) -> dict[str, str]:
        ours = {k: v for k, v in os.environ.items() if not k.startswith("DXCOURSE_")}
        return ours | {
            "DXCOURSE_ANSWERS": str(self.folder / "answers.jsonl"),
            "DXCOURSE_COURSE": str(self.course),
            "PYTHONUTF8": "1",
            **({"DXCOURSE_DATABASE": self.database} if self.database else {}),
        }

    def start(self) -> Self:
        """Start it; from the second time on, resume it at the same port."""
        self.folder.mkdir(parents=True, exist_ok=True)
        words = ["resume", self.name] if self.begun else [self.name, *self.options]
        command = ["dxcourse", "workshop", *words]
        where = ("--host", "127.0.0.1", "--name", HOST, "--port", str(self.port))
        with self.log.open("wb") as log:
            self._process = warm.start(
                [*command, *where, *self.serving],
                cwd=self.course,
                env=self.environment,
                output=log.fileno(),
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            said = self.log.read_text("utf-8")
            if "kept in" in said:
                self._read(said)
                return self
            time.sleep(0.05)
        raise AssertionError(f"the workshop did not start:\n{self.log.read_text('utf-8')}")

    def _read(self, said: str) -> None:
        self.join = re.search(r"join +(\S+)$", said, re.MULTILINE)[1]  # type: ignore[index]
        self.code = re.search(r"code ([\d ]+)$", said, re.MULTILINE)[1]  # type: ignore[index]
        self.board = re.search(r"board +(\S+)$", said, re.MULTILINE)[1]  # type: ignore[index]
        self.port = urlsplit(self.join).port or 0
        self.begun = True

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def token(self, name: str) -> str:
        """As `Study` has it: here nobody comes with a name."""
        raise NotImplementedError(name)

    @property
    def kept(self) -> Path:
        """The folder of the workshop."""
        (found,) = (self.folder / "workshops").glob("*/keys.json")
        return found.parent

    @property
    def workers(self) -> set[int]:
        """The processes that serve it, where there are several."""
        found = set()
        for child in psutil.Process(self.pid).children():
            with suppress(psutil.Error):  # it has just ended
                if "resume" in child.cmdline():
                    found.add(child.pid)
        return found

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def kill(self) -> None:
        """End it as a power cut does."""
        assert self._process
        self._process.kill()
        self._process.wait()
        self._process = None

    def stop(self) -> int:
        """Ask it to end; its exit code."""
        if self._process is None:
            return 0
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(30)
        finally:
            if self._process.poll() is None:
                self._process.kill()
                self._process.wait()
            self._process = None

    def run(self, *words: str) -> Result:
        """Another command on the same workshops, beside the one that runs."""
        return CliRunner().invoke(main, ["workshop", *words], env=self.environment)

    def records(self) -> list[dict[str, Any]]:
        """The answers, as they are on disk."""
        asked = "SELECT id, learner, exercise, answer FROM records"
        names = ("id", "learner", "exercise", "answer")
        if self.database:
            address = WorkshopFolder(self.kept).storage.address
            with disposing(address) as engine, engine.connect() as connection:
                rows = [tuple(row) for row in connection.execute(sa.text(asked))]
        else:
            with closing(sqlite3.connect(self.kept / "workshop.sqlite")) as database:
                rows = database.execute(asked).fetchall()
        return [dict(zip(names, row, strict=True)) for row in rows]

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        source: str = "127.0.0.1",
    ) -> Answer:
        """Send one request, by the name that phones use, from an address of its own."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=60, source_address=(source, 0)
        )
        try:
            host = {"Host": f"{HOST}:{self.port}"}
            connection.request(method, path, body=body, headers={**host, **(headers or {})})
            reply = connection.getresponse()
            return Answer(reply.status, reply.headers, reply.read())
        finally:
            connection.close()

    def post(self, path: str, data: object, *, token: str = "", **more: str) -> Answer:
        """Post JSON; `source` is where it comes from."""
        source = more.pop("source", "127.0.0.1")
        headers = {"Content-Type": "application/json", **({HEADER: token} if token else {})}
        body = data if isinstance(data, bytes) else json.dumps(data).encode()
        return self.ask(path, method="POST", body=body, headers={**headers, **more}, source=source)

    # -- the facilitator and the participants, without a browser -----------------------------------

    def do(self, what: str, **more: Any) -> Answer:
        """What the facilitator says on the board."""
        return self.post(f"{urlsplit(self.board).path}/do", {"do": what, **more})

    def at(self, stop: str) -> None:
        """The facilitator goes to a stop."""
        assert self.do("go", stop=stop).status == 200

    def enter(self, *, source: str = "127.0.0.1", **said: Any) -> str:
        """Someone joins by the code; their token."""
        reply = self.post("/api/join", {"code": self.code, **said}, source=source)
        assert reply.status == 200, reply.text
        token: str = reply.json()["token"]
        return token

    def give(self, token: str, exercise: str, items: Mapping[str, Any], entry_id: str) -> Answer:
        """Someone answers."""
        body = {"id": entry_id, "answer": {"items": dict(items)}}
        return self.post(f"/api/answers/{exercise}", body, token=token)

    def mine(self, token: str) -> dict[str, Any]:
        """All that a phone can ask for; like a phone, it waits where it asked too often."""
        while (reply := self.ask("/api/mine", headers={HEADER: token})).status == 429:
            time.sleep(float(reply.headers["Retry-After"] or 1))
        return reply.json()

    def listen(self, path: str) -> Generator[tuple[str, dict[str, Any]], None, None]:
        """Every event that a screen is told from now on, and its name; not the signs of life.

        Like a phone, it waits where it asked too often.
        """
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", path, headers={"Host": f"{HOST}:{self.port}"})
            reply = connection.getresponse()
            while reply.status == 429:
                reply.read()
                time.sleep(float(reply.headers["Retry-After"] or 1))
                connection.request("GET", path, headers={"Host": f"{HOST}:{self.port}"})
                reply = connection.getresponse()
            assert reply.status == 200, reply.read()
            event = "message"
            while line := reply.readline().decode():
                if line.startswith("event: "):
                    event = line.removeprefix("event: ").strip()
                elif line.startswith("data: "):
                    if event != "beat":
                        yield event, json.loads(line.removeprefix("data: "))
                    event = "message"
        finally:
            connection.close()

    def hear(self, path: str) -> dict[str, Any]:
        """The present state, as a screen that begins to listen is told it."""
        with closing(self.listen(path)) as told:
            return next(state for event, state in told if event == "message")

    def phone_state(self, token: str) -> dict[str, Any]:
        return self.hear(f"/events?who={token}")

    def board_state(self) -> dict[str, Any]:
        return self.hear(f"{urlsplit(self.board).path}/events")
