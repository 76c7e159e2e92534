"""What a facilitator may say: it becomes events, or is refused with a reason, and never half."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dxcourse.workshop import NotNow
from dxcourse.workshop.commands import decide, read_command
from dxcourse.workshop.events import EventKind, RoomEvent
from dxcourse.workshop.site import HERE
from dxcourse.workshop.state import Phase, RoomState, fold
from support.workshop_events import START, event, histories, room, steady

WORDS = yaml.safe_load((HERE / "words.yaml").read_text("utf-8"))["board"]["not_now"]
PLAIN = ["next", "back", "close", "reveal", "again", "step", "pause", "continue", "end"]
COMMANDS = st.one_of(
    st.sampled_from(PLAIN).map(lambda do: {"do": do}),
    st.sampled_from(["", "main", "before", "after", "x"]).map(
        lambda name: {"do": "open", "exercise": name}
    ),
    st.sampled_from(["open", "ask", "x"]).map(lambda stop: {"do": "go", "stop": stop}),
    st.booleans().map(lambda yes: {"do": "skip", "stop": "talk", "skipped": yes}),
)


def say(state: RoomState, do: str, **more: Any) -> RoomState:
    events = decide(state, read_command({"do": do, **more}), START + timedelta(minutes=30))
    return fold(events, state)


def refused(state: RoomState, do: str, **more: Any) -> str:
    with pytest.raises(NotNow) as told:
        say(state, do, **more)
    return told.value.code


@steady
@given(histories(), COMMANDS)
def test_a_command_becomes_one_event_or_is_refused_with_a_word_the_board_has(
    events: list[RoomEvent], raw: dict[str, Any]
) -> None:
    state = fold(events)
    try:
        events = decide(state, read_command(raw), START + timedelta(minutes=30))
    except NotNow as error:
        assert error.code in WORDS  # noqa: PT017  -- whichever it is
    else:
        assert len(events) == 1


def test_next_goes_through_the_agenda_and_passes_over_what_is_left_out() -> None:
    state = say(room(), "next")
    assert state.stop == "open"
    state = say(say(state, "skip", stop="ask", skipped=True), "next")
    assert state.stop == "talk"
    assert say(state, "back").stop == "open"
    assert refused(say(state, "next"), "next") == "no_stop"
    assert refused(room(), "back") == "not_begun"
    assert refused(state, "skip", stop="talk", skipped=True) == "here"


def test_open_takes_the_next_exercise_of_the_stop_and_after_the_reveal_none() -> None:
    state = room(event(EventKind.WENT, stop="ask"))
    first = say(state, "open")
    assert first.asked == "before"
    second = say(first, "open")
    assert second.asked == "main"
    done = say(second, "reveal")
    assert refused(done, "open", exercise="main") == "revealed"
    assert say(done, "open").asked == "before"  # it was closed, not revealed
    assert refused(room(event(EventKind.WENT, stop="talk")), "open") == "nothing_to_ask"


def test_nothing_is_closed_or_revealed_that_was_not_asked() -> None:
    state = room(event(EventKind.WENT, stop="ask"))
    assert refused(state, "close") == "nothing_open"
    assert refused(state, "reveal") == "nothing_asked"
    assert refused(say(say(state, "open"), "reveal"), "reveal") == "revealed"


def test_a_reveal_is_taken_back_of_the_present_exercise_or_of_the_one_that_is_named() -> None:
    state = room(event(EventKind.WENT, stop="ask"))
    assert refused(state, "again") == "not_revealed"
    first = say(say(state, "open"), "reveal")
    second = say(say(first, "open"), "reveal")
    assert second.asked == "main"
    back = say(second, "again")
    assert (back.phase("before"), back.phase("main")) == (Phase.REVEALED, Phase.OPEN)
    assert refused(back, "again") == "not_revealed"
    other = say(back, "again", exercise="before")
    assert (other.phase("before"), other.phase("main")) == (Phase.OPEN, Phase.CLOSED)
    assert refused(other, "again", exercise="x") == "not_revealed"
    assert refused(say(first, "end"), "again") == "over"


def test_steps_come_one_after_the_other_each_with_its_time() -> None:
    state = say(room(event(EventKind.WENT, stop="ask")), "step")
    assert state.timer
    assert state.timer.remaining(START + timedelta(minutes=30)) == 60
    state = say(state, "step")
    assert state.timer
    assert state.timer.step == 1
    assert refused(state, "step") == "no_step"
    assert refused(room(), "pause") == "no_timer"


def test_a_workshop_that_has_ended_takes_only_what_changes_its_picture() -> None:
    state = say(room(), "end")
    assert refused(state, "next") == "over"
    assert refused(state, "open", exercise="main") == "over"
    assert say(state, "moderate", exercise="main", hidden=["v1"]).moderation["main"]["hidden"]


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"do": "format"},
        {"do": "next", "more": 1},
        {"do": "longer", "seconds": 10**9},
        {"do": "tally", "exercise": "main", "item": "i", "counts": {"a": -1}},
        {"do": "tally", "exercise": "main", "item": "i", "counts": {"a": 10**6}},
        {"do": "minutes", "stop": "ask", "minutes": float("nan")},
        {"do": "moderate", "exercise": "main", "groups": {"x" * 41: []}},
        {"do": "show", "screen": "<script>"},
    ],
)
def test_what_is_no_command_is_refused_and_not_repeated(raw: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^(?!.*script>).*$"):
        read_command(raw)
