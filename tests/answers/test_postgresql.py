"""What a database on the network adds: it goes away, it comes back, and others write to it."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import text

from dxcourse.answers import Entry, Record, SqlStore, StoreError
from dxcourse.answers.sql_store import looked_up
from support.records import DATABASE, entry, open_store, put, values
from support.start_programs import start

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.postgres import Cluster

MANY = """
INSERT INTO records (version, id, time, learner, exercise, attempt, answer, "where")
SELECT 1, 'entry-000' || n, '2026-11-24T09:30:00Z', 'l-' || n, 'e' || n % 1000, 1, '{}', 'test'
FROM generate_series(1, 100000) AS n
"""


def test_the_plain_address_means_the_driver_that_is_there(postgres_address: str) -> None:
    assert postgres_address.startswith("postgresql://")
    for address in (postgres_address, postgres_address.replace("postgresql://", "postgres://")):
        with SqlStore(address) as store:
            assert store.engine.driver == "psycopg"
            assert "@" not in store.place


def test_every_connection_asks_for_durability(postgres: Cluster, postgres_address: str) -> None:
    name = postgres_address.rpartition("/")[2]
    with psycopg.connect(postgres.address(), autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = off".encode())
        connection.execute(
            f"ALTER DATABASE {name} SET default_transaction_isolation = serializable".encode()
        )
    with SqlStore(postgres_address) as store, store.engine.connect() as connection:
        assert connection.execute(text("SHOW synchronous_commit")).scalar() == "on"
        assert connection.execute(text("SHOW transaction_isolation")).scalar() == "read committed"


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_a_database_that_went_away_is_found_again(
    postgres: Cluster, postgres_address: str, end: str
) -> None:
    with SqlStore(postgres_address) as store:
        put(store, entry(1))
        getattr(postgres, end)()
        attempts: tuple[Callable[[], object], ...] = (
            lambda: put(store, entry("lost")),
            lambda: store.history("sato"),
            lambda: list(store.records()),
            lambda: list(store.given("plan")),
            lambda: store.forget("sato"),
        )
        for attempt in attempts:
            with pytest.raises(StoreError, match=r"^postgresql://127\.0\.0\.1:\d+/\w+：") as e:
                attempt()
            assert "データベースがあるか" in str(e.value)
            assert "dxcourse:" not in f"{e.value}{e.value.__cause__}"
        with pytest.raises(StoreError, match="開けません"):
            SqlStore(postgres_address)
        postgres.start()
        assert values(store.history("sato")) == [1]
        assert put(store, entry(2))[0].attempt == 2


class Sender(threading.Thread):
    """Whoever is told of a failure sends the same entry again, as our pages do."""

    def __init__(self, address: str, learner: str, done: threading.Event) -> None:
        super().__init__(daemon=True)  # a test that fails does not wait for it
        self.address, self.learner, self.done = address, learner, done
        self.told: list[Record] = []
        self.failures: list[StoreError] = []

    def run(self) -> None:
        with SqlStore(self.address) as store:
            while not self.done.is_set():
                self.send(store, entry("x", learner=self.learner))

    def send(self, store: SqlStore, given: Entry) -> None:
        while True:
            try:
                self.told += put(store, given)
            except StoreError as error:
                self.failures.append(error)
                time.sleep(0.05)
            else:
                return


def test_nothing_acknowledged_is_lost_over_a_restart(
    postgres: Cluster, postgres_address: str
) -> None:
    SqlStore(postgres_address).close()
    done = threading.Event()
    senders = [Sender(postgres_address, f"learner-{n}", done) for n in range(3)]
    for sender in senders:
        sender.start()
    more_than(senders, "told")
    for end in (postgres.stop, postgres.kill):
        end()
        more_than(senders, "failures")
        postgres.start()
        more_than(senders, "told")
    done.set()
    for sender in senders:
        sender.join()
    with SqlStore(postgres_address) as store:
        for sender in senders:
            assert store.history(sender.learner, "plan") == sender.told
            numbers = [record.attempt for record in sender.told]
            assert numbers == list(range(1, len(numbers) + 1))
            assert all("データベースがあるか" in str(e) for e in sender.failures)


def more_than(senders: list[Sender], what: str) -> None:
    """Wait until each sender has more of something than now."""
    before = [len(getattr(sender, what)) for sender in senders]
    deadline = time.monotonic() + 60
    while any(len(getattr(s, what)) <= n for s, n in zip(senders, before, strict=True)):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_long_lock_ends_in_an_error(postgres_address: str) -> None:
    with SqlStore(postgres_address, lock_seconds=0.2) as store, SqlStore(postgres_address) as other:
        put(store, entry(1))
        inside, leave = threading.Event(), threading.Event()

        def guard(_: object) -> None:
            inside.set()
            leave.wait(30)

        holder = threading.Thread(target=lambda: other.append([(entry(2), guard)]))
        holder.start()
        inside.wait(30)
        with pytest.raises(StoreError, match=r"書けません.*lock timeout"):
            put(store, entry("lost"))
        assert values(store.history("sato")) == [1]  # who reads does not wait
        leave.set()
        holder.join()
        assert put(store, entry(3))[0].attempt == 3


def test_the_database_may_vacuum_while_we_write(postgres_address: str) -> None:
    with SqlStore(postgres_address) as store:
        put(store, entry(1))

        def guard(_: object) -> None:
            with psycopg.connect(postgres_address, autocommit=True) as connection:
                connection.execute("SET lock_timeout = 2000")
                connection.execute("VACUUM records")

        assert len(store.append([(entry(2), guard)])) == 1


def test_a_large_database_is_read_by_index(postgres_address: str) -> None:
    with SqlStore(postgres_address) as store:
        with store.engine.begin() as connection:
            connection.execute(text(MANY))
            connection.execute(text("ANALYZE records"))
            asked = {"asked": '[["l-5", "e5"], ["l-5", "e6"]]', "exercise": "e5"}
            queries = [
                str(looked_up("postgresql", ("learner", "exercise"))),
                "SELECT * FROM records WHERE exercise = :exercise AND \"where\" >= 'te'",
            ]
            for query in queries:
                plan = connection.execute(text(f"EXPLAIN {query}"), asked).scalars().all()
                assert any("Index" in step for step in plan), plan
                assert not any("Seq Scan" in step for step in plan), plan
        assert len(list(store.given("e5", where="te"))) == 100


def test_two_programs_write_one_row_of_numbers(
    postgres_address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(DATABASE, postgres_address)
    started = [start("burst", "postgres", tmp_path, "all", "60") for _ in range(2)]
    told = [line for program in started for line in program.communicate()[0].split()]
    with open_store("postgres", tmp_path) as store:
        records = store.history("all", "plan")
    assert [record.attempt for record in records] == list(range(1, 121))
    assert sorted(record.id for record in records) == sorted(told)
