"""The words of the plan, and days as a reader writes them."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import yaml


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
