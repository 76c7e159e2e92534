"""What is logged again and again is logged once a minute, with how often it was."""

from __future__ import annotations

import io
import json
import logging

import pytest

from dxcourse.web.logs import REPEATED_AFTER, JsonFormatter, RepeatFilter


@pytest.fixture
def said() -> tuple[logging.Logger, list[float], io.StringIO]:
    now, stream = [0.0], io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    handler.addFilter(RepeatFilter(clock=lambda: now[0]))
    log = logging.getLogger("dxcourse.test-of-repeats")
    log.handlers[:], log.propagate = [], False
    log.setLevel(logging.INFO)
    log.addHandler(handler)
    return log, now, stream


def lines(stream: io.StringIO) -> list[str]:
    return [json.loads(line)["message"] for line in stream.getvalue().splitlines()]


def test_a_fault_that_stays_is_told_once_a_minute(
    said: tuple[logging.Logger, list[float], io.StringIO],
) -> None:
    log, now, stream = said
    for second in range(0, 60, 10):
        now[0] = float(second)
        log.error("%s", "the database is away")
        log.error("%s", "the disk is full")
    assert lines(stream) == ["the database is away", "the disk is full"]
    now[0] = REPEATED_AFTER
    log.error("%s", "the database is away")
    assert lines(stream)[2:] == [
        "the database is away （同じ知らせが、この60秒にあと5回ありました）"
    ]


def test_what_is_no_fault_is_told_each_time(
    said: tuple[logging.Logger, list[float], io.StringIO],
) -> None:
    log, _, stream = said
    log.info("request")
    log.info("request")
    assert lines(stream) == ["request", "request"]
