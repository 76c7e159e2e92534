"""The framework by itself: a tornado handler that has the bytes ready, and does nothing else.

``python -m benchmarks._bare FOLDER PORT`` gives `FOLDER/page.gz` to who asks and `FOLDER/reply` to
who sends JSON: what a server of ours cannot be faster than.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from tornado.web import Application, RequestHandler


class Bare(RequestHandler):
    """What is kept, as it is."""

    def initialize(self, page: bytes, reply: bytes) -> None:
        self.page, self.answered = page, reply

    def compute_etag(self) -> None:
        """Give no ETag: tornado would hash the same bytes each time."""

    def get(self, _: str) -> None:
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Content-Encoding", "gzip")
        self.finish(self.page)

    def post(self, _: str) -> None:
        json.loads(self.request.body)
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(self.answered)


async def main() -> None:
    """Serve until ended."""
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    kept = {"page": (folder / "page.gz").read_bytes(), "reply": (folder / "reply").read_bytes()}
    application = Application([(r"/(.*)", Bare, kept)], log_function=lambda _: None)
    application.listen(port, "127.0.0.1")
    print(f"http://127.0.0.1:{port}/")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
