"""What each screen is told: phones, the board, the wall. Plain data of the room as it is now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dxcourse.workshop import clock
from dxcourse.workshop.agenda import AgendaStop
from dxcourse.workshop.results.tally import countable_items
from dxcourse.workshop.room import Room
from dxcourse.workshop.state import Phase, RoomState


def milliseconds(at: datetime) -> int:
    """A moment as browsers count it."""
    return round(at.timestamp() * 1000)


def for_phones(room: Room) -> dict[str, Any]:
    """What every phone is told: the same for all, nothing of anybody's answer, no key."""
    state = room.state
    phase = state.phase(state.asked)
    asked = room.public(state.asked) if phase is not Phase.UNASKED else None
    return {
        "ended": state.ended is not None,
        "began": state.began is not None,
        "phase": phase.value,
        "again": state.again(state.asked),
        "exercise": asked,
        "step": _step(state),
    }


def for_wall(room: Room, view: Mapping[str, Any] | None) -> dict[str, Any]:
    """What the projector shows."""
    state = room.state
    stop = state.at()
    return {
        "name": state.name,
        "screen": state.screen.value,
        "page": state.page,
        "ended": state.ended is not None,
        "stop": stop.title if stop else "",
        "exercise": _asked(room),
        "phase": state.phase(state.asked).value,
        "step": _step(state),
        "joined": len(state.participants),
        "view": view,
    }


def for_board(room: Room, view: Mapping[str, Any] | None, now: datetime) -> dict[str, Any]:
    """What the facilitator sees: counts, never who."""
    state = room.state
    stop = state.at()
    return for_wall(room, view) | {
        "door": state.door,
        "at": state.stop,
        "notes": stop.notes if stop else "",
        "steps": [step.model_dump() for step in stop.steps] if stop else [],
        "timer": _timer(state),
        "asks": _asks(room, stop),
        "asked": state.asked,
        "again": state.again(state.asked),
        "answered": len(room.given(state.asked)) if state.asked else 0,
        "pairs": sum(profile.pair for profile in state.participants.values()),
        "agenda": [_row(row) for row in clock.stop_rows(state, now)],
        "began": _moment(state.began),
        "end": _moment(clock.expected_end(state, now)),
        "late": round(clock.lateness(state, now)),
        "shorten": [
            {
                "id": each.stop.id,
                "stop": each.stop.title,
                "how": each.stop.shorten,
                "minutes": each.minutes,
                "least": each.stop.least,
            }
            for each in clock.savings(state, now)
        ],
        "sheet": countable_items(room.exercises[state.asked]) if state.asked else [],
        "tally": state.tallies.get(state.asked, {}),
        "moderation": state.moderation.get(state.asked, {"hidden": [], "pinned": [], "groups": {}}),
    }


def _asked(room: Room) -> dict[str, Any] | None:
    name = room.state.asked
    if not name:
        return None
    exercise = room.exercises[name]
    prompt = exercise.prompt or ""
    return {"id": name, "kind": exercise.kind, "title": exercise.title, "prompt": prompt}


def _asks(room: Room, stop: AgendaStop | None) -> list[dict[str, Any]]:
    return [
        {
            "id": ask.id,
            "title": room.exercises[ask.id].title,
            "phase": room.state.phase(ask.id).value,
        }
        for ask in (stop.asks if stop else ())
    ]


def _step(state: RoomState) -> dict[str, Any] | None:
    stop = state.at()
    if stop is None or state.timer is None or state.timer.step >= len(stop.steps):
        return None
    return {"text": stop.steps[state.timer.step].text, **(_timer(state) or {})}


def _timer(state: RoomState) -> dict[str, Any] | None:
    if state.timer is None:
        return None
    ends = state.timer.ends
    return {
        "step": state.timer.step,
        "ends": milliseconds(ends) if ends else None,
        "left": round(state.timer.left * 1000),
    }


def _row(row: clock.StopRow) -> dict[str, Any]:
    return {
        "id": row.stop.id,
        "title": row.stop.title,
        "at": row.at,
        "minutes": row.planned,
        "planned": row.stop.minutes,
        "ran": round(row.ran),
        "status": row.status,
        "began": _moment(row.began),
        "live": row.stop.live,
    }


def _moment(at: datetime | None) -> int | None:
    return milliseconds(at) if at else None
