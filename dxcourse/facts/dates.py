"""Dates as the course uses them: partial ones, a deadline against today, Japan's day.

No clock is read here: whoever shows a deadline hands in the day.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal, Protocol
from zoneinfo import ZoneInfo

from pydantic import AfterValidator

from dxcourse.authored import field_error

JAPAN = ZoneInfo("Asia/Tokyo")
MONTHS_A_YEAR = 12

_PARTIAL = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_MONTH = re.compile(r"\d{4}-\d{2}")


def _partial_date(text: str) -> str:
    if _PARTIAL.fullmatch(text):
        try:
            date.fromisoformat((text + "-01-01")[:10])
        except ValueError:
            pass
        else:
            return text
    raise field_error("facts.date", value=text)


def _month(text: str) -> str:
    if not _MONTH.fullmatch(text):
        raise field_error("facts.month", value=text)
    return _partial_date(text)


def _optional_date(text: str) -> str:
    return _partial_date(text) if text else text


def _optional_month(text: str) -> str:
    return _month(text) if text else text


PartialDate = Annotated[str, AfterValidator(_partial_date)]
"""A year, a month or a day, as ISO text: no more is said than is known."""

OptionalDate = Annotated[str, AfterValidator(_optional_date)]
"""A `PartialDate`, or nothing."""

Month = Annotated[str, AfterValidator(_month)]
"""A month as ISO text, ``2026-03``."""

OptionalMonth = Annotated[str, AfterValidator(_optional_month)]
"""A `Month`, or nothing."""


class Dated(Protocol):
    """Anything with a month, such as a deadline."""

    @property
    def date(self) -> str:
        """The month, ``YYYY-MM``, or a day in it."""


@dataclass(frozen=True)
class DeadlineStatus:
    """Where a month lies, seen from today.

    Attributes
    ----------
    state : {"past", "this-month", "ahead"}
        The month is over, runs, or is still to come.
    months : int
        Calendar months between, 0 in the month itself, never negative.
    """

    state: Literal["past", "this-month", "ahead"]
    months: int


def _year_month(deadline: Dated) -> tuple[int, int]:
    year, month, *_day = deadline.date.split("-")
    return int(year), int(month)


def deadline_status(deadline: Dated, today: date) -> DeadlineStatus:
    """Say whether a deadline is past, this month, or how many months ahead.

    Parameters
    ----------
    deadline : Dated
        What has a month.
    today : datetime.date
        The day to look from, in Japan (see `today_in_japan`).

    Returns
    -------
    DeadlineStatus
        The state and the calendar months between; the words are in the legend.
    """
    year, month = _year_month(deadline)
    ahead = (year - today.year) * MONTHS_A_YEAR + month - today.month
    if ahead == 0:
        return DeadlineStatus("this-month", 0)
    return DeadlineStatus("ahead" if ahead > 0 else "past", abs(ahead))


def days_left(deadline: Dated, today: date) -> int:
    """Count the days to the last day of a deadline's month; negative when it is over.

    Parameters
    ----------
    deadline : Dated
        What has a month.
    today : datetime.date
        The day to look from, in Japan.

    Returns
    -------
    int
        0 on the last day itself.
    """
    year, month = _year_month(deadline)
    last = date(year, month, calendar.monthrange(year, month)[1])
    return (last - today).days


def today_in_japan(now: datetime) -> date:
    """Give Japan's date at a moment.

    Parameters
    ----------
    now : datetime.datetime
        The moment, with its time zone: ``datetime.now(tz=UTC)`` at the edge.

    Returns
    -------
    datetime.date
        The date on calendars in Japan.

    Raises
    ------
    ValueError
        The moment has no time zone, so nobody can tell the date in Japan.
    """
    if now.tzinfo is None:
        raise ValueError("today_in_japan needs a moment with a time zone: datetime.now(tz=UTC)")
    return now.astimezone(JAPAN).date()


def months_since(as_of: str, today: date) -> int:
    """Whole months from the end of a `PartialDate` to a day; 0 where it lies ahead.

    A year or a month that is given alone ends with its last day.
    """
    year, month, day = (*(int(part) for part in as_of.split("-")), 0, 0)[:3]
    month = month or MONTHS_A_YEAR
    day = day or calendar.monthrange(year, month)[1]
    passed = (today.year - year) * MONTHS_A_YEAR + today.month - month
    return max(0, passed - (today.day < min(day, calendar.monthrange(today.year, today.month)[1])))
