"""Items by what they were matched with, things by their places: heat maps."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from dxcourse.exercises import AnyExercise
from dxcourse.exercises.parts import Note, by_ref
from dxcourse.exercises.shapes import Choice, Part, Shape
from dxcourse.workshop.results.answers import AnyItem, ResultInput, counted, disagreement, is_split
from dxcourse.workshop.results.pictures import (
    Certainty,
    Column,
    Heat,
    HeatRow,
    Voices,
    heat_table,
    say,
)
from dxcourse.workshop.results.voices import reasons


def heat_map(  # noqa: PLR0913  -- what a picture has, by name
    columns: Iterable[Column],
    rows: Iterable[HeatRow],
    *,
    item: str = "",
    title: str = "",
    caption: str,
    first: str = "item",
    several: bool = False,
) -> Heat:
    """Draw rows by columns.

    Parameters
    ----------
    first
        What the rows are, by its word: it heads the table's first column.
    several
        Whether one answer may be in more than one column of a row.
    """
    columns, rows = tuple(columns), tuple(rows)
    return Heat(
        item=item,
        title=title,
        caption=caption,
        n=max((row.n for row in rows), default=0),
        columns=columns,
        rows=rows,
        several=several,
        table=heat_table(columns, rows, say(first)),
    )


def heat_row(  # noqa: PLR0913  -- what a row has, by name
    room: ResultInput,
    item: AnyItem,
    refs: Sequence[str],
    *,
    values: Iterable[str],
    before: Iterable[str] | None,
    right: Iterable[int] = (),
    certainty: Certainty | None = None,
) -> HeatRow:
    """Count an item's values, each one of `refs`, with the hands that were raised for it.

    `values` and `before` are what phones answered now and the first time, `right` the places in
    `refs` that are.
    """
    counts = counted(values, refs, room.hands(item.ref))
    return HeatRow(
        ref=item.ref,
        text=item.text,
        counts=tuple(counts),
        n=sum(counts),
        disagreement=disagreement(counts),
        split=is_split(counts),
        certainty=certainty,
        right=tuple(right),
        before=None if before is None else tuple(counted(before, refs, {})),
    )


def matching_pictures(room: ResultInput) -> tuple[Heat | Voices, ...]:
    """Draw where the room put each item; the rows on which it disagrees most stand first.

    Beside it, where a value has such parts, what was ticked, and some reasons.
    """
    placed = _placed(room)
    drawn: list[Heat | Voices] = [placed]
    shapes = {part.shape for item in room.exercise.items for part in room.exercise.parts(item)}
    if Shape.MULTIPLE_CHOICE in shapes:
        drawn.append(_ticked(room))
    if Shape.TEXT in shapes:
        drawn += reasons(room, [row.ref for row in placed.rows])
    return tuple(drawn)


def _placed(room: ResultInput) -> Heat:
    exercise = room.exercise
    choices = _undecided_last(exercise, exercise.main_part(exercise.items[0]).choices)
    refs = [str(each.value) for each in choices]
    rows = []
    for item in exercise.items:
        part, before = exercise.main_part(item), room.values_before(item.ref)
        key = exercise.key(item)
        right = None if key is None else part.of(key)
        rows.append(
            heat_row(
                room,
                item,
                refs,
                values=_chosen(part, room.values(item.ref)),
                before=None if before is None else _chosen(part, before),
                right=[at for at, ref in enumerate(refs) if ref == right],
                certainty=_certainty(item, right),
            )
        )
    columns = [Column(ref=str(each.value), text=each.text) for each in choices]
    rows.sort(key=lambda row: (not row.split, -row.disagreement, row.ref))
    return heat_map(columns, rows, caption=say("heat", title=exercise.title))


def _ticked(room: ResultInput) -> Heat:
    """Draw what was ticked beside the main part: the evidence, say."""
    exercise = room.exercise
    rows, columns = [], []
    for item in by_ref(exercise.items):
        parts = [each for each in exercise.parts(item) if each.shape is Shape.MULTIPLE_CHOICE]
        for part in parts[:1]:
            refs = [str(each.value) for each in part.choices]
            columns = [Column(ref=str(each.value), text=each.text) for each in part.choices]
            values = [part.of(value) or [] for value in room.values(item.ref)]
            key = exercise.key(item)
            seen = [] if key is None else part.of(key) or []
            counts = counted([tick for value in values for tick in value], refs, {})
            right = tuple(at for at, ref in enumerate(refs) if ref in seen)
            n = sum(map(bool, values))
            rows.append(
                HeatRow(ref=item.ref, text=item.text, counts=tuple(counts), n=n, right=right)
            )
    return heat_map(
        columns,
        rows,
        item="evidence",
        title=say("evidence_title"),
        caption=say("evidence", title=exercise.title),
        several=True,
    )


def sequencing_pictures(room: ResultInput) -> tuple[Heat, ...]:
    """Draw how often each thing stood at each place."""
    return tuple(_places(room, item) for item in room.exercise.items)


def _places(room: ResultInput, item: AnyItem) -> Heat:
    part = room.exercise.main_part(item)
    values = [part.of(value) for value in room.values(item.ref)]
    things = [str(each.value) for each in part.choices]
    key = room.exercise.key(item)
    wanted = [] if key is None else list(part.of(key))
    hands = {
        tuple(refs.split(",")): count
        for refs, count in room.hands(item.ref).items()
        if sorted(refs.split(",")) == sorted(things)
    }
    orders = [(tuple(value), 1) for value in values] + sorted(hands.items())
    earlier = room.values_before(item.ref)
    before = None if earlier is None else [part.of(value) for value in earlier]
    size = range(len(things))
    columns = [Column(ref=str(at), text=say("place", n=at + 1)) for at in size]
    ranked: list[tuple[float, HeatRow]] = []
    for choice in part.choices:
        thing = str(choice.value)
        right = (wanted.index(thing),) if thing in wanted else ()
        counts = [sum(n for refs, n in orders if refs[at] == thing) for at in size]
        total = sum(counts)
        mean = math.fsum((at + 1) * n for at, n in enumerate(counts)) / total if total else 0.0
        row = HeatRow(
            ref=thing,
            text=choice.text,
            counts=tuple(counts),
            n=total,
            disagreement=disagreement(counts),
            split=is_split(counts),
            right=right,
            before=None
            if before is None
            else tuple(sum(refs[at] == thing for refs in before) for at in size),
            note=say("mean_place", mean=f"{mean:.1f}") if total else "",
        )
        ranked.append((mean, row))
    # By where the room put them: that is its own order, which is what it wants to see.
    rows = [row for _, row in sorted(ranked, key=lambda each: (each[0], each[1].ref))]
    return heat_map(
        columns,
        rows,
        item=item.ref,
        title=room.title(item),
        caption=say("ranks", title=room.name(item)),
        first="thing",
    )


def _undecided_last(exercise: AnyExercise, choices: Sequence[Choice]) -> list[Choice]:
    bins = getattr(exercise, "bins", ())
    undecided = {each.ref for each in bins if getattr(each, "undecided", False)}
    return sorted(choices, key=lambda each: each.value in undecided)


def _chosen(part: Part, values: Sequence[Any]) -> list[str]:
    return [str(chosen) for chosen in map(part.of, values) if chosen]


def _certainty(item: AnyItem, right: object) -> Certainty | None:
    """Give how sure the key is, or what is known of an item that is open."""
    feedback = getattr(item, "feedback", None)
    said: Note | None = getattr(feedback, "right" if right else "open", None)
    citation = getattr(said, "citation", None)
    if citation is None:
        return None
    return Certainty(mark=citation.mark, name=citation.certainty, source=citation.text)
