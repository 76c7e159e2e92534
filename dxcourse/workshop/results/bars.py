"""Options as bars: of a value that is one, or some, of several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dxcourse.exercises.shapes import Choice, Shape
from dxcourse.workshop.results.answers import AnyItem, ResultInput, counted
from dxcourse.workshop.results.pictures import Bar, Bars, bars_table, say


def pictures(room: ResultInput) -> tuple[Bars, ...]:
    """Draw each item's options: the most chosen first, unless they have an order of their own."""
    return tuple(_bars(room, item) for item in room.exercise.items)


def _bars(room: ResultInput, item: AnyItem) -> Bars:
    part = room.exercise.main_part(item)
    several = part.shape is Shape.MULTIPLE_CHOICE
    values = [part.of(value) for value in room.values(item.ref)]
    earlier_values = room.values_before(item.ref)
    was = None if earlier_values is None else [part.of(value) for value in earlier_values]
    refs = [str(choice.value) for choice in part.choices]
    hands = room.hands(item.ref)
    counts = dict(zip(refs, counted(_each(values), refs, hands), strict=True))
    earlier = None if was is None else dict(zip(refs, counted(_each(was), refs, {}), strict=True))
    key = room.exercise.key(item)
    right = None if key is None else set(_each([part.of(key)]))
    bars = tuple(
        Bar(
            ref=str(choice.value),
            text=choice.text,
            count=counts[str(choice.value)],
            before=None if earlier is None else earlier[str(choice.value)],
            right=None if right is None else str(choice.value) in right,
        )
        for choice in _in_order(item, part.choices, counts)
    )
    counted_hands = [hands.get(ref, 0) for ref in refs]
    n = len(values) + (max(counted_hands, default=0) if several else sum(counted_hands))
    return Bars(
        item=item.ref,
        title=room.title(item),
        caption=say("bars", title=room.name(item)),
        n=n,
        bars=bars,
        several=several,
        before_n=None if was is None else len(was),
        table=bars_table(bars, say("option")),
    )


def _each(values: Sequence[Any]) -> list[str]:
    """List what was chosen, whether one or several at a time."""
    chosen = (each for value in values for each in (value if isinstance(value, list) else [value]))
    return [str(each) for each in chosen if each is not None]


def _in_order(item: AnyItem, choices: Sequence[Choice], counts: Mapping[str, int]) -> list[Choice]:
    """Put the most chosen first, unless the options have an order; what is last stays last."""
    if getattr(item, "ordered", False):
        return list(choices)
    last = {option.ref for option in getattr(item, "options", ()) if getattr(option, "last", False)}
    return sorted(
        choices, key=lambda each: (each.value in last, -counts[str(each.value)], str(each.value))
    )
