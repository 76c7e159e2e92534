"""A stored pledge as a plan: its lines, its day, and the questions that count from the day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dxcourse.exercises.pledge import Pledge


@dataclass(frozen=True)
class PlanLine:
    """A field of the pledge; what was left empty is "", and there is room to write it in."""

    name: str
    value: str | date


@dataclass(frozen=True)
class FollowUp:
    """A question, the day on which it is asked, and how many days after the pledge's that is."""

    days: int
    day: date
    text: str


@dataclass(frozen=True)
class Plan:
    """What someone will begin."""

    exercise: str
    title: str
    day: date
    lines: tuple[PlanLine, ...]
    asked: tuple[FollowUp, ...]


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
            FollowUp(each.days, day + timedelta(days=each.days), each.text)
            for each in pledge.questions
        ),
    )


@cache
def words() -> dict[str, str]:
    """Every word of the plan's files, from `words.yaml`."""
    file = Path(__file__).with_name("words.yaml")
    found: dict[str, str] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


def day_in_words(day: date) -> str:
    """A day with its weekday: ``2026年12月1日（火）``."""
    weekday = words()["weekdays"][day.weekday()]
    return words()["day"].format(year=day.year, month=day.month, day=day.day, weekday=weekday)
