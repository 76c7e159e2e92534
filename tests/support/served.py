"""`dxcourse serve` as whoever hosts the course starts it: a process that tests may end any time."""

from __future__ import annotations

import contextlib
import json
import secrets
import shutil
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from dxcourse import course as courses
from support.study import Study
from support.tiny_course import SECOND_BANK, TinyCourse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from support.study import Answer

COMMAND = ("dxcourse", "serve", "--port")
TINY_EXERCISE = "pick"
TINY_NUMBER = "count"


class Served(Study):
    """A server for visitors. Settings are given by name, as in the environment."""

    command = COMMAND

    def __init__(self, course: Path, folder: Path, cache: Path, **settings: object) -> None:
        super().__init__(course, folder, cache)
        self.store = str(settings.pop("store", f"sqlite:///{folder / 'answers.sqlite'}"))
        self._tokens: dict[str, str] = {}
        self._environment |= {
            "DXCOURSE_STORE": self.store,
            "DXCOURSE_SECRET_FILE": str(folder / "secret"),
            **{f"DXCOURSE_{name.upper()}": str(value) for name, value in settings.items()},
        }

    def token(self, name: str = "") -> str:
        """The token of a visitor, a new one for each name."""
        if name not in self._tokens:
            self._tokens[name] = self.post("/api/visitor", {}).json()["token"]
        return self._tokens[name]

    def mint(self) -> str:
        """The token of a new visitor."""
        return str(self.post("/api/visitor", {}).json()["token"])

    def log_lines(self) -> list[dict[str, Any]]:
        """What was logged, as data; the first line that says the address is none of it."""
        lines = self.log.read_text(encoding="utf-8").splitlines()
        # A kernel whose server was killed says so in its own way.
        others = ("http", "[IPKernelApp]")
        return [json.loads(line) for line in lines if not line.startswith(others)]


def tiny(folder: Path) -> TinyCourse:
    """A course of two small modules, whose pages are made at once; its number has any tries."""
    course = TinyCourse.make(folder / "course")
    course.edit(SECOND_BANK, f"id: {TINY_NUMBER}\n", f"id: {TINY_NUMBER}\n  attempts: null\n")
    return course


@dataclass(frozen=True)
class Ready:
    """A small course that no test changes, and its pages, which all servers of a run share.

    For what does not ask how a page is made: a kernel for each page takes longer than most tests.
    """

    root: Path
    cache: Path


class Load:
    """Visitors that answer one after the other until they are told to stop.

    `sent` and `acknowledged` are ids of answers; nobody sends one again. Each of a visitor's
    answers is another number, as one that did not change is stored once: what is acknowledged is
    a record of its own.
    """

    path = f"/api/answers/{TINY_NUMBER}"

    def __init__(self, servers: Sequence[Study]) -> None:
        self.name = secrets.token_hex(6)
        self.servers = servers
        (item,) = courses.at(servers[0].course).exercise(TINY_NUMBER).items
        self._ref = item.ref
        self.sent: list[str] = []
        self.acknowledged: list[str] = []
        self.statuses: list[int] = []
        self.errors: list[Answer] = []
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []

    @contextlib.contextmanager
    def of(self, tokens: Sequence[str]) -> Iterator[Load]:
        """Let a visitor for each token answer meanwhile."""
        for number, token in enumerate(tokens):
            thread = threading.Thread(target=self._visit, args=(number, token), daemon=True)
            self._threads.append(thread)
            thread.start()
        try:
            yield self
        finally:
            self._over.set()
            for thread in self._threads:
                thread.join(60)

    def body(self, identity: str) -> dict[str, Any]:
        """What is sent under an id."""
        count = float(identity.rpartition("-")[2])
        return {"id": identity, "answer": {"items": {self._ref: count}}}

    def _visit(self, number: int, token: str) -> None:
        for count in range(100_000):
            if self._over.is_set():
                return
            identity = f"load-{self.name}-{number}-{count}"
            self.sent.append(identity)
            server = self.servers[(number + count) % len(self.servers)]
            try:
                found = server.post(self.path, self.body(identity), token=token)
            except OSError:
                self._over.wait(0.05)
                continue
            self.statuses.append(found.status)
            if found.status == 200:
                self.acknowledged.append(identity)
            else:
                self.errors.append(found)
                self._over.wait(0.05)


def with_apps(course: Path, folder: Path) -> Path:
    """The real course with its first module and its stand-alone pages, the rest still coming."""
    copy = folder / "course"
    shutil.copytree(course, copy)
    file = copy / "notebooks/course.yaml"
    outline = yaml.safe_load(file.read_text(encoding="utf-8"))
    for module in outline["modules"][1:]:
        module["coming"] = True
    outline["appendices"] = []
    file.write_text(yaml.safe_dump(outline, allow_unicode=True), encoding="utf-8")
    return copy
