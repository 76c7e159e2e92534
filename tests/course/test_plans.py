"""The facilitator's plans: their clocks add up, and what they name is in the course."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from dxcourse.course import Course

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "facilitator"
EXERCISES = {60: 3, 90: 5, 120: 6}  # live ones in a plan of so many minutes
ROW = re.compile(r"^\| *(?P<start>\d+) *\|(?P<what>[^|]*)\|(?P<screen>[^|]*)\|(?P<steps>[^|]*)\|")
STEP = re.compile(r"(\d+)分(?!の)")  # 「2分」, and not 「30分の内訳」


@dataclass(frozen=True)
class Row:
    """A row of a plan: when it starts, and the minutes of its steps."""

    start: int
    live: bool
    screen: str
    steps: int


def rows(minutes: int) -> list[Row]:
    text = (FOLDER / f"plan-{minutes}.md").read_text(encoding="utf-8")
    return [
        Row(
            int(found["start"]),
            "**演習" in found["what"],
            found["screen"],
            sum(int(step) for step in STEP.findall(found["steps"])),
        )
        for found in map(ROW.match, text.splitlines())
        if found
    ]


@pytest.mark.parametrize("minutes", EXERCISES)
def test_a_plan_runs_from_the_first_minute_to_its_last(minutes: int) -> None:
    starts = [row.start for row in rows(minutes)]
    assert starts == sorted(set(starts))
    assert (starts[0], starts[-1]) == (0, minutes)


@pytest.mark.parametrize("minutes", EXERCISES)
def test_the_steps_of_a_live_exercise_fill_its_time(minutes: int) -> None:
    plan = rows(minutes)
    live = [(row, after) for row, after in pairwise(plan) if row.live]
    assert len(live) == EXERCISES[minutes]
    for row, after in live:
        assert row.steps == after.start - row.start, f"plan-{minutes}.md, minute {row.start}"


@pytest.mark.parametrize("minutes", EXERCISES)
def test_an_exercise_that_a_plan_names_is_in_the_course(minutes: int) -> None:
    named = {name for row in rows(minutes) for name in re.findall(r"`([a-z-]+)`", row.screen)}
    assert named
    assert named <= set(Course.load(ROOT).exercises)
