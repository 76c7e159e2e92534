"""Days on which a town hall works: a plan's first step and its questions fall on one of them."""

from __future__ import annotations

from datetime import date, timedelta

import jpholiday

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
