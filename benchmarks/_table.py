"""A benchmark's figures: printed as a table, kept as JSON with the machine they come from."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

if TYPE_CHECKING:
    from collections.abc import Sequence

RESULTS = Path(__file__).parent / "results"
PACKAGES = ("dxcourse", "voila", "jupyterlab", "tornado", "playwright")


@dataclass(frozen=True)
class Row:
    """One way to do the thing: its name and, in the order of the columns, its figures a run."""

    name: str
    runs: Sequence[Sequence[float]]
    note: str = ""

    @property
    def medians(self) -> list[float]:
        """The median of each figure."""
        return [median(column) for column in zip(*self.runs, strict=True)]


@dataclass(frozen=True)
class Table:
    """What was measured, one row ours and first; the others are compared with it."""

    name: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Row]

    def text(self) -> str:
        """The medians, and how many times ours each of the others is."""
        ours = self.rows[0].medians
        lines = [["", *self.columns]]
        for number, row in enumerate(self.rows):
            cells = [f"{value:,.2f}".removesuffix(".00") for value in row.medians]
            if number:
                pairs = zip(cells, row.medians, ours, strict=True)
                cells = [f"{c} ({value / one:.1f}×)" if one else c for c, value, one in pairs]
            lines.append([row.name, *cells])
        widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
        body = ["  ".join(_fill(c, w) for c, w in zip(line, widths, strict=True)) for line in lines]
        notes = [f"{row.name}: {row.note}" for row in self.rows if row.note]
        count = len(self.rows[0].runs)
        runs = f"median of {count} runs" if count > 1 else "one run"
        return "\n".join([f"{self.title} ({runs})", *body, *notes])

    def keep(self) -> Path:
        """Write everything that was measured; gives the file."""
        RESULTS.mkdir(exist_ok=True)
        file = RESULTS / f"{self.name}.json"
        found = {"measured": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine()}
        rows = [asdict(row) | {"medians": row.medians} for row in self.rows]
        data = found | {
            "load": load(),
            "title": self.title,
            "columns": list(self.columns),
            "rows": rows,
        }
        file.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        return file


def machine() -> dict[str, str | int]:
    """The machine and the versions that figures depend on."""
    return {
        "system": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count() or 0,
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
    }


def load() -> list[float]:
    """The load average of the last 1, 5 and 15 minutes: who else was using the machine."""
    return [round(value, 2) for value in os.getloadavg()] if hasattr(os, "getloadavg") else []


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":")[1].strip() for line in lines if "model name" in line), "")


def _width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _fill(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
