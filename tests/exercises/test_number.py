from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxcourse.exercises import AnswerError
from support.exercise_data import Raw, make, maybe_notes, raws, result, said

if TYPE_CHECKING:
    from dxcourse.exercises.kinds.number import Number, NumberItem

FINITE = st.floats(-1e15, 1e15)


_correct = {"correct": st.booleans(), "feedback": maybe_notes}
_cases = st.fixed_dictionaries({"value": FINITE, **_correct}) | st.fixed_dictionaries(
    {"least": st.floats(-10, 0), "most": st.floats(0, 10), **_correct}
)


@st.composite
def _item(draw: st.DrawFn, _: Raw) -> Raw:
    return {
        "value": draw(FINITE | st.integers(-(10**6), 10**6)),
        "tolerance": draw(st.floats(0, 1e6) | st.just(0)),
        "also": draw(st.lists(_cases, max_size=2)),
        "unit": draw(st.sampled_from(("", "項目", "％", "㎡", "km"))),
        "feedback": {side: draw(maybe_notes) for side in ("right", "near", "wrong")},
    }


RAW = raws("number", _item)

FEEDBACK = {"right": "なぜこの数？", "near": "近い", "wrong": "どこで見た？"}


def values(_: Number, item: NumberItem) -> st.SearchStrategy[Any]:
    typed = st.integers(-(10**9), 10**9).map(lambda n: f" {n:,}{item.unit} ")
    return FINITE | st.integers(-(10**15), 10**15) | typed


@pytest.mark.parametrize(
    ("value", "points", "remark"),
    [
        (1741, 2, ("right", "なぜこの数？")),
        (1741.5, 2, ("right", "なぜこの数？")),
        (1751, 2, ("right", "なぜこの数？")),
        (1731, 2, ("right", "なぜこの数？")),
        (1751.01, 0, ("wrong", "近い")),  # three tolerances are near, but not right
        (1771, 0, ("wrong", "近い")),
        (1711, 0, ("wrong", "近い")),
        (1771.5, 0, ("wrong", "どこで見た？")),
        (0, 0, ("wrong", "どこで見た？")),
        (-1741, 0, ("wrong", "どこで見た？")),
    ],
)
def test_within_the_tolerance_it_is_right(
    value: float, points: float, remark: tuple[str, str]
) -> None:
    exercise = make("number", value=1741, tolerance=10, points=2, feedback=FEEDBACK)
    found = result(exercise, value)
    assert (found.points, found.max_points, found.mark) == (points, 2, remark[0])
    assert said(found) == [remark]


@pytest.mark.parametrize(
    ("value", "tolerance", "given", "points"),
    [(0.3, 0.1, 0.4, 1), (0.3, 0.1, "0.2", 1), (1.1, 0.2, 1.3, 1), (0.3, 0, 0.1 + 0.2, 0)],
)
def test_the_tolerance_is_meant_as_written_not_as_stored_in_binary(
    value: float, tolerance: float, given: float | str, points: float
) -> None:
    assert result(make("number", value=value, tolerance=tolerance), given).points == points


def test_without_a_remark_for_near_it_is_wrong() -> None:
    exercise = make("number", value=10, tolerance=1, feedback={"wrong": "ちがう"})
    assert said(result(exercise, 12)) == [("wrong", "ちがう")]


@pytest.mark.parametrize(
    ("typed", "unit", "number"),
    [
        ("13", "項目", 13.0),
        ("１３", "項目", 13.0),
        (" 13 項目 ", "項目", 13.0),
        ("１３項目", "項目", 13.0),
        ("1,741", "", 1741.0),
        ("１，７４１団体", "団体", 1741.0),
        ("1、741", "", 1741.0),
        ("12,345,678", "", 12345678.0),
        ("3.5", "", 3.5),
        ("３．５", "", 3.5),
        ("3。5", "", 3.5),
        ("80%", "％", 80.0),
        ("８０％", "%", 80.0),
        ("25m2", "㎡", 25.0),
        ("25 KM", "km", 25.0),
        ("-4", "", -4.0),
        ("−4", "", -4.0),
        ("ー４", "", -4.0),
        ("+4", "", 4.0),
        ("-0", "", 0.0),
        ("007", "", 7.0),
    ],
)
def test_a_number_is_read_as_it_is_typed(typed: str, unit: str, number: float) -> None:
    exercise = make("number", value=0, unit=unit)
    ref = exercise.items[0].ref
    kept = exercise.read({"items": {ref: typed}})["items"][ref]
    assert isinstance(kept, float)
    assert json.dumps(kept) == json.dumps(number)


@given(st.integers(-(10**12), 10**12), st.sampled_from(("", "人", "件")))
def test_what_is_written_in_full_width_is_the_same_number(number: int, unit: str) -> None:
    wide = f"{number:,}".translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    exercise = make("number", value=number, unit="人")
    assert result(exercise, f"{wide}{unit if unit != '件' else ''}").points == 1


@pytest.mark.parametrize("typed", ["", "  ", "　"])
def test_nothing_typed_is_no_answer(typed: str) -> None:
    exercise = make("number", value=1)
    assert exercise.read({"items": {exercise.items[0].ref: typed}}) == {"items": {}}


@pytest.mark.parametrize(
    "value",
    [
        True,
        False,
        float("nan"),
        float("inf"),
        float("-inf"),
        10**400,
        10**16,
        "9" * 20,
        [],
        {},
        [1],
        "nan",
        "inf",
        "Infinity",
        "1e3",
        "0x10",
        "1_000",
        "1,74",
        "17,41",
        "1,5",
        ",741",
        "1.",
        ".5",
        "--4",
        "13個",
        "項目",
        "十三",
        "約13",
        "13 14",
        "٣",
        "1" * 41,
        "1" + " " * 40,
    ],
)
def test_other_values_are_refused(value: Any) -> None:
    with pytest.raises(AnswerError, match="a value is a number, not") as refused:
        result(make("number", value=13, unit="項目"), value)
    assert len(str(refused.value)) < 120


def test_a_page_gets_the_unit_and_nothing_else() -> None:
    page = make("number", value=13, tolerance=2, unit="項目").public()
    assert page["items"][0] == {"ref": page["items"][0]["ref"], "text": "", "unit": "項目"}
    assert page == make("number", value=99, unit="項目").public()


ALSO: list[Raw] = [
    {"value": 22, "tolerance": 1, "feedback": "別の数えかた"},
    {"least": 100, "most": 200, "feedback": "百台でも合います"},
    {"most": -1, "correct": False, "feedback": "引きすぎ"},
    {"value": 7},
]


@pytest.mark.parametrize(
    ("value", "points", "remark"),
    [
        (13, 1, "なぜこの数？"),
        (23, 1, "別の数えかた"),
        (24, 0, "どこで見た？"),
        (100, 1, "百台でも合います"),
        (200, 1, "百台でも合います"),
        (200.5, 0, "どこで見た？"),
        (-5, 0, "引きすぎ"),
        (7, 1, "なぜこの数？"),
    ],
)
def test_other_values_and_ranges_have_their_own_feedback(
    value: float, points: float, remark: str
) -> None:
    exercise = make("number", value=13, also=ALSO, feedback=FEEDBACK)
    found = result(exercise, value)
    assert (found.points, [text for _, text in said(found)]) == (points, [remark])


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ({}, "どちらか"),
        ({"value": 1, "least": 0}, "どちらか"),
        ({"least": 0, "tolerance": 1}, "範囲に tolerance"),
        ({"least": 2, "most": 1}, "least が most より"),
    ],
)
def test_a_case_is_a_value_or_a_range(case: Raw, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make("number", value=13, also=[case])
