"""An answer in words: what was chosen, as a reader says it, whatever is stored."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxcourse._in_words import in_words
from dxcourse.course import Course

ROOT = Path(__file__).resolve().parent.parent
VALUES = st.recursive(
    st.none() | st.booleans() | st.text() | st.integers() | st.floats(allow_nan=False),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["bin", "sure", "reason"]), inner, max_size=3)
    ),
    max_leaves=4,
)


@cache
def course() -> Course:
    return Course.load(ROOT)


@given(VALUES, st.data())
def test_any_value_of_any_exercise_has_words(value: object, data: st.DataObject) -> None:
    exercise = data.draw(st.sampled_from([*course().exercises.values()]))
    ref = data.draw(st.sampled_from([*(item.ref for item in exercise.items), "gone"]))
    assert isinstance(in_words(exercise, ref, value), str)


@pytest.mark.parametrize("name", ["plan-class", "bpr-before", "plan-handbook-match"])
def test_what_is_right_is_told_by_its_text(name: str) -> None:
    exercise = course().exercise(name)
    told = str(exercise.public())
    for ref, key in exercise.model_answer()["items"].items():
        for part in in_words(exercise, ref, key).split("　"):
            assert part.removeprefix("証拠：").split("、")[0] in told


def test_a_judgement_says_how_sure_it_is_in_words() -> None:
    exercise = course().exercise("plan-class")
    levels = exercise.public()["sureness"]
    bins = {each["ref"]: each["text"] for each in exercise.public()["bins"]}
    for ref, text in bins.items():
        for place, level in enumerate(levels):
            told = in_words(exercise, exercise.items[0].ref, {"bin": ref, "sure": place})
            assert told == f"{text}　{level}"


def test_a_number_has_its_unit_and_a_task_its_months() -> None:
    number = course().exercise("plan-not-listed")
    unit = number.public()["items"][0]["unit"]
    assert in_words(number, number.items[0].ref, 12.5) == f"12.5{unit}"
    (plan,) = (each for each in course().exercises.values() if each.kind == "schedule")
    months = [each["text"] for each in plan.public()["months"]]
    for item in plan.public()["items"]:
        last = item["length"]
        expected = months[0] if last == 1 else f"{months[0]}から{months[last - 1]}まで"
        assert in_words(plan, item["ref"], 0) == expected
