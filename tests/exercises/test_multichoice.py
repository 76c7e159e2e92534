from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st

from dxcourse.exercises import AnswerError
from support.exercise_data import Raw, make, maybe_notes, named, raws, refs, result, said

if TYPE_CHECKING:
    from dxcourse.exercises.kinds.multichoice import Multichoice, MultichoiceItem


@st.composite
def _item(draw: st.DrawFn, _: Raw) -> Raw:
    fields = st.fixed_dictionaries(
        {"feedback": maybe_notes, "last": st.booleans(), "correct": st.booleans()}
    )
    options = draw(named(2, 6, fields))
    draw(st.sampled_from(options))["correct"] = True
    return {
        "options": options,
        "ordered": draw(st.booleans()),
        "scoring": draw(st.sampled_from(["each", "all-or-nothing"])),
    }


RAW = raws("multichoice", _item)

OPTIONS: list[Raw] = [
    {"id": "a", "text": "あ", "correct": True, "feedback": "a を見た"},
    {"id": "b", "text": "い", "correct": True},
    {"id": "c", "text": "う", "correct": True, "feedback": "c を見た"},
    {"id": "x", "text": "え", "feedback": "x とは？"},
    {"id": "y", "text": "お"},
]


def values(_: Multichoice, item: MultichoiceItem) -> st.SearchStrategy[Any]:
    return st.lists(st.sampled_from([option.ref for option in item.options]), max_size=8)


@pytest.mark.parametrize(
    ("ticked", "points", "mark"),
    [
        ("a", 1, "partly"),
        ("ab", 2, "partly"),
        ("abc", 3, "right"),
        ("abcx", 2, "partly"),  # a false tick cancels a hit
        ("abcxy", 1, "partly"),  # ticking everything does not pay
        ("abx", 1, "partly"),
        ("ax", 0, "wrong"),
        ("axy", 0, "wrong"),  # never below 0
        ("x", 0, "wrong"),
        ("ccbbaa", 3, "right"),  # order and repetition mean nothing
    ],
)
def test_each_false_tick_cancels_a_hit(ticked: str, points: float, mark: str) -> None:
    exercise = make("multichoice", options=OPTIONS, points=3)
    codes = refs(exercise.items[0].options)
    found = result(exercise, [codes[name] for name in ticked])
    assert found.points == pytest.approx(points)
    assert (found.max_points, found.mark) == (3, mark)


def test_something_is_said_of_ticked_options_only() -> None:
    exercise = make("multichoice", options=OPTIONS)
    codes = refs(exercise.items[0].options)
    found = result(exercise, [codes["x"], codes["a"]])
    assert sorted(said(found)) == [("right", "a を見た"), ("wrong", "x とは？")]
    assert {remark.option for remark in found.remarks} == {codes["a"], codes["x"]}


def test_a_value_is_kept_sorted_and_no_tick_is_no_answer() -> None:
    exercise = make("multichoice", options=OPTIONS)
    item = exercise.items[0]
    codes = [option.ref for option in item.options]
    kept = exercise.read({"items": {item.ref: [*codes, codes[0]]}})
    assert kept == {"items": {item.ref: sorted(codes)}}
    assert exercise.read({"items": {item.ref: []}}) == {"items": {}}


def test_a_page_cannot_tell_which_options_are_right() -> None:
    others = [{**option, "correct": option["id"] == "y"} for option in OPTIONS]
    assert (
        make("multichoice", options=others).public()
        == make("multichoice", options=OPTIONS).public()
    )


@pytest.mark.parametrize("value", ["a", 1, True, {}, ["a"], [None], [[]], [1]])
def test_a_value_that_is_no_list_of_options_is_refused(value: Any) -> None:
    with pytest.raises(AnswerError, match=r"a-multichoice/r[0-9a-f]{7}: "):
        result(make("multichoice", options=OPTIONS), value)


@pytest.mark.parametrize(("ticked", "points"), [("abc", 3), ("ab", 0), ("abcx", 0), ("x", 0)])
def test_all_or_nothing_takes_every_right_tick_and_no_other(ticked: str, points: float) -> None:
    exercise = make("multichoice", points=3, options=OPTIONS, scoring="all-or-nothing")
    [item] = exercise.items
    ref = {option.id: option.ref for option in item.options}
    assert result(exercise, [ref[name] for name in ticked]).points == points
