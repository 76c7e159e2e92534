"""The agenda against the clock: planned and actual, how late it is, what to shorten. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from dxcourse.workshop.agenda import AgendaStop
from dxcourse.workshop.state import RoomState

LATE = 60.0  # seconds: less is not worth a word


@dataclass(frozen=True)
class StopRow:
    """One stop: minutes from the beginning as planned, and what came of it."""

    stop: AgendaStop
    at: float
    planned: float
    ran: float
    status: str  # "coming", "now", "done", "skipped"; "passed" where the room went past it
    began: datetime | None
    ended: datetime | None


@dataclass(frozen=True)
class TimeSaving:
    """A stop that can be shortened, and the minutes it gives."""

    stop: AgendaStop
    minutes: float


def stop_rows(state: RoomState, now: datetime) -> list[StopRow]:
    """Every stop of the agenda, in order."""
    found = []
    at = 0.0
    names = [stop.id for stop in state.stops]
    here = names.index(state.stop) if state.stop in names else -1
    for place, stop in enumerate(state.stops):
        visit = state.visits.get(stop.id)
        if stop.id == state.stop and state.ended is None:
            status = "now"
        elif stop.id in state.skipped:
            status = "skipped"
        else:
            status = "done" if visit else "passed" if place < here else "coming"
        ran = visit.ran(now) if visit else 0.0
        began, ended = (visit.began, visit.ended) if visit else (None, None)
        found.append(StopRow(stop, at, state.planned(stop), ran, status, began, ended))
        at += stop.minutes
    return found


def expected_end(state: RoomState, now: datetime) -> datetime | None:
    """When it will end if everything to come takes as long as planned; None before it begins."""
    if state.began is None:
        return None
    if state.ended:
        return state.ended
    left = 0.0
    for row in stop_rows(state, now):
        if row.status == "now":
            left += max(0.0, row.planned * 60 - row.ran)
        elif row.status == "coming":
            left += row.planned * 60
    return now + timedelta(seconds=left)


def lateness(state: RoomState, now: datetime) -> float:
    """Seconds by which it will end later than planned; negative where earlier."""
    end = expected_end(state, now)
    if end is None or state.began is None or state.agenda is None:
        return 0.0
    return (end - state.began).total_seconds() - state.agenda.minutes * 60


def savings(state: RoomState, now: datetime) -> list[TimeSaving]:
    """What to shorten, the most worthwhile first: enough to be in time again, and no more."""
    owed = lateness(state, now)
    if owed < LATE:
        return []
    can = [
        TimeSaving(row.stop, row.planned - row.stop.least)
        for row in stop_rows(state, now)
        if row.status == "coming" and row.planned > row.stop.least
    ]
    chosen = []
    for saving in sorted(can, key=lambda each: -each.minutes):
        if owed < LATE:
            break
        chosen.append(saving)
        owed -= saving.minutes * 60
    return chosen
