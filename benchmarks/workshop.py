"""A room of a thousand phones on one server process: told, answered, counted; and stock Voila."""

from __future__ import annotations

import asyncio
import json
import os
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks._limits import raise_file_limit
from benchmarks._phones import Phone, ask
from benchmarks._servers import ROOT, VOILA_SET, begun, fetch, started, untouched
from benchmarks._table import Row, Table
from benchmarks._tree import Tree

PHONES = int(os.environ.get("DXCOURSE_BENCH_PHONES", "1000"))
NODS = bool(os.environ.get("DXCOURSE_BENCH_NODS"))  # all phones agree with a question at once
VISITORS = 10  # of stock Voila, at once: each has a kernel, and a thousand would need 90 GB
EXERCISE = "counter-first-move"
NODDING = "all nods at the same moment; told: of the last, once it was acknowledged"
COLUMNS = ("phones", "s until told, 95 %", "s until acknowledged, 99 %", "MB at most")


@dataclass(frozen=True)
class Hall:
    """A workshop that runs."""

    pid: int
    port: int
    code: str
    board: str


def measure(runs: int) -> Table:
    """Ours with a thousand phones; stock Voila with as many as it takes."""
    raise_file_limit(4 * PHONES)
    runs = min(runs, 3)
    with tempfile.TemporaryDirectory() as folder:
        ours = []
        for number in range(runs):
            with hall(Path(folder) / f"room{number}") as room, Tree(room.pid) as tree:
                figures = asyncio.run(_session(room))
            ours.append([*figures, tree.most / 1e6])
        nodded = []
        for number in range(runs if NODS else 0):
            with hall(Path(folder) / f"nods{number}") as room, Tree(room.pid) as tree:
                figures = asyncio.run(_nodding(room))
            nodded.append([*figures, tree.most / 1e6])
        with started(VOILA_SET, Path(folder) / "voila") as server:
            fetch(server.url)  # cold files
            with Tree(server.pid) as tree:
                figures = _visitors(server.url)
        voila = [[*figures, tree.most / 1e6]]
    rows = [
        Row("dxcourse workshop", ours, "all answers at the same moment; counts compared"),
        *([Row("dxcourse workshop, nods", nodded, NODDING)] if NODS else []),
        Row(
            "stock voila, our voila.json",
            voila,
            "it tells nobody anything: seconds until the page is there, 95 % and 99 % of visitors",
        ),
    ]
    return Table("workshop", "A room answers an exercise", COLUMNS, rows)


@contextmanager
def hall(home: Path, *words: str, **settings: str) -> Iterator[Hall]:
    """Start a workshop with a home of its own, and end it afterwards.

    `settings` are further environment variables.
    """
    home.mkdir(parents=True, exist_ok=True)
    environment = untouched() | {
        "DXCOURSE_ANSWERS": str(home / "answers.jsonl"),
        "DXCOURSE_COURSE": str(ROOT),
        "PYTHONUTF8": "1",
        **settings,
    }
    command = ["-m", "dxcourse", "workshop", *(words or ("負荷",))]
    command += ["--host", "127.0.0.1", "--port", "0"]
    log = home / "workshop.log"
    with begun(command, ROOT, environment, log, _doors) as (pid, (port, code, board)):
        yield Hall(pid, port, code, board)


def _doors(said: str) -> tuple[int, str, str] | None:
    """Read what a workshop says once it is open: its port, the code, and where the board is."""
    board = re.search(r"board +(\S+)$", said, re.MULTILINE)
    code = re.search(r"code ([\d ]+)$", said, re.MULTILINE)
    if not board or not code or "kept in" not in said:
        return None
    parts = urlsplit(board[1])
    return parts.port or 0, code[1], parts.path


async def _session(room: Hall) -> list[float]:
    phones = [Phone(number, room.port) for number in range(PHONES)]
    await enter(room, phones)
    told = await tell_open(room, phones)
    known = await options(room, phones[0])
    given = await asyncio.gather(
        *(
            phone.answer(EXERCISE, {known[0]: known[1][n % 4]}, f"bench-{n:08}")
            for n, phone in enumerate(phones)
        )
    )
    hold(all(status == 200 for status, _ in given), "every answer is acknowledged")
    await do(room, "close")
    await do(room, "reveal")
    view = await revealed(room)
    bars = {bar["ref"]: bar["count"] for bar in view["pictures"][0]["bars"]}
    wanted = {ref: len(range(n, PHONES, 4)) for n, ref in enumerate(known[1])}
    hold(bars == wanted, f"the wall counts {wanted}, not {bars}")
    for phone in phones:
        phone.leave()
    acknowledged = sorted(seconds for _, seconds in given)
    return [float(PHONES), at(told, 0.95), at(acknowledged, 0.99)]


async def _nodding(room: Hall) -> list[float]:
    """Let all phones agree with a question from the floor at once."""
    phones = [Phone(number, room.port) for number in range(PHONES)]
    await enter(room, phones)
    await do(room, "next")
    body = {"id": "0" * 32, "text": "議会でも使ってよい言葉ですか"}
    first = phones[0]
    status, _ = await ask(
        room.port, "/api/questions", body=body, token=first.token, source=first.source
    )
    hold(status == 200, "the question is kept")
    target = f"q{body['id']}"  # as the room names it
    await do(room, "question", id=target, status="shown")
    given = await asyncio.gather(*(phone.nod(target) for phone in phones))
    last = time.perf_counter()
    hold(all(status == 200 for status, _ in given), "every nod is acknowledged")
    await until(lambda: all(PHONES in phone.nods for phone in phones))
    told = sorted(max(0.0, phone.nods[PHONES] - last) for phone in phones)
    for phone in phones:
        phone.leave()
    return [float(PHONES), at(told, 0.95), at(sorted(seconds for _, seconds in given), 0.99)]


async def enter(room: Hall, phones: Sequence[Phone]) -> None:
    """Let all join, and listen to what the room is at."""
    await in_groups([phone.join(room.code) for phone in phones])
    await in_groups([phone.listen() for phone in phones])


async def tell_open(room: Hall, phones: Sequence[Phone]) -> list[float]:
    """Go to the stop that asks the exercise and open it; seconds until each was told, sorted."""
    for _ in range(4):
        await do(room, "next")
    asked = time.perf_counter()
    await do(room, "open")
    await until(lambda: all("open" in phone.phases for phone in phones))
    return sorted(phone.phases["open"] - asked for phone in phones)


async def in_groups(doing: list[Any], size: int = 100) -> None:
    """Some at a time, as people come through a door."""
    for start in range(0, len(doing), size):
        await asyncio.gather(*doing[start : start + size])


async def do(room: Hall, what: str, **more: Any) -> None:  # noqa: ANN401  -- JSON
    """What the facilitator says."""
    status, reply = await ask(room.port, f"{room.board}/do", body={"do": what, **more})
    hold(status == 200, f"{what}: {status} {reply}")


async def board_state(room: Hall) -> dict[str, Any]:
    """The present state, as the board is told it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", room.port, limit=1 << 22)
    writer.write(
        f"GET {room.board}/events HTTP/1.1\r\nHost: 127.0.0.1:{room.port}\r\n\r\n".encode()
    )
    try:
        while line := await asyncio.wait_for(reader.readline(), 30):
            if line.startswith(b"data: ") and b'"screen"' in line:
                state: dict[str, Any] = json.loads(line[6:])
                return state
    finally:
        writer.close()
    msg = "the board is told nothing"
    raise RuntimeError(msg)


async def revealed(room: Hall) -> dict[str, Any]:
    """The picture of the answers, once the room may see it."""
    for _ in range(200):
        state = await board_state(room)
        view: dict[str, Any] | None = state["view"]
        if view and view["revealed"] and view["pictures"]:
            return view
        await asyncio.sleep(0.1)
    msg = "the wall shows no answers"
    raise RuntimeError(msg)


async def options(room: Hall, phone: Phone) -> tuple[str, list[str]]:
    """What can be chosen: the item, and its options."""
    _, mine = await ask(room.port, "/api/mine", token=phone.token, source=phone.source)
    exercise = next(each for each in mine["exercises"] if each["id"] == EXERCISE)
    (item,) = exercise["items"]
    return item["ref"], [option["ref"] for option in item["options"]]


def _visitors(url: str) -> list[float]:
    def one(_: int) -> float:
        began = time.perf_counter()
        fetch(url, VOILA_SET.has)
        return time.perf_counter() - began

    with ThreadPoolExecutor(VISITORS) as people:
        seconds = sorted(people.map(one, range(VISITORS)))
    return [float(VISITORS), at(seconds, 0.95), at(seconds, 0.99)]


def at(values: list[float], share: float) -> float:
    """The value below which this share of sorted values lies."""
    return values[min(len(values) - 1, round(share * len(values)))]


async def until(true: Any, seconds: float = 60) -> None:  # noqa: ANN401  -- a question
    """Wait until something is true; too long is a failure."""
    deadline = time.monotonic() + seconds
    while not true():
        hold(time.monotonic() < deadline, "it takes too long")
        await asyncio.sleep(0.02)


def hold(true: bool, what: str) -> None:  # noqa: FBT001
    """Fail where something is not as promised."""
    if not true:
        raise RuntimeError(what)
