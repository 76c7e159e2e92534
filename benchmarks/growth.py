"""What an answer costs in an empty database and in one that a prefecture has filled for years.

SQLite, every answer flushed to disk (``synchronous=FULL``) before it is acknowledged. The rate of
many visitors at once is that of the server's own writer, which commits in groups; beside it stands
how often the same disk flushes by itself, with nothing of ours in the way.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import tempfile
import time
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks._table import Row, Table
from dxcourse.answers import Entry, SqlStore, new_id
from dxcourse.serving import Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dxcourse.answers import Record

SIZES = (0, 1_000_000)  # answers stored before; `make soak` takes ten million
COLUMNS = ("ms an answer", "ms a history", "ms a room of 300", "answers/s of 200 at once")
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
ROOM = "live:room"
VISITORS, EACH = 200, 20
ALONE = 100  # answers that are given one after the other
FLUSH_SECONDS = 1.0

# Ten answers each of learners whose names are scattered, as tokens are, to ten exercises.
FILL = """
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)
INSERT INTO records (version, id, time, learner, exercise, attempt, answer, "where")
SELECT 1, lower(hex(randomblob(12))), '2026-11-24T09:30:00Z',
       printf('%08x-of-a-prefecture', (i / 10) * 2654435761 % 4294967296),
       'exercise-' || (i % 10), 1, '{"items": {"r1": "' || hex(randomblob(30)) || '"}}', 'page'
FROM n
"""


def measure(runs: int) -> Table:
    """An empty database against one that holds a million answers."""
    return measured(SIZES, runs)


def measured(sizes: Sequence[int], runs: int) -> Table:
    """Measure databases of these sizes in turns, so that a busy moment meets all of them."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        stores = [stack.enter_context(filled(Path(folder), size)) for size in sizes]
        _figures(stores)  # the first is for what is loaded once
        flushes, found = [], [list[tuple[float, ...]]() for _ in sizes]
        for _ in range(runs):
            flushes.append(flush_rate(Path(folder)))
            for figures, measured_now in zip(found, _figures(stores), strict=True):
                figures.append(measured_now)
    note = f"the disk by itself flushes {median(flushes):,.0f} times a second"
    rows = [
        Row(f"{size:,} answers stored", figures, "" if number else note)
        for number, (size, figures) in enumerate(zip(sizes, found, strict=True))
    ]
    return Table("growth", "Answers, as they grow in number", COLUMNS, rows)


def filled(folder: Path, size: int) -> SqlStore:
    """Open a database that holds as many answers, and those of a room."""
    path = folder / f"{size}.sqlite"
    SqlStore(f"sqlite:///{path}").close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA synchronous=OFF")
        if size:
            connection.execute(FILL, (size,))
    store = SqlStore(f"sqlite:///{path}")
    store.append([(entry(f"{n}-in-the-room", 0, ROOM), None) for n in range(300)])
    return store


def entry(learner: str, exercise: int, where: str = "page") -> Entry:
    """Make an answer as an exercise of ours makes them, in its size too."""
    return Entry(new_id(), NOW, learner, f"exercise-{exercise}", {"items": {"r1": "x" * 60}}, where)


def flush_rate(folder: Path) -> float:
    """How often a second the disk takes a page at a file's end, and has it."""
    count, begun = 0, time.perf_counter()
    with (folder / "flushed").open("ab", buffering=0) as file:
        while (passed := time.perf_counter() - begun) < FLUSH_SECONDS:
            file.write(b"x" * 4096)
            os.fsync(file.fileno())
            count += 1
    return count / passed


def _figures(stores: Sequence[SqlStore]) -> list[tuple[float, ...]]:
    """Give the figures of each store; they take turns call by call, on a disk that others use."""
    learners = [new_id() for _ in range(ALONE)]
    alone = [
        [_milliseconds(partial(store.append, [(entry(each, 1), None)])) for store in stores]
        for each in learners
    ]
    histories = [
        [_milliseconds(partial(store.history, each, "exercise-1")) for store in stores]
        for each in learners
    ]
    rooms = [[_milliseconds(partial(_room, store)) for store in stores] for _ in range(20)]
    times = [
        [median(column) for column in zip(*each, strict=True)] for each in (alone, histories, rooms)
    ]
    rates = [asyncio.run(_together(store)) for store in stores]
    return list(zip(*times, rates, strict=True))


def _room(store: SqlStore) -> list[Record]:
    found = list(store.given("exercise-0", where=ROOM))
    assert len(found) == 300, "the room has 300"  # noqa: S101  -- a figure of nothing is none
    return found


async def _together(store: SqlStore) -> float:
    writer = Writer(store)

    async def visitor() -> None:
        learner = new_id()
        for number in range(EACH):
            await writer.append(entry(learner, number % 10))

    begun = time.perf_counter()
    await asyncio.gather(*(visitor() for _ in range(VISITORS)))
    rate = VISITORS * EACH / (time.perf_counter() - begun)
    writer.close()
    return rate


def _milliseconds(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return (time.perf_counter() - begun) * 1000
