"""What holds for every kind, of any exercise and any answer."""

from __future__ import annotations

import importlib
import json
import random
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dxcourse.exercises import AnswerError, Mark, kinds_by_name, parse
from support.exercise_data import HIDDEN, Raw

if TYPE_CHECKING:
    from dxcourse.exercises import AnyExercise

OURS = {
    "choice",
    "multichoice",
    "classify",
    "order",
    "match",
    "number",
    "scale",
    "opinion",
    "pledge",
    "schedule",
}

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=50)
    | st.sampled_from((10**400, "\ud800", "\x00", "only", "nan", HIDDEN * 20)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)

settings.register_profile(
    "exercises", deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow]
)
PROFILE = settings.get_profile("exercises")

every_kind = pytest.mark.parametrize("kind", sorted(kinds_by_name()))


@dataclass
class Case:
    """An exercise, as written and as read, and an answer as it might be sent."""

    raw: Raw
    exercise: AnyExercise
    sent: Raw


@st.composite
def _cases(draw: st.DrawFn, kind: str) -> Case:
    module = importlib.import_module(f"test_{kind}")
    raw = draw(module.RAW)
    exercise = parse(raw)
    given_items = {
        item.ref: draw(module.values(exercise, item))
        for item in exercise.items
        if draw(st.integers(0, 4))
    }
    return Case(raw, exercise, {"items": given_items})


def _text(value: Any) -> str:
    """Give JSON as it is sent and stored: strict, and in UTF-8."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True)
    assert text.encode()
    return text


def _refs(value: Any) -> list[list[str]]:
    """Give the codes that stand side by side, for every list in a page's data."""
    if isinstance(value, dict):
        return [found for inner in value.values() for found in _refs(inner)]
    if not isinstance(value, list):
        return []
    here = [each["ref"] for each in value if isinstance(each, dict) and "ref" in each]
    return [here, *(found for inner in value for found in _refs(inner))]


def test_the_kinds_of_the_course_are_found() -> None:
    assert set(kinds_by_name()) >= OURS
    assert all(cls.kind == name for name, cls in kinds_by_name().items())


@every_kind
@PROFILE
@given(data=st.data())
def test_points_lie_within_bounds(kind: str, data: st.DataObject) -> None:
    case = data.draw(_cases(kind))
    found = case.exercise.score(case.exercise.read(case.sent))
    assert 0 <= found.points <= found.max_points == case.exercise.max_points
    for item in case.exercise.items:
        assert case.exercise.untouched(item.ref).max_points == case.exercise.worth(item)
        if item.ref in found.items:
            one = found.items[item.ref]
            assert 0 <= one.points <= one.max_points == case.exercise.worth(item)
            if one.max_points == 0 and item.points > 0:
                assert one.mark in {Mark.OPEN, Mark.TAKEN}
            if one.mark is Mark.RIGHT:
                assert one.points == one.max_points
            if one.mark is Mark.WRONG:
                assert one.points == 0


@every_kind
@PROFILE
@given(data=st.data())
def test_reading_and_scoring_again_change_nothing(kind: str, data: st.DataObject) -> None:
    case = data.draw(_cases(kind))
    once = case.exercise.read(case.sent)
    assert _text(case.exercise.read(once)) == _text(once)
    stored = json.loads(_text(once))
    assert stored == once
    assert case.exercise.read(stored) == once
    assert case.exercise.score(stored) == case.exercise.score(once) == case.exercise.score(once)


@every_kind
@PROFILE
@given(data=st.data(), seed=st.integers())
def test_the_order_of_items_is_irrelevant(kind: str, data: st.DataObject, seed: int) -> None:
    case = data.draw(_cases(kind))
    sent = list(case.sent["items"].items())
    random.Random(seed).shuffle(sent)  # noqa: S311  -- an order, not a secret
    turned = dict(case.raw)
    if "items" in turned:
        turned["items"] = turned["items"][::-1]
    other = parse(turned)
    assert _text(other.read({"items": dict(sent)})) == _text(case.exercise.read(case.sent))
    first, second = (e.score(e.read(case.sent)) for e in (case.exercise, other))
    assert (first.items, first.points) == (second.items, second.points)
    assert other.max_points == case.exercise.max_points
    if case.exercise.shuffle:
        assert other.public() == case.exercise.public()


@every_kind
@PROFILE
@given(data=st.data())
def test_the_key_gets_full_marks(kind: str, data: st.DataObject) -> None:
    exercise = data.draw(_cases(kind)).exercise
    key = exercise.model_answer()
    assert _text(exercise.read(key)) == _text(key)
    found = exercise.score(key)
    assert found.points == found.max_points
    for item in exercise.items:
        assert (item.ref in key["items"]) == (exercise.key(item) is not None)
        assert (exercise.worth(item) > 0) == (item.ref in key["items"] and item.points > 0)
    for one in found.items.values():
        assert one.points == one.max_points
        assert one.mark in {Mark.RIGHT, Mark.OPEN}


@every_kind
@PROFILE
@given(data=st.data())
def test_a_page_learns_no_key_and_no_feedback(kind: str, data: st.DataObject) -> None:
    case = data.draw(_cases(kind))
    assert HIDDEN in _text(case.raw)
    page = _text(case.exercise.public())
    assert HIDDEN not in page
    assert not re.search(r'"(key|correct|feedback|closing|points|answer|seen|unseen)"', page)


@every_kind
@PROFILE
@given(data=st.data())
def test_codes_are_unique_and_say_nothing(kind: str, data: st.DataObject) -> None:
    page = data.draw(_cases(kind)).exercise.public()
    for side_by_side in _refs(page):
        assert len(set(side_by_side)) == len(side_by_side)
        assert all(re.fullmatch(r"r[0-9a-f]{7}", ref) for ref in side_by_side)


@every_kind
@PROFILE
@given(data=st.data())
def test_an_exercise_survives_json(kind: str, data: st.DataObject) -> None:
    case = data.draw(_cases(kind))
    again = parse({"kind": kind, **json.loads(case.exercise.model_dump_json())})
    assert again == case.exercise
    assert _text(again.public()) == _text(case.exercise.public())
    assert again.single == case.exercise.single == ("items" not in case.raw)


@every_kind
@PROFILE
@given(data=st.data(), raw=JSON)
def test_whatever_is_sent_is_read_or_refused(kind: str, data: st.DataObject, raw: Any) -> None:
    case = data.draw(_cases(kind))
    item = case.exercise.items[0]
    spoilt = case.sent["items"].get(item.ref)
    if isinstance(spoilt, dict):
        spoilt = {**spoilt, data.draw(st.sampled_from(sorted(spoilt) or ["x"])): raw}
    elif isinstance(spoilt, list):
        spoilt = [*spoilt[1:], raw]
    for sent in (raw, {"items": raw}, {"items": {item.ref: raw}}, {"items": {item.ref: spoilt}}):
        try:
            answer = case.exercise.read(sent)
        except AnswerError as refused:
            assert len(str(refused)) < 200  # noqa: PT017  -- most are refused, not all
            assert HIDDEN * 7 not in str(refused)  # noqa: PT017
        else:
            assert case.exercise.read(json.loads(_text(answer))) == answer
            assert case.exercise.score(answer).points <= case.exercise.max_points


@every_kind
def test_deep_nesting_is_refused_like_anything_else(kind: str) -> None:
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    exercise = parse(_example(kind))
    for sent in (deep, {"items": deep}, {"items": {exercise.items[0].ref: deep}}):
        with pytest.raises(AnswerError):
            exercise.read(sent)


@every_kind
def test_a_null_is_no_answer_and_an_unknown_item_is_refused(kind: str) -> None:
    exercise = parse(_example(kind))
    assert exercise.read({"items": {exercise.items[0].ref: None}}) == {"items": {}}
    assert exercise.score({"items": {}}).points == 0
    with pytest.raises(AnswerError, match=r"there is no item 'x{39}…'"):
        exercise.read({"items": {"x" * 1000: None}})


def _example(kind: str) -> Raw:
    found: list[Raw] = []

    @settings(max_examples=1, database=None, derandomize=True)
    @given(raw=importlib.import_module(f"test_{kind}").RAW)
    def take(raw: Raw) -> None:
        found.append(raw)

    take()
    return found[0]
