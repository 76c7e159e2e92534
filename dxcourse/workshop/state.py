"""What a room is doing now, as plain data, and the fold that makes it of the room's events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import reduce
from typing import Any

from dxcourse.workshop.agenda import Agenda, AgendaStop
from dxcourse.workshop.events import EventKind, RoomEvent
from dxcourse.workshop.moderation import Moderation, VoiceChange


class Phase(StrEnum):
    """Where an exercise is."""

    UNASKED = "unasked"
    OPEN = "open"
    CLOSED = "closed"
    REVEALED = "revealed"


class WallScreen(StrEnum):
    """What the wall shows."""

    JOIN = "join"
    ROOM = "room"  # the exercise, its steps, the answers
    SCENE = "scene"  # the picture and the words of the question, before and beside it
    VOICE = "voice"  # one voice, as large as the wall
    QUESTIONS = "questions"  # from the floor, those that the facilitator let through
    REST = "rest"  # a break, and how long it lasts
    FAREWELL = "farewell"  # the promises, and the day that they are asked for


@dataclass(frozen=True)
class ParticipantProfile:
    """What a participant said about themselves; `table` is 0 where no table's card was read."""

    pair: bool = False
    consent: bool = False
    name: str = ""
    table: int = 0


@dataclass(frozen=True)
class ExerciseTimes:
    """When an exercise was opened first, closed last, revealed, and asked again after a reveal."""

    opened: datetime | None = None
    closed: datetime | None = None
    revealed: datetime | None = None  # none once the reveal is taken back, until the next
    again: datetime | None = None


@dataclass(frozen=True)
class StopVisit:
    """When the room was at a stop: first beginning, last ending, and seconds in all."""

    began: datetime
    ended: datetime | None = None
    since: datetime | None = None  # of the visit that is going on
    seconds: float = 0.0

    def ran(self, now: datetime) -> float:
        """Seconds at it, until now."""
        going = (now - self.since).total_seconds() if self.since else 0.0
        return self.seconds + max(0.0, going)


@dataclass(frozen=True)
class StepTimer:
    """The time of a step: it ends at `ends`, or stands still with `left` seconds."""

    step: int
    ends: datetime | None
    left: float = 0.0

    def remaining(self, now: datetime) -> float:
        """Seconds that are left; negative when it is over."""
        return (self.ends - now).total_seconds() if self.ends else self.left


class QuestionStatus(StrEnum):
    """Where a question from the floor is."""

    WAITING = "waiting"  # the facilitator alone sees it
    SHOWN = "shown"
    DONE = "done"
    HIDDEN = "hidden"


@dataclass(frozen=True)
class FloorQuestion:
    """A question that a participant asked the facilitator."""

    id: str
    who: str
    text: str
    status: QuestionStatus = QuestionStatus.WAITING


@dataclass(frozen=True)
class MadeQuestion:
    """An exercise made on the spot, as a bank would have it, and the stop it belongs to."""

    stop: str
    exercise: Mapping[str, Any]


@dataclass(frozen=True)
class RoomState:
    """A room, now.

    Parameters
    ----------
    stop
        The id of the stop the room is at; "" before the first.
    asked
        The exercise that phones and wall are at; "" for none.
    page
        Of the wall's picture, from 0.
    tallies
        Counts that the facilitator typed: exercise, item, value.
    moderation
        What the facilitator hid, let through, pinned and grouped, by exercise.
    approval
        Whether voices wait for the facilitator before they stand on the wall.
    spotlight
        The voice that fills the wall where `screen` is `WallScreen.VOICE`.
    nods
        Who agreed with a voice or a question, by its id.
    questions, made
        From the floor; and the exercises made on the spot, by id.
    closing
        When the exercise that is open closes by itself.
    rest_until
        When a break ends.
    expelled
        Who was put out of the room.
    """

    name: str = ""
    day: str = ""
    seed: str = ""
    names: bool = False
    agenda: Agenda | None = None
    began: datetime | None = None
    ended: datetime | None = None
    stop: str = ""
    asked: str = ""
    screen: WallScreen = WallScreen.JOIN
    page: int = 0
    door: bool = True
    timer: StepTimer | None = None
    participants: Mapping[str, ParticipantProfile] = field(default_factory=dict)
    phases: Mapping[str, Phase] = field(default_factory=dict)
    times: Mapping[str, ExerciseTimes] = field(default_factory=dict)
    visits: Mapping[str, StopVisit] = field(default_factory=dict)
    minutes: Mapping[str, float] = field(default_factory=dict)
    skipped: frozenset[str] = frozenset()
    tallies: Mapping[str, Mapping[str, Mapping[str, int]]] = field(default_factory=dict)
    moderation: Mapping[str, Moderation] = field(default_factory=dict)
    approval: bool = True
    spotlight: str = ""
    nods: Mapping[str, frozenset[str]] = field(default_factory=dict)
    questions: Mapping[str, FloorQuestion] = field(default_factory=dict)
    made: Mapping[str, MadeQuestion] = field(default_factory=dict)
    closing: datetime | None = None
    rest_until: datetime | None = None
    expelled: Mapping[str, ParticipantProfile] = field(default_factory=dict)

    @property
    def stops(self) -> tuple[AgendaStop, ...]:
        """The agenda's stops."""
        return self.agenda.stops if self.agenda else ()

    def at(self) -> AgendaStop | None:
        """The stop the room is at."""
        return next((stop for stop in self.stops if stop.id == self.stop), None)

    def asks(self, stop: str) -> tuple[str, ...]:
        """What is asked at a stop: what the agenda says, then what was made there."""
        planned = next((each.asks for each in self.stops if each.id == stop), ())
        own = (name for name, each in self.made.items() if each.stop == stop)
        return (*(ask.id for ask in planned), *own)

    def knows(self, exercise: str) -> bool:
        """Whether the room has such an exercise."""
        planned = self.agenda.asks if self.agenda else ()
        return exercise in self.made or any(ask.id == exercise for ask in planned)

    def moderated(self, exercise: str) -> Moderation:
        """What may be seen of an exercise's voices on the wall."""
        return replace(self.moderation.get(exercise, Moderation()), approval=self.approval)

    def phase(self, exercise: str) -> Phase:
        """Where an exercise is."""
        return self.phases.get(exercise, Phase.UNASKED)

    def again(self, exercise: str) -> bool:
        """Whether it was asked again after a reveal: some may have answered knowing the key."""
        return self.times.get(exercise, ExerciseTimes()).again is not None

    def planned(self, stop: AgendaStop) -> float:
        """Minutes that a stop is to take, as planned last; 0 for one that is left out."""
        return 0.0 if stop.id in self.skipped else self.minutes.get(stop.id, stop.minutes)


def fold(events: Iterable[RoomEvent], start: RoomState | None = None) -> RoomState:
    """What a room is doing after these events."""
    return reduce(apply, events, start or RoomState())


def apply(state: RoomState, event: RoomEvent) -> RoomState:
    """What a room is doing after one more event. What cannot be any more is passed over."""
    return _CHANGES[event.kind](state, event)


def _created(state: RoomState, event: RoomEvent) -> RoomState:
    data = event.data
    return replace(
        state,
        name=data["name"],
        day=data["day"],
        seed=data["seed"],
        names=data["names"],
        agenda=Agenda.model_validate(data["agenda"]),
    )


def _joined(state: RoomState, event: RoomEvent) -> RoomState:
    data = event.data
    if data["who"] in state.expelled:
        return state
    profile = ParticipantProfile(data["pair"], data["consent"], data["name"], data.get("table", 0))
    return replace(state, participants={**state.participants, data["who"]: profile})


def _went(state: RoomState, event: RoomEvent) -> RoomState:
    name = event.data["stop"]
    stop = next((each for each in state.stops if each.id == name), None)
    if stop is None:
        return state
    left = _left(state, event.at)
    known = left.visits.get(name)
    visit = StopVisit(event.at, since=event.at) if known is None else replace(known, since=event.at)
    screen = WallScreen(stop.screen)
    left_minutes = state.planned(stop) or stop.minutes
    rest = event.at + timedelta(minutes=left_minutes) if screen is WallScreen.REST else None
    return replace(
        left,
        began=state.began or event.at,
        stop=name,
        asked=next(iter(state.asks(name)), ""),
        screen=screen,
        spotlight="",
        rest_until=rest,
        page=0,
        timer=None,
        visits={**left.visits, name: visit},
        skipped=state.skipped - {name},
    )


def _left(state: RoomState, at: datetime) -> RoomState:
    """Leave the stop the room is at; what is open closes."""
    closed = _close_all(state, at)
    visit = state.visits.get(state.stop)
    if visit is None or visit.since is None:
        return closed
    gone = replace(visit, seconds=visit.ran(at), since=None, ended=at)
    return replace(closed, visits={**state.visits, state.stop: gone})


def _close_all(state: RoomState, at: datetime) -> RoomState:
    phases, times = dict(state.phases), dict(state.times)
    for name, phase in state.phases.items():
        if phase is Phase.OPEN:
            phases[name] = Phase.CLOSED
            times[name] = replace(times.get(name, ExerciseTimes()), closed=at)
    return replace(state, phases=phases, times=times, closing=None)


def _opened(state: RoomState, event: RoomEvent) -> RoomState:
    name = event.data["exercise"]
    if state.ended or state.phase(name) is Phase.REVEALED:
        return state
    first = state.times.get(name, ExerciseTimes()).opened or event.at
    return _put(state, event, Phase.OPEN, opened=first, closed=None)


def _closed(state: RoomState, event: RoomEvent) -> RoomState:
    name = event.data["exercise"]
    if state.phase(name) is not Phase.OPEN:
        return state
    return _close_all(state, event.at)


def _revealed(state: RoomState, event: RoomEvent) -> RoomState:
    name = event.data["exercise"]
    if state.phase(name) in {Phase.UNASKED, Phase.REVEALED}:
        return state
    return _put(state, event, Phase.REVEALED, revealed=event.at)


def _reasked(state: RoomState, event: RoomEvent) -> RoomState:
    if state.ended or state.phase(event.data["exercise"]) is not Phase.REVEALED:
        return state
    return _put(state, event, Phase.OPEN, closed=None, revealed=None, again=event.at)


def _put(state: RoomState, event: RoomEvent, phase: Phase, **when: datetime | None) -> RoomState:
    """Put an exercise before the room, in a phase; what else is open closes."""
    name = event.data["exercise"]
    closed = _close_all(state, event.at)
    times = replace(closed.times.get(name, ExerciseTimes()), **when)
    return replace(
        closed,
        asked=name,
        screen=WallScreen.ROOM,
        spotlight="",
        page=0,
        phases={**closed.phases, name: phase},
        times={**closed.times, name: times},
    )


def _step(state: RoomState, event: RoomEvent) -> RoomState:
    ends = event.at + timedelta(seconds=event.data["seconds"])
    return replace(state, timer=StepTimer(event.data["step"], ends), screen=WallScreen.ROOM)


def _paused(state: RoomState, event: RoomEvent) -> RoomState:
    if state.timer is None or state.timer.ends is None:
        return state
    return replace(
        state, timer=replace(state.timer, ends=None, left=state.timer.remaining(event.at))
    )


def _continued(state: RoomState, event: RoomEvent) -> RoomState:
    if state.timer is None or state.timer.ends is not None:
        return state
    ends = event.at + timedelta(seconds=state.timer.left)
    return replace(state, timer=replace(state.timer, ends=ends, left=0.0))


def _longer(state: RoomState, event: RoomEvent) -> RoomState:
    timer, more = state.timer, event.data["seconds"]
    if timer is None:
        return state
    if timer.ends is None:
        return replace(state, timer=replace(timer, left=timer.left + more))
    # Time that is over is not owed: a minute more is a minute from now.
    ends = max(timer.ends, event.at) + timedelta(seconds=more)
    return replace(state, timer=replace(timer, ends=ends))


def _shown(state: RoomState, event: RoomEvent) -> RoomState:
    screen = WallScreen(event.data["screen"])
    if screen is WallScreen.VOICE and not state.spotlight:
        return state
    return replace(state, screen=screen, rest_until=None)


def _turned(state: RoomState, event: RoomEvent) -> RoomState:
    return replace(state, page=event.data["page"], screen=WallScreen.ROOM)


def _minutes(state: RoomState, event: RoomEvent) -> RoomState:
    return replace(
        state, minutes={**state.minutes, event.data["stop"]: float(event.data["minutes"])}
    )


def _skipped(state: RoomState, event: RoomEvent) -> RoomState:
    one = {event.data["stop"]}
    return replace(
        state, skipped=state.skipped | one if event.data["skipped"] else state.skipped - one
    )


def _tallied(state: RoomState, event: RoomEvent) -> RoomState:
    exercise, item = event.data["exercise"], event.data["item"]
    counts = {value: n for value, n in event.data["counts"].items() if n > 0}
    of = {**state.tallies.get(exercise, {}), item: counts}
    return replace(state, tallies={**state.tallies, exercise: {k: v for k, v in of.items() if v}})


def _moderated(state: RoomState, event: RoomEvent) -> RoomState:
    data = event.data
    said = replace(
        state.moderation.get(data["exercise"], Moderation()),
        hidden=frozenset(data["hidden"]),
        pinned=frozenset(data["pinned"]),
        groups={name: tuple(voices) for name, voices in data["groups"].items()},
    )
    return replace(state, moderation={**state.moderation, data["exercise"]: said})


def _voice(state: RoomState, event: RoomEvent) -> RoomState:
    data = event.data
    now = state.moderation.get(data["exercise"], Moderation()).changed(
        VoiceChange(data["change"]), data["voices"], name=data["name"], marks=data["marks"]
    )
    spot = "" if state.spotlight in now.hidden else state.spotlight
    shown = WallScreen.ROOM if spot != state.spotlight else state.screen
    if state.screen is not WallScreen.VOICE:
        shown = state.screen
    return replace(
        state,
        moderation={**state.moderation, data["exercise"]: now},
        spotlight=spot,
        screen=shown,
    )


def _approval(state: RoomState, event: RoomEvent) -> RoomState:
    return replace(state, approval=bool(event.data["on"]))


def _spotlight(state: RoomState, event: RoomEvent) -> RoomState:
    voice = event.data["voice"]
    if state.asked != event.data["exercise"]:
        return state
    return replace(state, spotlight=voice, screen=WallScreen.VOICE if voice else WallScreen.ROOM)


def _nodded(state: RoomState, event: RoomEvent) -> RoomState:
    target, who = event.data["target"], frozenset({event.data["who"]})
    known = state.nods.get(target, frozenset())
    return replace(
        state, nods={**state.nods, target: known | who if event.data["on"] else known - who}
    )


def _question(state: RoomState, event: RoomEvent) -> RoomState:
    data = event.data
    if data["id"] in state.questions:
        return state
    asked = FloorQuestion(data["id"], data["who"], data["text"])
    return replace(state, questions={**state.questions, asked.id: asked})


def _answered(state: RoomState, event: RoomEvent) -> RoomState:
    known = state.questions.get(event.data["id"])
    if known is None:
        return state
    now = replace(known, status=QuestionStatus(event.data["status"]))
    return replace(state, questions={**state.questions, known.id: now})


def _made(state: RoomState, event: RoomEvent) -> RoomState:
    exercise = event.data["exercise"]
    if state.ended or state.knows(exercise["id"]):
        return state
    made = MadeQuestion(event.data["stop"], exercise)
    return replace(state, made={**state.made, exercise["id"]: made})


def _recalled(state: RoomState, event: RoomEvent) -> RoomState:
    name = event.data["exercise"]
    if state.phase(name) in {Phase.UNASKED, Phase.OPEN} or Phase.OPEN in state.phases.values():
        return state
    return replace(state, asked=name, screen=WallScreen.ROOM, page=0, spotlight="")


def _closing(state: RoomState, event: RoomEvent) -> RoomState:
    if state.phase(event.data["exercise"]) is not Phase.OPEN:
        return state
    return replace(state, closing=event.at + timedelta(seconds=event.data["seconds"]))


def _rest(state: RoomState, event: RoomEvent) -> RoomState:
    until = event.at + timedelta(seconds=event.data["seconds"])
    return replace(state, screen=WallScreen.REST, rest_until=until)


def _expelled(state: RoomState, event: RoomEvent) -> RoomState:
    who = event.data["who"]
    if who not in state.participants:
        return state
    left = {name: profile for name, profile in state.participants.items() if name != who}
    return replace(
        state, participants=left, expelled={**state.expelled, who: state.participants[who]}
    )


def _readmitted(state: RoomState, _: RoomEvent) -> RoomState:
    return replace(state, participants={**state.participants, **state.expelled}, expelled={})


def _door(state: RoomState, event: RoomEvent) -> RoomState:
    return replace(state, door=bool(event.data["open"]))


def _ended(state: RoomState, event: RoomEvent) -> RoomState:
    if state.ended:
        return state
    left = _left(state, event.at)
    return replace(
        left, ended=event.at, timer=None, door=False, screen=WallScreen.FAREWELL, spotlight=""
    )


_CHANGES = {
    EventKind.CREATED: _created,
    EventKind.JOINED: _joined,
    EventKind.WENT: _went,
    EventKind.STEP: _step,
    EventKind.PAUSED: _paused,
    EventKind.CONTINUED: _continued,
    EventKind.LONGER: _longer,
    EventKind.OPENED: _opened,
    EventKind.CLOSED: _closed,
    EventKind.REVEALED: _revealed,
    EventKind.REASKED: _reasked,
    EventKind.SHOWN: _shown,
    EventKind.TURNED: _turned,
    EventKind.MINUTES: _minutes,
    EventKind.SKIPPED: _skipped,
    EventKind.TALLIED: _tallied,
    EventKind.MODERATED: _moderated,
    EventKind.VOICE: _voice,
    EventKind.APPROVAL: _approval,
    EventKind.SPOTLIGHT: _spotlight,
    EventKind.NODDED: _nodded,
    EventKind.QUESTION: _question,
    EventKind.ANSWERED: _answered,
    EventKind.MADE: _made,
    EventKind.RECALLED: _recalled,
    EventKind.CLOSING: _closing,
    EventKind.REST: _rest,
    EventKind.EXPELLED: _expelled,
    EventKind.READMITTED: _readmitted,
    EventKind.DOOR: _door,
    EventKind.ENDED: _ended,
}
