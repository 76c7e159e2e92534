"""The room while it runs: the events that were written, the answers that were stored, and no more.

Everything here runs on the event loop; what waits for the disk is awaited, and counts when it is
there. A room that was killed is the same room again when it is made anew of its folder.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

from dxcourse.answers import Entry, Record, Refused, SqlStore, reply_to
from dxcourse.answers.writer import AnswerWriter
from dxcourse.course import Course
from dxcourse.exercises import AnyExercise
from dxcourse.workshop import clock
from dxcourse.workshop.commands import decide
from dxcourse.workshop.errors import NotNow
from dxcourse.workshop.events import EventKind, EventLog, EventWriter, RoomEvent
from dxcourse.workshop.folder import WorkshopFolder
from dxcourse.workshop.results import GivenAnswer, Moderation
from dxcourse.workshop.results.tally import can_be_counted
from dxcourse.workshop.snapshot import AskedExercise, StopRecord, Workshop
from dxcourse.workshop.state import ExerciseTimes, Phase, RoomState, apply, fold


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


MOST_PARTICIPANTS = 3000  # participants of one room; more is someone who joins by program


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
        `"answers"` when somebody answered or joined.
    """

    kept: WorkshopFolder
    course: Course
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    changed: Callable[[str], None] = lambda _: None
    state: RoomState = field(init=False)
    answers: dict[str, dict[str, Record]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._journal = EventLog(self.kept.database)
        self.state = fold(self._journal.read())
        agenda = self.state.agenda
        self.exercises: Mapping[str, AnyExercise] = agenda.exercises(self.course) if agenda else {}
        self._clerk = EventWriter(self._journal)
        self._one_command = asyncio.Lock()
        self.tokens = ParticipantTokens(self.kept.keys.tokens)
        self.store = SqlStore(self.kept.address)
        self._writer = AnswerWriter(self.store)
        for record in self.store.records():
            self._take(record)

    def close(self) -> None:
        """Store what waits, and let go of the files."""
        self._writer.close()
        self._clerk.close()
        self.store.close()
        self._journal.close()

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
        async with self._one_command:  # each is decided on what the one before has made of the room
            await self._write(decide(self.state, command, self.now()), "state")

    async def join(self, *, pair: bool, consent: bool, name: str) -> tuple[str, str]:
        """Let someone in: who they are from now on, and their token.

        Raises
        ------
        Full
            Nobody more may join.
        """
        if not self.state.door or len(self.state.participants) >= MOST_PARTICIPANTS:
            raise RoomFull
        who, token = self.tokens.new()
        await self.tell(who, pair=pair, consent=consent, name=name)
        return who, token

    async def tell(self, who: str, *, pair: bool, consent: bool, name: str) -> None:
        """Keep what a participant says about themselves; a name only where names are asked for."""
        said = {"pair": pair, "consent": consent, "name": name if self.state.names else ""}
        await self._write(
            [RoomEvent(EventKind.JOINED, self.now(), {"who": who, **said})], "answers"
        )

    async def answer(self, who: str, exercise: AnyExercise, answer: object, entry_id: str) -> None:
        """Store an answer; it is on disk when this returns.

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
        known = self.answers.get(exercise.id, {}).get(who)
        if known is not None and known.id == entry_id:
            return  # it came before, and the word of it was lost

        def still_open(_: object) -> None:
            if self.state.phase(exercise.id) is not Phase.OPEN:
                raise ExerciseClosed(f"{exercise.id} is closed")

        still_open(None)
        entry = Entry(
            id=entry_id,
            time=self.now(),
            learner=who,
            exercise=exercise.id,
            answer=checked,
            where="workshop",
        )
        self._take(await self._writer.append(entry, still_open))
        self.changed("answers")

    async def _write(self, events: list[RoomEvent], what: str) -> None:
        await self._clerk.append(events)
        # In the order in which they were written: the clerk wakes us in it.
        for event in events:
            self.state = apply(self.state, event)
        self.changed(what)

    def _take(self, record: Record) -> None:
        if record.answer is None or record.exercise not in self.exercises:
            return
        of = self.answers.setdefault(record.exercise, {})
        known = of.get(record.learner)
        if known is None or known.attempt < record.attempt:
            of[record.learner] = record

    # -- what is known ----------------------------------------------------------------------------

    def public(self, exercise_id: str) -> dict[str, Any]:
        """What phones get of an exercise before they answer: never a key."""
        live = {"deferred": True, "attempts": None, "live": True}
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
        """What the facilitator did with the voices of an exercise."""
        said = self.state.moderation.get(exercise_id)
        if said is None:
            return Moderation()
        return Moderation(
            hidden=frozenset(said["hidden"]),
            pinned=frozenset(said["pinned"]),
            groups={name: tuple(voices) for name, voices in said["groups"].items()},
        )

    def before(self, exercise_id: str) -> str | None:
        """The exercise that asked the same earlier, once that has been closed."""
        agenda = self.state.agenda
        earlier = agenda.twice.get(exercise_id) if agenda else None
        settled = {Phase.CLOSED, Phase.REVEALED}
        return earlier if earlier and self.state.phase(earlier) in settled else None


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
                    moderation=room.moderation(name),
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
        names={who: profile.name for who, profile in people.items() if profile.name},
    )
