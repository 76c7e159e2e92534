"""One exercise on a page: what it weighs, and how long until a learner can answer."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks._browser import Visited, chromium, visit
from benchmarks._servers import OURS, VOILA, VOILA_SET, Server, running
from benchmarks._table import Row, Table

COLUMNS = ("requests", "KB", "seconds to the first control")


def measure(runs: int) -> Table:
    """Ours against stock Voila, the same notebook, each visit with an empty cache."""
    servers = (OURS, VOILA, VOILA_SET)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        browser = stack.enter_context(chromium())
        urls = [
            stack.enter_context(running(each, Path(folder) / str(number))) + each.page
            for number, each in enumerate(servers)
        ]
        for url in urls:
            visit(browser, url)  # a page that is not kept yet, cold files
        turns = [[visit(browser, url) for url in urls] for _ in range(runs)]
    rows = [_row(each, seen) for each, seen in zip(servers, zip(*turns, strict=True), strict=True)]
    return Table("page", "A page with one exercise", COLUMNS, rows)


def _row(server: Server, visits: Sequence[Visited]) -> Row:
    figures = [(seen.requests, seen.bytes / 1000, seen.seconds) for seen in visits]
    others = sorted(set[str]().union(*(seen.others for seen in visits)))
    return Row(
        server.name, figures, f"asks {', '.join(others)}" if others else "asks no other host"
    )
