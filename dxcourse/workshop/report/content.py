"""What the report tells, before anybody lays it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dxcourse.facts import JAPAN
from dxcourse.text import say as text
from dxcourse.text import words as all_words
from dxcourse.workshop.results import GivenAnswer, RoomView, carry_over, room_view
from dxcourse.workshop.snapshot import AskedExercise, Workshop


def words() -> Mapping[str, Any]:
    """Every word of the report, by name."""
    return all_words("report")


def say(word: str, /, **fields: Any) -> str:  # noqa: ANN401  -- what `format` takes
    """Give a word of the report, filled in."""
    return text(f"report.{word}", **fields)


def time_of_day(moment: datetime | None) -> str:
    """Give the time of day in Japan: ``14:05``; nothing for none."""
    return "" if moment is None else moment.astimezone(JAPAN).strftime("%H:%M")


@dataclass(frozen=True)
class AgendaLine:
    """A stop of the agenda as it ran."""

    title: str
    began: str
    planned: float
    ran: float
    note: str


@dataclass(frozen=True)
class ExerciseResult:
    """What came of an exercise, and what a reader must know of it first."""

    view: RoomView
    notes: tuple[str, ...]


@dataclass(frozen=True)
class ReportContent:
    """All of a report."""

    name: str
    day: str
    hours: str
    participants: int
    pairs: int
    agenda: tuple[AgendaLine, ...]
    results: tuple[ExerciseResult, ...]


def report_content(workshop: Workshop) -> ReportContent:
    """Gather what the report tells. Pure."""
    day = workshop.day
    held = workshop.began is not None
    ends = (time_of_day(workshop.began), time_of_day(workshop.ended))
    return ReportContent(
        name=workshop.name,
        day=say("held", year=day.year, month=day.month, day=day.day),
        hours=say("hours", began=ends[0], ended=ends[1]) if held else "",
        participants=workshop.participants,
        pairs=workshop.pairs,
        agenda=tuple(
            AgendaLine(
                title=stop.title,
                began=time_of_day(stop.began),
                planned=round(stop.minutes, 1),
                ran=round(stop.ran / 60, 1),
                note=say("skipped") if stop.skipped else "",
            )
            for stop in workshop.stops
        ),
        results=tuple(_result(workshop, asked) for asked in workshop.asked),
    )


def with_consent(workshop: Workshop, asked: AskedExercise) -> tuple[GivenAnswer, ...]:
    """Give the answers, each with whether it may be quoted."""
    return tuple(
        replace(each, consent=each.consent or each.who in workshop.consents) for each in asked.given
    )


def _result(workshop: Workshop, asked: AskedExercise) -> ExerciseResult:
    view = room_view(
        asked.exercise,
        with_consent(workshop, asked),
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
    return ExerciseResult(view, tuple(map(say, notes)))


def _before(workshop: Workshop, asked: AskedExercise) -> Sequence[GivenAnswer] | None:
    earlier = workshop.of(asked.before) if asked.before else None
    if earlier is None:
        return None
    return carry_over(earlier.exercise, asked.exercise, with_consent(workshop, earlier))
