from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st

from dxcourse.exercises import AnswerError
from support.exercise_data import HIDDEN, Raw, make, maybe_notes, named, raws, refs, result, said

if TYPE_CHECKING:
    from dxcourse.exercises.kinds.choice import ChoiceItem, SingleChoice


@st.composite
def _item(draw: st.DrawFn, _: Raw) -> Raw:
    fields = st.fixed_dictionaries({"feedback": maybe_notes, "last": st.booleans()})
    options = draw(named(2, 5, fields))
    right = draw(st.none() | st.sampled_from(options))
    if right is not None:
        right["correct"] = True
    return {"options": options, "ordered": draw(st.booleans())}


RAW = raws("choice", _item)

OPTIONS: list[Raw] = [
    {"id": "steps", "text": "順を追う", "correct": True, "feedback": "なぜ？"},
    {"id": "law", "text": "法律だから", "feedback": "本当に？"},
    {"id": "plain", "text": "なんとなく"},
    {"id": "dunno", "text": "わからない", "last": True},
]


def values(_: SingleChoice, item: ChoiceItem) -> st.SearchStrategy[Any]:
    return st.sampled_from([option.ref for option in item.options])


@pytest.mark.parametrize(
    ("option", "points", "mark", "remarks"),
    [
        ("steps", 2.0, "right", [("right", "なぜ？")]),
        ("law", 0.0, "wrong", [("wrong", "本当に？")]),
        ("plain", 0.0, "wrong", []),
        ("dunno", 0.0, "wrong", []),
    ],
)
def test_only_the_right_option_brings_points(
    option: str, points: float, mark: str, remarks: list[tuple[str, str]]
) -> None:
    exercise = make("choice", options=OPTIONS, points=2)
    ref = refs(exercise.items[0].options)[option]
    found = result(exercise, ref)
    assert (found.points, found.max_points, found.mark) == (points, 2.0, mark)
    assert said(found) == remarks
    assert all(remark.option == ref for remark in found.remarks)


@pytest.mark.parametrize(("option", "mark"), [("steps", "right"), ("law", "wrong")])
def test_practice_says_what_is_right_and_counts_nothing(option: str, mark: str) -> None:
    exercise = make("choice", options=OPTIONS, points=0)
    found = result(exercise, refs(exercise.items[0].options)[option])
    assert (found.points, found.max_points, found.mark) == (0, 0, mark)
    assert [each for each, _ in said(found)] == [mark]
    assert (exercise.max_points, exercise.public()["judged"]) == (0, True)


def test_without_a_right_option_it_is_a_poll() -> None:
    options = [{**option, "correct": False} for option in OPTIONS]
    exercise = make("choice", options=options)
    found = result(exercise, refs(exercise.items[0].options)["law"])
    assert (found.points, found.max_points, found.mark) == (0, 0, "taken")
    assert said(found) == [("taken", "本当に？")]
    assert exercise.max_points == 0
    assert exercise.public()["judged"] is False
    assert exercise.model_answer() == {"items": {}}


def test_a_page_cannot_tell_which_option_is_right() -> None:
    def faces(right: str) -> Any:
        options = [{**option, "correct": option["id"] == right} for option in OPTIONS]
        return make("choice", options=options[::-1] if right == "law" else options).public()

    assert faces("law") == faces("steps")


def test_options_that_are_last_stay_last_and_others_are_not_in_the_order_of_the_yaml() -> None:
    orders = {tuple(face["text"] for face in _faces(f"id-{n}", ordered=False)) for n in range(20)}
    assert len(orders) > 1
    assert {order[-1] for order in orders} == {"わからない"}
    assert [face["fixed"] for face in _faces("x", ordered=False)] == [False, False, False, True]


def test_ordered_options_keep_the_order_of_the_yaml() -> None:
    faces = _faces("x", ordered=True)
    assert [face["text"] for face in faces] == [option["text"] for option in OPTIONS]
    assert all(face["fixed"] for face in faces)


def _faces(name: str, *, ordered: bool) -> list[Raw]:
    faces = make("choice", id=name, options=OPTIONS, ordered=ordered).public()["items"][0]
    assert set(faces) == {"ref", "text", "options"}
    return list(faces["options"])


@pytest.mark.parametrize("value", ["steps", "", 0, True, ["steps"], {"ref": "x"}, HIDDEN * 50])
def test_a_value_that_is_no_option_is_refused(value: Any) -> None:
    with pytest.raises(AnswerError, match="there is no choice"):
        result(make("choice", options=OPTIONS), value)
