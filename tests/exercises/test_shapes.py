"""An answer in words: what was chosen, as a reader says it, whatever is stored."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxcourse.course import Course
from dxcourse.exercises import kinds_by_name
from dxcourse.exercises.shapes import Choice, Part, Privacy, Shape

ROOT = Path(__file__).resolve().parents[2]
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
    assert isinstance(exercise.words_of(ref, value), str)


@pytest.mark.parametrize("name", ["plan-class", "bpr-before", "plan-handbook-match"])
def test_what_is_right_is_told_by_its_text(name: str) -> None:
    exercise = course().exercise(name)
    told = str(exercise.public())
    for ref, key in exercise.model_answer()["items"].items():
        for part in exercise.words_of(ref, key).split("　"):
            assert part.removeprefix("証拠：").split("、")[0] in told


def test_a_judgement_says_how_sure_it_is_in_words() -> None:
    exercise = course().exercise("plan-class")
    levels = exercise.public()["sureness"]
    bins = {each["ref"]: each["text"] for each in exercise.public()["bins"]}
    for ref, text in bins.items():
        for place, level in enumerate(levels):
            told = exercise.words_of(exercise.items[0].ref, {"bin": ref, "sure": place})
            assert told == f"{text}　{level}"


def test_a_number_has_its_unit_and_a_task_its_months() -> None:
    number = course().exercise("plan-not-listed")
    unit = number.public()["items"][0]["unit"]
    assert number.words_of(number.items[0].ref, 12.5) == f"12.5{unit}"
    (plan,) = (each for each in course().exercises.values() if each.kind == "schedule")
    months = [each["text"] for each in plan.public()["months"]]
    for item in plan.public()["items"]:
        last = item["length"]
        expected = months[0] if last == 1 else f"{months[0]}から{months[last - 1]}まで"
        assert plan.words_of(item["ref"], 0) == expected


@pytest.mark.parametrize("kind", sorted(kinds_by_name()))
def test_a_kind_declares_the_shape_of_its_values_and_how_they_may_be_shown(kind: str) -> None:
    of_kind = [each for each in course().exercises.values() if each.kind == kind]
    assert of_kind
    for exercise in of_kind:
        assert isinstance(exercise.shape, Shape)
        assert isinstance(exercise.privacy, Privacy)
        keys = exercise.model_answer()["items"]
        for item in exercise.items:
            parts = exercise.parts(item)
            assert exercise.main_part(item) in parts
            assert len({part.name for part in parts}) == len(parts)
            assert exercise.main_part(item).privacy is exercise.privacy
            for part in parts:
                assert len(part.texts) == len(part.choices)
                stored = part.of(keys[item.ref]) if item.ref in keys else None
                refs = stored if isinstance(stored, list) else [stored]
                if part.choices and stored is not None:
                    assert set(refs) <= set(part.texts)


def test_words_say_every_shape() -> None:
    for shape in Shape:
        stored, told = (1.5, "1.5円") if shape is Shape.NUMERIC else ("a", "ア")
        assert Part("", shape, (Choice("a", "ア"),), unit="円").words(stored) == told
