"""The visitors: a process of their own, which costs the machine as little as it can.

``python -m benchmarks._client`` reads a job from its standard input and writes what came of it to
its standard output, both as JSON. A client of a few lines takes a fifth of the processor that a
whole HTTP library would take from the server that is being measured.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import html
import json
import random
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from benchmarks._limits import raise_file_limit

ROOT = Path(__file__).resolve().parent.parent
SAVED = b'"state": "saved"'


@dataclass(frozen=True)
class Job:
    """What the visitors do.

    ``crowd``: each of `visitors` comes once, all at the same moment, for the page at `path`.
    ``views``: each asks for the page again and again for `seconds`, on one connection; where there
    are several `pages` (pairs of path and marks), for any of them.
    ``answers``: each answers an exercise after another, on one connection; whoever has answered
    all of `answers` (pairs of exercise and answer) leaves, and the next of `tokens` comes.
    Where there are `folders`, each visitor stays in one of them, and so do its tokens: the first
    token is of the first folder, the second of the second, and so on around.
    ``mint``: they ask for `count` tokens together, which are given back as `bodies`.

    A page is whole when all `marks` are in it. Nobody waits longer than `limit` seconds.
    """

    kind: Literal["crowd", "views", "answers", "mint"]
    port: int
    visitors: int
    path: str = "/"
    marks: tuple[str, ...] = ()
    seconds: float = 0.0
    limit: float = 60.0
    count: int = 0
    name: str = "run"
    tokens: tuple[str, ...] = ()
    answers: tuple[tuple[str, dict[str, Any]], ...] = ()
    pages: tuple[tuple[str, tuple[str, ...]], ...] = ()
    folders: tuple[str, ...] = ("",)


@dataclass
class Outcome:
    """What came of it: how long the wait for each whole reply was (seconds), and what failed."""

    waits: list[float] = field(default_factory=list)
    failures: int = 0
    seconds: float = 0.0
    reasons: dict[str, int] = field(default_factory=dict)
    acknowledged: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)

    def failed(self, reason: str) -> None:
        """Count a failure."""
        self.failures += 1
        self.reasons[reason] = self.reasons.get(reason, 0) + 1


def visit(job: Job) -> Outcome:
    """Do a job in a process of its own.

    Raises
    ------
    RuntimeError
        The client itself failed.
    """
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks._client"],
        input=json.dumps(asdict(job)),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    if done.returncode:
        msg = f"the load generator failed:\n{done.stderr}"
        raise RuntimeError(msg)
    return Outcome(**json.loads(done.stdout))


async def run(job: Job) -> Outcome:
    """Do a job in this process."""
    raise_file_limit(job.visitors)
    outcome = Outcome()
    begun = time.perf_counter()
    if job.kind == "crowd":
        known: dict[bytes, str] = {}
        await asyncio.gather(*(_come(job, outcome, known, begun) for _ in range(job.visitors)))
    else:
        asks = _Asks(job)
        await asyncio.gather(*(_stay(job, outcome, asks, n) for n in range(job.visitors)))
    outcome.seconds = time.perf_counter() - begun
    return outcome


async def _come(job: Job, outcome: Outcome, known: dict[bytes, str], begun: float) -> None:
    """Come once, with a connection that is not there yet; the wait ends with the last byte."""
    try:
        async with asyncio.timeout(job.limit):
            reader, writer = await asyncio.open_connection("127.0.0.1", job.port)
            with contextlib.closing(writer):
                writer.write(_get(job.path, job.port, "Connection: close\r\n"))
                reply = await reader.read(-1)
    except TimeoutError:
        outcome.failed(f"no whole reply in {job.limit:g} s")
        return
    except OSError as error:
        outcome.failed(type(error).__name__)
        return
    wait = time.perf_counter() - begun
    if reply not in known:
        known[reply] = missing(reply, job.marks)
    if known[reply]:
        outcome.failed(known[reply])
    else:
        outcome.waits.append(wait)


def missing(reply: bytes, marks: tuple[str, ...]) -> str:
    """Say what a whole reply, its connection closed at its end, lacks; "" where it is a page."""
    head, _, body = reply.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    if b" 200 " not in lines[0] + b" ":
        return f"status {lines[0].decode('latin-1')[9:12]}"
    try:
        if b"transfer-encoding: chunked" in lines:
            body = _joined(body)
        if b"content-encoding: gzip" in lines:
            body = gzip.decompress(body)
        page = html.unescape(body.decode())
    except (ValueError, EOFError, OSError):
        return "a torn page"
    return next((f"without {mark}" for mark in marks if mark not in page), "")


def _joined(body: bytes) -> bytes:
    parts: list[bytes] = []
    while True:
        size, separator, rest = body.partition(b"\r\n")
        if not separator:
            raise EOFError
        length = int(size, 16)
        if length == 0:
            return b"".join(parts)
        parts.append(rest[:length])
        body = rest[length + 2 :]


class _Asks:
    """What is asked next, and whether a reply is what it has to be."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.until = time.perf_counter() + job.seconds
        around = len(job.folders)
        self.left = [list(job.tokens[place::around]) for place in range(around)]
        self.count = job.count
        self.pages = job.pages or ((job.path, job.marks),)
        self.chance = random.Random(job.name)  # noqa: S311  -- the same for each who is compared
        self.whole: dict[str, bytes] = {}
        self.at: dict[int, tuple[str, int]] = {}
        self.answers = [(name, json.dumps(answer)) for name, answer in job.answers]

    def next(self, visitor: int) -> tuple[str, bytes] | None:
        """Give an id, or a page's path, and a request; nothing when it is over."""
        job = self.job
        if job.kind == "mint":
            self.count -= 1
            return ("", _post("/api/visitor", "", "{}")) if self.count >= 0 else None
        if time.perf_counter() >= self.until:
            return None
        if job.kind == "views":
            path = self.chance.choice(self.pages)[0]
            return path, _get(path, job.port, "Accept-Encoding: gzip\r\n")
        place = visitor % len(job.folders)
        token, number = self.at.get(visitor, ("", len(self.answers)))
        if number == len(self.answers):
            if not self.left[place]:
                return None
            token, number = self.left[place].pop(), 0
        self.at[visitor] = token, number + 1
        name, answer = self.answers[number]
        self.count += 1
        entry = f"{job.name}-{self.count:06}"
        body = f'{{"id": "{entry}", "answer": {answer}}}'
        path = f"{job.folders[place]}/api/answers/{name}"
        return entry, _post(path, f"X-Dxcourse-Learner: {token}\r\n", body)

    def lacks(self, entry: str, head: bytes, body: bytes) -> str:
        """Say what is wrong with a reply. A page is compared with the first, which is read."""
        if not head.startswith(b"HTTP/1.1 200 "):
            return f"status {head[9:12].decode('latin-1')}"
        if self.job.kind == "answers":
            return "" if SAVED in body else "not saved"
        if self.job.kind == "mint" or body == self.whole.get(entry):
            return ""
        found = missing(head + b"\r\n\r\n" + body, dict(self.pages)[entry])
        if not found:
            self.whole[entry] = body
        return found


async def _stay(job: Job, outcome: Outcome, asks: _Asks, visitor: int) -> None:
    """Ask one thing after the other on one connection, until it is over."""
    reader, writer = await asyncio.open_connection("127.0.0.1", job.port)
    with contextlib.closing(writer):
        while (ask := asks.next(visitor)) is not None:
            entry, request = ask
            begun = time.perf_counter()
            try:
                async with asyncio.timeout(job.limit):
                    writer.write(request)
                    head = (await reader.readuntil(b"\r\n\r\n"))[:-4]
                    body = await reader.readexactly(_length(head))
            except (OSError, EOFError, TimeoutError) as error:
                outcome.failed(type(error).__name__)
                return
            wait = time.perf_counter() - begun
            if lacks := asks.lacks(entry, head, body):
                outcome.failed(lacks)
                continue
            outcome.waits.append(wait)
            if job.kind == "answers":
                outcome.acknowledged.append(entry)
            elif job.kind == "mint":
                outcome.bodies.append(body.decode())


def _length(head: bytes) -> int:
    found = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
    return int(found)


def _get(path: str, port: int, headers: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{headers}\r\n".encode()


def _post(path: str, headers: str, body: str) -> bytes:
    sent = body.encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}"
        f"Content-Type: application/json\r\nContent-Length: {len(sent)}\r\n\r\n"
    )
    return head.encode() + sent


def main() -> None:
    """Do the job that is asked for."""
    asked = json.load(sys.stdin)
    asked |= {name: tuple(asked[name]) for name in ("marks", "tokens", "folders")}
    asked["pages"] = tuple((path, tuple(marks)) for path, marks in asked["pages"])
    json.dump(asdict(asyncio.run(run(Job(**asked)))), sys.stdout)


if __name__ == "__main__":
    main()
