"""What answers stand on, by itself: SQLite, and the disk, with nothing of ours before them."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

from dxcourse.answers import SqlStore, new_id

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

SECONDS = 2.0
INSERT = """INSERT INTO records (version, id, time, learner, exercise, attempt, answer, "where")
VALUES (1, ?, '2026-11-24T09:30:00Z', ?, 'exercise', 1, ?, 'page')"""


def sqlite_rate(folder: Path, group: int, answer: str) -> float:
    """How many rows of ours SQLite takes in a second, flushed (FULL) for each group of so many."""
    path = folder / "alone.sqlite"
    SqlStore(f"sqlite:///{path}").close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

        def write() -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(INSERT, [(new_id(), new_id(), answer) for _ in range(group)])
            connection.execute("COMMIT")

        return group * _rate(write)


def disk_rate(folder: Path, group: int, size: int) -> float:
    """How many things of a size (bytes) the disk takes in a second, flushed for each group."""
    data = os.urandom(group * size)
    with (folder / "alone").open("ab", buffering=0) as file:

        def write() -> None:
            file.write(data)
            os.fsync(file.fileno())

        return group * _rate(write)


def stored(path: Path) -> Sequence[str]:
    """Give the ids of all answers in a SQLite database of ours."""
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute("SELECT id FROM records")]


def _rate(call: Callable[[], None]) -> float:
    count, begun = 0, time.perf_counter()
    while (passed := time.perf_counter() - begun) < SECONDS:
        call()
        count += 1
    return count / passed
