"""What a database adds: durability that is really asked for, and errors that keep secrets."""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from dxcourse.answers import SqlStore, StoreError
from dxcourse.text import say
from support.records import entry, put, values

if TYPE_CHECKING:
    from pathlib import Path

    from dxcourse.answers import Entry

SECRET = "geheim"  # noqa: S105


def address(path: Path) -> str:
    return f"sqlite:///{path}"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "answers.sqlite"


def test_every_connection_asks_for_durability(path: Path) -> None:
    with SqlStore(address(path)) as store:
        put(store, entry())
        barrier = threading.Barrier(3)
        found: list[tuple[object, ...]] = []

        def ask() -> None:
            with store.engine.connect() as connection:
                barrier.wait()  # so that each has a connection of its own
                found.append(
                    tuple(
                        connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                        for name in ("journal_mode", "synchronous", "busy_timeout")
                    )
                )

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    full = 2
    assert found == [("wal", full, 20000)] * 3


def test_records_are_rows_that_others_can_read(path: Path) -> None:
    with SqlStore(address(path)) as store:
        put(store, entry("東京", entry_id="an-id-of-22-characters"), entry(fresh=True))
    with sqlite3.connect(path) as connection:
        rows = connection.execute(
            'select seq, version, id, time, learner, exercise, attempt, answer, "where"'
            " from records order by seq"
        ).fetchall()
    assert rows[0] == (
        *(1, 1, "an-id-of-22-characters", "2026-11-24T09:30:00Z", "sato", "plan", 1),
        '{"items": {"r1": "東京"}}',
        "test",
    )
    assert rows[1][6:] == (2, None, "test")


def test_a_group_is_found_by_index_alone(path: Path) -> None:
    asked: list[str] = []
    with SqlStore(address(path)) as store:
        put(store, entry())
        with store.engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            driver.set_trace_callback(asked.append)
        put(store, entry(), entry(learner="suzuki", exercise="team"))
        store.history("sato")
        store.history("sato", "plan")
        list(store.given("plan"))
        list(store.given("plan", where="te"))
        driver.set_trace_callback(None)
        queries = [query for query in asked if query.startswith("SELECT")]
        assert len(queries) == 7
        newest = [query for query in queries if query.startswith("SELECT records.time")]
        assert len(newest) == 1  # of all that is stored: the last row, and the table's order
        plan = [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {newest[0]}")]
        assert plan == ["SCAN records"]
        assert "ORDER BY records.seq DESC\n LIMIT 1" in newest[0]
        queries.remove(newest[0])
        for query in queries:
            plan = [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {query}")]
            assert any("INDEX" in step for step in plan), plan
            assert not any(step.startswith(("SCAN records", "SCAN later")) for step in plan), plan
            assert all("(learner=?" in step for step in plan if "later" in step), plan


def test_what_a_space_asks_costs_what_it_has_and_not_what_all_have(path: Path) -> None:
    """Counted in steps of SQLite's own machine, which are the same on any computer."""
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    def give(space: str, learners: int) -> None:
        for exercise in ("plan", "team"):
            put(store, *entries_of(space, learners, exercise))

    costs = []
    with SqlStore(address(path)) as store:
        sa.event.listen(store.engine, "connect", lambda made, _: made.set_progress_handler(step, 1))
        give("@oki/", 20)
        for others in (20, 2000):
            give(f"@town-{others}/", others)
            store.engine.dispose()
            steps = 0
            assert sum(each.answers for each in store.daily_counts(where="@oki/")) == 40
            assert store.count_learners(where="@oki/") == 20
            assert len(list(store.given("plan", where="@oki/page"))) == 20
            assert len(list(store.records(learners="@oki/"))) == 40
            costs.append(steps)
    few, many = costs
    assert many < 1.5 * few


def entries_of(space: str, learners: int, exercise: str) -> list[Entry]:
    names = [f"{space}visitor-{number}" for number in range(learners)]
    return [entry(learner=name, exercise=exercise, where=f"{space}page") for name in names]


def test_a_long_lock_ends_in_an_error(path: Path) -> None:
    with SqlStore(address(path), lock_seconds=0.2) as store:
        put(store, entry(1))
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"書けません（database is locked）"):
            put(store, entry("lost"))
        assert values(store.history("sato")) == [1]  # who reads does not wait
        other.execute("ROLLBACK")
        other.close()
        assert put(store, entry(2))[0].attempt == 2


def test_many_open_a_new_database_at_once(path: Path) -> None:
    barrier = threading.Barrier(8)
    errors: list[StoreError] = []

    def begin(number: int) -> None:
        barrier.wait()
        try:
            with SqlStore(address(path)) as store:
                put(store, entry(number, learner="all"))
        except StoreError as error:
            errors.append(error)

    threads = [threading.Thread(target=begin, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with SqlStore(address(path)) as store:
        assert [record.attempt for record in store.records()] == list(range(1, 9))


def test_a_new_database_waits_for_another_that_writes_to_it(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("CREATE TABLE notes (text)")
        other.execute("BEGIN IMMEDIATE")  # the change to WAL does not wait for this by itself
        with pytest.raises(StoreError, match="locked"):
            SqlStore(address(path), lock_seconds=0.1)
        with ThreadPoolExecutor() as threads:
            opened = threads.submit(SqlStore, address(path), lock_seconds=30)
            with pytest.raises(TimeoutError):
                opened.result(0.2)
            other.execute("COMMIT")
            with opened.result(30) as store:
                assert put(store, entry())[0].attempt == 1


def test_a_file_that_is_no_database_is_named_and_left(path: Path) -> None:
    path.write_bytes(b"my letter to the mayor " * 400)
    with pytest.raises(StoreError, match=r"answers\.sqlite：開けません（file is not a database"):
        SqlStore(address(path))
    assert path.read_bytes() == b"my letter to the mayor " * 400


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    place = address(tmp_path / "nothing" / "answers.sqlite")
    with pytest.raises(StoreError) as caught:
        SqlStore(place)
    cause = os.strerror(errno.ENOENT)
    assert str(caught.value) == say("answers.place.cannot-make", place=place, cause=cause)


def test_a_database_damaged_under_a_running_store_is_an_error(path: Path) -> None:
    with SqlStore(address(path)) as store:
        put(store, *(entry("x" * 1000) for _ in range(50)))
    size = path.stat().st_size
    with SqlStore(address(path)) as store:
        path.write_bytes(path.read_bytes()[:4096] + b"\xff" * (size - 4096))
        for attempt in (
            lambda: store.history("sato"),
            lambda: list(store.records()),
            lambda: put(store, entry()),
            lambda: store.forget("sato"),
        ):
            with pytest.raises(StoreError, match="malformed"):
                attempt()
    with pytest.raises(StoreError, match=r"開けません.*malformed"):
        SqlStore(address(path))


@pytest.mark.parametrize(
    ("column", "value"), [("answer", "{"), ("answer", "[]"), ("time", "noon"), ("attempt", 0)]
)
def test_a_damaged_row_is_named(path: Path, column: str, value: object) -> None:
    with SqlStore(address(path)) as store:
        put(store, entry(1), entry("秘密"), entry(3))
        with sqlite3.connect(path) as connection:
            connection.execute(f"update records set {column} = ? where seq = 2", (value,))  # noqa: S608
        with pytest.raises(StoreError, match="表 records の seq=2 の行が壊れています") as caught:
            store.history("sato")
        assert "秘密" not in f"{caught.value} {caught.value.__cause__}"
        with pytest.raises(StoreError, match="seq=2 の行"):
            put(store, entry())


def test_no_answer_is_in_an_error(path: Path) -> None:
    with SqlStore(address(path), lock_seconds=0.1) as store:
        with sqlite3.connect(path) as connection:
            connection.execute("drop table records")
            connection.execute("create table records (seq integer, version integer)")
        with pytest.raises(StoreError) as caught:
            put(store, entry("わたしの秘密", learner="himitsu"))
    error: BaseException | None = caught.value
    while error is not None:
        assert "わたしの秘密" not in str(error)
        assert "himitsu" not in str(error)
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize(
    "wrong",
    [
        f"postgresql+nothing://someone:{SECRET}@db.example/dx",
        f"nothing://someone:{SECRET}@db.example/dx",
        f"sqlite://someone:{SECRET}@db.example/dx",
        f"postgresql://someone:{SECRET}@db.example:port/dx",
        f"postgresql+nothing://db.example/dx?user=someone&password={SECRET}",
        f"postgresql+nothing://someone:pa@{SECRET}@db.example/dx",
        f"postgresql+nothing://someone:pa/{SECRET}@db.example/dx",
        f"someone:{SECRET}@db.example/dx",
        f"sqlite:////dev/null/answers.sqlite?timeout={SECRET}",
    ],
)
def test_a_password_is_in_no_message(wrong: str) -> None:
    with pytest.raises(StoreError) as caught:
        SqlStore(wrong)
    error: BaseException | None = caught.value
    if ":pa@" in wrong:  # read as a password and a host with a sign that no host has
        place = "postgresql+nothing://db.example/dx"
        assert str(error) == say("answers.place.encode", place=place)
    else:
        assert "データベース" in str(error)
    while error is not None:
        assert SECRET not in str(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def test_a_message_says_where_the_database_is(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"^postgresql\+nothing://db\.example:5432/dx："):
        SqlStore(f"postgresql+nothing://someone:{SECRET}@db.example:5432/dx?sslmode=require")
    place = f"{address(tmp_path)}/n@me/answers.sqlite"
    with pytest.raises(StoreError) as caught:
        SqlStore(place)
    cause = os.strerror(errno.ENOENT)
    assert str(caught.value) == say("answers.place.cannot-make", place=place, cause=cause)
