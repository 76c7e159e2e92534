"""`choice` and `multichoice`: the options as bars."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dxcourse.exercises.parts import Option, OptionsItem, by_ref
from dxcourse.workshop.results.answers import ResultInput, counted
from dxcourse.workshop.results.pictures import Bar, Bars, bars_table
from dxcourse.workshop.results.words import say


def pictures(room: ResultInput) -> tuple[Bars, ...]:
    """Draw each item's options: the most chosen first, unless they have an order of their own."""
    return tuple(_bars(room, item) for item in room.exercise.items if isinstance(item, OptionsItem))


def _bars(room: ResultInput, item: OptionsItem) -> Bars:
    several = room.exercise.kind == "multichoice"
    values, before = room.values(item.ref), room.values_before(item.ref)
    refs = [option.ref for option in item.options]
    hands = room.hands(item.ref)
    counts = dict(zip(refs, counted(_each(values), refs, hands), strict=True))
    earlier = (
        None if before is None else dict(zip(refs, counted(_each(before), refs, {}), strict=True))
    )
    bars = tuple(
        Bar(
            ref=option.ref,
            text=option.text,
            count=counts[option.ref],
            before=None if earlier is None else earlier[option.ref],
            right=option.correct if item.right else None,
        )
        for option in _in_order(item, counts)
    )
    counted_hands = [hands.get(ref, 0) for ref in refs]
    n = len(values) + (max(counted_hands) if several else sum(counted_hands))
    return Bars(
        item=item.ref,
        title=room.title(item),
        caption=say("bars", title=room.name(item)),
        n=n,
        bars=bars,
        several=several,
        before_n=None if before is None else len(before),
        table=bars_table(bars, say("option")),
    )


def _each(values: list[Any]) -> list[str]:
    """List the refs of all options that were chosen, whether one or several at a time."""
    return [ref for value in values for ref in (value if isinstance(value, list) else [value])]


def _in_order(item: OptionsItem, counts: Mapping[str, int]) -> list[Option]:
    if item.ordered:
        return list(item.options)
    return sorted(by_ref(item.options), key=lambda each: (each.last, -counts[each.ref]))
