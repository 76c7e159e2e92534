"""What the report tells, before anybody lays it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dxcourse.workshop._snapshot import Asked, Workshop
from dxcourse.workshop.report._words import clock, say
from dxcourse.workshop.results import Given, RoomView, asked_again, room_view


@dataclass(frozen=True)
class Line:
    """A stop of the agenda as it ran."""

    title: str
    began: str
    planned: float
    ran: float
    note: str


@dataclass(frozen=True)
class Result:
    """What came of an exercise, and what a reader must know of it first."""

    view: RoomView
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Content:
    """All of a report."""

    name: str
    day: str
    hours: str
    participants: int
    pairs: int
    agenda: tuple[Line, ...]
    results: tuple[Result, ...]


def content(workshop: Workshop) -> Content:
    """Gather what the report tells. Pure."""
    day = workshop.day
    held = workshop.began is not None
    ends = (clock(workshop.began), clock(workshop.ended))
    return Content(
        name=workshop.name,
        day=say("held", year=day.year, month=day.month, day=day.day),
        hours=say("hours", began=ends[0], ended=ends[1]) if held else "",
        participants=workshop.participants,
        pairs=workshop.pairs,
        agenda=tuple(
            Line(
                title=stop.title,
                began=clock(stop.began),
                planned=round(stop.minutes, 1),
                ran=round(stop.ran / 60, 1),
                note=say("skipped") if stop.skipped else "",
            )
            for stop in workshop.stops
        ),
        results=tuple(_result(workshop, asked) for asked in workshop.asked),
    )


def agreed(workshop: Workshop, asked: Asked) -> tuple[Given, ...]:
    """Give the answers, each with whether it may be quoted."""
    return tuple(
        replace(each, consent=each.consent or each.who in workshop.consents) for each in asked.given
    )


def _result(workshop: Workshop, asked: Asked) -> Result:
    view = room_view(
        asked.exercise,
        agreed(workshop, asked),
        tallies=asked.tallies,
        moderation=asked.moderation,
        revealed=asked.revealed is not None,
        before=_before(workshop, asked),
        consented=True,
        seed=workshop.seed,
    )
    notes = []
    if asked.again:
        notes.append("again" if view.revealed else "again_not_revealed")
    elif not view.revealed:
        notes.append("not_revealed")
    if view.withheld:
        notes.append("withheld")
    return Result(view, tuple(map(say, notes)))


def _before(workshop: Workshop, asked: Asked) -> Sequence[Given] | None:
    earlier = workshop.of(asked.before) if asked.before else None
    if earlier is None:
        return None
    return asked_again(earlier.exercise, asked.exercise, agreed(workshop, earlier))
