"""From events to what a room is doing: a fold, pure, and total for any order of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import reduce

from dxcourse.workshop._agenda import Agenda
from dxcourse.workshop._events import Event, Kind
from dxcourse.workshop._state import Phase, Profile, Screen, State, Timer, Times, Visit


def fold(events: Iterable[Event], start: State | None = None) -> State:
    """What a room is doing after these events."""
    return reduce(after, events, start or State())


def after(state: State, event: Event) -> State:
    """What a room is doing after one more event. What cannot be any more is passed over."""
    return _CHANGES[event.kind](state, event)


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
    first = state.times.get(name, Times()).opened or event.at
    return _put(state, event, Phase.OPEN, opened=first, closed=None)


def _closed(state: State, event: Event) -> State:
    name = event.data["exercise"]
    if state.phase(name) is not Phase.OPEN:
        return state
    return _close_all(state, event.at)


def _revealed(state: State, event: Event) -> State:
    name = event.data["exercise"]
    if state.phase(name) in {Phase.UNASKED, Phase.REVEALED}:
        return state
    return _put(state, event, Phase.REVEALED, revealed=event.at)


def _reasked(state: State, event: Event) -> State:
    if state.ended or state.phase(event.data["exercise"]) is not Phase.REVEALED:
        return state
    return _put(state, event, Phase.OPEN, closed=None, revealed=None, again=event.at)


def _put(state: State, event: Event, phase: Phase, **when: datetime | None) -> State:
    """Put an exercise before the room, in a phase; what else is open closes."""
    name = event.data["exercise"]
    closed = _close_all(state, event.at)
    times = replace(closed.times.get(name, Times()), **when)
    return replace(
        closed,
        asked=name,
        screen=Screen.ROOM,
        page=0,
        phases={**closed.phases, name: phase},
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
    Kind.REASKED: _reasked,
    Kind.SHOWN: _shown,
    Kind.TURNED: _turned,
    Kind.MINUTES: _minutes,
    Kind.SKIPPED: _skipped,
    Kind.TALLIED: _tallied,
    Kind.MODERATED: _moderated,
    Kind.DOOR: _door,
    Kind.ENDED: _ended,
}
