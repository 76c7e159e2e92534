"""The agenda against the clock: how late it is, and what to shorten to be in time again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxcourse.workshop.clock import LATE, expected_end, lateness, savings, stop_rows
from dxcourse.workshop.events import EventKind, RoomEvent
from dxcourse.workshop.state import fold
from support.workshop_events import AGENDA, START, event, histories, room, steady


def test_before_it_begins_it_is_neither_late_nor_ending() -> None:
    state = room()
    assert expected_end(state, START) is None
    assert lateness(state, START) == 0
    assert [row.at for row in stop_rows(state, START)] == [0, 3, 12, 17]


def test_a_stop_that_takes_longer_makes_it_late_and_says_what_to_shorten() -> None:
    state = room(event(EventKind.WENT, 0, stop="open"))
    now = START + timedelta(minutes=8)  # three were planned
    assert lateness(state, now) == 5 * 60
    assert [(each.stop.id, each.minutes) for each in savings(state, now)] == [
        ("ask", 4),
        ("talk", 4),
    ]
    skipped = room(
        event(EventKind.WENT, 0, stop="open"),
        event(EventKind.SKIPPED, 8, stop="talk", skipped=True),
    )
    assert lateness(skipped, now) == 0
    assert savings(skipped, now) == []


def test_what_the_room_went_past_takes_no_time_any_more() -> None:
    state = room(event(EventKind.WENT, 0, stop="talk"))
    assert [row.status for row in stop_rows(state, START)] == ["passed", "passed", "now", "coming"]
    assert lateness(state, START) == -12 * 60


def test_a_stop_planned_anew_changes_when_it_ends() -> None:
    state = room(
        event(EventKind.WENT, 0, stop="open"), event(EventKind.MINUTES, 1, stop="ask", minutes=5)
    )
    assert lateness(state, START + timedelta(minutes=1)) == -4 * 60


@steady
@given(histories(), st.integers(0, 7200))
def test_shortening_gives_what_is_owed_or_all_that_can_be_given(
    events: list[RoomEvent], seconds: int
) -> None:
    state = fold(events)
    now = events[-1].at + timedelta(seconds=seconds)
    owed = lateness(state, now)
    chosen = savings(state, now)
    given_back = sum(each.minutes * 60 for each in chosen)
    can = [
        row.planned - row.stop.least
        for row in stop_rows(state, now)
        if row.status == "coming" and row.planned > row.stop.least
    ]
    if owed < LATE:
        assert chosen == []
    else:
        assert owed - given_back < LATE or given_back == pytest.approx(sum(can) * 60)
    assert len(stop_rows(state, now)) == len(AGENDA.stops)
