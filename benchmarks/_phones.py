"""Simulated phones: each with an address of its own, a line that it listens on, and one answer."""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from dataclasses import dataclass, field
from typing import Any

HOST = "127.0.0.1"
NODS, PHASE = re.compile(rb'"nods":(\d+)'), re.compile(rb'"phase":"(\w+)"')
HEADER = "X-Dxcourse-Learner"


async def ask(
    port: int,
    path: str,
    *,
    body: dict[str, Any] | None = None,
    token: str = "",
    source: str = HOST,
) -> tuple[int, dict[str, Any]]:
    """One request on a connection of its own; status and JSON."""
    reader, writer = await asyncio.open_connection(HOST, port, local_addr=(source, 0))
    try:
        payload = b"" if body is None else json.dumps(body).encode()
        lines = [f"{'GET' if body is None else 'POST'} {path} HTTP/1.1", f"Host: {HOST}:{port}"]
        lines += ["Connection: close"]
        lines += [f"{HEADER}: {token}"] if token else []
        if body is not None:
            lines += ["Content-Type: application/json", f"Content-Length: {len(payload)}"]
        writer.write("\r\n".join([*lines, "", ""]).encode() + payload)
        raw = await reader.read()
    finally:
        writer.close()
    head, _, rest = raw.partition(b"\r\n\r\n")
    status = int(head.split(None, 2)[1]) if head else 0
    return status, json.loads(rest) if rest.startswith(b"{") else {}


@dataclass
class Phone:
    """A participant's phone."""

    number: int
    port: int
    token: str = ""
    seed: str = ""
    phases: dict[str, float] = field(default_factory=dict)
    """When each state was heard of first, by exercise and phase."""
    nods: dict[int, float] = field(default_factory=dict)
    """When a question from the floor was heard of first with so many nods."""
    place: tuple[str, int] = ("", 0)
    """Where the line it listens on begins."""
    _line: asyncio.Task[None] | None = None

    @property
    def source(self) -> str:
        """An address of this machine that is this phone's own; macOS has but one."""
        if sys.platform == "darwin":
            return HOST
        return f"127.1.{self.number // 250}.{self.number % 250 + 1}"

    async def join(self, code: str) -> None:
        """Come in by the code."""
        body = {"code": code, "pair": self.number % 10 == 0}
        status, reply = await ask(self.port, "/api/join", body=body, source=self.source)
        if status != 200:
            msg = f"phone {self.number} could not join: {status} {reply}"
            raise RuntimeError(msg)
        self.token, self.seed = reply["token"], reply["seed"]

    async def listen(self) -> None:
        """Listen from now on; returns when the first state has come."""
        reader, writer = await asyncio.open_connection(
            HOST, self.port, local_addr=(self.source, 0), limit=1 << 20
        )
        lines = (f"GET /events?who={self.token} HTTP/1.1", f"Host: {HOST}:{self.port}", "", "")
        writer.write("\r\n".join(lines).encode())
        self.place = writer.get_extra_info("sockname")
        first = asyncio.Event()
        self._line = asyncio.create_task(self._hear(reader, writer, first))
        await asyncio.wait_for(first.wait(), 60)

    async def _hear(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, first: asyncio.Event
    ) -> None:
        try:
            while line := await reader.readline():
                if not line.startswith(b"data: "):
                    continue
                heard = time.perf_counter()
                # Not the whole of it is read: a thousand phones share this benchmark's processor.
                if found := NODS.search(line):
                    self.nods.setdefault(int(found[1]), heard)
                if found := PHASE.search(line):  # the state, and not a change of it
                    self.phases.setdefault(found[1].decode(), heard)
                    first.set()
        finally:
            writer.close()

    async def answer(
        self, exercise: str, items: dict[str, Any], entry_id: str
    ) -> tuple[int, float]:
        """Give an answer; status, and the seconds until it was acknowledged."""
        body = {"id": entry_id, "answer": {"items": items}}
        began = time.perf_counter()
        status, _ = await ask(
            self.port,
            f"/api/answers/{exercise}",
            body=body,
            token=self.token,
            source=self.source,
        )
        return status, time.perf_counter() - began

    async def nod(self, target: str) -> tuple[int, float]:
        """Agree with a voice or a question; status, and the seconds until it was acknowledged."""
        began = time.perf_counter()
        status, _ = await ask(
            self.port,
            "/api/nods",
            body={"target": target, "on": True},
            token=self.token,
            source=self.source,
        )
        return status, time.perf_counter() - began

    async def broken(self) -> None:
        """Wait until the line it listens on has ended."""
        if self._line:
            await asyncio.wait([self._line])

    def leave(self) -> None:
        """Hang up."""
        if self._line:
            self._line.cancel()
