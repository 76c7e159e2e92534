"""`schedule`: work laid into months, under deadlines, dependencies and what stands fixed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from pydantic import Field, model_validator
from typing_extensions import override

from dxcourse.authored import field_error
from dxcourse.exercises.base import Exercise, ItemResult, Mark, Remark, flat
from dxcourse.exercises.errors import AnswerError
from dxcourse.exercises.parts import Item, Json, Named, Note, Strict, Text, hold_known, unique
from dxcourse.exercises.shapes import Choice, Part, Shape


class Event(Named):
    """What stands fixed in the plan; `sign` is the character that stands for it in a month."""

    sign: str = Field(min_length=1, max_length=2)
    months: tuple[Text, ...] = Field(min_length=1)


class Bound(Strict):
    """A month that a task keeps to, and what is asked when it does not."""

    month: Text
    note: Note


class Rules(Strict):
    """What binds a task, each rule with what is asked when it is not kept.

    Parameters
    ----------
    not_before
        The first month it may begin in.
    deadline
        The last month it may end in.
    needs
        Other tasks, by id, that end before it begins.
    ends_in
        Events, by id, in a month of which it ends.
    avoid
        Events, by id, in no month of which it is under way.
    """

    not_before: Bound | None = None
    deadline: Bound | None = None
    needs: dict[str, Note] = Field(default_factory=dict)
    ends_in: dict[str, Note] = Field(default_factory=dict)
    avoid: dict[str, Note] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _something_binds(self) -> Self:
        if not any(getattr(self, name) for name in type(self).model_fields):
            raise field_error("exercises.no_rule")
        return self


class ScheduleVerdicts(Strict):
    """What is said of a task that keeps all its rules."""

    right: Note | None = None


class Task(Item):
    """Work that takes `length` months on end.

    `card` is what a learner may know of it. `start` is its month in one plan that keeps every
    rule: others may do so too, and are as right.
    """

    card: tuple[Note, ...] = ()
    length: int = Field(ge=1)
    start: Text
    rules: Rules
    feedback: ScheduleVerdicts = ScheduleVerdicts()


@dataclass(frozen=True)
class _Rule:
    """A rule of a task in a plan: whether it is kept, and by its ref what it is about."""

    name: str
    kept: bool
    note: Note
    about: str | None = None


class Schedule(Exercise[Task]):
    """Tasks to lay into months. Value: the number of the month it starts in, from 0.

    A task's points are shared evenly by its rules. What it needs must have been laid out too.
    """

    kind: ClassVar[str] = "schedule"
    shape: ClassVar[Shape] = Shape.SPAN
    seconds: ClassVar[int] = 30
    linked: ClassVar[bool] = True

    months: tuple[Text, ...] = Field(min_length=2, max_length=24)
    events: tuple[Event, ...] = ()

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        unique(self.events, "event")
        if len(set(self.months)) < len(self.months):
            raise field_error("exercises.month_twice")
        events, tasks = [e.id for e in self.events], [i.id for i in self.items]
        for event in self.events:
            hold_known(event.id, "month", event.months, self.months)
        for item in self.items:
            who, rules = item.id, item.rules
            bounds = [bound.month for bound in (rules.not_before, rules.deadline) if bound]
            hold_known(who, "month", (item.start, *bounds), self.months)
            hold_known(who, "event", (*rules.ends_in, *rules.avoid), events)
            hold_known(who, "task", rules.needs, [name for name in tasks if name != item.id])
        return self

    @model_validator(mode="after")
    def _sample_keeps_the_rules(self) -> Self:
        plan = {item.id: self.months.index(item.start) for item in self.items}
        for item in self.items:
            if plan[item.id] + item.length > len(self.months):
                blanks = {"item": item.id, "last": self.months[-1]}
                raise field_error("exercises.runs_past", about=item.id, **blanks)
            for rule in self._rules(item, plan):
                if not rule.kept:
                    blanks = {"item": item.id, "rule": rule.name, "note": rule.note.text}
                    raise field_error("exercises.breaks_rule", about=item.id, **blanks)
        return self

    @override
    def common(self) -> dict[str, Json]:
        return {
            "months": [{"text": month} for month in self.months],
            "events": [
                {"ref": e.ref, "text": e.text, "sign": e.sign, "months": sorted(self._of(e.id))}
                for e in self.events
            ],
        }

    @override
    def face(self, item: Task) -> dict[str, Json]:
        return {"card": [note.face() for note in item.card], "length": item.length}

    @override
    def parts(self, item: Task) -> tuple[Part, ...]:
        choices = tuple(Choice(n, month) for n, month in enumerate(self.months))
        return (Part("", Shape.SPAN, choices, length=item.length),)

    @override
    def check(self, item: Task, value: Json) -> Json:
        starts = len(self.months) - item.length + 1
        if type(value) is not int or not 0 <= value < starts:
            raise AnswerError(f"{self.id}/{item.ref}: a value is a whole number below {starts}")
        return value

    @override
    def key(self, item: Task) -> Json:
        return self.months.index(item.start)

    @override
    def judge(self, item: Task, value: Json) -> ItemResult:
        return self.judge_all({item.ref: value})[item.ref]

    @override
    def judge_all(self, values: Mapping[str, Json]) -> dict[str, ItemResult]:
        known = {item.ref: item for item in self.items}
        plan = {known[ref].id: value for ref, value in values.items()}
        return {ref: self._judged(known[ref], plan) for ref in values}

    def _judged(self, item: Task, plan: Mapping[str, int]) -> ItemResult:
        rules = list(self._rules(item, plan))
        broken = [rule for rule in rules if not rule.kept]
        if not broken:
            return flat(item, 1.0, Remark.of(item.feedback.right, Mark.RIGHT))
        remarks: tuple[Remark, ...] = ()
        for rule in broken:
            remarks += Remark.of(rule.note, Mark.WRONG, rule.about, rule.name)
        return flat(item, (len(rules) - len(broken)) / len(rules), remarks)

    def _rules(self, item: Task, plan: Mapping[str, int]) -> Iterator[_Rule]:
        """Look at each rule of a task in a plan: first months by the ids of tasks."""
        rules, first = item.rules, plan[item.id]
        last = first + item.length - 1
        if rules.not_before:
            kept = first >= self.months.index(rules.not_before.month)
            yield _Rule("not_before", kept, rules.not_before.note)
        if rules.deadline:
            kept = last <= self.months.index(rules.deadline.month)
            yield _Rule("deadline", kept, rules.deadline.note)
        tasks = {task.id: task for task in self.items}
        for name, note in rules.needs.items():
            kept = name in plan and plan[name] + tasks[name].length <= first
            yield _Rule("needs", kept, note, tasks[name].ref)
        refs = {event.id: event.ref for event in self.events}
        for name, note in rules.ends_in.items():
            yield _Rule("ends_in", last in self._of(name), note, refs[name])
        for name, note in rules.avoid.items():
            kept = self._of(name).isdisjoint(range(first, last + 1))
            yield _Rule("avoid", kept, note, refs[name])

    def _of(self, name: str) -> set[int]:
        """Give the months of an event, as numbers."""
        event = next(event for event in self.events if event.id == name)
        return {self.months.index(month) for month in event.months}
