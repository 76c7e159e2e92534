"""What a facilitator may say: it becomes events, or is refused with a reason, and never half."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxcourse.text import words
from dxcourse.workshop import NotNow
from dxcourse.workshop.commands import decide, read_command
from dxcourse.workshop.events import EventKind, RoomEvent
from dxcourse.workshop.state import Phase, RoomState, WallScreen, fold
from support.workshop_events import START, event, histories, room, steady

WORDS = words("workshop.board")["not_now"]
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


def test_two_boards_that_hide_at_once_lose_nothing() -> None:
    state = room(event(EventKind.OPENED, exercise="main"))
    for voice in ("v1", "v2"):
        state = say(state, "voice", exercise="main", change="hide", voices=[voice])
    state = say(state, "voice", exercise="main", change="pin", voices=["v3"])
    assert state.moderation["main"].hidden == {"v1", "v2"}
    assert state.moderation["main"].pinned == {"v3"}
    state = say(state, "voice", exercise="main", change="show", voices=["v1"])
    assert state.moderation["main"].hidden == {"v2"}
    assert state.moderation["main"].approved == {"v1"}


def test_a_voice_is_under_one_heading_and_an_empty_heading_goes() -> None:
    state = say(room(), "voice", exercise="main", change="group", voices=["v1"], name=" 住民 ")
    state = say(state, "voice", exercise="main", change="group", voices=["v1", "v2"], name="職員")
    assert state.moderation["main"].groups == {"職員": ("v1", "v2")}
    state = say(state, "voice", exercise="main", change="ungroup", voices=["v1", "v2"])
    assert state.moderation["main"].groups == {}
    assert refused(state, "voice", exercise="main", change="group", voices=["v1"]) == "no_name"


def test_a_question_made_on_the_spot_is_open_at_once_at_the_present_stop() -> None:
    state = room(event(EventKind.WENT, stop="talk"))
    state = say(state, "ask", text="どちらから", options=["窓口", "庁内", "窓口"])
    assert state.phase("own-1") is Phase.OPEN
    assert state.asks("talk") == ("own-1",)
    options = state.made["own-1"].exercise["options"]
    assert [each["text"] for each in options] == ["窓口", "庁内"]
    assert say(say(state, "close"), "open").asked == "own-1"
    assert say(state, "ask", text="ひと言").asked == "own-2"
    assert refused(state, "ask", text="これだけ", options=["はい"]) == "one_option"


def test_what_a_facilitator_types_is_counted_as_people_count() -> None:
    family = "👨\u200d👩\u200d👧\u200d👦"
    state = say(room(), "ask", text=family * 120, options=[family * 60, "どちらでも"])
    assert state.made["own-1"].exercise["title"] == family * 120
    group = family * 40
    state = say(room(), "voice", exercise="main", change="group", voices=["v1"], name=group)
    assert [*state.moderation["main"].groups] == [group]


def test_one_voice_fills_the_wall_after_the_reveal_only_and_goes_when_it_is_hidden() -> None:
    state = room(event(EventKind.WENT, stop="ask"), event(EventKind.OPENED, exercise="main"))
    assert refused(state, "spotlight", exercise="main", voice="v1") == "not_revealed"
    shown = say(say(state, "reveal"), "spotlight", exercise="main", voice="v1")
    assert (shown.screen, shown.spotlight) == (WallScreen.VOICE, "v1")
    hidden = say(shown, "voice", exercise="main", change="hide", voices=["v1"])
    assert (hidden.screen, hidden.spotlight) == (WallScreen.ROOM, "")
    assert refused(hidden, "spotlight", exercise="main", voice="v1") == "hidden"


def test_the_wall_goes_back_to_what_was_closed_also_after_the_end() -> None:
    state = room(event(EventKind.WENT, stop="ask"), event(EventKind.OPENED, exercise="main"))
    assert refused(state, "recall", exercise="main") == "open_already"
    ended = say(say(say(state, "reveal"), "open", exercise="before"), "end")
    assert ended.screen is WallScreen.FAREWELL
    back = say(ended, "recall", exercise="main")
    assert (back.asked, back.screen, back.phase("main")) == (
        "main",
        WallScreen.ROOM,
        Phase.REVEALED,
    )
    assert refused(ended, "recall", exercise="after") == "nothing_asked"


def test_a_stop_is_made_longer_by_a_difference_from_any_board() -> None:
    state = room(event(EventKind.WENT, stop="talk"))
    state = say(say(state, "extend", minutes=1), "extend", minutes=5)
    assert state.minutes["talk"] == 11
    assert say(state, "extend", minutes=-60).minutes["talk"] == 0
    assert refused(room(), "extend", minutes=1) == "not_begun"


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
    hidden = say(state, "voice", exercise="main", change="hide", voices=["v1"])
    assert hidden.moderation["main"].hidden == {"v1"}
    assert say(say(room(), "end"), "show", screen="room").screen is WallScreen.ROOM


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
        {"do": "voice", "exercise": "main", "change": "group", "voices": [], "name": "x" * 41},
        {"do": "voice", "exercise": "main", "change": "burn", "voices": ["v1"]},
        {"do": "rest", "minutes": 0},
        {"do": "ask", "text": ""},
        {"do": "ask", "text": "問" * 121},
        {"do": "ask", "text": "どちらから", "options": ["窓口", "庁" * 61]},
        {"do": "show", "screen": "<script>"},
    ],
)
def test_what_is_no_command_is_refused_and_not_repeated(raw: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^(?!.*script>).*$"):
        read_command(raw)
