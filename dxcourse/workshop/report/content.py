"""What the report tells, before anybody lays it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from dxcourse.exercises.shapes import Shape
from dxcourse.facts import JAPAN
from dxcourse.learner import working_day
from dxcourse.text import say as text
from dxcourse.text import words as all_words
from dxcourse.workshop import report
from dxcourse.workshop.results import GivenAnswer, RoomView, carry_over, room_view
from dxcourse.workshop.results.answers import FEW, count_answers
from dxcourse.workshop.results.pictures import Picture, Themes, Voice, Voices
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


MONTH = 30  # days until the promises are asked for
QUOTES = 3  # on the first page
SHORTEST_QUOTE = 6  # characters: less says nothing to who was not there


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
class Summary:
    """The one page for whoever was not there: how many moved, what was said, what was promised.

    Parameters
    ----------
    moved
        The result in which most changed their answer; None where nothing was asked twice.
    voices
        What the room agreed with most, of those who may be quoted.
    pledges
        How many wrote one.
    month
        The day on which to ask what became of them.
    """

    moved: ExerciseResult | None
    voices: tuple[Voice, ...]
    pledges: int
    month: str


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
    summary: Summary


def report_content(workshop: Workshop) -> ReportContent:
    """Gather what the report tells. Pure."""
    day = workshop.day
    results = tuple(_result(workshop, asked) for asked in workshop.asked)
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
        results=results,
        summary=_summary(workshop, results),
    )


def _summary(workshop: Workshop, results: Sequence[ExerciseResult]) -> Summary:
    moved = [each for each in results if each.view.changed]
    moved.sort(key=lambda each: -each.view.changed.n if each.view.changed else 0)
    quoted = {
        voice.id: voice
        for each in results
        for picture in each.view.pictures
        if isinstance(picture, Voices)
        for voice in picture.voices
        if not voice.cut and len(voice.text) >= SHORTEST_QUOTE
    }
    voices = sorted(quoted.values(), key=lambda each: (not each.pinned, -each.nods, each.id))
    pledged = [len(asked.given) for asked in workshop.asked if asked.exercise.shape is Shape.FIELDS]
    month = working_day(workshop.day + timedelta(days=MONTH))
    weekday = say("weekdays")[month.weekday()]
    return Summary(
        moved=moved[0] if moved else None,
        voices=tuple(voices[:QUOTES]),
        pledges=max(pledged, default=0),
        month=say("month_day", month=month.month, day=month.day, weekday=weekday),
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
        nods=workshop.nods,
        pages=False,
        seed=workshop.seed,
    )
    view = view.model_copy(update={"pictures": _said_once(view.pictures)})
    if view.revealed and is_small(asked):
        # Whoever reads this was not in the room: of few, even a bar is somebody.
        view = view.model_copy(update={"pictures": (), "changed": None, "withheld": True})
    notes = []
    if asked.again:
        notes.append("again" if view.revealed else "again_not_revealed")
    elif not view.revealed:
        notes.append("not_revealed")
    if view.withheld:
        notes.append("withheld")
    return ExerciseResult(view, tuple(map(say, notes)))


def _said_once(pictures: Sequence[Picture]) -> tuple[Picture, ...]:
    """Leave out the sample voices of themes, where all voices stand above them.

    Those under a heading of the facilitator's stay: that they stand together says something.
    """
    listed = {each.item for each in pictures if isinstance(each, Voices)}
    found: list[Picture] = []
    for each in pictures:
        if isinstance(each, Themes) and each.item in listed:
            bare = [
                theme.model_copy(update={"voices": ()}) for theme in (*each.themes, each.others)
            ]
            left = {"themes": tuple(bare[:-1]), "others": bare[-1], "pinned": ()}
            found.append(each.model_copy(update=left))
        else:
            found.append(each)
    return tuple(found)


def is_small(asked: AskedExercise) -> bool:
    """Say whether so few answered that a report breaks nothing down.

    What was typed stands there by its writer's consent, however few they are.
    """
    return not asked.exercise.written and count_answers(asked.given, asked.tallies) < FEW


def _before(workshop: Workshop, asked: AskedExercise) -> Sequence[GivenAnswer] | None:
    earlier = workshop.of(asked.before) if asked.before else None
    if earlier is None:
        return None
    return carry_over(earlier.exercise, asked.exercise, with_consent(workshop, earlier))


# -- The files that are left of a workshop, by name ------------------------------------------------

REPORTS: Mapping[str, Callable[[Workshop], bytes]] = {
    "report.html": lambda workshop: report.html_report(workshop).encode(),
    # Found as they are called: what they need takes most of a second to import.
    "report.xlsx": lambda workshop: report.excel_report(workshop),  # noqa: PLW0108
    "report.pptx": lambda workshop: report.powerpoint_report(workshop),  # noqa: PLW0108
    "answers.csv": lambda workshop: report.answers_csv(workshop).encode(),
}
