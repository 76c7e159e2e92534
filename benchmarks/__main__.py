"""``python -m benchmarks`` measures everything; ``python -m benchmarks page`` only that."""

from __future__ import annotations

import argparse

from benchmarks import (
    cluster,
    feedback,
    grading,
    growth,
    hall,
    page,
    processes,
    rates,
    slow,
    spaces,
    start,
    visitors,
    workshop,
)
from benchmarks._table import load, machine

BENCHMARKS = {
    "answers": rates.answers,
    "dask": cluster.measure,
    "feedback": feedback.measure,
    "grading": grading.measure,
    "growth": growth.measure,
    "hall": hall.measure,
    "page": page.measure,
    "processes": processes.measure,
    "slow": slow.measure,
    "spaces": spaces.measure,
    "start": start.measure,
    "views": rates.views,
    "visitors-50": visitors.fifty,
    "visitors-200": visitors.two_hundred,
    "visitors-many": visitors.alone,
    "workshop": workshop.measure,
}


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--runs", type=int, default=5, help="how often each is measured")
    parser.add_argument("--processes", type=int, default=2, help="of the hall (2)")
    asked = parser.parse_args()
    unknown = sorted(set(asked.names) - BENCHMARKS.keys())
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    print("; ".join(f"{name} {value}" for name, value in machine().items()))
    for name in asked.names or BENCHMARKS:
        before = load()
        more = (asked.processes,) if name == "hall" else ()
        table = BENCHMARKS[name](asked.runs, *more)
        print(f"\n{table.text()}")
        print(f"load average {before[:1]} before, {load()[:1]} after; {table.keep()}", flush=True)


if __name__ == "__main__":
    main()
