"""Several processes at one port: one that dies is started again, all are replaced without a gap."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import sys
import time
from typing import TYPE_CHECKING

import psutil  # type: ignore[import-untyped]
import pytest

from dxcourse.answers import SqlStore
from support.served import Load, Served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from support.served import Ready

pytestmark = [
    pytest.mark.server,
    pytest.mark.xdist_group("served"),
    pytest.mark.skipif(sys.platform == "win32", reason="no such processes there"),
]


@pytest.fixture
def served(ready: Ready, tmp_path: Path) -> Iterator[Served]:
    server = Served(
        ready.root,
        tmp_path / "own",
        ready.cache,
        processes=2,
        metrics_port=0,
        learner_rate=0,
        learner_daily=0,
    ).start()
    yield server
    server.stop()


def workers(server: Served) -> set[int]:
    found = set()
    for child in psutil.Process(server.pid).children():
        with contextlib.suppress(psutil.Error):  # it has just ended
            if "serve" in child.cmdline():
                found.add(child.pid)
    return found


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def stored(server: Served) -> set[str]:
    with SqlStore(server.store) as store:
        return {record.id for record in store.records()}


def numbers(server: Served) -> str:
    said = " ".join(line["message"] for line in server.log_lines())
    found = re.search(r"http://127\.0\.0\.1:(\d+)/metrics", said)
    assert found
    connection = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=20)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    connection.close()
    return text


def test_one_that_is_killed_is_started_again_and_nothing_acknowledged_is_lost(
    served: Served,
) -> None:
    before = workers(served)
    assert len(before) == 2
    load = Load([served])
    with load.of([served.mint() for _ in range(4)]):
        wait_for(lambda: len(load.acknowledged) > 20)
        killed = min(before)
        os.kill(killed, signal.SIGKILL)
        wait_for(lambda: len(workers(served) - {killed}) == 2)
        reached = len(load.acknowledged)
        wait_for(lambda: len(load.acknowledged) > reached + 20)
    assert load.errors == []  # what was under way was broken off, and nothing refused
    assert set(load.acknowledged) <= stored(served)
    assert any("もう一度始めます" in line["message"] for line in served.log_lines())


def test_all_are_replaced_without_a_gap_and_their_numbers_are_one(served: Served) -> None:
    before = workers(served)
    load = Load([served])
    tokens = [served.mint() for _ in range(4)]
    with load.of(tokens):
        wait_for(lambda: len(load.acknowledged) > 20)
        os.kill(served.pid, signal.SIGHUP)
        wait_for(lambda: len(workers(served)) == 2 and not workers(served) & before)
        reached = len(load.acknowledged)
        wait_for(lambda: len(load.acknowledged) > reached + 20)
    assert set(load.statuses) == {200}
    assert set(load.acknowledged) <= stored(served)
    broken_off = [sent for sent in load.sent if sent not in load.acknowledged]
    assert len(broken_off) <= 1  # between being taken and being read; a browser sends it again
    for sent in broken_off:
        token = tokens[int(sent.split("-")[2])]
        assert served.post(load.path, load.body(sent), token=token).status == 200
    assert set(load.sent) == stored(served)
    counted = re.search(
        r'dxcourse_requests_total\{handler="CourseAnswer",status="200"\} (\S+)', numbers(served)
    )
    assert counted
    assert float(counted[1]) == len(load.sent)


def test_none_is_left_when_the_supervisor_ends_however_it_ends(served: Served) -> None:
    left = workers(served)
    served.kill()
    wait_for(lambda: not any(psutil.pid_exists(pid) for pid in left))
