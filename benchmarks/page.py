"""One exercise on a page: what it weighs, and how long until a learner can answer."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks._browser import Visited, chromium, visit
from benchmarks._servers import OURS, VOILA, VOILA_SET, Server, running
from benchmarks._table import Row, Table

COLUMNS = ("requests", "KB", "seconds to the first control")


def measure(runs: int) -> Table:
    """Ours against stock Voila, the same notebook, each visit with an empty cache."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        rows = []
        for number, server in enumerate((OURS, VOILA, VOILA_SET)):
            with running(server, Path(folder) / str(number)) as url:
                visit(browser, url + server.page)  # a page that is not kept yet, cold files
                rows.append(_row(server, [visit(browser, url + server.page) for _ in range(runs)]))
    return Table("page", "A page with one exercise", COLUMNS, rows)


def _row(server: Server, visits: list[Visited]) -> Row:
    figures = [(seen.requests, seen.bytes / 1000, seen.seconds) for seen in visits]
    others = sorted(set[str]().union(*(seen.others for seen in visits)))
    return Row(
        server.name, figures, f"asks {', '.join(others)}" if others else "asks no other host"
    )
