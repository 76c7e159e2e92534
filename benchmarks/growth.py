"""What an answer costs in an empty database and in one that a prefecture has filled for years.

SQLite, every answer flushed to disk (``synchronous=FULL``) before it is acknowledged: from the
store, one after the other, and from the server, by many visitors at once. The databases take turns
in short rounds, and the processor's time stands beside the clock's: a disk that others use too is
at one moment three times as slow as at another, which the processor's time does not show.
"""

from __future__ import annotations

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

from benchmarks._kept import served
from benchmarks._table import Row, Table
from benchmarks.rates import answering, load
from dxcourse.answers import Entry, SqlStore, new_id

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks._servers import Running
    from dxcourse.answers import Record

SIZES = (0, 1_000_000)  # answers stored before; `make soak` takes ten million
COLUMNS = (
    "ms an answer",
    "CPU ms an answer",
    "ms a history",
    "ms a room of 300",
    "answers/s at the server",
    "CPU ms each there",
)
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
ROOM = "live:room"
ALONE = 100  # answers that are given one after the other
ROUNDS, ROUND_SECONDS = 3, 2.0  # a run, of visitors at the server
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
        home = Path(folder)
        stores = [stack.enter_context(filled(home, size)) for size in sizes]
        servers = [
            stack.enter_context(served(home / str(size), DXCOURSE_STORE=address(home, size)))
            for size in sizes
        ]
        _alone(stores)  # the first is for what is loaded once
        flushes, found = [], [list[tuple[float, ...]]() for _ in sizes]
        for run in range(runs):
            flushes.append(flush_rate(home))
            both = zip(found, _alone(stores), _at_servers(servers, run), strict=True)
            for figures, alone, there in both:
                figures.append((*alone, *there))
    note = f"the disk by itself flushes {median(flushes):,.0f} times a second"
    rows = [
        Row(f"{size:,} answers stored", figures, "" if number else note)
        for number, (size, figures) in enumerate(zip(sizes, found, strict=True))
    ]
    return Table("growth", "Answers, as they grow in number", COLUMNS, rows)


def address(folder: Path, size: int) -> str:
    """Say where the database of a size is."""
    return f"sqlite:///{folder / f'{size}.sqlite'}"


def filled(folder: Path, size: int) -> SqlStore:
    """Open a database that holds as many answers, and those of a room."""
    SqlStore(address(folder, size)).close()
    with closing(sqlite3.connect(folder / f"{size}.sqlite")) as connection, connection:
        connection.execute("PRAGMA synchronous=OFF")
        if size:
            connection.execute(FILL, (size,))
    store = SqlStore(address(folder, size))
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


def _alone(stores: Sequence[SqlStore]) -> list[list[float]]:
    """Give the times of each store; they take turns call by call, on a disk that others use."""
    learners = [new_id() for _ in range(ALONE)]
    calls: list[list[list[Callable[[], object]]]] = [
        [
            [partial(store.append, [(entry(each, 1), None)]) for store in stores]
            for each in learners
        ],
        [[partial(store.history, one, "exercise-1") for store in stores] for one in learners],
        [[partial(_room, store) for store in stores] for _ in range(20)],
    ]
    answer, history, room = ([list(map(_times, turn)) for turn in turns] for turns in calls)
    return [
        [
            median(turn[place][0] for turn in answer),
            median(turn[place][1] for turn in answer),
            median(turn[place][0] for turn in history),
            median(turn[place][0] for turn in room),
        ]
        for place in range(len(stores))
    ]


def _room(store: SqlStore) -> list[Record]:
    found = list(store.given("exercise-0", where=ROOM))
    assert len(found) == 300, "the room has 300"  # noqa: S101  -- a figure of nothing is none
    return found


def _at_servers(servers: Sequence[Running], run: int) -> list[list[float]]:
    """Give each server's rate and what an answer takes of the processor, in turns."""
    found: list[list[tuple[float, float]]] = [[] for _ in servers]
    for number in range(ROUNDS):
        for place in range(len(servers))[:: 1 if number % 2 else -1]:
            job = answering(servers[place], ROUND_SECONDS, run * ROUNDS + number)
            (rate, cpu_rate, *_), _, _ = load(servers[place], job)
            found[place].append((rate, 1000 / cpu_rate))
    return [[median(column) for column in zip(*rounds, strict=True)] for rounds in found]


def _times(call: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of the clock, and of this process's processor."""
    begun, cpu = time.perf_counter(), time.process_time()
    call()
    return (time.perf_counter() - begun) * 1000, (time.process_time() - cpu) * 1000
