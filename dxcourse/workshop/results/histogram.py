"""Numbers: what the room typed, as a histogram in the unit that was asked for."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from itertools import pairwise

from dxcourse.workshop.results.answers import AnyItem, ResultInput
from dxcourse.workshop.results.pictures import (
    Histogram,
    HistogramStep,
    PictureTable,
    exact,
    say,
    short,
)

STEPS = 10  # steps at most: their labels must be read from the last row
FAR = 3  # middle halves beyond which a number stands in an open step at the end
HANDS = 2000  # of one number: more than a hall holds is a slip of the keyboard


def pictures(room: ResultInput) -> tuple[Histogram, ...]:
    """Draw each question's numbers."""
    return tuple(_histogram(room, item) for item in room.exercise.items)


def _histogram(room: ResultInput, item: AnyItem) -> Histogram:
    part = room.exercise.main_part(item)
    key, unit = room.exercise.key(item), part.unit
    right = part.of(key) if key is not None else None
    values = sorted([*map(part.of, room.values(item.ref)), *_hands(room, item)])
    before = room.values_before(item.ref)
    low, high, step = _range([*values, *([right] if right is not None else [])] if values else [])
    spans, names = [], []
    edges = [low + step * at for at in range(round((high - low) / step) + 1)] if values else []
    for at, (start, end) in enumerate(pairwise(edges)):
        first, last = at == 0, at == len(edges) - 2
        # What lies outside stands in the steps at the ends, which then are open.
        bottom = -math.inf if first else start
        top = math.inf if last else end
        under, over = first and values[0] < start, last and values[-1] >= end
        names.append(_name(start, end, step, under=under, over=over))
        spans.append(
            HistogramStep(
                low=start,
                high=end,
                label=_label(start, end, step, under=under, over=over),
                count=_between(values, bottom, top),
                before=None if before is None else _between(before, bottom, top),
                right=None if right is None else bottom <= right < top,
            )
        )
    was = before is not None
    return Histogram(
        item=item.ref,
        title=room.title(item),
        caption=say("histogram", title=room.name(item)),
        n=len(values),
        spans=tuple(spans),
        median=f"{exact(statistics.median(values))}{unit}" if values else "",
        before_median=f"{exact(statistics.median(before))}{unit}" if before else None,
        right=None if right is None else f"{exact(right)}{unit}",
        table=PictureTable(
            head=(say("range"), say("answers"), *([say("before")] if was else [])),
            rows=tuple(
                (f"{name}{unit}", span.count, *([span.before] if was else []))
                for name, span in zip(names, spans, strict=True)
            ),
        ),
    )


def _hands(room: ResultInput, item: AnyItem) -> list[float]:
    found = []
    for typed, count in room.hands(item.ref).items():
        try:
            value = float(typed)
        except ValueError:
            continue
        if math.isfinite(value):
            found += [value] * min(max(0, count), HANDS)
    return found


def _range(values: Sequence[float]) -> tuple[float, float, float]:
    """Choose the range and the step: 1, 2 or 5 times a power of ten, at most `STEPS` of them."""
    if not values:
        return 0.0, 0.0, 1.0
    low, high = min(values), max(values)
    if len(values) > STEPS:
        first, _, third = statistics.quantiles(values, n=4)
        reach = FAR * (third - first)
        low, high = max(low, first - reach), min(high, third + reach)
    rough = (high - low) / STEPS
    if rough <= 0:
        step = 1.0 if float(low).is_integer() else 10 ** math.floor(math.log10(abs(low)) - 1)
        start = math.floor(low / step) * step
        return start, start + step, step
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * size for size in (1, 2, 5, 10, 20) if _steps(low, high, power * size))
    if step < 1 and all(float(value).is_integer() for value in values):
        step = 1.0
    start = math.floor(low / step) * step
    return start, start + step * (math.floor((high - start) / step) + 1), step


def _steps(low: float, high: float, step: float) -> bool:
    return math.floor(high / step) - math.floor(low / step) + 1 <= STEPS


def _between(values: Sequence[float], bottom: float, top: float) -> int:
    return sum(bottom <= value < top for value in values)


def _label(low: float, high: float, step: float, *, under: bool, over: bool) -> str:
    """Name a step under the axis: as short as can be read."""
    if under and not over:
        return say("short_under", high=short(high))
    if step == 1 and not over and low.is_integer():
        return short(low)
    return say("short_from", low=short(low))


def _name(low: float, high: float, step: float, *, under: bool, over: bool) -> str:
    """Name a step in the table: exactly."""
    if under and not over:
        return say("under", high=exact(high))
    if over:
        return say("over", low=exact(low))
    if step == 1 and low.is_integer():
        return exact(low)
    return say("span", low=exact(low), high=exact(high))
