"""A room that several processes share in PostgreSQL: one order of events, and nobody misses one."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, LiteralString

import psycopg
import pytest
from psycopg import sql

from dxcourse.answers import StoreError
from dxcourse.workshop import NotNow, WorkshopError, create_workshop, read_agenda
from dxcourse.workshop.commands import read_command
from dxcourse.workshop.events import EventKind, RoomEvent
from dxcourse.workshop.peers import Attendance
from dxcourse.workshop.room import Room
from dxcourse.workshop.state import Phase
from support.waiting import run
from support.workshop_events import AGENDA, START, event

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Sequence
    from pathlib import Path

    from dxcourse.course import Course
    from dxcourse.workshop import WorkshopFolder
    from support.postgres import Cluster

EXERCISE = "counter-first-move"


@pytest.fixture(scope="module")
def database(postgres: Cluster) -> Iterator[str]:
    """A database for the rooms of this file: each has a schema of its own."""
    with postgres.database() as address:
        yield address


@pytest.fixture
def kept(tmp_path: Path, course: Course, database: str) -> WorkshopFolder:
    agenda = read_agenda("60", course)
    return create_workshop(tmp_path, "広間", agenda, now=START, database=database)


def joined(who: str) -> RoomEvent:
    return event(EventKind.JOINED, 1, who=who, pair=False, consent=False, name="")


@asynccontextmanager
async def processes(
    kept: WorkshopFolder, course: Course, count: int = 2
) -> AsyncIterator[list[Room]]:
    """Rooms as several processes have them; of each 3 phones listen."""
    rooms = [Room(kept, course) for _ in range(count)]
    following = [asyncio.create_task(room.follow(lambda: Attendance(3, 1))) for room in rooms]
    try:
        yield rooms
    finally:
        for task in following:
            task.cancel()
        await asyncio.gather(*following, return_exceptions=True)
        for room in rooms:
            room.close()


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110  -- what a room is, is no event
            await asyncio.sleep(0.01)


async def say(room: Room, do: str, **more: object) -> None:
    await room.do(read_command({"do": do, **more}))


@pytest.fixture
def only_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks by themselves: what is known was told."""
    monkeypatch.setattr("dxcourse.workshop.room.LOOK_SECONDS", 300.0)


def test_who_writes_at_once_is_given_one_order_without_a_gap_and_each_event_once(
    tmp_path: Path, database: str
) -> None:
    kept = create_workshop(tmp_path, "広間", AGENDA, now=START, database=database)

    def after(missed: Sequence[RoomEvent], who: str) -> list[RoomEvent]:
        return [replace(joined(who), data={**joined(who).data, "table": len(missed)})]

    def write(number: int) -> list[RoomEvent]:
        with closing(kept.storage.open_log()) as log:
            given: list[RoomEvent] = []
            for n in range(25):
                given += log.append(partial(after, who=f"{number}-{n}"))
            return [*given, *log.read()]

    with ThreadPoolExecutor(3) as people:
        found = list(people.map(write, range(3)))
    with closing(kept.storage.open_log()) as log:
        known = log.read()
        assert log.read() == []
    names = [each.data["who"] for each in known[1:]]
    assert sorted(names) == sorted(f"{number}-{n}" for number in range(3) for n in range(25))
    assert all(given == known[: len(given)] for given in found)
    for number in range(3):  # each was decided on all that came before it, and on nothing twice
        own = [at for at, name in enumerate(names) if name.startswith(f"{number}-")]
        told = [known[1 + at].data["table"] for at in own]
        assert told == [b - a for a, b in zip([-2, *own], own, strict=False) for b in [b - 1]]
    with psycopg.connect(kept.storage.address) as connection:
        numbers = connection.execute("SELECT seq FROM events ORDER BY seq").fetchall()
    assert [number for (number,) in numbers] == list(range(1, 77))


def test_a_command_is_decided_on_what_another_process_has_just_made_of_the_room(
    kept: WorkshopFolder, course: Course
) -> None:
    async def meet() -> None:
        one, other = Room(kept, course), Room(kept, course)
        with closing(one), closing(other):
            await say(one, "go", stop="counter")
            await say(one, "open")
            assert other.state.stop == ""
            with pytest.raises(NotNow, match="open already"):
                await say(other, "open", exercise=EXERCISE)
            assert other.state == one.state  # it knows now why

    run(meet())


@pytest.mark.usefixtures("only_told")
def test_what_one_process_stores_the_others_are_told(kept: WorkshopFolder, course: Course) -> None:
    async def meet() -> None:
        async with processes(kept, course) as (one, other):
            await asyncio.gather(one.catch_up(), other.catch_up())
            await say(one, "go", stop="counter")
            await say(one, "open")
            await until(lambda: other.state.phase(EXERCISE) is Phase.OPEN)
            who, _ = await other.join(pair=False, consent=False, name="")
            await until(lambda: who in one.state.participants)
            (item,) = one.exercises[EXERCISE].items
            option = one.public(EXERCISE)["items"][0]["options"][0]["ref"]
            await other.answer(
                who, one.exercises[EXERCISE], {"items": {item.ref: option}}, "entry-0001"
            )
            await until(lambda: one.given(EXERCISE))
            assert one.given(EXERCISE) == other.given(EXERCISE)
            await say(other, "ask", text="その場の問い")
            await until(lambda: "own-1" in one.exercises)

    run(meet())


def test_who_has_just_joined_elsewhere_is_known_once_it_is_asked_for(
    kept: WorkshopFolder, course: Course
) -> None:
    async def meet() -> None:
        one, other = Room(kept, course), Room(kept, course)
        with closing(one), closing(other):
            who, _ = await one.join(pair=True, consent=False, name="")
            assert who not in other.state.participants
            await asyncio.gather(*(other.catch_up() for _ in range(20)))
            assert other.state.participants[who].pair

    run(meet())


def test_what_closes_by_itself_closes_once_and_nothing_else_however_many_have_its_timer(
    kept: WorkshopFolder, course: Course
) -> None:
    async def meet() -> None:
        async with processes(kept, course, 3) as rooms:
            await say(rooms[0], "go", stop="counter")
            await say(rooms[0], "open")
            await say(rooms[0], "closing", seconds=3)
            closing_at = rooms[0].state.closing
            assert closing_at is not None
            await asyncio.gather(*(room.close_due(closing_at) for room in rooms))
            assert all(room.state.phase(EXERCISE) is Phase.CLOSED for room in rooms)
            await say(rooms[1], "open")
            await rooms[2].close_due(closing_at)  # a timer that was late
            assert rooms[2].state.phase(EXERCISE) is Phase.OPEN

    run(meet())
    with closing(kept.storage.open_log()) as log:
        kinds = [each.kind for each in log.read()]
    assert kinds.count(EventKind.CLOSED) == 1


@pytest.mark.usefixtures("only_told")
def test_a_line_to_the_database_that_broke_is_made_anew_and_nothing_is_missed(
    kept: WorkshopFolder, course: Course, database: str
) -> None:
    breaking = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE query LIKE 'LISTEN %' AND datname = current_database()"
    )

    async def meet() -> None:
        async with processes(kept, course) as (one, other):
            await say(one, "go", stop="counter")
            await until(lambda: other.state.stop == "counter")
            with psycopg.connect(database, autocommit=True) as connection:
                assert connection.execute(breaking).fetchone() == (2,)
            await say(one, "open")
            await until(lambda: other.state.phase(EXERCISE) is Phase.OPEN)

    run(meet())


def allow(postgres: Cluster, database: str, whether: LiteralString) -> None:
    """Let a database be reached, or no more."""
    name = sql.Identifier(database.rpartition("/")[2])
    allowing = sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS {}")
    postgres.run(allowing.format(name, sql.SQL(whether)))


def shut(postgres: Cluster, database: str) -> None:
    """Take a database away from all who are connected to it."""
    allow(postgres, database, "false")
    name = sql.Literal(database.rpartition("/")[2])
    ending = sql.SQL("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}")
    postgres.run(ending.format(name))


def test_what_could_not_be_stored_is_said_and_when_the_database_is_back_the_room_goes_on(
    kept: WorkshopFolder,
    course: Course,
    postgres: Cluster,
    database: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def meet() -> None:
        async with processes(kept, course) as (one, other):
            await say(one, "go", stop="counter")
            await say(one, "open")
            who, _ = await one.join(pair=False, consent=False, name="")
            await until(lambda: who in other.state.participants)
            shut(postgres, database)
            before = one.state
            option = one.public(EXERCISE)["items"][0]["options"][0]["ref"]
            given = {"items": {one.exercises[EXERCISE].items[0].ref: option}}
            with pytest.raises(StoreError, match="もう一度試して"):
                await one.answer(who, one.exercises[EXERCISE], given, "entry-0001")
            with pytest.raises(WorkshopError, match="もう一度試して"):
                await say(one, "close")
            with pytest.raises(WorkshopError, match="もう一度試して"):
                await other.catch_up()
            assert one.state is before
            allow(postgres, database, "true")
            await one.answer(who, one.exercises[EXERCISE], given, "entry-0001")
            await say(one, "close")
            await until(
                lambda: other.state.phase(EXERCISE) is Phase.CLOSED and other.given(EXERCISE)
            )
            await until(lambda: other.elsewhere == Attendance(3, 1))

    run(meet())
    heard = [record.getMessage() for record in caplog.records]
    assert sum("知らせを待てません" in message for message in heard) == 2  # each says it once


def test_phones_of_all_processes_are_counted_and_those_of_one_that_ended_no_more(
    kept: WorkshopFolder, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dxcourse.workshop.room.LOOK_SECONDS", 0.05)

    async def meet() -> None:
        async with processes(kept, course) as (one, other):
            await until(lambda: one.elsewhere == other.elsewhere == Attendance(3, 1))
            async with processes(kept, course, 1):
                await until(lambda: one.elsewhere == Attendance(6, 2))
            await until(lambda: one.elsewhere == Attendance(3, 1))

    run(meet())
