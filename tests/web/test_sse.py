"""Telling everybody at once: one message for all, the newest for the slow, nobody waited for."""

from __future__ import annotations

import asyncio
import json
import socket
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

from tornado.iostream import IOStream

from dxcourse.web.sse import LINES, PATIENCE, EventChannel
from support.waiting import run

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

BIG = "長" * 400_000  # more than a socket takes at once


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def line() -> AsyncIterator[tuple[IOStream, IOStream]]:
    """A connection: the server's end, and a screen's."""
    ours, theirs = socket.socketpair()
    ends = IOStream(ours), IOStream(theirs, max_buffer_size=1 << 28)
    try:
        yield ends
    finally:
        for end in ends:
            end.close()


async def states(screen: IOStream, count: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while len(found) < count:
        block = (await asyncio.wait_for(screen.read_until(b"\n\n"), 10)).decode()
        if block.startswith("id: "):
            found.append(json.loads(block.split("data: ", 1)[1]))
    return found


def test_who_begins_to_listen_is_told_the_present_state_and_who_has_it_is_not() -> None:
    async def listen() -> None:
        channel = EventChannel()
        channel.tell({"n": 1}, "a-1")
        channel.tell({"n": 2}, "a-2")
        async with line() as (ours, screen), line() as (again, knows):
            channel.join(ours)
            assert await states(screen, 1) == [{"n": 2}]
            channel.join(again, seen="a-2")
            channel.tell({"n": 3}, "a-3")
            assert await states(knows, 1) == [{"n": 3}]

    run(listen())


def test_a_screen_that_is_slow_gets_the_newest_and_holds_up_nobody() -> None:
    async def listen() -> None:
        channel = EventChannel()
        async with line() as (ours, slow), line() as (others, quick):
            channel.join(ours)
            channel.join(others)
            for n in range(50):
                channel.tell({"n": n, "text": BIG if n == 0 else ""}, f"a-{n}")
                if n == 0:
                    await states(quick, 1)
            assert [state["n"] for state in await states(quick, 49)] == list(range(1, 50))
            assert [state["n"] for state in await states(slow, 2)] == [0, 49]

    run(listen())


def test_who_has_all_before_is_told_the_changes_alone_and_who_is_behind_the_whole() -> None:
    async def listen() -> None:
        channel = EventChannel()
        async with line() as (ours, slow), line() as (others, quick), line() as (third, late):
            channel.join(ours)
            channel.join(others)
            channel.tell({"n": 0, "text": BIG}, "a-0")
            await states(quick, 1)
            for n in range(1, 4):
                channel.tell({"n": n, "text": "短"}, f"a-{n}", {"n": n})
            assert await states(quick, 3) == [{"n": 1}, {"n": 2}, {"n": 3}]
            assert (await states(slow, 2))[1] == {"n": 3, "text": "短"}
            channel.join(third)
            assert await states(late, 1) == [{"n": 3, "text": "短"}]
            await asyncio.sleep(0.05)  # until our end has heard that all has gone
            channel.tell({"n": 4, "text": "短"}, "a-4", {"n": 4})
            assert await states(slow, 1) == [{"n": 4}]

    run(listen())


def test_changes_are_an_event_of_their_own_and_count_as_what_was_seen() -> None:
    async def listen() -> None:
        channel = EventChannel()
        async with line() as (ours, screen), line() as (again, knows):
            channel.join(ours)
            channel.tell({"n": 1, "m": 0}, "a-1", {"n": 1})
            heard = await asyncio.wait_for(screen.read_until(b'{"n":1}\n\n'), 10)
            assert heard.endswith(b'id: a-1\nevent: changes\ndata: {"n":1}\n\n')
            channel.join(again, seen="a-1")
            channel.tell({"n": 2, "m": 0}, "a-2", {"n": 2})
            assert await states(knows, 1) == [{"n": 2}]

    run(listen())


def test_a_screen_that_takes_nothing_is_let_go() -> None:
    async def listen() -> None:
        clock = Clock()
        channel = EventChannel(clock)
        async with line() as (ours, _):
            channel.join(ours)
            channel.tell({"text": BIG * 20}, "a-1")
            clock.now = PATIENCE - 1
            channel.beat()
            assert len(channel) == 1
            clock.now = PATIENCE + 1
            channel.beat()
            await asyncio.sleep(0.05)
            assert len(channel) == 0

    run(listen())


def test_one_participant_has_few_lines_and_the_latest_are_kept() -> None:
    async def listen() -> None:
        channel = EventChannel()
        channel.tell({"n": 1}, "a-1")
        async with AsyncExitStack() as stack:
            lines = [await stack.enter_async_context(line()) for _ in range(LINES + 3)]
            for ours, _ in lines:
                channel.join(ours, owner="p")
            await asyncio.sleep(0.05)
            assert len(channel) == LINES
            channel.tell({"n": 2}, "a-2")
            assert [state["n"] for state in await states(lines[-1][1], 2)] == [1, 2]

    run(listen())


def test_a_screen_that_hangs_up_is_forgotten() -> None:
    async def listen() -> None:
        channel = EventChannel()
        async with line() as (ours, screen):
            channel.join(ours)
            screen.close()
            for _ in range(100):
                channel.beat()
                await asyncio.sleep(0.01)
                if len(channel) == 0:
                    return
        raise AssertionError("it is remembered")

    run(listen())
