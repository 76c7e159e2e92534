"""`classify`, `match` and `order`: items by bins, answers or places, as heat maps."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from dxcourse.exercises.kinds.classify import Classify, ClassifyItem
from dxcourse.exercises.kinds.match import Match
from dxcourse.exercises.kinds.order import Order, OrderItem
from dxcourse.exercises.parts import Named, Note, by_ref
from dxcourse.workshop.results.answers import ResultInput, counted, disagreement, is_split
from dxcourse.workshop.results.pictures import Certainty, Column, Heat, HeatRow, Voices, heat_table
from dxcourse.workshop.results.voices import reasons
from dxcourse.workshop.results.words import say


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
    item: Any,  # noqa: ANN401  -- of any kind
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


def pictures(room: ResultInput) -> tuple[Heat | Voices, ...]:
    """Draw the room's heat maps; the rows on which it disagrees most stand first."""
    exercise = room.exercise
    if isinstance(exercise, Classify):
        evidence = (_evidence(room, exercise),) if exercise.evidence else ()
        bins = _bins(room, exercise)
        return (bins, *evidence, *reasons(room, [row.ref for row in bins.rows]))
    if isinstance(exercise, Match):
        return (_answers(room, exercise),)
    if isinstance(exercise, Order):
        return tuple(_places(room, item) for item in exercise.items)
    return ()


def _bins(room: ResultInput, exercise: Classify) -> Heat:
    bins = [
        *(b for b in exercise.bins if not b.undecided),
        *(b for b in exercise.bins if b.undecided),
    ]
    rows = [
        heat_row(
            room,
            item,
            [each.ref for each in bins],
            values=_chosen(room.values(item.ref)),
            before=None if before is None else _chosen(before),
            right=[at for at, each in enumerate(bins) if each.id == item.bin],
            certainty=_certainty(item),
        )
        for item, before in ((item, room.values_before(item.ref)) for item in exercise.items)
    ]
    caption = say("heat", title=exercise.title)
    return heat_map(_columns(bins), _most_disputed_first(rows), caption=caption)


def _evidence(room: ResultInput, exercise: Classify) -> Heat:
    rows = []
    for item in by_ref(exercise.items):
        ticks = [tick for value in room.values(item.ref) for tick in value.get("evidence", [])]
        right = [at for at, each in enumerate(exercise.evidence) if each.id in item.seen]
        counts = counted(ticks, [each.ref for each in exercise.evidence], {})
        n = len([v for v in room.values(item.ref) if v.get("evidence")])
        rows.append(
            HeatRow(ref=item.ref, text=item.text, counts=tuple(counts), n=n, right=tuple(right))
        )
    return heat_map(
        _columns(exercise.evidence),
        rows,
        item="evidence",
        title=say("evidence_title"),
        caption=say("evidence", title=exercise.title),
        several=True,
    )


def _answers(room: ResultInput, exercise: Match) -> Heat:
    answers = by_ref(exercise.answers)
    rows = [
        heat_row(
            room,
            item,
            [each.ref for each in answers],
            values=room.values(item.ref),
            before=room.values_before(item.ref),
            right=[at for at, each in enumerate(answers) if each.id == item.answer],
        )
        for item in exercise.items
    ]
    caption = say("heat", title=exercise.title)
    return heat_map(_columns(answers), _most_disputed_first(rows), caption=caption)


def _places(room: ResultInput, item: OrderItem) -> Heat:
    values = room.values(item.ref)
    hands = {
        tuple(refs.split(",")): count
        for refs, count in room.hands(item.ref).items()
        if sorted(refs.split(",")) == sorted(thing.ref for thing in item.things)
    }
    orders = [(tuple(value), 1) for value in values] + sorted(hands.items())
    before = room.values_before(item.ref)
    size = range(len(item.things))
    columns = [Column(ref=str(at), text=say("place", n=at + 1)) for at in size]
    ranked: list[tuple[float, HeatRow]] = []
    for right, thing in enumerate(item.things):
        counts = [sum(n for refs, n in orders if refs[at] == thing.ref) for at in size]
        total = sum(counts)
        mean = math.fsum((at + 1) * n for at, n in enumerate(counts)) / total if total else 0.0
        row = HeatRow(
            ref=thing.ref,
            text=thing.text,
            counts=tuple(counts),
            n=total,
            disagreement=disagreement(counts),
            split=is_split(counts),
            right=(right,),
            before=None
            if before is None
            else tuple(sum(refs[at] == thing.ref for refs in before) for at in size),
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


def _most_disputed_first(rows: Sequence[HeatRow]) -> list[HeatRow]:
    return sorted(rows, key=lambda row: (not row.split, -row.disagreement, row.ref))


def _columns(places: Sequence[Named]) -> list[Column]:
    return [Column(ref=place.ref, text=place.text) for place in places]


def _chosen(values: Sequence[Any]) -> list[str]:
    return [value["bin"] for value in values if value.get("bin")]


def _certainty(item: ClassifyItem) -> Certainty | None:
    """Give how sure the key is, or what is known of an item that is open."""
    said: Note | None = item.feedback.right if item.bin else item.feedback.open
    citation = said.citation if said else None
    if citation is None:
        return None
    return Certainty(mark=citation.mark, name=citation.certainty, source=citation.text)
