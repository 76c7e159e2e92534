"""The room on the air: who listens, what they are told and when, and how often they may ask."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from dxcourse.web.rate_limit import RateLimit
from dxcourse.web.sse import EventChannel
from dxcourse.workshop.results import carry_over, list_voices, room_view
from dxcourse.workshop.room import Room
from dxcourse.workshop.screens import for_board, for_phones, for_wall
from dxcourse.workshop.site import RoomSite
from dxcourse.workshop.state import Phase

DRAW_INTERVAL = 0.25  # seconds between two pictures of the room, at least
DRAW_SHARE = 4  # … and so many times as long as the last one took: three quarters stay for people
BEAT_SECONDS = 10.0  # seconds between two signs that we are there

log = logging.getLogger(__name__)


@dataclass
class RoomLimits:
    """How often anybody may do a thing. Addresses are compared in memory, and never written."""

    clock: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        # Wrong codes: of a million, one address tries twelve a minute. Right ones cost nothing.
        self.codes = RateLimit(8, 0.2, clock=self.clock)
        self.all_codes = RateLimit(300, 5, clock=self.clock)
        # A phone joins once; a room behind one address (NAT) is let in five a second.
        self.joins = RateLimit(60, 5, clock=self.clock)
        self.answers = RateLimit(20, 2, clock=self.clock)
        self.asks = RateLimit(40, 4, clock=self.clock)
        self.requests = RateLimit(400, 100, clock=self.clock)


@dataclass
class Live:
    """A room that screens listen to."""

    room: Room
    site: RoomSite
    limits: RoomLimits = field(default_factory=RoomLimits)
    reached: set[str] = field(default_factory=set)
    """The test pages that reported back, by a number of their own; kept nowhere."""

    def __post_init__(self) -> None:
        self._boot = secrets.token_hex(3)
        self._said = 0
        self._view: tuple[Any, dict[str, Any]] | None = None
        self._stale = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pictures")
        self._tasks: list[asyncio.Task[None]] = []
        self.phones, self.boards, self.walls = EventChannel(), EventChannel(), EventChannel()
        self.room.changed = self._changed

    @property
    def channels(self) -> tuple[EventChannel, EventChannel, EventChannel]:
        """Everyone who listens."""
        return self.phones, self.boards, self.walls

    def start(self) -> None:
        """Begin to tell."""
        self._changed("state")
        self._tasks = [
            asyncio.create_task(self._draw()),
            asyncio.create_task(self._beat()),
        ]

    def stop_listening(self) -> None:
        """Let everybody go."""
        for task in self._tasks:
            task.cancel()
        for channel in self.channels:
            channel.close()

    def stop(self) -> None:
        """Store what waits, and let go of the files."""
        self._thread.shutdown(cancel_futures=True)
        self.room.close()

    def touch(self) -> None:
        """Tell the board anew: something changed that is no event."""
        self._stale.set()

    async def voices(self, exercise_id: str) -> dict[str, Any]:
        """What people wrote, for the facilitator to hide, pin and group; not who, not when."""
        exercise = self.room.exercises[exercise_id]
        look = partial(
            list_voices, exercise, self.room.given(exercise_id), seed=self.room.state.seed
        )
        found = await asyncio.get_running_loop().run_in_executor(self._thread, look)
        texts = {item.ref: item.text for item in exercise.items}
        return {
            "items": [
                {"ref": ref, "text": texts[ref], "voices": [v.model_dump() for v in voices]}
                for ref, voices in found.items()
            ]
        }

    # -- telling ----------------------------------------------------------------------------------

    def _changed(self, what: str) -> None:
        if what == "state":
            self.phones.tell(for_phones(self.room), self._version())
            self._tell_screens()
        self._stale.set()

    def _version(self) -> str:
        self._said += 1
        return f"{self._boot}-{self._said}"

    def _tell_screens(self) -> None:
        view = self._view[1] if self._view and self._view[0][:2] == self._shown() else None
        version = self._version()
        self.walls.tell(for_wall(self.room, view), version)
        now = self.room.now()
        network = {"reached": len(self.reached), "phones": len(self.phones)}
        self.boards.tell(for_board(self.room, view, now) | network, version)

    async def _draw(self) -> None:
        """Draw the room whenever it changed, and rest in between."""
        while True:
            await self._stale.wait()
            self._stale.clear()
            began = time.monotonic()
            try:
                await self._look()
            except Exception:
                log.exception("the room's picture")
            self._tell_screens()
            await asyncio.sleep(max(DRAW_INTERVAL, (DRAW_SHARE - 1) * (time.monotonic() - began)))

    def _shown(self) -> tuple[str, bool]:
        """The exercise that is shown, and whether it is revealed."""
        state = self.room.state
        return state.asked, state.phase(state.asked) is Phase.REVEALED

    def _key(self) -> tuple[Any, ...]:
        """What the picture depends on: what is shown comes first."""
        state = self.room.state
        name = state.asked
        return (
            *self._shown(),
            sum(record.attempt for record in self.room.answers.get(name, {}).values()),
            state.tallies.get(name),
            state.moderation.get(name),
            state.participants,  # who is a pair, and who agreed to be quoted
            self.room.before(name),
        )

    async def _look(self) -> None:
        key = self._key()
        name, revealed = key[:2]
        if not name or (self._view and self._view[0] == key):
            return
        room, state = self.room, self.room.state
        exercise, given, moderation = room.exercises[name], room.given(name), room.moderation(name)
        earlier = room.before(name)
        first = (room.exercises[earlier], room.given(earlier)) if earlier else None

        def draw() -> dict[str, Any]:
            before = carry_over(first[0], exercise, first[1]) if first else None
            view = room_view(
                exercise,
                given,
                tallies=state.tallies.get(name, {}),
                moderation=moderation,
                revealed=revealed,
                before=before,
                seed=state.seed,
            )
            return view.message()

        loop = asyncio.get_running_loop()
        self._view = (key, await loop.run_in_executor(self._thread, draw))

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            for channel in self.channels:
                channel.beat()
            self._stale.set()  # the board's clock: how late it is changes by itself
