"""The room while it runs: the events that were written, the answers that were stored, and no more.

Everything here runs on the event loop; what waits for the disk is awaited, and counts when it is
there. A room that was killed is the same room again when it is made anew of its folder, and it is
the same room in each process that serves it: what another stored is taken in as what one stored
oneself is.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

from dxcourse.answers import Entry, Record, Refused, SqlStore, StoreError, reply_to
from dxcourse.answers.writer import AnswerWriter
from dxcourse.course import Course
from dxcourse.exercises import AnyExercise, parse
from dxcourse.exercises.shapes import Shape
from dxcourse.workshop import clock
from dxcourse.workshop.commands import ChangeVoices, PlainCommand, decide
from dxcourse.workshop.errors import NotNow, WorkshopError
from dxcourse.workshop.events import EventKind, RoomEvent
from dxcourse.workshop.folder import WorkshopFolder
from dxcourse.workshop.moderation import Moderation, VoiceChange, VoiceStatus
from dxcourse.workshop.peers import Attendance
from dxcourse.workshop.results import GivenAnswer, written
from dxcourse.workshop.results.tally import can_be_counted
from dxcourse.workshop.snapshot import AskedExercise, StopRecord, Workshop
from dxcourse.workshop.state import ExerciseTimes, Phase, RoomState, fold
from dxcourse.workshop.storage import EventWriter

log = logging.getLogger(__name__)


class ParticipantTokens:
    """Makes and reads the tokens of one workshop."""

    def __init__(self, secret: str) -> None:
        self._serializer = URLSafeSerializer(secret, salt="participant")

    def new(self) -> tuple[str, str]:
        """A new participant, and the token that proves them."""
        who = secrets.token_hex(8)
        return who, str(self._serializer.dumps(who))

    def of(self, token: str | None) -> str:
        """The participant of a token.

        Raises
        ------
        BadSignature
            It was not made for this workshop.
        """
        who = self._serializer.loads(token or "")
        if not isinstance(who, str):
            raise BadSignature("not a participant")
        return who


DRAFT_SECONDS = 4.0  # after closing, in which what a phone held still counts
STILL_SEEN = timedelta(minutes=1)  # in which a text that was changed may stand before somebody
MOST_QUESTIONS = 500  # from the floor
MOST_PARTICIPANTS = 3000  # participants of one room; more is someone who joins by program
LOOK_SECONDS = 1.0  # between two looks for what other processes stored, if they should not tell
OF_THE_FLOOR = frozenset({EventKind.JOINED, EventKind.NODDED, EventKind.QUESTION})
"""What participants do: it changes counts, and not what the room is at."""


class RoomFull(Exception):  # noqa: N818  -- a refusal
    """Nobody more may join: the door is closed, the room full, or the workshop over."""


class ExerciseClosed(Refused):
    """An answer came when its exercise was not open."""


@dataclass
class Room:
    """A workshop that runs.

    Parameters
    ----------
    changed
        Called after every change; `"state"` when the facilitator or the door did something,
        `"nods"` when somebody agreed, `"answers"` when somebody answered or joined.
    elsewhere
        How many phones are at the other processes that serve the room.
    """

    kept: WorkshopFolder
    course: Course
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    changed: Callable[[str], None] = lambda _: None
    state: RoomState = field(init=False)
    answers: dict[str, dict[str, Record]] = field(init=False, default_factory=dict)
    elsewhere: Attendance = field(init=False, default=Attendance())

    def __post_init__(self) -> None:
        storage = self.kept.storage
        self._log = storage.open_log()
        self._peers = storage.open_peers()
        self.state = fold(self._log.read())
        agenda = self.state.agenda
        self.exercises: dict[str, AnyExercise] = agenda.exercises(self.course) if agenda else {}
        self._take_made()
        self._events = EventWriter(self._log, self.state, self._advance)
        self._one_command, self._catching_up = asyncio.Lock(), asyncio.Lock()
        self._next_look: asyncio.Task[None] | None = None
        self.tokens = ParticipantTokens(self.kept.keys.tokens)
        self._replaced: dict[str, list[tuple[datetime, Record]]] = {}  # lately, and when
        self.store = SqlStore(storage.address)
        self._writer = AnswerWriter(self.store)
        records, self._last_record = self.store.newer(0)
        for record in records:
            self._take(record)

    def _take_made(self) -> None:
        """Know what was made on the spot as what the agenda asks is known."""
        for name, made in self.state.made.items():
            if name not in self.exercises:
                self.exercises[name] = parse(made.exercise)

    def close(self) -> None:
        """Store what waits, and let go of the files."""
        self._writer.close()
        self._events.close()
        self.store.close()
        self._log.close()
        if self._peers:
            self._peers.close()

    # -- what people do ---------------------------------------------------------------------------

    async def do(self, command: Any) -> None:  # noqa: ANN401  -- a command, see `_commands`
        """Do what the facilitator says; it is on disk when this returns.

        Raises
        ------
        NotNow
            It does not fit what the room is doing.
        WorkshopError
            It could not be written; the room is as it was.
        """
        if command.do == "tally":
            exercise = self.exercises.get(command.exercise)
            if not exercise or not can_be_counted(exercise, command.item, list(command.counts)):
                raise NotNow("unknown", "these values cannot be counted for this item")
        async with self._one_command:  # each knows what the one before has made of the room
            authors: dict[str, str] = {}
            if command.do == "voice":
                hides = command.change is VoiceChange.HIDE
                authors = self.authors(command.exercise, command.voices, late=hides)
            elif command.do == "expel":
                authors = self.authors(command.exercise, [command.voice])

            def decide_now(state: RoomState) -> list[RoomEvent]:
                now = self.now()
                events = decide(state, command, now)
                if command.do == "voice":
                    if command.change is VoiceChange.SHOW and command.seen:
                        self._check_seen(state, command, command.seen)
                    marks = sorted(authors.values())
                    return [replace(each, data={**each.data, "marks": marks}) for each in events]
                if command.do != "expel":
                    return events
                if not authors:
                    raise NotNow("unknown", "nobody in the room wrote this any more")
                return [RoomEvent(EventKind.EXPELLED, now, {"who": who}) for who in authors]

            await self._events.write(decide_now)

    async def close_due(self, closing: datetime) -> None:
        """Close what was to close at a moment; nothing where that was done, by whichever process.

        Raises
        ------
        WorkshopError
            It could not be written.
        """

        def decide_now(state: RoomState) -> list[RoomEvent]:
            if state.closing != closing:
                return []
            return decide(state, PlainCommand(do="close"), self.now())

        with suppress(NotNow):
            await self._events.write(decide_now)

    def _check_seen(self, state: RoomState, command: ChangeVoices, seen: VoiceStatus) -> None:
        """Let through what was seen, and nothing that somebody has hidden since.

        Raises
        ------
        NotNow
            One of them is further from being seen than it was; or nobody says any of them now.
        """
        present = self._marks(command.exercise)
        left = [voice for voice in command.voices if voice in present]
        if not left:
            raise NotNow("gone", "nobody says this any more; what they say now waits")
        moderation = state.moderated(command.exercise)
        for voice in left:
            if moderation.status(voice, present[voice]).is_beyond(seen):
                raise NotNow("changed", "it was hidden after it was looked at")

    def authors(
        self, exercise_id: str, voices: Collection[str], *, late: bool = False
    ) -> dict[str, str]:
        """Who wrote these voices of an exercise, each with their mark at that item.

        `late` also finds those who have just written something else: a text that is hidden may be
        given another letter while the facilitator's finger is on its way.
        """
        exercise = self.exercises.get(exercise_id)
        if exercise is None:
            return {}
        given = self.given(exercise_id)
        if late:
            given += [
                GivenAnswer(record.learner, items)
                for at, record in self._replaced.get(exercise_id, ())
                if self.now() - at <= STILL_SEEN and (items := (record.answer or {}).get("items"))
            ]
        found = written(exercise, given, seed=self.state.seed)
        return {each.who: each.mark for each in found if each.voice in voices}

    def _marks(self, exercise_id: str) -> dict[str, list[str]]:
        """The voices of an exercise as they are now, each with the marks of those who wrote it."""
        found: dict[str, list[str]] = {}
        exercise = self.exercises.get(exercise_id)
        if exercise is not None:
            for each in written(exercise, self.given(exercise_id), seed=self.state.seed):
                found.setdefault(each.voice, []).append(each.mark)
        return found

    async def nod(self, who: str, target: str, *, on: bool) -> None:
        """Keep that someone agrees with a voice or a question, or no longer does."""
        data = {"who": who, "target": target, "on": on}

        def decide_now(state: RoomState) -> list[RoomEvent]:
            if on == (who in state.nods.get(target, ())):
                return []
            return [RoomEvent(EventKind.NODDED, self.now(), data)]

        await self._events.write(decide_now)

    async def question(self, who: str, text: str, question_id: str) -> None:
        """Keep a question from the floor; the facilitator sees it first.

        Raises
        ------
        RoomFull
            There are as many as can be.
        """
        data = {"id": question_id, "who": who, "text": text}

        def decide_now(state: RoomState) -> list[RoomEvent]:
            if question_id in state.questions:
                return []  # it came before, and the word of it was lost
            if len(state.questions) >= MOST_QUESTIONS:
                raise RoomFull
            return [RoomEvent(EventKind.QUESTION, self.now(), data)]

        await self._events.write(decide_now)

    async def join(
        self, *, pair: bool, consent: bool, name: str, table: int = 0
    ) -> tuple[str, str]:
        """Let someone in: who they are from now on, and their token.

        Raises
        ------
        RoomFull
            Nobody more may join.
        """
        who, token = self.tokens.new()
        said = self._said(pair=pair, consent=consent, name=name, table=table)

        def decide_now(state: RoomState) -> list[RoomEvent]:
            if not state.door or len(state.participants) >= MOST_PARTICIPANTS:
                raise RoomFull
            return [RoomEvent(EventKind.JOINED, self.now(), {"who": who, **said})]

        await self._events.write(decide_now)
        return who, token

    async def tell(self, who: str, *, pair: bool, consent: bool, name: str, table: int = 0) -> None:
        """Keep what a participant says about themselves; a name only where names are asked for."""
        said = self._said(pair=pair, consent=consent, name=name, table=table)
        event = RoomEvent(EventKind.JOINED, self.now(), {"who": who, **said})
        await self._events.write(lambda _: [event])

    def _said(self, *, pair: bool, consent: bool, name: str, table: int) -> dict[str, Any]:
        known_by = name if self.state.names else ""
        said = {"pair": pair, "consent": consent, "name": known_by}
        return said | ({"table": table} if table else {})

    async def answer(  # noqa: PLR0913  -- an answer has this many sides
        self,
        who: str,
        exercise: AnyExercise,
        answer: object,
        entry_id: str,
        *,
        over: int | None = None,
        draft: bool = False,
    ) -> None:
        """Store an answer; it is on disk when this returns. One that is as the last is stored once.

        A `draft`, which a phone sends by itself as its question closes, may come a little later.
        What is sent again was given `over` an attempt (see `Entry`).

        Raises
        ------
        AnswerError
            It does not fit the exercise.
        Closed
            The exercise is not open.
        StoreError
            It could not be stored.
        """
        checked = exercise.read(answer)

        def holds() -> bool:  # it came, and the word of it was lost; or nothing is another
            known = self.answers.get(exercise.id, {}).get(who)
            return known is not None and (known.id == entry_id or known.answer == checked)

        def still_open(_: object) -> None:
            if not self._takes(exercise.id, draft=draft):
                raise ExerciseClosed(f"{exercise.id} is closed")

        if holds() or not self._takes(exercise.id, draft=draft):
            await self.catch_up()  # another process may have opened it, or have a later answer
        if holds():
            return
        still_open(None)
        entry = Entry(
            id=entry_id,
            time=self.now(),
            learner=who,
            exercise=exercise.id,
            answer=checked,
            where="workshop",
            once=True,
            over=over,
        )
        self._take((await self._writer.append(entry, still_open)).record)
        self.changed("answers")

    def _takes(self, exercise_id: str, *, draft: bool) -> bool:
        phase = self.state.phase(exercise_id)
        closed = self.state.times.get(exercise_id, ExerciseTimes()).closed
        if not draft or phase is not Phase.CLOSED or closed is None:
            return phase is Phase.OPEN
        return (self.now() - closed).total_seconds() <= DRAFT_SECONDS

    def _advance(self, state: RoomState, events: Sequence[RoomEvent]) -> None:
        """Be what the room has become by some events, whoever wrote them."""
        self.state = state
        kinds = {event.kind for event in events}
        if EventKind.MADE in kinds:
            self._take_made()
        if kinds - OF_THE_FLOOR:
            self.changed("state")
        elif EventKind.NODDED in kinds:
            self.changed("nods")
        else:
            self.changed("answers")

    def _take(self, record: Record) -> None:
        """Know an answer, also one to an exercise that another process has just made."""
        if record.answer is None:
            return
        of = self.answers.setdefault(record.exercise, {})
        known = of.get(record.learner)
        if known is None or known.attempt < record.attempt:
            of[record.learner] = record
            if known is not None:
                before = self._replaced.get(record.exercise, [])
                recent = [each for each in before if record.time - each[0] <= STILL_SEEN]
                self._replaced[record.exercise] = [*recent, (record.time, known)]

    # -- what other processes do ------------------------------------------------------------------

    async def follow(self, here: Callable[[], Attendance]) -> None:
        """Keep up with the other processes that serve the room; returns at once where none can.

        Parameters
        ----------
        here
            How many phones are at this one.
        """
        peers = self._peers
        if peers is None:
            return
        listening = asyncio.create_task(peers.listen(self._look_soon))
        try:
            while True:
                self._look_soon()
                with suppress(OSError):  # then their last numbers stand
                    there = await asyncio.to_thread(peers.attend, here())
                    if there != self.elsewhere:
                        self.elsewhere = there
                        self.changed("attendance")
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            listening.cancel()

    async def catch_up(self) -> None:
        """Know all that any process has stored until now. Who asks at once is answered at once.

        Raises
        ------
        WorkshopError, StoreError
            It cannot be read.
        """
        if self._peers:
            await asyncio.shield(self._look_soon())

    def _look_soon(self) -> asyncio.Task[None]:
        """Look for what is new, once the look that is under way is over: it may be too early."""
        if self._next_look is None:
            self._next_look = asyncio.create_task(self._look())
            self._next_look.add_done_callback(_say_why)
        return self._next_look

    async def _look(self) -> None:
        async with self._catching_up:
            self._next_look = None
            await self._events.catch_up()
            loop = asyncio.get_running_loop()
            found = await loop.run_in_executor(None, self.store.newer, self._last_record)
            records, self._last_record = found
            for record in records:
                self._take(record)
            if records:
                self.changed("answers")

    # -- what is known ----------------------------------------------------------------------------

    def public(self, exercise_id: str) -> dict[str, Any]:
        """What phones get of an exercise before they answer: never a key."""
        # In the order of the wall, where paper and hands read them.
        live = {"deferred": True, "attempts": None, "live": True, "shuffle": False}
        return {**self.exercises[exercise_id].public(), **live}

    def reply(self, who: str, exercise_id: str) -> dict[str, Any] | None:
        """What one participant may know of their own answer; what is right, after the reveal."""
        record = self.answers.get(exercise_id, {}).get(who)
        if record is None:
            return None
        revealed = self.state.phase(exercise_id) is Phase.REVEALED
        # One try, used: the model answer is told. Before, none is counted.
        attempts = {"attempts": 1 if revealed else None}
        exercise = self.exercises[exercise_id].model_copy(update=attempts)
        reply = reply_to(exercise, [record], held=not revealed)
        return reply.message() if reply else None

    def given(self, exercise_id: str) -> list[GivenAnswer]:
        """The present answers to an exercise, of those who are in the room."""
        people = self.state.participants
        return [
            GivenAnswer(who, (record.answer or {})["items"], people[who].pair, people[who].consent)
            for who, record in sorted(self.answers.get(exercise_id, {}).items())
            if who in people and (record.answer or {}).get("items")
        ]

    def moderation(self, exercise_id: str) -> Moderation:
        """What may be seen of the voices of an exercise on the wall."""
        return self.state.moderated(exercise_id)

    def revision(self, exercise_id: str) -> int:
        """A number that grows with every answer and every rewriting of one."""
        return sum(record.attempt for record in self.answers.get(exercise_id, {}).values())

    def waiting(self, exercise_id: str) -> int:
        """How many voices of an exercise wait for the facilitator."""
        moderation = self.moderation(exercise_id)
        return sum(
            moderation.status(voice, theirs) in {VoiceStatus.WAITING, VoiceStatus.REWRITTEN}
            for voice, theirs in self._marks(exercise_id).items()
        )

    def pledges(self) -> int:
        """How many wrote a pledge."""
        pledged = [name for name, each in self.exercises.items() if each.shape is Shape.FIELDS]
        counts = [len(self.given(name)) for name in pledged]
        return max(counts, default=0)

    def before(self, exercise_id: str) -> str | None:
        """The exercise that asked the same earlier, once that has been closed."""
        agenda = self.state.agenda
        earlier = agenda.twice.get(exercise_id) if agenda else None
        settled = {Phase.CLOSED, Phase.REVEALED}
        return earlier if earlier and self.state.phase(earlier) in settled else None


def _say_why(look: asyncio.Task[None]) -> None:
    """Log why a look was in vain; the next one looks for the same."""
    if not look.cancelled() and (error := look.exception()):
        known = isinstance(error, (WorkshopError, StoreError))
        log.warning("%s", error, exc_info=None if known else error)


def snapshot(room: Room) -> Workshop:
    """The workshop as it stands, as plain data."""
    state, now = room.state, room.now()
    stops = tuple(
        StopRecord(
            id=row.stop.id,
            title=row.stop.title,
            at=row.at,
            minutes=row.stop.minutes,
            began=row.began,
            ended=row.ended,
            ran=row.ran,
            skipped=row.status in {"skipped", "passed"},
        )
        for row in clock.stop_rows(state, now)
    )
    asked = []
    for name, exercise in room.exercises.items():
        times = state.times.get(name, ExerciseTimes())
        if times.opened or state.tallies.get(name):
            asked.append(
                AskedExercise(
                    exercise=exercise,
                    given=tuple(room.given(name)),
                    tallies=state.tallies.get(name, {}),
                    # Approval is the wall's; a report has consent. What is hidden is in neither.
                    moderation=replace(room.moderation(name), approval=False),
                    before=room.before(name),
                    revealed=times.revealed,
                    again=times.again,
                )
            )
    people = state.participants
    return Workshop(
        name=state.name,
        day=date.fromisoformat(state.day),
        stops=stops,
        asked=tuple(asked),
        participants=len(people),
        pairs=sum(profile.pair for profile in people.values()),
        consents=frozenset(who for who, profile in people.items() if profile.consent),
        seed=state.seed,
        began=state.began,
        ended=state.ended,
        nods={target: len(who) for target, who in state.nods.items()},
        names={who: profile.name for who, profile in people.items() if profile.name},
        tables={who: profile.table for who, profile in people.items() if profile.table},
    )
