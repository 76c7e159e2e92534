"""Texts and days that make one thing: how many wrote it, when they begin, and some voices."""

from __future__ import annotations

from collections import Counter

from dxcourse.exercises import AnyExercise
from dxcourse.workshop.results.answers import AnyItem, ResultInput
from dxcourse.workshop.results.pictures import Bar, Bars, Picture, Pledges, Voices, bars_table, say
from dxcourse.workshop.results.voices import choose_voices, gather, heard, typed, voice_pictures

SAMPLE = 6  # voices of a field


def pictures(room: ResultInput) -> tuple[Picture, ...]:
    """Draw the counts, the months, and some voices.

    A pledge is a promise to oneself: on the wall too it stands word for word only with consent.
    """
    exercise = room.exercise
    voices = [page for item in exercise.items for page in _voices(room, item)]
    days = [item for item in exercise.items if getattr(item, "field", "text") == "date"]
    when = () if room.few else tuple(_months(room, day) for day in days[:1])
    fields = _fields(room, exercise)
    # Six bars of the same length tell a wall nothing; a report counts the fields.
    counted = fields if room.consented else _cards(room, fields)
    return (counted, *when, *voices)


def _cards(room: ResultInput, fields: Bars) -> Pledges:
    return Pledges(item="", title="", caption=fields.caption, n=len(room.given), table=fields.table)


def _fields(room: ResultInput, exercise: AnyExercise) -> Bars:
    bars = tuple(
        Bar(
            ref=item.ref,
            text=_name(item),
            count=sum(1 for value in room.values(item.ref) if value)
            + sum(max(0, count) for count in room.hands(item.ref).values()),
        )
        for item in exercise.items
    )
    return Bars(
        item="",
        title="",
        caption=say("pledges", title=exercise.title),
        n=max([len(room.given), *(bar.count for bar in bars)]),
        bars=bars,
        several=True,
        table=bars_table(bars, say("pledge_field")),
    )


def _months(room: ResultInput, day: AnyItem) -> Bars:
    found = Counter(value[:7] for value in room.values(day.ref) if value)
    bars = tuple(
        Bar(
            ref=month,
            text=say("pledge_month", year=int(month[:4]), month=int(month[5:])),
            count=count,
        )
        for month, count in sorted(found.items())
    )
    return Bars(
        item="days",
        title=say("pledge_days_title"),
        caption=say("pledge_days", title=room.exercise.title),
        n=found.total(),
        bars=bars,
        table=bars_table(bars, say("month")),
    )


def _voices(room: ResultInput, item: AnyItem) -> tuple[Voices, ...]:
    quotable = [each for each in room.given if each.consent]
    said = gather(typed(room.exercise, item.ref, quotable), room.seed, room.exercise, item.ref)
    chosen = choose_voices(heard(said, room.moderation), room.moderation, SAMPLE, room.nods)
    return voice_pictures(
        chosen,
        item=item.ref,
        title=_name(item),
        name=_name(item),
        n=sum(each.count for each in chosen),
    )


def _name(item: AnyItem) -> str:
    """Give a field's short name, where it has one beside its question."""
    return str(getattr(item, "name", "") or item.text)
