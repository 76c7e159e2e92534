"""`schedule`: where the room's plans lie, and what collides in most of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from dxcourse.exercises import Mark
from dxcourse.exercises.kinds.schedule import Schedule, Task
from dxcourse.workshop.results.answers import GivenAnswer, ResultInput
from dxcourse.workshop.results.heat import heat_map
from dxcourse.workshop.results.pictures import Bar, Bars, Column, Heat, HeatRow, bars_table
from dxcourse.workshop.results.words import say

MOST = 6  # collisions on the wall: the ones to talk about

Broken = tuple[str, str, str]  # a task's ref, the rule, and the ref of what it is about


def pictures(room: ResultInput) -> tuple[Bars | Heat, ...]:
    """Draw what collides most, and below it in which months the room works at what."""
    if not isinstance(room.exercise, Schedule):
        return ()
    return (_collisions(room, room.exercise), _months(room, room.exercise))


def _collisions(room: ResultInput, exercise: Schedule) -> Bars:
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


def _broken(exercise: Schedule, given: Sequence[GivenAnswer]) -> Counter[Broken]:
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


def _name(exercise: Schedule, rule: Broken) -> str:
    ref, name, about = rule
    task = next(item for item in exercise.items if item.ref == ref)
    named: dict[str, Any] = {each.ref: each.text for each in (*exercise.events, *exercise.items)}
    bounds = {"not_before": task.rules.not_before, "deadline": task.rules.deadline}
    bound = bounds.get(name)
    what = bound.month if bound else named.get(about, "")
    return say(f"rule.{name}", task=task.text, what=what)


def _months(room: ResultInput, exercise: Schedule) -> Heat:
    rows = [_row(room, item, len(exercise.months)) for item in exercise.items]
    columns = [
        Column(
            ref=str(at),
            text=month,
            sign="".join(event.sign for event in exercise.events if month in event.months),
        )
        for at, month in enumerate(exercise.months)
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


def _row(room: ResultInput, item: Task, months: int) -> HeatRow:
    starts = Counter(room.values(item.ref))
    for month, count in room.hands(item.ref).items():
        if month.isdecimal() and int(month) + item.length <= months:
            starts[int(month)] += max(0, count)
    # Under way in a month: begun in it, or so shortly before that it is not done yet.
    counts = [
        sum(starts[first] for first in range(at - item.length + 1, at + 1)) for at in range(months)
    ]
    return HeatRow(ref=item.ref, text=item.text, counts=tuple(counts), n=sum(starts.values()))
