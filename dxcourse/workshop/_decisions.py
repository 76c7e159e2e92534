"""What comes of a command: it becomes events, or is refused with a reason. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from dxcourse.workshop._agenda import AgendaStop
from dxcourse.workshop._commands import (
    Again,
    Door,
    Go,
    Longer,
    Minutes,
    Moderate,
    Open,
    Page,
    Plain,
    Show,
    Skip,
    Tallied,
)
from dxcourse.workshop._errors import NotNow
from dxcourse.workshop._events import Event, Kind
from dxcourse.workshop._state import Phase, State

Found = Iterable[tuple[Kind, dict[str, Any]]]


def decide(state: State, command: Any, now: datetime) -> list[Event]:  # noqa: ANN401
    """Give what comes of a command. Pure.

    Raises
    ------
    NotNow
        It does not fit what the room is doing.
    """
    if state.ended and command.do not in {"moderate", "page", "show", "tally"}:
        raise NotNow("over", "the workshop has ended; copy it to hold another")
    found = _DECISIONS[command.do](state, command)
    return [Event(kind, now, data) for kind, data in found]


def _neighbour(state: State, ahead: int) -> AgendaStop:
    order = [stop for stop in state.stops if stop.id not in state.skipped or stop.id == state.stop]
    place = next((i for i, stop in enumerate(order) if stop.id == state.stop), -1)
    if not 0 <= place + ahead < len(order):
        raise NotNow("no_stop", "there is no further stop on the agenda")
    return order[place + ahead]


def _next(state: State, _: Plain) -> Found:
    return [(Kind.WENT, {"stop": _neighbour(state, 1).id})]


def _back(state: State, _: Plain) -> Found:
    if not state.stop:
        raise NotNow("not_begun", "the first stop has not begun")
    return [(Kind.WENT, {"stop": _neighbour(state, -1).id})]


def _go(state: State, command: Go) -> Found:
    _stop(state, command.stop)
    return [(Kind.WENT, {"stop": command.stop})]


def _open(state: State, command: Open) -> Found:
    name = command.exercise or _to_open(state)
    _known(state, name)
    phase = state.phase(name)
    if phase is Phase.REVEALED:
        raise NotNow("revealed", f"{name} has been revealed; take that back to ask it again")
    if phase is Phase.OPEN:
        raise NotNow("open_already", f"{name} is open already")
    return [(Kind.OPENED, {"exercise": name})]


def _to_open(state: State) -> str:
    """The exercise that is next at this stop: the first that was not asked, or one that closed."""
    stop = state.at()
    names = [ask.id for ask in stop.asks] if stop else []
    for phase in (Phase.UNASKED, Phase.CLOSED):
        for name in names:
            if state.phase(name) is phase:
                return name
    raise NotNow("nothing_to_ask", "there is nothing to ask at this stop")


def _close(state: State, _: Plain) -> Found:
    name = next((name for name, phase in state.phases.items() if phase is Phase.OPEN), "")
    if not name:
        raise NotNow("nothing_open", "no exercise is open")
    return [(Kind.CLOSED, {"exercise": name})]


def _reveal(state: State, _: Plain) -> Found:
    phase = state.phase(state.asked) if state.asked else Phase.UNASKED
    if phase is Phase.UNASKED:
        raise NotNow("nothing_asked", "nothing was asked yet that could be revealed")
    if phase is Phase.REVEALED:
        raise NotNow("revealed", "it is revealed already")
    return [(Kind.REVEALED, {"exercise": state.asked})]


def _again(state: State, command: Again) -> Found:
    name = command.exercise or state.asked
    if state.phase(name) is not Phase.REVEALED:
        raise NotNow("not_revealed", "it was not revealed, so there is nothing to take back")
    return [(Kind.REASKED, {"exercise": name})]


def _step(state: State, _: Plain) -> Found:
    stop = state.at()
    place = -1 if state.timer is None else state.timer.step
    if stop is None or place + 1 >= len(stop.steps):
        raise NotNow("no_step", "there is no further step at this stop")
    return [(Kind.STEP, {"step": place + 1, "seconds": stop.steps[place + 1].seconds})]


def _timer(kind: Kind) -> Callable[[State, Any], Found]:
    def decided(state: State, command: Any) -> Found:  # noqa: ANN401
        if state.timer is None:
            raise NotNow("no_timer", "no step has begun, so there is no time to change")
        return [(kind, {"seconds": command.seconds} if isinstance(command, Longer) else {})]

    return decided


def _show(_: State, command: Show) -> Found:
    return [(Kind.SHOWN, {"screen": command.screen.value})]


def _page(_: State, command: Page) -> Found:
    return [(Kind.TURNED, {"page": command.page})]


def _minutes(state: State, command: Minutes) -> Found:
    _stop(state, command.stop)
    return [(Kind.MINUTES, {"stop": command.stop, "minutes": command.minutes})]


def _skip(state: State, command: Skip) -> Found:
    _stop(state, command.stop)
    if command.skipped and command.stop == state.stop:
        raise NotNow("here", "the room is at this stop; go on to the next instead")
    return [(Kind.SKIPPED, {"stop": command.stop, "skipped": command.skipped})]


def _tally(state: State, command: Tallied) -> Found:
    _known(state, command.exercise)
    data = {"exercise": command.exercise, "item": command.item, "counts": dict(command.counts)}
    return [(Kind.TALLIED, data)]


def _moderate(state: State, command: Moderate) -> Found:
    _known(state, command.exercise)
    return [
        (
            Kind.MODERATED,
            {
                "exercise": command.exercise,
                "hidden": list(command.hidden),
                "pinned": list(command.pinned),
                "groups": {name: list(voices) for name, voices in command.groups.items()},
            },
        )
    ]


def _door(_: State, command: Door) -> Found:
    return [(Kind.DOOR, {"open": command.open})]


def _end(_: State, __: Plain) -> Found:
    return [(Kind.ENDED, {})]


def _stop(state: State, name: str) -> None:
    if name not in {stop.id for stop in state.stops}:
        raise NotNow("unknown", "there is no such stop on the agenda")


def _known(state: State, name: str) -> None:
    if state.agenda is None or name not in {ask.id for ask in state.agenda.asks}:
        raise NotNow("unknown", "there is no such exercise on the agenda")


_DECISIONS: dict[str, Callable[[State, Any], Found]] = {
    "next": _next,
    "back": _back,
    "go": _go,
    "open": _open,
    "close": _close,
    "reveal": _reveal,
    "again": _again,
    "step": _step,
    "pause": _timer(Kind.PAUSED),
    "continue": _timer(Kind.CONTINUED),
    "longer": _timer(Kind.LONGER),
    "show": _show,
    "page": _page,
    "minutes": _minutes,
    "skip": _skip,
    "tally": _tally,
    "moderate": _moderate,
    "door": _door,
    "end": _end,
}
