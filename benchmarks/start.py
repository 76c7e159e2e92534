"""From the command to the first whole page, with pages that were rendered before."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from benchmarks._servers import OURS, VOILA, Server, fetch, running
from benchmarks._table import Row, Table
from dxcourse import course as courses

COLUMNS = ("seconds to the address", "seconds to the first page")


def measure(runs: int) -> Table:
    """Ours against stock Voila, which renders the page for each visitor."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with running(OURS, home) as url:  # renders and keeps every page
            for module in courses.at(OURS.folder).modules:
                fetch(f"{url}modules/{module.id}")
            fetch(url + OURS.page)
        turns = [[_started(server, home) for server in (OURS, VOILA)] for _ in range(runs)]
    rows = [
        Row(each.name, found)
        for each, found in zip((OURS, VOILA), zip(*turns, strict=True), strict=True)
    ]
    return Table("start", "From the command to the first page", COLUMNS, rows)


def _started(server: Server, home: Path) -> tuple[float, float]:
    begun = time.monotonic()
    with running(server, home) as url:
        listening = time.monotonic() - begun
        fetch(url + server.page, server.has)
        return listening, time.monotonic() - begun
