"""Steps on a scale: all people together; nobody is ranked, and no total is made."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence

from dxcourse.exercises import AnyExercise
from dxcourse.workshop.results.answers import AnyItem, GivenAnswer, ResultInput
from dxcourse.workshop.results.heat import heat_map, heat_row
from dxcourse.workshop.results.pictures import Column, Heat, PictureTable, Radar, Spoke, say


def pictures(room: ResultInput) -> tuple[Radar | Heat, ...]:
    """Draw the radar, where the exercise has one, and each statement's levels.

    A self-check of so few that a mean is nearly a person's is not shown at all.
    """
    exercise = room.exercise
    if room.few:
        return ()
    radar = (_radar(room, exercise),) if getattr(exercise, "radar", False) else ()
    return (*radar, _levels(room, exercise))


def _radar(room: ResultInput, exercise: AnyExercise) -> Radar:
    now = _by_axis(room.given, exercise)
    for item in exercise.items:
        for level, count in room.hands(item.ref).items():
            if _axis(item) and level.isdecimal() and int(level) < len(_levels_of(exercise)):
                now[_axis(item)] += [float(level)] * max(0, count)
    before = None if room.before is None else _by_axis(room.before, exercise)
    spokes = tuple(
        _spoke(axis, now[axis], None if before is None else before[axis])
        for axis in dict.fromkeys(_axis(item) for item in exercise.items)
        if axis and now[axis]
    )
    return Radar(
        item="",
        title="",
        caption=say("radar", title=exercise.title),
        n=max((len(values) for values in now.values()), default=0),
        levels=_levels_of(exercise),
        spokes=spokes,
        table=_table(spokes),
    )


def _by_axis(given: Sequence[GivenAnswer], exercise: AnyExercise) -> dict[str, list[float]]:
    """Give each one's mean on each axis; only together are they shown."""
    found: dict[str, list[float]] = defaultdict(list)
    axes: Mapping[str, list[str]] = {
        axis: [item.ref for item in exercise.items if _axis(item) == axis]
        for axis in {_axis(item) for item in exercise.items}
    }
    for each in given:
        for axis, refs in axes.items():
            values = [each.items[ref] for ref in refs if ref in each.items]
            if values:
                found[axis].append(statistics.fmean(values))
    return found


def _spoke(axis: str, values: Sequence[float], before: Sequence[float] | None) -> Spoke:
    first, _, third = statistics.quantiles(values, n=4, method="inclusive")
    return Spoke(
        text=axis,
        mean=round(statistics.fmean(values), 2),
        low=round(first, 2),
        high=round(third, 2),
        before=round(statistics.fmean(before), 2) if before else None,
    )


def _table(spokes: Sequence[Spoke]) -> PictureTable:
    was = any(spoke.before is not None for spoke in spokes)
    head = (say("axis"), say("mean"), say("low"), say("high"), *([say("before")] if was else []))
    return PictureTable(
        head=head,
        rows=tuple(
            (each.text, each.mean, each.low, each.high, *([each.before] if was else []))
            for each in spokes
        ),
    )


def _levels(room: ResultInput, exercise: AnyExercise) -> Heat:
    columns = [Column(ref=str(at), text=text) for at, text in enumerate(_levels_of(exercise))]
    refs = [column.ref for column in columns]
    rows = [
        heat_row(
            room,
            item,
            refs,
            values=map(str, room.values(item.ref)),
            before=None if before is None else map(str, before),
        )
        for item, before in ((item, room.values_before(item.ref)) for item in exercise.items)
    ]
    return heat_map(columns, rows, caption=say("heat", title=exercise.title))


def _levels_of(exercise: AnyExercise) -> tuple[str, ...]:
    return tuple(choice.text for choice in exercise.main_part(exercise.items[0]).choices)


def _axis(item: AnyItem) -> str:
    """Give the axis an item stands on; "" where its exercise has none."""
    return str(getattr(item, "axis", "") or "")
