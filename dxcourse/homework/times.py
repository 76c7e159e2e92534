"""Times of the gradebook as people in Japan read them, and the deadline that a notebook states."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache

from dxcourse.facts import JAPAN
from dxcourse.text import say


def in_japan(time: datetime | None) -> str:
    """A time of the gradebook (UTC, without a zone) in Japan, the zone said; "" for none."""
    if time is None:
        return ""
    here = time.replace(tzinfo=UTC).astimezone(JAPAN)
    return say(
        "homework.japan_time",
        year=here.year,
        month=here.month,
        day=here.day,
        clock=f"{here:%H:%M}",
    )


def due_notice(due: datetime) -> str:
    """The text of the cell that states a deadline in a released notebook."""
    return say("homework.due_notice", due=in_japan(due))


def is_due_notice(text: str) -> bool:
    """Whether a cell is one that states a deadline, whichever: nobody wrote it by hand.

    A deadline moves after a notebook was handed out; what a learner has still says the former one.
    """
    return _notice().fullmatch(text.strip()) is not None


@cache
def _notice() -> re.Pattern[str]:
    number = "\0"
    time = say("homework.japan_time", year=number, month=number, day=number, clock=number)
    text = re.escape(say("homework.due_notice", due=time))
    return re.compile(text.replace(re.escape(number), "[0-9:]+"))
