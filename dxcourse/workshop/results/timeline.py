"""Spans of months: where the room's plans lie, and what collides in most of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from dxcourse.exercises import AnyExercise, Mark
from dxcourse.workshop.results.answers import AnyItem, GivenAnswer, ResultInput
from dxcourse.workshop.results.heat import heat_map
from dxcourse.workshop.results.pictures import Bar, Bars, Column, Heat, HeatRow, bars_table, say

MOST = 6  # collisions on the wall: the ones to talk about

Broken = tuple[str, str, str]  # a task's ref, the rule, and the ref of what it is about


def pictures(room: ResultInput) -> tuple[Bars | Heat, ...]:
    """Draw what collides most, and below it in which months the room works at what."""
    months = _months(room, room.exercise)
    # A kind that says what its plans may not do has `events` to collide with.
    return (_collisions(room, room.exercise), months) if _events(room.exercise) else (months,)


def _events(exercise: AnyExercise) -> tuple[Any, ...]:
    return tuple(getattr(exercise, "events", ()))


def _collisions(room: ResultInput, exercise: AnyExercise) -> Bars:
    now = _broken(exercise, room.given)
    before = None if room.before is None else _broken(exercise, room.before)
    first = sorted(now.items(), key=lambda each: (-each[1], each[0]))[:MOST]
    bars = tuple(
        Bar(
            ref="-".join(rule),
            text=_name(exercise, rule),
            count=count,
            before=None if before is None else before[rule],
        )
        for rule, count in first
    )
    return Bars(
        item="collisions",
        title=say("collisions_title"),
        caption=say("collisions", title=exercise.title),
        n=len(room.given),
        bars=bars,
        several=True,
        before_n=None if room.before is None else len(room.before),
        table=bars_table(bars, say("collision")),
    )


def _broken(exercise: AnyExercise, given: Sequence[GivenAnswer]) -> Counter[Broken]:
    """Count in how many plans each rule is broken."""
    found: Counter[Broken] = Counter()
    for each in given:
        for ref, result in exercise.judge_all(each.items).items():
            found.update(
                (ref, remark.about, remark.option or "")
                for remark in result.remarks
                if remark.mark is Mark.WRONG
            )
    return found


def _name(exercise: Any, rule: Broken) -> str:  # noqa: ANN401  -- a kind with rules
    ref, name, about = rule
    task = next(item for item in exercise.items if item.ref == ref)
    named: dict[str, Any] = {each.ref: each.text for each in (*exercise.events, *exercise.items)}
    bounds = {"not_before": task.rules.not_before, "deadline": task.rules.deadline}
    bound = bounds.get(name)
    what = bound.month if bound else named.get(about, "")
    return say(f"rule.{name}", task=task.text, what=what)


def _months(room: ResultInput, exercise: AnyExercise) -> Heat:
    months = exercise.main_part(exercise.items[0]).choices
    rows = [_row(room, item, len(months)) for item in exercise.items]
    columns = [
        Column(
            ref=str(at),
            text=month.text,
            sign="".join(e.sign for e in _events(exercise) if month.text in e.months),
        )
        for at, month in enumerate(months)
    ]
    return heat_map(
        columns,
        rows,
        item="months",
        title=say("months_title"),
        caption=say("months", title=exercise.title),
        first="task",
        several=True,
    )


def _row(room: ResultInput, item: AnyItem, months: int) -> HeatRow:
    part = room.exercise.main_part(item)
    starts = Counter(map(part.of, room.values(item.ref)))
    for month, count in room.hands(item.ref).items():
        if month.isdecimal() and int(month) + part.length <= months:
            starts[int(month)] += max(0, count)
    # Under way in a month: begun in it, or so shortly before that it is not done yet.
    counts = [
        sum(starts[first] for first in range(at - part.length + 1, at + 1)) for at in range(months)
    ]
    return HeatRow(ref=item.ref, text=item.text, counts=tuple(counts), n=sum(starts.values()))
