from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st
from pydantic import ValidationError

from dxcourse.exercises import AnswerError, ExerciseError, load_bank, parse
from support.exercise_data import NOTHING, Raw, make, raws, result, said, texts

if TYPE_CHECKING:
    from pathlib import Path

    from dxcourse.exercises import AnyExercise
    from dxcourse.exercises.kinds.pledge import Pledge, PledgeItem

QUESTION = st.fixed_dictionaries({"days": st.integers(1, 366), "text": texts})
TOP = st.fixed_dictionaries({"questions": st.lists(QUESTION, max_size=3)})


@st.composite
def _item(draw: st.DrawFn, _: Raw) -> Raw:
    return {
        "label": draw(texts),
        "placeholder": draw(texts),
        "max_length": draw(st.integers(1, 60)),
        "optional": draw(st.booleans()),
    }


def _with_a_day(raw: Raw) -> Raw:
    """Make the last field the day that every pledge has."""
    day = {"field": "date", "optional": False}
    if "items" not in raw:
        return {**raw, **day}
    return {**raw, "items": [*raw["items"][:-1], {**raw["items"][-1], **day}]}


RAW = raws("pledge", _item, TOP | NOTHING).map(_with_a_day)


def values(_: Pledge, item: PledgeItem) -> st.SearchStrategy[Any]:
    if item.field == "text":
        return st.text(max_size=item.max_length)
    days = st.dates(date(2000, 1, 1), date(2099, 12, 31)).map(lambda day: day.isoformat())
    return days | st.just("")


ITEMS: list[Raw] = [
    {"id": "whom", "text": "まちの誰の、何のため", "label": "誰の、何のため", "max_length": 20},
    {"id": "by", "text": "いつまでに", "field": "date"},
    {"id": "digital", "text": "デジタルも", "optional": True},
]
QUESTIONS = [{"days": 30, "text": "話しましたか"}, {"days": 60, "text": "やめたのは何ですか"}]


@pytest.fixture
def pledge() -> AnyExercise:
    return make("pledge", items=ITEMS, questions=QUESTIONS)


def test_nothing_is_marked_and_nothing_is_said(pledge: AnyExercise) -> None:
    for item, value in zip(pledge.items, ("窓口の人", "2026-12-01", ""), strict=True):
        found = result(pledge, value, item)
        assert (found.points, found.max_points, found.mark, said(found)) == (0, 0, "taken", [])
    assert pledge.max_points == 0
    assert pledge.model_answer() == {"items": {}}


def _kept(pledge: AnyExercise, place: int, value: Any) -> Any:
    ref = pledge.items[place].ref
    return pledge.read({"items": {ref: value}})["items"].get(ref)


@pytest.mark.parametrize(
    ("place", "typed", "kept"),
    [
        (0, "  窓口の人\r\nのため ", "窓口の人\nのため"),
        (0, "=HYPERLINK(<b>)\x00", "=HYPERLINK(<b>)"),  # kept as typed: escaped where shown
        (0, " 　\n", None),
        (1, "2026-12-01", "2026-12-01"),
        (1, "2028-02-29", "2028-02-29"),
        (1, "", None),
        (2, "  ", ""),  # left empty on purpose: answered
        (2, "共有の予定表", "共有の予定表"),
    ],
)
def test_a_field_is_kept_as_typed(pledge: AnyExercise, place: int, typed: str, kept: Any) -> None:
    assert _kept(pledge, place, typed) == kept


@pytest.mark.parametrize(
    ("place", "value", "cause"),
    [
        (0, "あ" * 21, "at most 20"),
        (0, 1, "at most 20"),
        (2, None, None),
        (2, [], "at most 120"),
        (1, "2026-2-1", "a day is written as 2026-12-01"),
        (1, "2026-W48-2", "a day is written as"),
        (1, "20261201", "a day is written as"),
        (1, "２０２６-12-01", "a day is written as"),
        (1, "2026-12-01T09:00", "a day is written as"),
        (1, " 2026-12-01", "a day is written as"),
        (1, 20261201, "a day is written as"),
        (1, "2026-02-30", "there is no such day"),
        (1, "2026-00-10", "there is no such day"),
        (1, "0026-12-01", "between 2000-01-01 and 2099-12-31"),
        (1, "9999-12-31", "between 2000-01-01 and 2099-12-31"),
    ],
)
def test_other_values_are_refused(
    pledge: AnyExercise, place: int, value: Any, cause: str | None
) -> None:
    if cause is None:
        assert _kept(pledge, place, value) is None
        return
    with pytest.raises(AnswerError, match=cause) as refused:
        _kept(pledge, place, value)
    assert "ああ" not in str(refused.value)


def test_a_page_gets_the_fields_in_their_order(pledge: AnyExercise) -> None:
    page = pledge.public()
    assert [item["text"] for item in page["items"]] == [item["text"] for item in ITEMS]
    assert [item["field"] for item in page["items"]] == ["text", "date", "text"]
    assert [item["optional"] for item in page["items"]] == [False, False, True]
    assert (page["judged"], page["shuffle"]) == (False, False)
    assert page["questions"] == QUESTIONS


def test_the_plan_calls_a_field_by_its_label_or_its_text(pledge: AnyExercise) -> None:
    assert [item.name for item in pledge.items] == ["誰の、何のため", "いつまでに", "デジタルも"]


@pytest.mark.parametrize(
    "items",
    [
        [ITEMS[0]],
        [{**ITEMS[1], "optional": True}],
        [ITEMS[1], {**ITEMS[1], "id": "again"}],
    ],
)
def test_a_pledge_has_one_day(items: list[Raw]) -> None:
    with pytest.raises(
        ValidationError, match="日付の欄（field が date、必須）が一つではありません"
    ):
        parse({"kind": "pledge", "id": "p", "title": "題", "items": items})


WRITTEN = """\
- kind: pledge
  id: p
  title: 題
  questions: [{days: 30, text: 話した？}]
  items:
    - id: by
      text: いつ
      field: date
"""


@pytest.mark.parametrize(
    ("old", "new", "mistake"),
    [
        ("field: date", "field: day", "8: items.field：「day」は"),
        ("text: いつ", "labl: 題", "7: items.labl：ここにはない項目名です → 「label」のことですか"),
        ("days: 30", "days: 0", "4: questions.days：1より小さい数です"),
        ("days: 30", "days: 400", "4: questions.days：366より大きい数です"),
        (
            "text: いつ",
            "text: いつ\n      max_length: 9000",
            "8: items.max_length：400より大きい数",
        ),
    ],
)
def test_a_mistake_names_its_line(tmp_path: Path, old: str, new: str, mistake: str) -> None:
    file = tmp_path / "09_x.yaml"
    file.write_text(WRITTEN.replace(old, new), encoding="utf-8")
    with pytest.raises(ExerciseError) as found:
        load_bank([file], None, tmp_path)
    assert f"09_x.yaml:{mistake}" in str(found.value)
