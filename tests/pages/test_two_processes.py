"""Two `dxcourse serve` over one PostgreSQL behave as one, also while the database is away."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

import pytest

from dxcourse import course as courses
from dxcourse.answers import SqlStore
from support.served import TINY_EXERCISE, Load, Served
from support.study import HEADER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.postgres import Cluster
    from support.served import Ready

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("served")]


@contextlib.contextmanager
def two_at(course: Path, cache: Path, folder: Path, store: str) -> Iterator[list[Served]]:
    """Two processes with one database, one secret and one folder of pages."""
    settings = {"store": store, "secret_file": folder / "secret", "learner_rate": "0"}
    servers = [Served(course, folder / name, cache, **settings) for name in ("one", "two")]
    try:
        yield [server.start() for server in servers]
    finally:
        for server in servers:
            server.stop()


@pytest.fixture
def pair(ready: Ready, tmp_path: Path, postgres_address: str) -> Iterator[list[Served]]:
    with two_at(ready.root, ready.cache, tmp_path, postgres_address) as servers:
        yield servers


def test_a_visitor_of_one_is_known_to_the_other(pair: list[Served]) -> None:
    one, two = pair
    token = one.mint()
    answer = courses.at(one.course).exercise(TINY_EXERCISE).model_answer()
    path, body = f"/api/answers/{TINY_EXERCISE}", {"id": "sent-to-one", "answer": answer}
    assert one.post(path, body, token=token).status == 200
    assert two.state(token)["replies"] == one.state(token)["replies"] != {}
    assert two.post(path, body, token=token).json() == one.post(path, body, token=token).json()
    assert two.post("/api/afresh", {}, token=token).json()["exercises"] == 1
    assert one.state(token)["replies"] == {}
    assert two.post("/api/forget", {}, token=token).json()["records"] == 2
    assert one.ask("/my/answers.json", headers={HEADER: token}).json()["records"] == []


def test_both_show_the_same_page_and_made_it_once(
    ready: Ready, tmp_path: Path, postgres_address: str
) -> None:
    with two_at(ready.root, tmp_path / "cache", tmp_path, postgres_address) as (one, two):
        for path in ("/", "/modules/00", "/modules/01"):
            first, second = one.ask(path), two.ask(path)
            assert first.status == second.status == 200
            assert first.body == second.body
            assert first.headers["ETag"] == second.headers["ETag"]
    made = sorted(path.name.split(".")[0] for path in tmp_path.glob("cache/*/served/*.html"))
    assert len(made) == len(set(made))


def test_nothing_acknowledged_is_lost_when_the_database_goes_and_comes_back(
    pair: list[Served], postgres: Cluster, postgres_address: str
) -> None:
    tokens = [pair[n % 2].mint() for n in range(8)]
    load = Load(pair)

    def until(count: int) -> None:
        deadline = time.monotonic() + 60
        while len(load.acknowledged) < count and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(load.acknowledged) >= count

    with load.of(tokens):
        until(60)
        postgres.stop()
        told = len(load.errors)
        deadline = time.monotonic() + 60
        while len(load.errors) < told + 20 and time.monotonic() < deadline:
            time.sleep(0.01)
        away = load.errors[told + 1 :]
        assert len(away) >= 15
        for server in pair:
            assert server.ask("/readyz").status == 503
            assert server.ask("/healthz").status == 200
            assert server.ask("/modules/00").status == 200  # reading goes on
        postgres.start()
        until(len(load.acknowledged) + 60)
        for server in pair:
            deadline = time.monotonic() + 30
            while server.ask("/readyz").status != 200 and time.monotonic() < deadline:
                time.sleep(0.1)
            assert server.ask("/readyz").status == 200
    assert {found.status for found in load.errors} == {503}
    assert {found.json()["state"] for found in load.errors} == {"waiting"}
    with SqlStore(postgres_address) as store:
        stored = [record.id for record in store.records()]
    assert len(stored) == len(set(stored))
    assert set(load.acknowledged) <= set(stored) <= set(load.sent)
    for server in pair:
        said = [line for line in server.log_lines() if line["level"] == "error"]
        assert any("データベースがあるか" in line["message"] for line in said)
        log = server.log.read_text(encoding="utf-8")
        assert "Traceback" not in log
        assert postgres_address.split(":")[2].split("@", maxsplit=1)[0] not in log  # the password
