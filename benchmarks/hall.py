"""A hall that several processes serve over PostgreSQL: told, answered, and one of them killed.

``python -m benchmarks hall --processes 2``; the database is one of the tests' own, or the one that
``DXCOURSE_BENCH_DATABASE`` names.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import psycopg

from benchmarks._limits import raise_file_limit
from benchmarks._phones import Phone, ask
from benchmarks._servers import ROOT
from benchmarks._table import Row, Table
from benchmarks._tree import Tree
from benchmarks.workshop import (
    EXERCISE,
    PHONES,
    Hall,
    at,
    board_state,
    do,
    enter,
    hall,
    hold,
    options,
    tell_open,
    until,
)

TOLD = ("phones", "of them at the least process", "s until told, 95 %", "s until told, last")
ANSWERED = ("s until acknowledged, 99 %",)
KILLED = (
    "answers/s while one is killed",
    "s until told by those left, last",
    "s until told by a new one, last",
)
REVEALED = "s until told of the reveal, last"
BROWSER = 1.5  # seconds until a phone that lost its line asks again
LOAD = 100  # answers a second while a process is killed


def measure(runs: int, processes: int = 2) -> Table:
    """Measure a hall of as many processes."""
    raise_file_limit(8 * PHONES)
    figures = []
    with tempfile.TemporaryDirectory() as folder, _database() as address:
        for number in range(min(runs, 3)):
            words = (f"広間{number}", "--processes", str(processes))
            home = Path(folder) / f"hall{number}"
            with hall(home, *words, DXCOURSE_DATABASE=address) as room, Tree(room.pid) as tree:
                found = asyncio.run(_session(room, processes, address))
            figures.append([*found, tree.most / 1e6])
    columns = (*TOLD, *ANSWERED, *(KILLED if processes > 1 else ()), REVEALED, "MB at most")
    note = "all answers at the same moment; counts compared in the database and on every process"
    rows = [Row(f"dxcourse workshop --processes {processes}", figures, note)]
    return Table(f"hall-{processes}", "A hall over PostgreSQL", columns, rows)


@contextmanager
def _database() -> Iterator[str]:
    """An address of PostgreSQL; of one that is started as the tests do, where none is named."""
    named = os.environ.get("DXCOURSE_BENCH_DATABASE")
    if named:
        yield named
        return
    sys.path.insert(0, str(ROOT / "tests"))
    from support.postgres import Cluster  # noqa: PLC0415  -- of the tests

    cluster = Cluster().start()
    try:
        with cluster.database() as address:
            yield address
    finally:
        cluster.remove()


@dataclass
class _Person(Phone):
    """A phone that comes back by itself, and answers again and again."""

    given: dict[str, str] = field(default_factory=dict)
    """What was acknowledged, by its id."""
    last: str = ""

    async def stay(self) -> None:
        """Come back whenever the line breaks, as a browser does."""
        while True:
            await self.broken()
            await asyncio.sleep(BROWSER)
            try:
                await self.listen()
            except (OSError, TimeoutError):
                continue

    async def give(self, item: str, option: str, entry: str) -> float:
        """Answer until that is acknowledged, with the same id; seconds of the last try."""
        while True:
            try:
                status, seconds = await self.answer(EXERCISE, {item: option}, entry)
            except (OSError, ValueError):  # broken off
                status, seconds = 0, 0.0
            if status == 200:
                self.given[entry] = self.last = option
            if status in {200, 409}:  # stored, or closed meanwhile
                return seconds
            hold(status in {0, 429, 503}, f"an answer is refused: {status}")
            await asyncio.sleep(0.2)

    async def answer_again(self, item: str, refs: list[str], over: asyncio.Event) -> None:
        """Change one's mind every now and then."""
        turn = 0
        pause = PHONES / LOAD * (1 + self.number) / PHONES  # not all at once
        while not await _set_within(over, pause):
            turn, pause = turn + 1, PHONES / LOAD
            ref = refs[(self.number + turn) % len(refs)]  # another: what is as it was is no change
            await self.give(item, ref, f"again-{self.number:05}-{turn:04}")


async def _set_within(event: asyncio.Event, seconds: float) -> bool:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()


async def _session(room: Hall, processes: int, address: str) -> list[float]:
    people = [_Person(number, room.port) for number in range(PHONES)]
    await enter(room, people)
    held = _held(room, processes)
    at_process = Counter(held[each.place] for each in people)
    staying = [asyncio.create_task(each.stay()) for each in people]
    told = await tell_open(room, people)
    item, refs = await options(room, people[0])
    first = (each.give(item, refs[n % 4], f"bench-{n:08}") for n, each in enumerate(people))
    seconds = sorted(await asyncio.gather(*first))
    figures = [float(PHONES), float(min(at_process.values()))]
    figures += [at(told, 0.95), told[-1], at(seconds, 0.99)]
    if processes > 1:
        figures += await _kill(room, people, item, refs)
    else:
        await do(room, "close")
    figures.append(await _compare(room, people, refs, address, processes))
    for task in staying:
        task.cancel()
    for each in people:
        each.leave()
    return figures


async def _kill(room: Hall, people: list[_Person], item: str, refs: list[str]) -> list[float]:
    """Kill a process while people answer; then say one thing to all."""
    over = asyncio.Event()
    doing = [asyncio.create_task(each.answer_again(item, refs, over)) for each in people]
    began, before = time.perf_counter(), _acknowledged(people)
    await asyncio.sleep(5)
    held = _held(room, 2)
    killed = Counter(held[each.place] for each in people).most_common(1)[0][0]
    lost = [each for each in people if held[each.place] == killed]
    left = [each for each in people if held[each.place] != killed]
    os.kill(killed, signal.SIGKILL)
    asked = time.perf_counter()
    await _insist(room, "close")
    await until(lambda: all("closed" in each.phases for each in left))
    first = max(each.phases["closed"] - asked for each in left)
    await until(lambda: all("closed" in each.phases for each in lost))
    second = max(each.phases["closed"] - asked for each in lost)
    rate = (_acknowledged(people) - before) / (time.perf_counter() - began)
    over.set()
    await asyncio.gather(*doing)
    return [rate, first, second]


def _acknowledged(people: list[_Person]) -> int:
    return sum(len(each.given) for each in people)


async def _insist(room: Hall, what: str) -> None:
    """What the facilitator says, once more where it was broken off."""
    status = 0
    while status not in {200, 409}:
        with suppress(OSError, ValueError):
            status, _ = await ask(room.port, f"{room.board}/do", body={"do": what})


def _workers(room: Hall) -> list[psutil.Process]:
    children = psutil.Process(room.pid).children()
    return [each for each in children if "resume" in each.cmdline()] or [psutil.Process(room.pid)]


def _held(room: Hall, processes: int) -> dict[tuple[str, int], int]:
    """Which process holds a line, by where that begins."""
    found = _workers(room)
    hold(len(found) == processes, f"{processes} processes serve, and not {len(found)}")
    return {
        (line.raddr.ip, line.raddr.port): each.pid
        for each in found
        for line in each.net_connections("tcp")
        if line.raddr
    }


async def _compare(
    room: Hall, people: list[_Person], refs: list[str], address: str, processes: int
) -> float:
    """Hold that what was acknowledged is stored, and counted alike by every process.

    Gives the seconds until all were told of the reveal, in a room that is whole again.
    """
    with psycopg.connect(address) as connection:
        asked = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'dxcourse_room_%'"
        stored: set[str] = set()
        for (schema,) in connection.execute(asked).fetchall():
            rows = connection.execute(f'SELECT id FROM "{schema}".records')  # noqa: S608  -- ours
            stored |= {row[0] for row in rows}
    given = {entry for each in people for entry in each.given}
    hold(given <= stored, "what was acknowledged is stored")
    await until(lambda: len(_workers(room)) == processes, 120)
    began = time.perf_counter()
    await do(room, "reveal")
    await until(lambda: all("revealed" in each.phases for each in people))
    told = max(each.phases["revealed"] - began for each in people)
    for worker in _workers(room):
        await _counted(room, worker, people, refs)
    return told


async def _counted(
    room: Hall, worker: psutil.Process, people: list[_Person], refs: list[str]
) -> None:
    wanted = Counter(each.last for each in people)
    others = [each for each in _workers(room) if each.pid != worker.pid]
    bars: dict[str, int] = {}
    for _ in range(100):
        for each in others:  # what comes now is the one's
            each.suspend()
        try:
            view = (await board_state(room))["view"]
        finally:
            for each in others:
                each.resume()
        if view and view["revealed"] and view["pictures"]:
            bars = {bar["ref"]: bar["count"] for bar in view["pictures"][0]["bars"]}
            if bars == {ref: wanted[ref] for ref in refs}:
                return
        await asyncio.sleep(0.2)
    msg = f"process {worker.pid} counts {bars}, not {wanted}"
    raise RuntimeError(msg)
