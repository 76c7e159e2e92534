"""What a room is doing now, as plain data; `_fold` makes it of the room's events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import reduce
from typing import Any

from dxcourse.workshop.agenda import Agenda, AgendaStop
from dxcourse.workshop.events import EventKind, RoomEvent


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
    REST = "rest"  # the workshop's name alone


@dataclass(frozen=True)
class ParticipantProfile:
    """What a participant said about themselves."""

    pair: bool = False
    consent: bool = False
    name: str = ""


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
        What the facilitator hid, pinned and grouped, by exercise, as the event said it.
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
    moderation: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def stops(self) -> tuple[AgendaStop, ...]:
        """The agenda's stops."""
        return self.agenda.stops if self.agenda else ()

    def at(self) -> AgendaStop | None:
        """The stop the room is at."""
        return next((stop for stop in self.stops if stop.id == self.stop), None)

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
    profile = ParticipantProfile(data["pair"], data["consent"], data["name"])
    return replace(state, participants={**state.participants, data["who"]: profile})


def _went(state: RoomState, event: RoomEvent) -> RoomState:
    name = event.data["stop"]
    stop = next((each for each in state.stops if each.id == name), None)
    if stop is None:
        return state
    left = _left(state, event.at)
    known = left.visits.get(name)
    visit = StopVisit(event.at, since=event.at) if known is None else replace(known, since=event.at)
    first = stop.asks[0].id if stop.asks else ""
    return replace(
        left,
        began=state.began or event.at,
        stop=name,
        asked=first,
        screen=WallScreen.ROOM,
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
    return replace(state, phases=phases, times=times)


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
    return replace(state, screen=WallScreen(event.data["screen"]))


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
    said = {name: event.data[name] for name in ("hidden", "pinned", "groups")}
    return replace(state, moderation={**state.moderation, event.data["exercise"]: said})


def _door(state: RoomState, event: RoomEvent) -> RoomState:
    return replace(state, door=bool(event.data["open"]))


def _ended(state: RoomState, event: RoomEvent) -> RoomState:
    if state.ended:
        return state
    left = _left(state, event.at)
    return replace(left, ended=event.at, timer=None, door=False, screen=WallScreen.REST)


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
    EventKind.DOOR: _door,
    EventKind.ENDED: _ended,
}
