from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st

from dxcourse.exercises import AnswerError
from support.exercise_data import Raw, make, maybe_notes, named, raws, refs, result, said

if TYPE_CHECKING:
    from dxcourse.exercises.kinds.order import Order, OrderItem


@st.composite
def _item(draw: st.DrawFn, _: Raw) -> Raw:
    feedback = {"right": draw(maybe_notes), "wrong": draw(maybe_notes)}
    return {"things": draw(named(2, 7)), "feedback": feedback}


RAW = raws("order", _item)

THINGS = [
    {"id": "a", "text": "狩猟社会"},
    {"id": "b", "text": "農耕社会"},
    {"id": "c", "text": "工業社会"},
    {"id": "d", "text": "情報社会"},
    {"id": "e", "text": "超スマート社会"},
]
FEEDBACK = {"right": "何が変えた？", "wrong": "順の手がかりは？"}


def values(_: Order, item: OrderItem) -> st.SearchStrategy[Any]:
    return st.permutations([thing.ref for thing in item.things])


@pytest.mark.parametrize(
    ("given", "quarters", "mark"),
    [
        ("abcde", 4, "right"),
        ("bcdea", 3, "partly"),  # one thing out of place, however far
        ("abced", 3, "partly"),
        ("baced", 2, "partly"),
        ("deabc", 2, "partly"),
        ("cbade", 2, "partly"),
        ("edabc", 2, "partly"),
        ("ebcda", 2, "partly"),
        ("dceba", 1, "partly"),
        ("edcba", 0, "wrong"),  # the reverse order is worth nothing
    ],
)
def test_the_longest_common_subsequence_counts(given: str, quarters: int, mark: str) -> None:
    exercise = make("order", things=THINGS, feedback=FEEDBACK, points=4)
    codes = refs(exercise.items[0].things)
    found = result(exercise, [codes[name] for name in given])
    assert (found.points, found.max_points, found.mark) == (quarters, 4, mark)
    text = FEEDBACK["right"] if given == "abcde" else FEEDBACK["wrong"]
    assert said(found) == [(mark, text)]


@pytest.mark.parametrize(("given", "points"), [("ab", 1), ("ba", 0)])
def test_two_things_are_right_or_wrong(given: str, points: float) -> None:
    exercise = make("order", things=THINGS[:2])
    codes = refs(exercise.items[0].things)
    assert result(exercise, [codes[name] for name in given]).points == points


def test_a_page_cannot_tell_the_order() -> None:
    faces = [make("order", things=things).public() for things in (THINGS, THINGS[::-1])]
    assert faces[0] == faces[1]
    shown = [thing["ref"] for thing in faces[0]["items"][0]["things"]]
    assert all(before < after for before, after in pairwise(shown))


def _answers() -> list[Any]:
    codes = [thing.ref for thing in make("order", things=THINGS).items[0].things]
    return [
        "abcde",
        5,
        {},
        [],
        codes[:4],
        [*codes, codes[0]],
        [*codes[:4], codes[0]],
        [*codes[:4], "e"],
        [*codes[:4], None],
        [*codes[:4], [codes[4]]],
    ]


@pytest.mark.parametrize("value", _answers())
def test_a_value_has_every_thing_once(value: Any) -> None:
    with pytest.raises(AnswerError, match=r"a-order/r[0-9a-f]{7}: "):
        result(make("order", things=THINGS), value)
