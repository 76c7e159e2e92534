"""What a room is doing now: a fold over its events, pure, and total for any order of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import reduce
from typing import Any

from dxcourse.workshop._agenda import Agenda, AgendaStop
from dxcourse.workshop._events import Event, Kind


class Phase(StrEnum):
    """Where an exercise is."""

    UNASKED = "unasked"
    OPEN = "open"
    CLOSED = "closed"
    REVEALED = "revealed"


class Screen(StrEnum):
    """What the wall shows."""

    JOIN = "join"
    ROOM = "room"  # the exercise, its steps, the answers
    REST = "rest"  # the workshop's name alone


@dataclass(frozen=True)
class Profile:
    """What a participant said about themselves."""

    pair: bool = False
    consent: bool = False
    name: str = ""


@dataclass(frozen=True)
class Times:
    """When an exercise was opened first, closed last, and revealed."""

    opened: datetime | None = None
    closed: datetime | None = None
    revealed: datetime | None = None


@dataclass(frozen=True)
class Visit:
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
class Timer:
    """The time of a step: it ends at `ends`, or stands still with `left` seconds."""

    step: int
    ends: datetime | None
    left: float = 0.0

    def remaining(self, now: datetime) -> float:
        """Seconds that are left; negative when it is over."""
        return (self.ends - now).total_seconds() if self.ends else self.left


@dataclass(frozen=True)
class State:
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
    screen: Screen = Screen.JOIN
    page: int = 0
    door: bool = True
    timer: Timer | None = None
    participants: Mapping[str, Profile] = field(default_factory=dict)
    phases: Mapping[str, Phase] = field(default_factory=dict)
    times: Mapping[str, Times] = field(default_factory=dict)
    visits: Mapping[str, Visit] = field(default_factory=dict)
    minutes: Mapping[str, float] = field(default_factory=dict)
    skipped: frozenset[str] = frozenset()
    tallies: Mapping[str, Mapping[str, Mapping[str, int]]] = field(default_factory=dict)
    moderation: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    version: int = 0

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

    def planned(self, stop: AgendaStop) -> float:
        """Minutes that a stop is to take, as planned last; 0 for one that is left out."""
        return 0.0 if stop.id in self.skipped else self.minutes.get(stop.id, stop.minutes)


def fold(events: Iterable[Event], start: State | None = None) -> State:
    """What a room is doing after these events."""
    return reduce(after, events, start or State())


def after(state: State, event: Event) -> State:
    """What a room is doing after one more event. What cannot be any more is passed over."""
    changed = _CHANGES[event.kind](state, event)
    return replace(changed, version=state.version + 1)


def _created(state: State, event: Event) -> State:
    data = event.data
    return replace(
        state,
        name=data["name"],
        day=data["day"],
        seed=data["seed"],
        names=data["names"],
        agenda=Agenda.model_validate(data["agenda"]),
    )


def _joined(state: State, event: Event) -> State:
    data = event.data
    profile = Profile(data["pair"], data["consent"], data["name"])
    return replace(state, participants={**state.participants, data["who"]: profile})


def _went(state: State, event: Event) -> State:
    name = event.data["stop"]
    stop = next((each for each in state.stops if each.id == name), None)
    if stop is None:
        return state
    left = _left(state, event.at)
    known = left.visits.get(name)
    visit = Visit(event.at, since=event.at) if known is None else replace(known, since=event.at)
    first = stop.asks[0].id if stop.asks else ""
    return replace(
        left,
        began=state.began or event.at,
        stop=name,
        asked=first,
        screen=Screen.ROOM,
        page=0,
        timer=None,
        visits={**left.visits, name: visit},
        skipped=state.skipped - {name},
    )


def _left(state: State, at: datetime) -> State:
    """Leave the stop the room is at; what is open closes."""
    closed = _close_all(state, at)
    visit = state.visits.get(state.stop)
    if visit is None or visit.since is None:
        return closed
    gone = replace(visit, seconds=visit.ran(at), since=None, ended=at)
    return replace(closed, visits={**state.visits, state.stop: gone})


def _close_all(state: State, at: datetime) -> State:
    phases, times = dict(state.phases), dict(state.times)
    for name, phase in state.phases.items():
        if phase is Phase.OPEN:
            phases[name] = Phase.CLOSED
            times[name] = replace(times.get(name, Times()), closed=at)
    return replace(state, phases=phases, times=times)


def _opened(state: State, event: Event) -> State:
    name = event.data["exercise"]
    if state.ended or state.phase(name) is Phase.REVEALED:
        return state
    closed = _close_all(state, event.at)
    known = closed.times.get(name, Times())
    times = replace(known, opened=known.opened or event.at, closed=None)
    return replace(
        closed,
        asked=name,
        screen=Screen.ROOM,
        page=0,
        phases={**closed.phases, name: Phase.OPEN},
        times={**closed.times, name: times},
    )


def _closed(state: State, event: Event) -> State:
    name = event.data["exercise"]
    if state.phase(name) is not Phase.OPEN:
        return state
    return _close_all(state, event.at)


def _revealed(state: State, event: Event) -> State:
    name = event.data["exercise"]
    if state.phase(name) in {Phase.UNASKED, Phase.REVEALED}:
        return state
    closed = _close_all(state, event.at)
    times = replace(closed.times.get(name, Times()), revealed=event.at)
    return replace(
        closed,
        asked=name,
        screen=Screen.ROOM,
        page=0,
        phases={**closed.phases, name: Phase.REVEALED},
        times={**closed.times, name: times},
    )


def _step(state: State, event: Event) -> State:
    ends = event.at + timedelta(seconds=event.data["seconds"])
    return replace(state, timer=Timer(event.data["step"], ends), screen=Screen.ROOM)


def _paused(state: State, event: Event) -> State:
    if state.timer is None or state.timer.ends is None:
        return state
    return replace(
        state, timer=replace(state.timer, ends=None, left=state.timer.remaining(event.at))
    )


def _continued(state: State, event: Event) -> State:
    if state.timer is None or state.timer.ends is not None:
        return state
    ends = event.at + timedelta(seconds=state.timer.left)
    return replace(state, timer=replace(state.timer, ends=ends, left=0.0))


def _longer(state: State, event: Event) -> State:
    timer, more = state.timer, event.data["seconds"]
    if timer is None:
        return state
    if timer.ends is None:
        return replace(state, timer=replace(timer, left=timer.left + more))
    # Time that is over is not owed: a minute more is a minute from now.
    ends = max(timer.ends, event.at) + timedelta(seconds=more)
    return replace(state, timer=replace(timer, ends=ends))


def _shown(state: State, event: Event) -> State:
    return replace(state, screen=Screen(event.data["screen"]))


def _turned(state: State, event: Event) -> State:
    return replace(state, page=event.data["page"], screen=Screen.ROOM)


def _minutes(state: State, event: Event) -> State:
    return replace(
        state, minutes={**state.minutes, event.data["stop"]: float(event.data["minutes"])}
    )


def _skipped(state: State, event: Event) -> State:
    one = {event.data["stop"]}
    return replace(
        state, skipped=state.skipped | one if event.data["skipped"] else state.skipped - one
    )


def _tallied(state: State, event: Event) -> State:
    exercise, item = event.data["exercise"], event.data["item"]
    counts = {value: n for value, n in event.data["counts"].items() if n > 0}
    of = {**state.tallies.get(exercise, {}), item: counts}
    return replace(state, tallies={**state.tallies, exercise: {k: v for k, v in of.items() if v}})


def _moderated(state: State, event: Event) -> State:
    said = {name: event.data[name] for name in ("hidden", "pinned", "groups")}
    return replace(state, moderation={**state.moderation, event.data["exercise"]: said})


def _door(state: State, event: Event) -> State:
    return replace(state, door=bool(event.data["open"]))


def _ended(state: State, event: Event) -> State:
    if state.ended:
        return state
    left = _left(state, event.at)
    return replace(left, ended=event.at, timer=None, door=False, screen=Screen.REST)


_CHANGES = {
    Kind.CREATED: _created,
    Kind.JOINED: _joined,
    Kind.WENT: _went,
    Kind.STEP: _step,
    Kind.PAUSED: _paused,
    Kind.CONTINUED: _continued,
    Kind.LONGER: _longer,
    Kind.OPENED: _opened,
    Kind.CLOSED: _closed,
    Kind.REVEALED: _revealed,
    Kind.SHOWN: _shown,
    Kind.TURNED: _turned,
    Kind.MINUTES: _minutes,
    Kind.SKIPPED: _skipped,
    Kind.TALLIED: _tallied,
    Kind.MODERATED: _moderated,
    Kind.DOOR: _door,
    Kind.ENDED: _ended,
}
