"""``python -m benchmarks.profiled views`` (or ``answers``): where the server's time goes.

The server runs under cProfile, which sees its event loop (not the threads that read and write the
database) and slows it down: the shares count, not the seconds.
"""

from __future__ import annotations

import argparse
import os
import pstats
import tempfile
from pathlib import Path

from benchmarks._client import Job, visit
from benchmarks._kept import all_pages, kept_pages
from benchmarks._servers import ROOT, SERVED, Server, started
from benchmarks.rates import LASTS, VISITORS, answering


def main() -> None:
    """Measure and print the functions that took longest."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.profiled", description=__doc__)
    parser.add_argument("what", choices=("answers", "views"))
    parser.add_argument("--lines", type=int, default=30, help="how many functions are listed")
    parser.add_argument("--order", default="tottime", help="cumtime, or tottime")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "profile"
        command = ("-m", "cProfile", "-o", str(file), *SERVED.command)
        server = Server("profiled", command, ROOT, SERVED.page, SERVED.has, SERVED.environment)
        with started(server, Path(folder), DXCOURSE_CACHE=kept_pages()) as found:
            all_pages(found)
            if asked.what == "views":
                visit(Job("views", found.port, VISITORS, f"/{SERVED.page}", SERVED.has, LASTS))
            else:
                visit(answering(found, LASTS, 0))
        os.environ.setdefault("COLUMNS", "120")
        pstats.Stats(str(file)).sort_stats(asked.order).print_stats(asked.lines)


if __name__ == "__main__":
    main()
