from __future__ import annotations

from datetime import date

import pytest

from dxcourse.learner import is_working_day, working_day


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 12, 1), True),
        (date(2026, 12, 5), False),  # a Saturday
        (date(2026, 12, 28), True),
        (date(2026, 12, 29), False),  # municipalities rest to 3 January
        (date(2027, 1, 3), False),
        (date(2027, 1, 4), True),
        (date(2027, 3, 22), False),  # the day after a holiday on a Sunday
        (date(2026, 9, 22), False),  # between two holidays
    ],
)
def test_a_town_hall_works_on_weekdays_that_are_no_holiday(day: date, works: bool) -> None:  # noqa: FBT001
    assert is_working_day(day) is works


def test_a_day_of_rest_is_put_off_to_the_next_working_day() -> None:
    assert working_day(date(2026, 12, 1)) == date(2026, 12, 1)
    assert working_day(date(2026, 12, 29)) == date(2027, 1, 4)
    assert working_day(date(2027, 5, 1)) == date(2027, 5, 6)
