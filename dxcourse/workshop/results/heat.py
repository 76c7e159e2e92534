"""`classify`, `match` and `order`: items by bins, answers or places, as heat maps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from dxcourse.exercises._parts import Named, Note, by_ref
from dxcourse.exercises.classify import Classify, ClassifyItem
from dxcourse.exercises.match import Match
from dxcourse.exercises.order import Order, OrderItem
from dxcourse.workshop.results._count import counted, disagreement, is_split
from dxcourse.workshop.results._inside import Room
from dxcourse.workshop.results._pictures import Certainty, Column, Heat, HeatRow, Voices
from dxcourse.workshop.results._reasons import reasons
from dxcourse.workshop.results._tables import heat_table
from dxcourse.workshop.results._words import say


def pictures(room: Room) -> tuple[Heat | Voices, ...]:
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


def _bins(room: Room, exercise: Classify) -> Heat:
    bins = [
        *(b for b in exercise.bins if not b.undecided),
        *(b for b in exercise.bins if b.undecided),
    ]
    rows = [
        _row(
            room,
            item,
            bins,
            _parts(room.values(item.ref), "bin"),
            None if room.before is None else _parts(room.values_before(item.ref) or [], "bin"),
            right=[at for at, each in enumerate(bins) if each.id == item.bin],
            certainty=_certainty(item),
        )
        for item in exercise.items
    ]
    return _heat(room, "heat", bins, rows)


def _evidence(room: Room, exercise: Classify) -> Heat:
    rows = []
    for item in by_ref(exercise.items):
        ticks = [tick for value in room.values(item.ref) for tick in value.get("evidence", [])]
        right = [at for at, each in enumerate(exercise.evidence) if each.id in item.seen]
        counts = counted(ticks, [each.ref for each in exercise.evidence], {})
        n = len([v for v in room.values(item.ref) if v.get("evidence")])
        rows.append(
            HeatRow(ref=item.ref, text=item.text, counts=tuple(counts), n=n, right=tuple(right))
        )
    columns = [Column(ref=each.ref, text=each.text) for each in exercise.evidence]
    return Heat(
        item="evidence",
        title=say("evidence_title"),
        caption=say("evidence", title=exercise.title),
        n=max((row.n for row in rows), default=0),
        columns=tuple(columns),
        rows=tuple(rows),
        several=True,
        table=heat_table(columns, rows, say("item")),
    )


def _answers(room: Room, exercise: Match) -> Heat:
    answers = by_ref(exercise.answers)
    rows = [
        _row(
            room,
            item,
            answers,
            room.values(item.ref),
            room.values_before(item.ref),
            right=[at for at, each in enumerate(answers) if each.id == item.answer],
        )
        for item in exercise.items
    ]
    return _heat(room, "heat", answers, rows)


def _places(room: Room, item: OrderItem) -> Heat:
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
    return Heat(
        item=item.ref,
        title=room.title(item),
        caption=say("ranks", title=room.name(item)),
        n=max((row.n for row in rows), default=0),
        columns=tuple(columns),
        rows=tuple(rows),
        table=heat_table(columns, rows, say("thing")),
    )


def _row(  # noqa: PLR0913  -- a row is made of these
    room: Room,
    item: Any,  # noqa: ANN401  -- of either kind
    places: Sequence[Named],
    values: Sequence[str],
    before: Sequence[str] | None,
    *,
    right: Sequence[int],
    certainty: Certainty | None = None,
) -> HeatRow:
    refs = [place.ref for place in places]
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


def _heat(room: Room, caption: str, places: Sequence[Named], rows: Sequence[HeatRow]) -> Heat:
    first = sorted(rows, key=lambda row: (not row.split, -row.disagreement, row.ref))
    columns = [Column(ref=place.ref, text=place.text) for place in places]
    return Heat(
        item="",
        title="",
        caption=say(caption, title=room.exercise.title),
        n=max((row.n for row in rows), default=0),
        columns=tuple(columns),
        rows=tuple(first),
        table=heat_table(columns, first, say("item")),
    )


def _parts(values: Sequence[Any], name: str) -> list[str]:
    return [value[name] for value in values if value.get(name)]


def _certainty(item: ClassifyItem) -> Certainty | None:
    """Give how sure the key is, or what is known of an item that is open."""
    said: Note | None = item.feedback.right if item.bin else item.feedback.open
    citation = said.citation if said else None
    if citation is None:
        return None
    return Certainty(mark=citation.mark, name=citation.certainty, source=citation.text)
