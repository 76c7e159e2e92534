"""The room on the air: who listens, what they are told and when, and how often they may ask."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from dxcourse.web.rate_limit import RateLimit
from dxcourse.web.sse import EventChannel
from dxcourse.workshop.errors import WorkshopError
from dxcourse.workshop.peers import Attendance
from dxcourse.workshop.results import before_reveal, carry_over, list_voices, room_view
from dxcourse.workshop.room import Room
from dxcourse.workshop.screens import for_board, for_phones, for_wall, voice_row
from dxcourse.workshop.site import RoomSite
from dxcourse.workshop.state import Phase

DRAW_INTERVAL = 0.25  # seconds between two pictures of the room, at least
DRAW_SHARE = 4  # … and so many times as long as the last one took: three quarters stay for people
NOD_INTERVAL = 0.05  # seconds between two counts of nods, for which nothing is drawn
COUNTED = frozenset({"voices", "questions"})  # what of a phone's state is told by itself
LAST_LETTERS = 1.5  # seconds in which what phones send as their question closes arrives
BEAT_SECONDS = 10.0  # seconds between two signs that we are there
CLOSE_AGAIN = 1.0  # seconds until closing is tried again, where it could not be written

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
        self.nods = RateLimit(20, 2, clock=self.clock)
        self.questions = RateLimit(3, 0.05, clock=self.clock)
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
        self._stale, self._looking = asyncio.Event(), asyncio.Lock()
        self._nodded = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pictures")
        self._tasks: list[asyncio.Task[None]] = []
        self._closing: datetime | None = None
        self._timer: asyncio.Task[None] | None = None
        self._told: dict[str, Any] | None = None
        self._revealed: tuple[str, dict[str, Any]] | None = None  # what the room has seen of it
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
            asyncio.create_task(self._count()),
            asyncio.create_task(self._beat()),
            asyncio.create_task(self.room.follow(lambda: self._here)),
        ]

    def stop_listening(self) -> None:
        """Let everybody go."""
        for task in [*self._tasks, *([self._timer] if self._timer else [])]:
            task.cancel()
        for channel in self.channels:
            channel.close()

    def stop(self) -> None:
        """Store what waits, and let go of the files."""
        self._thread.shutdown(cancel_futures=True)
        self.room.close()

    @property
    def _here(self) -> Attendance:
        return Attendance(len(self.phones), len(self.reached))

    @property
    def attendance(self) -> Attendance:
        """How many phones listen to the room, at this process and at all others that serve it."""
        return self._here + self.room.elsewhere

    async def may_nod(self, target: str) -> bool:
        """Whether all can see a voice or a question, so that it can be agreed with.

        Raises
        ------
        WorkshopError, StoreError
            What other processes show cannot be read.
        """
        if not self._all_see(target):
            # A phone of another process may have been shown it a moment before ours are.
            await self.room.catch_up()
            await self._look()
            self._tell_phones()
        return self._all_see(target)

    def _all_see(self, target: str) -> bool:
        told = self._told or {}
        seen = [*told.get("voices", ()), *told.get("questions", ())]
        return any(each["id"] == target for each in seen)

    def touch(self) -> None:
        """Tell the board anew: something changed that is no event."""
        self._stale.set()

    async def voices(self, exercise_id: str) -> dict[str, Any]:
        """What people wrote, for the facilitator to moderate: not who, not when.

        `revision` says which answers it was made of: a board that has an older one asks anew.
        """
        room = self.room
        exercise, revision = room.exercises[exercise_id], room.revision(exercise_id)
        look = partial(list_voices, exercise, room.given(exercise_id), seed=room.state.seed)
        found = await asyncio.get_running_loop().run_in_executor(self._thread, look)
        texts = {item.ref: item.text for item in exercise.items}
        moderation = room.moderation(exercise_id)
        return {
            "revision": revision,
            "items": [
                {
                    "ref": ref,
                    "text": texts[ref],
                    "voices": [voice_row(each, moderation, room.state.nods) for each in voices],
                }
                for ref, voices in found.items()
            ],
        }

    # -- telling ----------------------------------------------------------------------------------

    def _changed(self, what: str) -> None:
        if what == "state":
            self._tell_phones()
            self._tell_screens()
            self._close_in_time()
        elif what == "nods":
            self._nodded.set()
        self._stale.set()

    def _close_in_time(self) -> None:
        """Close what is to close by itself, a little after the phones were asked for theirs."""
        closing = self.room.state.closing
        if closing == self._closing:
            return
        self._closing = closing
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if closing is not None:
            self._timer = asyncio.create_task(self._close_at(closing))

    async def _close_at(self, closing: datetime) -> None:
        """Every process of the room has this timer; the first that is there closes."""
        left = (closing - self.room.now()).total_seconds() + LAST_LETTERS
        await asyncio.sleep(max(0.0, left))
        while self._closing == closing:
            self._timer = None  # what it does must not cancel it
            try:
                await self.room.close_due(closing)
            except WorkshopError as error:
                log.error("%s", error)  # noqa: TRY400  -- the message names place and cure
                await asyncio.sleep(CLOSE_AGAIN)
            else:
                return

    def _tell_phones(self) -> None:
        told = for_phones(self.room, self._shown_view())
        if told == self._told:  # an answer alone changes nothing for the others
            return
        before, self._told = self._told, told
        changes = {
            name: value for name, value in told.items() if not before or before[name] != value
        }
        few = changes if changes.keys() <= COUNTED else None
        self.phones.tell(told, self._version(), few)

    def _version(self) -> str:
        self._said += 1
        return f"{self._boot}-{self._said}"

    def _tell_screens(self) -> None:
        view, preview = self._shown_view(), self._preview()
        version = self._version()
        self.walls.tell(for_wall(self.room, view), version)
        now = self.room.now()
        here = self.attendance
        network = {"reached": here.reached, "phones": here.phones}
        board = for_board(self.room, view, now) | {"preview": preview} | network
        self.boards.tell(board, version)

    def _preview(self) -> dict[str, Any] | None:
        """The picture of the present exercise as it is, or would be, before the room."""
        return self._view[1] if self._view and self._view[0][0] == self.room.state.asked else None

    def _shown_view(self) -> dict[str, Any] | None:
        """What of it may be seen now: before the reveal, how many answered and no more."""
        preview, state = self._preview(), self.room.state
        if state.phase(state.asked) is not Phase.REVEALED:
            self._revealed = None
            return before_reveal(preview) if preview else None
        # The first picture that the room sees knows every answer and all that was hidden.
        if self._revealed and self._revealed[0] == state.asked:
            self._revealed = (state.asked, preview) if preview else self._revealed
        elif preview and self._view and self._view[0] == self._key():
            self._revealed = (state.asked, preview)
        else:
            return None
        return self._revealed[1]

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
            self._tell_phones()
            await asyncio.sleep(max(DRAW_INTERVAL, (DRAW_SHARE - 1) * (time.monotonic() - began)))

    async def _count(self) -> None:
        """Tell the phones how many nod, without waiting for the picture."""
        while True:
            await self._nodded.wait()
            self._nodded.clear()
            began = time.monotonic()
            self._tell_phones()
            await asyncio.sleep(max(NOD_INTERVAL, (DRAW_SHARE - 1) * (time.monotonic() - began)))

    def _key(self) -> tuple[Any, ...]:
        """What the picture depends on: what is shown comes first."""
        state = self.room.state
        name = state.asked
        return (
            name,
            self.room.revision(name),
            state.tallies.get(name),
            state.moderated(name),
            state.nods,
            state.participants,  # who is a pair, and who agreed to be quoted
            self.room.before(name),
        )

    async def _look(self) -> None:
        """Draw the room as it is, unless that has been drawn."""
        async with self._looking:
            key = self._key()
            if key[0] and (self._view is None or self._view[0] != key):
                loop = asyncio.get_running_loop()
                self._view = (key, await loop.run_in_executor(self._thread, self._drawing(key[0])))

    def _drawing(self, name: str) -> Callable[[], dict[str, Any]]:
        """What draws the answers to an exercise as they are now, in a thread."""
        room, state = self.room, self.room.state
        exercise, given, moderation = room.exercises[name], room.given(name), room.moderation(name)
        agenda = state.agenda
        counts_words = any(ask.id == name and ask.words for ask in agenda.asks) if agenda else False
        earlier = room.before(name)
        first = (room.exercises[earlier], room.given(earlier)) if earlier else None

        def draw() -> dict[str, Any]:
            before = carry_over(first[0], exercise, first[1]) if first else None
            view = room_view(
                exercise,
                given,
                tallies=state.tallies.get(name, {}),
                moderation=moderation,
                revealed=True,
                before=before,
                words=counts_words,
                nods={target: len(who) for target, who in state.nods.items()},
                seed=state.seed,
            )
            return view.message()

        return draw

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            for channel in self.channels:
                channel.beat()
            self._stale.set()  # the board's clock: how late it is changes by itself
