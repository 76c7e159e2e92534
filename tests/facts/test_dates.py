from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxcourse.facts import (
    Deadline,
    Fact,
    days_left,
    deadline_status,
    today_in_japan,
)
from dxcourse.facts.rows import Row


def deadline(month: str) -> Deadline:
    return Deadline(id="d", item="1-2", date=month, kind="due", what="w", fact="f")


@pytest.mark.parametrize(
    ("month", "today", "state", "months", "days"),
    [
        ("2026-03", date(2026, 3, 1), "this-month", 0, 30),
        ("2026-03", date(2026, 3, 31), "this-month", 0, 0),
        ("2026-03", date(2026, 4, 1), "past", 1, -1),
        ("2026-03", date(2025, 12, 31), "ahead", 3, 90),
        ("2028-02", date(2028, 2, 28), "this-month", 0, 1),
    ],
)
def test_a_deadline_is_seen_from_today(
    month: str, today: date, state: str, months: int, days: int
) -> None:
    status = deadline_status(deadline(month), today)
    assert (status.state, status.months) == (state, months)
    assert days_left(deadline(month), today) == days


@given(
    today=st.dates(date(1900, 1, 1), date(2200, 1, 1)),
    year=st.integers(1900, 2200),
    month=st.integers(1, 12),
)
def test_the_state_and_the_days_agree(today: date, year: int, month: int) -> None:
    due = deadline(f"{year}-{month:02d}")
    status = deadline_status(due, today)
    assert (status.state == "past") == (days_left(due, today) < 0)
    assert (status.months == 0) == (status.state == "this-month")


def test_today_is_japans() -> None:
    evening = datetime(2026, 3, 31, 15, 0, tzinfo=UTC)
    assert today_in_japan(evening) == date(2026, 4, 1)
    assert today_in_japan(evening - timedelta(seconds=1)) == date(2026, 3, 31)
    hawaii = timezone(timedelta(hours=-10))
    assert today_in_japan(datetime(2026, 3, 31, 5, 0, tzinfo=hawaii)) == date(2026, 4, 1)


def test_a_moment_without_a_zone_has_no_date_in_japan() -> None:
    with pytest.raises(ValueError, match="time zone"):
        today_in_japan(datetime(2026, 3, 31))  # noqa: DTZ001


def test_a_row_refuses_what_is_not_a_column() -> None:
    assert issubclass(Fact, Row)
    with pytest.raises(ValueError, match="extra"):
        Fact.model_validate({"id": "a", "colour": "red"})
