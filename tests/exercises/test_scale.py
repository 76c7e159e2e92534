from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st

from dxcourse.exercises import AnswerError
from support.exercise_data import Raw, make, notes, raws, result, said, texts

if TYPE_CHECKING:
    from dxcourse.exercises.kinds.scale import Scale, ScaleItem


@st.composite
def _item(draw: st.DrawFn, raw: Raw) -> Raw:
    levels = [str(level) for level in range(len(raw["levels"])) if draw(st.booleans())]
    axis = draw(texts) if raw.get("radar") is None else draw(st.uuids()).hex
    return {"axis": axis, "feedback": {level: draw(notes) for level in levels}}


LEVELS_OF = st.lists(texts, min_size=2, max_size=5)
RAW = raws("scale", _item, st.fixed_dictionaries({"levels": LEVELS_OF})) | raws(
    "scale", _item, st.fixed_dictionaries({"levels": LEVELS_OF, "radar": st.just(value=True)}), 3
)

LEVELS = ["0回", "1〜2回", "3〜5回", "6回以上"]
ITEMS: list[Raw] = [
    {"id": "vision", "text": "話した", "axis": "姿を示す", "feedback": {"0": "何があれば？"}},
    {"id": "listen", "text": "聞いた", "axis": "聞く", "feedback": {3: "何が聞けた？"}},
    {"id": "stop", "text": "やめた", "axis": "引き算"},
]


def values(exercise: Scale, _: ScaleItem) -> st.SearchStrategy[Any]:
    return st.integers(0, len(exercise.levels) - 1)


@pytest.mark.parametrize(
    ("item", "level", "remarks"),
    [
        (0, 0, [("taken", "何があれば？")]),
        (0, 1, []),
        (1, 3, [("taken", "何が聞けた？")]),
        (1, 0, []),
        (2, 3, []),
    ],
)
def test_no_level_brings_points(item: int, level: int, remarks: list[tuple[str, str]]) -> None:
    exercise = make("scale", levels=LEVELS, items=ITEMS)
    found = result(exercise, level, exercise.items[item])
    assert (found.points, found.max_points, found.mark) == (0, 0, "taken")
    assert said(found) == remarks
    assert exercise.max_points == 0
    assert exercise.model_answer() == {"items": {}}


def test_a_page_gets_levels_and_axes() -> None:
    page = make("scale", levels=LEVELS, radar=True, items=ITEMS, shuffle=False).public()
    assert (page["levels"], page["radar"], page["judged"]) == (LEVELS, True, False)
    assert [item["axis"] for item in page["items"]] == ["姿を示す", "聞く", "引き算"]


@pytest.mark.parametrize("value", [4, -1, True, 1.0, "1", [], {}, 10**30])
def test_other_values_are_refused(value: Any) -> None:
    with pytest.raises(AnswerError, match="a whole number below 4"):
        result(make("scale", levels=LEVELS, items=ITEMS), value)
