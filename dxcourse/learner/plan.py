"""A stored pledge as a plan: its lines, its day, and the questions that count from the day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import jpholiday

from dxcourse.exercises.kinds.pledge import Pledge
from dxcourse.text import say


@dataclass(frozen=True)
class PlanLine:
    """A field of the pledge; what was left empty is "", and there is room to write it in."""

    name: str
    value: str | date


@dataclass(frozen=True)
class FollowUp:
    """A question, how many days after the plan's it is asked, and the working day for that."""

    days: int
    day: date
    text: str


@dataclass(frozen=True)
class Plan:
    """What someone will begin."""

    exercise: str
    title: str
    day: date
    """The day that was written, be it a working day or not."""
    lines: tuple[PlanLine, ...]
    asked: tuple[FollowUp, ...]

    @property
    def begins(self) -> date:
        """The working day on which the first step can be taken."""
        return working_day(self.day)


def plan_of(pledge: Pledge, answer: Mapping[str, Any] | None) -> Plan | None:
    """Make the plan of an answer that the pledge has read; None where it names no day yet."""
    values = answer["items"] if answer else {}
    if pledge.day.ref not in values:
        return None
    day = date.fromisoformat(values[pledge.day.ref])
    return Plan(
        exercise=pledge.id,
        title=pledge.title,
        day=day,
        lines=tuple(
            PlanLine(item.name, day if item == pledge.day else values.get(item.ref, ""))
            for item in pledge.items
        ),
        asked=tuple(
            FollowUp(each.days, working_day(day + timedelta(days=each.days)), each.text)
            for each in pledge.questions
        ),
    )


def day_in_words(day: date) -> str:
    """A day with its weekday: ``2026年12月1日（火）``."""
    return say("plan.day", year=day.year, month=day.month, day=day.day, weekday=_weekday(day))


def short_day(day: date) -> str:
    """A day with its weekday and without its year: ``12月1日（火）``."""
    return say("plan.short_day", month=day.month, day=day.day, weekday=_weekday(day))


def _weekday(day: date) -> str:
    return say("plan.weekdays")[day.weekday()]


def plan_text(plan: Plan) -> str:
    """The plan as the text of a mail: its first line is the subject."""
    lines = [
        say("plan.message.line", name=line.name, value=_value(line) or say("plan.message.empty"))
        for line in plan.lines
    ]
    asked = [
        say("plan.message.question", days=each.days, day=short_day(each.day), text=each.text)
        for each in plan.asked
    ]
    head = say("plan.message.subject", title=plan.title, day=short_day(plan.day))
    questions = "\n".join([say("plan.message.asked"), *asked]) if asked else ""
    return "\n\n".join(filter(None, [head, *lines, questions, say("plan.footer")])) + "\n"


def _value(line: PlanLine) -> str:
    return line.value if isinstance(line.value, str) else day_in_words(line.value)


# -- Days on which a town hall works: a plan's first step and its questions fall on one of them ----

SATURDAY = 5
# Local Autonomy Act, article 4-2: municipalities rest from 29 December to 3 January.
_YEAR_ENDS, _YEAR_BEGINS = (12, 29), (1, 3)


def is_working_day(day: date) -> bool:
    """Whether a municipality works that day: no weekend, no holiday, not the turn of the year."""
    turn = (day.month, day.day) >= _YEAR_ENDS or (day.month, day.day) <= _YEAR_BEGINS
    return day.weekday() < SATURDAY and not turn and not jpholiday.is_holiday(day)


def working_day(day: date) -> date:
    """The day itself, or the first working day after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day
