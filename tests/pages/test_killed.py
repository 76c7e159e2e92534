"""Killed with -9 under load: every acknowledged answer is there, once."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from dxcourse.answers import SqlStore
from support.served import Load, Served

if TYPE_CHECKING:
    from pathlib import Path

    from support.served import Ready

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("served")]

VISITORS = 12


def killed_under_load(ready: Ready, folder: Path, times: int) -> None:
    server = Served(ready.root, folder / "own", ready.cache, learner_rate="0", log_level="error")
    acknowledged: list[str] = []
    sent: list[str] = []
    try:
        for round_ in range(times):
            server.start()
            load = Load([server])
            with load.of([server.mint() for _ in range(VISITORS)]):
                enough = 20 + 7 * (round_ % 20)  # another moment each time
                deadline = time.monotonic() + 60
                while len(load.acknowledged) < enough and time.monotonic() < deadline:
                    time.sleep(0.002)
                server.kill()
            assert len(load.acknowledged) >= enough
            acknowledged += load.acknowledged
            sent += load.sent
            with SqlStore(server.store) as store:
                stored = [record.id for record in store.records()]
            assert len(stored) == len(set(stored))
            assert set(acknowledged) <= set(stored) <= set(sent)
    finally:
        server.stop()


def test_no_acknowledged_answer_is_lost_by_three_kills(ready: Ready, tmp_path: Path) -> None:
    killed_under_load(ready, tmp_path, 3)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_no_acknowledged_answer_is_lost_by_fifty_kills(ready: Ready, tmp_path: Path) -> None:
    killed_under_load(ready, tmp_path, 50)
