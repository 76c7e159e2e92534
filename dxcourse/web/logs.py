"""The log of a server: a JSON object a line, and nothing in it that is about a person."""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TextIO

from dxcourse.text import say

REPEATED_AFTER = 60.0  # seconds
MOST_REMEMBERED = 1000  # messages
# They name the address of whoever sent something odd.
TALKATIVE = ("tornado.access", "tornado.general", "tornado.application", "asyncio")


class JsonFormatter(logging.Formatter):
    """A record as one line: time, level, source, message, and where an error came from.

    Of an exception its kind and its places are said and not its words, which may repeat an
    answer.
    """

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter.format`."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "source": record.name,
            "message": record.getMessage(),
        }
        for name in ("at", "request"):
            if hasattr(record, name):
                line[name] = getattr(record, name)
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])
            line["at"] = [f"{f.filename}:{f.lineno} {f.name}" for f in frames][-8:]
        return json.dumps(line, ensure_ascii=False)


class RequestFilter(logging.Filter):
    """Of libraries that quote requests, only that something happened, and where."""

    def filter(self, record: logging.LogRecord) -> bool:
        """See `logging.Filter.filter`."""
        if record.name in TALKATIVE:
            record.msg, record.args = f"{record.name} at {record.module}:{record.lineno}", ()
        return True


class RepeatFilter(logging.Filter):
    """Of warnings and errors that say the same, one a minute, and how many more there were.

    A database that is down would else fill the disk that it may share.

    Parameters
    ----------
    clock
        Seconds, going forward.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._said: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """See `logging.Filter.filter`."""
        if record.levelno < logging.WARNING:
            return True
        now, message = self._clock(), (record.name, record.getMessage())
        since, count = self._said.get(message, (float("-inf"), 0))
        if now - since < REPEATED_AFTER:
            self._said[message] = (since, count + 1)
            return False
        if len(self._said) > MOST_REMEMBERED:
            self._said.clear()
        self._said[message] = (now, 0)
        if count:
            more = say("server.log.repeated", seconds=round(now - since), count=count)
            record.msg, record.args = f"{record.getMessage()} {more}", ()
        return True


def log_as_json(level: str, stream: TextIO | None = None) -> None:
    """Let this process log JSON lines to `stream`; stderr."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter())
    handler.addFilter(RequestFilter())
    handler.addFilter(RepeatFilter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("dxcourse").setLevel(level.upper())
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.ERROR)
