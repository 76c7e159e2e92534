from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st

from dxcourse.exercises import AnswerError
from support.exercise_data import Raw, make, maybe_notes, named, notes, raws, refs, result, said

if TYPE_CHECKING:
    from dxcourse.exercises.kinds.match import Match, MatchItem


@st.composite
def _item(draw: st.DrawFn, raw: Raw) -> Raw:
    names = [answer["id"] for answer in raw["answers"]]
    feedback = {
        "right": draw(maybe_notes),
        "answers": {name: draw(notes) for name in names if draw(st.booleans())},
        "wrong": draw(maybe_notes),
    }
    return {"answer": draw(st.sampled_from(names)), "feedback": feedback}


RAW = raws("match", _item, st.fixed_dictionaries({"answers": named(2, 6)}))

ANSWERS = [
    {"id": "wheel", "text": "車輪"},
    {"id": "engine", "text": "蒸気機関"},
    {"id": "chip", "text": "半導体"},
]
ITEMS: list[Raw] = [
    {
        "id": "s2",
        "text": "農耕社会",
        "answer": "wheel",
        "points": 2,
        "feedback": {"right": "なぜ？", "answers": {"engine": "早すぎない？"}, "wrong": "いつ？"},
    },
    {"id": "s3", "text": "工業社会", "answer": "engine"},
]


def values(exercise: Match, _: MatchItem) -> st.SearchStrategy[Any]:
    return st.sampled_from([answer.ref for answer in exercise.answers])


@pytest.mark.parametrize(
    ("first", "second", "points"),
    [
        ("wheel", "engine", 3),
        ("wheel", "wheel", 2),
        ("engine", "engine", 1),
        ("engine", "wheel", 0),
        ("wheel", None, 2),
        (None, "engine", 1),
        (None, None, 0),
    ],
)
def test_each_item_is_right_or_wrong(first: str | None, second: str | None, points: float) -> None:
    exercise = make("match", answers=ANSWERS, items=ITEMS)
    codes = refs(exercise.answers)  # type: ignore[attr-defined]
    given = {
        item.ref: codes[name]
        for item, name in zip(exercise.items, (first, second), strict=True)
        if name
    }
    found = exercise.score(exercise.read({"items": given}))
    assert (found.points, found.max_points) == (points, 3)


@pytest.mark.parametrize(
    ("answer", "mark", "text"),
    [
        ("wheel", "right", "なぜ？"),
        ("engine", "wrong", "早すぎない？"),
        ("chip", "wrong", "いつ？"),
    ],
)
def test_what_is_said(answer: str, mark: str, text: str) -> None:
    exercise = make("match", answers=ANSWERS, items=ITEMS)
    codes = refs(exercise.answers)  # type: ignore[attr-defined]
    found = result(exercise, codes[answer])
    assert (found.mark, said(found)) == (mark, [(mark, text)])
    assert found.remarks[0].option == codes[answer]


def test_an_item_and_its_answer_may_have_one_id_without_giving_the_key_away() -> None:
    answers = [{"id": name, "text": name.upper()} for name in ("a", "b", "c")]
    items = [{"id": name, "text": name, "answer": name} for name in ("a", "b", "c")]
    face = make("match", answers=answers, items=items).public()
    assert not {i["ref"] for i in face["items"]} & {a["ref"] for a in face["answers"]}
    orders = [[x["text"].lower() for x in face[side]] for side in ("items", "answers")]
    assert orders[0] != orders[1]


def test_a_page_cannot_tell_what_belongs_together() -> None:
    others = [{**item, "answer": "chip"} for item in ITEMS]
    pages = [make("match", answers=ANSWERS, items=items).public() for items in (ITEMS, others)]
    assert pages[0] == pages[1]
    assert all(set(item) == {"ref", "text"} for item in pages[0]["items"])


@pytest.mark.parametrize("value", ["wheel", "", 0, False, ["wheel"], {}])
def test_a_value_that_is_no_answer_is_refused(value: Any) -> None:
    with pytest.raises(AnswerError, match="there is no choice"):
        result(make("match", answers=ANSWERS, items=ITEMS), value)
