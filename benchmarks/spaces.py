"""One server for many municipalities: what counting costs, of one of them and of all.

A database that a prefecture has filled: so many spaces, each with as many learners, ten answers of
each. Beside it one space alone, of the same size as each of the many has.
"""

from __future__ import annotations

import resource
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks._table import Row, Table
from dxcourse.answers import SqlStore
from dxcourse.web.spaces import surface_of

if TYPE_CHECKING:
    from collections.abc import Callable

SPACES, LEARNERS = 40, 100_000  # learners of all spaces together
COLUMNS = (
    "ms others' answers to one exercise",
    "s a space's days",
    "s all spaces' counts",
    "MB of memory",
)
FILL = """
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)
INSERT INTO records (version, id, time, learner, exercise, attempt, answer, "where")
SELECT 1, lower(hex(randomblob(12))), '2026-11-24T09:30:00Z',
       printf('@town-%d/visitor-%08x', (i / 10) % ?, (i / 10) * 2654435761 % 4294967296),
       'exercise-' || (i % 10), 1, '{"items": {"r1": "' || hex(randomblob(30)) || '"}}',
       printf('@town-%d/page', (i / 10) % ?)
FROM n
"""


def measure(runs: int) -> Table:
    """One space of a prefecture's size against all of them."""
    return measured(SPACES, LEARNERS, runs)


def measured(spaces: int, learners: int, runs: int) -> Table:
    """Measure a database of so many spaces, and one of a single space beside it."""
    with tempfile.TemporaryDirectory() as folder:
        rows = []
        for count in (spaces, 1):
            address = f"sqlite:///{Path(folder) / f'{count}.sqlite'}"
            SqlStore(address).close()
            file = Path(folder) / f"{count}.sqlite"
            with closing(sqlite3.connect(file)) as connection, connection:
                connection.execute("PRAGMA synchronous=OFF")
                connection.execute(FILL, (10 * learners * count // spaces, count, count))
            with SqlStore(address) as store:
                figures = [_costs(store) for _ in range(runs)]
            rows.append(Row(f"{count} spaces, {learners * count // spaces:,} learners", figures))
    return Table("spaces", "Spaces of one server", COLUMNS, rows)


def _costs(store: SqlStore) -> tuple[float, ...]:
    own = surface_of("town-0")
    return (
        1000 * _seconds(lambda: sum(1 for _ in store.given("exercise-1", where=f"{own}page"))),
        _seconds(lambda: store.daily_counts(where=own)),
        _seconds(store.counts_by_surface),
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )


def _seconds(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun
