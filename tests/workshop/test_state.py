"""The present state is a fold over events: the same however it is cut, never contradictory."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from dxcourse.workshop.events import EventKind, RoomEvent
from dxcourse.workshop.state import ExerciseTimes, Phase, WallScreen, fold
from support.workshop_events import START, event, histories, room, steady


@steady
@given(histories(), st.integers(0, 40))
def test_a_room_resumed_anywhere_is_the_room_that_never_stopped(
    events: list[RoomEvent], cut: int
) -> None:
    assert fold(events[cut:], fold(events[:cut])) == fold(events)


@steady
@given(histories())
def test_at_most_one_exercise_is_open_and_what_is_open_is_what_the_room_is_at(
    events: list[RoomEvent],
) -> None:
    state = fold(events)
    open_now = [name for name, phase in state.phases.items() if phase is Phase.OPEN]
    assert len(open_now) <= 1
    assert open_now in ([], [state.asked])
    if state.ended:
        assert not open_now


@steady
@given(histories())
def test_what_was_revealed_takes_no_answers_until_that_is_taken_back_and_this_is_remembered(
    events: list[RoomEvent],
) -> None:
    revealed: set[str] = set()
    again: set[str] = set()
    for n in range(1, len(events) + 1):
        state, last = fold(events[:n]), events[n - 1]
        now = {name for name, phase in state.phases.items() if phase is Phase.REVEALED}
        gone = revealed - now
        assert gone <= ({last.data["exercise"]} if last.kind is EventKind.REASKED else set())
        again |= gone
        assert {name for name in state.times if state.again(name)} == again
        revealed = now
        for name in now:
            assert state.times[name].revealed
            assert state.times[name].opened


@steady
@given(histories())
def test_a_room_is_never_at_two_stops_and_time_is_counted_once(events: list[RoomEvent]) -> None:
    state = fold(events)
    going = [name for name, visit in state.visits.items() if visit.since]
    assert len(going) <= 1
    if going and not state.ended:
        assert going == [state.stop]
    end = events[-1].at
    spent = sum(visit.ran(end) for visit in state.visits.values())
    begun = state.began or end
    assert spent <= (end - begun).total_seconds() + 0.001


def test_opening_closes_what_was_open_and_shows_the_room() -> None:
    state = room(
        event(EventKind.WENT, 1, stop="ask"),
        event(EventKind.SHOWN, 1, screen="join"),
        event(EventKind.OPENED, 2, exercise="before"),
        event(EventKind.OPENED, 3, exercise="main"),
    )
    assert state.phases == {"before": Phase.CLOSED, "main": Phase.OPEN}
    assert state.asked == "main"
    assert state.screen is WallScreen.ROOM
    assert state.times["before"] == ExerciseTimes(
        opened=START + timedelta(minutes=2), closed=START + timedelta(minutes=3)
    )


def test_what_is_open_closes_when_the_room_goes_on_or_ends() -> None:
    opened = (event(EventKind.WENT, 1, stop="ask"), event(EventKind.OPENED, 2, exercise="main"))
    assert room(*opened, event(EventKind.WENT, 3, stop="talk")).phase("main") is Phase.CLOSED
    assert room(*opened, event(EventKind.ENDED, 3)).phase("main") is Phase.CLOSED


def test_closed_by_mistake_it_opens_again_with_its_first_beginning() -> None:
    state = room(
        event(EventKind.OPENED, 1, exercise="main"),
        event(EventKind.CLOSED, 2, exercise="main"),
        event(EventKind.OPENED, 3, exercise="main"),
    )
    assert state.phase("main") is Phase.OPEN
    assert state.times["main"] == ExerciseTimes(opened=START + timedelta(minutes=1))


def test_asked_again_after_the_reveal_it_is_open_and_hidden_and_can_be_revealed_anew() -> None:
    revealed = (
        event(EventKind.OPENED, 1, exercise="main"),
        event(EventKind.REVEALED, 2, exercise="main"),
        event(EventKind.TURNED, 2, page=1),
    )
    again = event(EventKind.REASKED, 3, exercise="main")
    state = room(*revealed, again)
    assert state.phase("main") is Phase.OPEN
    assert (state.asked, state.page, state.screen) == ("main", 0, WallScreen.ROOM)
    assert state.times["main"] == ExerciseTimes(
        opened=START + timedelta(minutes=1), again=START + timedelta(minutes=3)
    )
    twice = room(*revealed, again, event(EventKind.REVEALED, 4, exercise="main"))
    assert twice.phase("main") is Phase.REVEALED
    assert twice.again("main")
    assert not room(*revealed).again("main")
    assert room(*revealed, event(EventKind.ENDED, 3), again).phase("main") is Phase.REVEALED


def test_a_timer_stands_still_while_paused_and_longer_is_from_now_when_it_is_over() -> None:
    steps = [event(EventKind.STEP, 0, step=0, seconds=60), event(EventKind.PAUSED, 0.5)]
    paused = room(*steps)
    assert paused.timer
    assert paused.timer.remaining(START + timedelta(hours=1)) == 30
    going = room(*steps, event(EventKind.CONTINUED, 10))
    assert going.timer
    assert going.timer.remaining(START + timedelta(minutes=10)) == 30
    over = room(
        event(EventKind.STEP, 0, step=0, seconds=60), event(EventKind.LONGER, 5, seconds=60)
    )
    assert over.timer
    assert over.timer.remaining(START + timedelta(minutes=5)) == 60


def test_going_back_to_a_stop_adds_to_its_time_and_takes_it_in_again() -> None:
    state = room(
        event(EventKind.SKIPPED, 0, stop="talk", skipped=True),
        event(EventKind.WENT, 0, stop="ask"),
        event(EventKind.WENT, 4, stop="talk"),
        event(EventKind.WENT, 5, stop="ask"),
        event(EventKind.WENT, 7, stop="again"),
    )
    assert state.visits["ask"].seconds == 6 * 60
    assert state.visits["ask"].began == START
    assert state.visits["ask"].ended == START + timedelta(minutes=7)
    assert state.skipped == frozenset()


def test_a_tally_replaces_the_last_and_nothing_counted_is_nothing() -> None:
    first = event(EventKind.TALLIED, 1, exercise="main", item="i", counts={"a": 3, "b": 0})
    assert room(first).tallies == {"main": {"i": {"a": 3}}}
    second = event(EventKind.TALLIED, 2, exercise="main", item="i", counts={"a": 0})
    assert room(first, second).tallies == {"main": {}}
