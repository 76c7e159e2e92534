from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxcourse.exercises import AnswerError, parse
from dxcourse.exercises.typed_text import Words
from dxcourse.facts import Facts
from support.exercise_data import Raw, make, notes, raws, result, said, texts

if TYPE_CHECKING:
    from dxcourse.exercises import AnyExercise
    from dxcourse.exercises.kinds.opinion import Opinion, OpinionItem

THEMES = ("process", "culture", "experience", "value", "tools", "none")


@st.composite
def _item(draw: st.DrawFn, _: Raw) -> Raw:
    item: Raw = {"placeholder": draw(texts), "max_length": draw(st.integers(1, 60))}
    if draw(st.booleans()):
        item["mirror"] = {theme: draw(notes) for theme in THEMES if draw(st.booleans())}
    return item


RAW = raws("opinion", _item)


def values(_: Opinion, item: OpinionItem) -> st.SearchStrategy[Any]:
    return st.text(max_size=item.max_length)


MIRROR = {
    "process": "「{term}」のやり方は？",
    "culture": "「{term}」はだれが変える？",
    "experience": "「{term}」はどう楽になる？",
    "value": "「{term}」は何のため？",
    "tools": "「{term}」で何が変わる？",
    "none": "あるとしたら？",
}


@pytest.fixture(scope="module")
def facts() -> Facts:
    return Facts.load(Path(__file__).parents[2] / "data")


def _opinion(facts: Facts | None, **fields: Any) -> AnyExercise:
    return parse({"kind": "opinion", "id": "o", "title": "題", "mirror": MIRROR, **fields}, facts)


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("押印をやめたい", ["「押印」のやり方は？"]),
        ("AIを使う", ["「AI」で何が変わる？", "あるとしたら？"]),
        ("ＡＩを使う", ["「ＡＩ」で何が変わる？", "あるとしたら？"]),
        ("chatgptで楽をする", ["「chatgpt」で何が変わる？", "あるとしたら？"]),
        ("maintainとpcaは道具ではない", ["あるとしたら？"]),  # no AI, no PC
        ("待ち時間を減らす", ["「減らす」のやり方は？", "「待ち時間」はどう楽になる？"]),
        ("ﾊﾝｺと紙", ["「ﾊﾝｺ」のやり方は？"]),  # the first word of a theme, as typed
        ("よく分からない", ["あるとしたら？"]),
        # Asked in a fixed order, and three at most.
        (
            "AIで価値を上げ、住民のため、風土を変え、書類を減らす",
            ["「書類」のやり方は？", "「風土」はだれが変える？", "「住民」はどう楽になる？"],
        ),
        ("{term} {0} {} %s 紙", ["「紙」のやり方は？"]),
    ],
)
def test_what_it_touches_on_is_asked_back(facts: Facts, text: str, questions: list[str]) -> None:
    found = result(_opinion(facts), text)
    assert said(found) == [("open", question) for question in questions]
    assert (found.points, found.max_points, found.mark) == (0, 0, "taken")


def test_a_theme_without_a_question_is_passed_over(facts: Facts) -> None:
    exercise = _opinion(facts, mirror={"tools": "「{term}」？"})
    assert said(result(exercise, "住民の声")) == []
    assert said(result(exercise, "AIと住民")) == [("open", "「AI」？")]


def test_without_a_mirror_or_a_list_of_words_nothing_is_said(facts: Facts) -> None:
    assert said(result(_opinion(facts, mirror=None), "紙")) == []
    assert said(result(_opinion(None), "紙")) == []


def test_overlapping_words_count_by_the_longest() -> None:
    words = Words.of([("時間", "value"), ("待ち時間", "experience"), ("ち時", "tools")])
    assert words.touched("待ち時間") == {"experience": "待ち時間"}
    assert words.touched("時間") == {"value": "時間"}
    assert words.touched("") == Words.of([]).touched("時間") == {}


@pytest.mark.parametrize("typed", ["ガバメント", "ｶﾞﾊﾞﾒﾝﾄ", "カ\u3099バメント", "x㌎ガバメント"])
def test_the_word_is_given_back_as_it_was_typed(typed: str) -> None:
    found = Words.of([("ガバメント", "tools")]).touched(f"㌔{typed}を")
    assert found["tools"] == typed.removeprefix("x㌎")


@given(st.text(max_size=30))
def test_a_word_that_is_found_stands_in_the_text(text: str) -> None:
    words = Words.of([("a", "latin"), ("紙", "process"), ("1", "digit"), ("株", "value")])
    assert all(found in text for found in words.touched(text).values())


@pytest.mark.parametrize("text", ["", "  \n", "\x00", "　"])
def test_nothing_but_spaces_is_no_answer(text: str) -> None:
    exercise = _opinion(None)
    assert exercise.read({"items": {exercise.items[0].ref: text}}) == {"items": {}}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  暮らし\n", "暮らし"),
        ("一\r\n二\r三", "一\n二\n三"),
        ("a\x00b\x1bc\ud800d", "abcd"),  # what PostgreSQL and UTF-8 cannot hold
        ("<b>{x}</b>", "<b>{x}</b>"),
        ("あ" * 400 + "  ", "あ" * 400),
    ],
)
def test_a_text_is_kept_as_typed(typed: str, kept: str) -> None:
    exercise = _opinion(None)
    ref = exercise.items[0].ref
    assert exercise.read({"items": {ref: typed}}) == {"items": {ref: kept}}


@pytest.mark.parametrize("value", [1, True, [], {}, ["あ"], "あ" * 401])
def test_other_values_are_refused(value: Any) -> None:
    with pytest.raises(AnswerError, match="at most 400") as refused:
        result(_opinion(None), value)
    assert "ああ" not in str(refused.value)


def test_a_page_gets_placeholder_and_length() -> None:
    page = make("opinion", placeholder="たとえば", max_length=200, mirror=MIRROR).public()
    face = {"ref": page["items"][0]["ref"], "text": ""}
    assert page["items"] == [{**face, "placeholder": "たとえば", "max_length": 200}]
