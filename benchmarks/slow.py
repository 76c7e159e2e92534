"""A chapter by a slow line and a slow phone: how long until a learner can answer."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from benchmarks._browser import SLOW, chromium, visit
from benchmarks._servers import OURS, running
from benchmarks._table import Row, Table

COLUMNS = ("KB", "seconds to the first control")
CHAPTERS = ("01", "04")
LINES = (("as it is", None), ("400 ms, 400 kbit/s, processor ÷4", SLOW))


def measure(runs: int) -> Table:
    """Two chapters, each visit with an empty cache: as it is, then slowed."""
    ours = replace(OURS, page="", has=())
    ways = {f"{chapter}, {name}": (chapter, line) for chapter in CHAPTERS for name, line in LINES}
    with (
        tempfile.TemporaryDirectory() as folder,
        chromium() as browser,
        running(ours, Path(folder)) as url,
    ):
        for chapter in CHAPTERS:
            visit(browser, f"{url}modules/{chapter}")  # a page that is not kept yet
        turns = [
            [visit(browser, f"{url}modules/{chapter}", line) for chapter, line in ways.values()]
            for _ in range(runs)
        ]
    rows = [
        Row(name, [(each.bytes / 1000, each.seconds) for each in seen])
        for name, seen in zip(ways, zip(*turns, strict=True), strict=True)
    ]
    return Table("slow", "A chapter, until it can be answered", COLUMNS, rows)
