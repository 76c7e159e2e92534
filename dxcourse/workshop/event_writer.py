"""Writes what happens in a room, off the event loop, and says what the room has become by it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from dxcourse.workshop.errors import WorkshopError
from dxcourse.workshop.events import EventLog, RoomEvent
from dxcourse.workshop.state import RoomState, fold

StateDecision = Callable[[RoomState], Sequence[RoomEvent]]
"""What happens in a room that is in this state; raises where that may not be. Pure."""


@dataclass(frozen=True)
class _Order:
    decide: StateDecision | None  # none: only what others wrote is asked for
    done: asyncio.Future[None]


class EventWriter:
    """Writes events in one thread, those that wait together in one go.

    Each is decided on what the room is at that very moment: after those before it, and after all
    that other processes wrote.

    Parameters
    ----------
    state
        The room after what the log has given.
    advance
        Called on the event loop with the state after some events, and these, in their order.
    """

    def __init__(
        self,
        log: EventLog,
        state: RoomState,
        advance: Callable[[RoomState, Sequence[RoomEvent]], None],
    ) -> None:
        self._log, self._state, self._advance = log, state, advance
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="events")
        self._waiting: list[_Order] = []
        self._task: asyncio.Task[None] | None = None

    async def write(self, decide: StateDecision) -> None:
        """Write what is decided; when this returns it is on disk, and the room is told.

        Raises
        ------
        WorkshopError
            It could not be written.
        Exception
            What `decide` raised: nothing was written of it.
        """
        await self._order(decide)

    async def catch_up(self) -> None:
        """Tell the room what other processes have written until now.

        Raises
        ------
        WorkshopError
            It cannot be read.
        """
        await self._order(None)

    async def _order(self, decide: StateDecision | None) -> None:
        done = asyncio.get_running_loop().create_future()
        self._waiting.append(_Order(decide, done))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())
        await done

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            group, self._waiting = self._waiting, []
            outcomes: list[Exception | None]
            try:
                done = loop.run_in_executor(self._thread, self._run, [o.decide for o in group])
                state, events, outcomes = await done
            except WorkshopError as error:
                outcomes = [error] * len(group)
            else:
                if events:
                    self._advance(state, events)
            for order, outcome in zip(group, outcomes, strict=True):
                if order.done.done():  # whoever waited has gone; it is written all the same
                    continue
                if outcome:
                    order.done.set_exception(outcome)
                else:
                    order.done.set_result(None)

    def _run(
        self, decisions: Sequence[StateDecision | None]
    ) -> tuple[RoomState, list[RoomEvent], list[Exception | None]]:
        state, outcomes = self._state, list[Exception | None]()

        def decide(missed: Sequence[RoomEvent]) -> list[RoomEvent]:
            nonlocal state
            state, new = fold(missed, state), list[RoomEvent]()
            for decision in decisions:
                try:
                    events = decision(state) if decision else ()
                    state = fold(events, state)
                except Exception as refusal:  # noqa: BLE001  -- told to whoever asked for it
                    outcomes.append(refusal)
                else:
                    outcomes.append(None)
                    new += events
            return new

        if any(decisions):
            events = self._log.append(decide)
        else:
            events = self._log.read()
            decide(events)
        self._state = state
        return state, events, outcomes

    def close(self) -> None:
        """Wait for what is being written."""
        self._thread.shutdown()
