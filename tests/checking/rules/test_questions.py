"""TODO."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.tiny_course import FIRST_BANK, SECOND_BANK

if TYPE_CHECKING:
    from support.tiny_course import TinyCourse
from dxcourse.checking.rules.questions import CATCH_ALL


def test_a_key_that_rests_on_what_cannot_be_read(course: TinyCourse) -> None:
    course.edit(FIRST_BANK, "fact: dx-definition", "fact: slide-8-unreadable")
    message = (
        'the key rests on fact "slide-8-unreadable", which is unreadable: '
        "do not mark it, or cite what settles it"
    )
    course.finds(FIRST_BANK, "slide-8", message)


def test_a_key_of_another_kind(course: TinyCourse) -> None:
    course.edit(SECOND_BANK, "right: そう", "right: {text: そう, fact: slide-8-unreadable}")
    message = (
        'the key rests on fact "slide-8-unreadable", which is unreadable: '
        "do not mark it, or cite what settles it"
    )
    course.finds(SECOND_BANK, "slide-8", message)


def test_a_bin_may_be_for_what_is_uncertain(course: TinyCourse) -> None:
    kept = "right: {text: そう, fact: slide-8-unreadable}, bins:"
    course.edit(SECOND_BANK, "right: そう, bins:", kept)
    course.finds_nothing()


def test_a_key_may_rest_on_what_the_trainer_says(course: TinyCourse) -> None:
    course.edit(FIRST_BANK, "fact: dx-definition", "fact: dx-digital-meaning")
    course.finds_nothing()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (",slides,", ",,", 'source: "" is empty: fill it in'),
        (",stated,", ",,", 'certainty: "" is empty: fill it in'),
        (",stated,", ",sure,", 'certainty: "sure" is not in data/legend.csv (group certainty): '),
    ],
)
def test_a_fact_without_source_or_certainty(
    course: TinyCourse, old: str, new: str, message: str
) -> None:
    line = course.line("data/facts.csv", old)
    course.edit("data/facts.csv", old, new)
    (found,) = course.report().findings
    assert (found.file, found.line) == ("data/facts.csv", line)
    assert found.message.startswith(message)


ASK = "ask back what led there"


@pytest.mark.parametrize(
    ("file", "old", "option"),
    [
        (FIRST_BANK, ", feedback: なぜ赤？", "a"),
        (FIRST_BANK, ", feedback: {text: 青でした, fact: dx-definition}", "b"),
        (FIRST_BANK, ", feedback: では、あとで", "dunno"),
        (FIRST_BANK, ", feedback: なぜ山？", "a"),
        (SECOND_BANK, ", feedback: なぜ二？", "b"),
    ],
)
def test_an_option_without_feedback(course: TinyCourse, file: str, old: str, option: str) -> None:
    line = course.line(file, old)
    course.edit(file, old, "")
    course.finds(file, line, f'option "{option}" has no feedback; {ASK}')


def test_an_option_with_the_feedback_of_another(course: TinyCourse) -> None:
    course.edit(FIRST_BANK, "なぜ白？", "なぜ赤？")
    message = 'option "c" has the feedback of "a"; give it its own'
    course.finds(FIRST_BANK, "白い旗", message)


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        (", west: なぜ西？", "", "id: snow", 'item "snow" has no feedback for answer "west"'),
        (", wrong: ほかは？", "", "id: palm", 'item "palm" has no feedback for answer "north", '),
        (", undecided: 何が足りない？", "", "id: law", 'item "law" has no feedback for bin "'),
        (", wrong: もう一度}\n\n- kind: n", "}\n\n- kind: n", "id: steps", 'item "only" has no '),
        (", wrong: もう一度}\n", "}\n", "id: steps", 'item "only" has no feedback for what is '),
    ],
)
def test_an_item_that_says_nothing_of_a_mistake(
    course: TinyCourse, old: str, new: str, at: str, said: str
) -> None:
    course.edit(SECOND_BANK, old, new)
    (found,) = course.report().findings
    line = course.line(SECOND_BANK, at)
    assert (found.file, found.line) == (SECOND_BANK, line - at.endswith("steps"))
    assert found.message.startswith(said)
    assert found.message.endswith(ASK)


def test_a_number_that_says_nothing_of_a_mistake(course: TinyCourse) -> None:
    course.edit(
        SECOND_BANK, "  value: 13\n  feedback: {right: そう, wrong: もう一度}", "  value: 13"
    )
    message = f'item "only" has no feedback for what is wrong; {ASK}'
    course.finds(SECOND_BANK, "kind: number", message)


@pytest.mark.parametrize(
    "text",
    [
        "上のすべて",
        "上記すべて",
        "上記の二つ",
        "これらすべて",
        "この中のどれも",
        "以上の選択肢の全部",
        "三つとも正しい",
        "すべて",
        "すべて正しい",
        "どれも正しい",
        "いずれも当てはまる",
        "全部が正解",
        "どれも正しくない",
        "どれでもない",
        "いずれにも当てはまらない",
        "いずれもあてはまらない",
        "該当なし",
        "All of the above",
    ],
)
def test_a_catch_all(text: str) -> None:
    assert CATCH_ALL.search(text)


@pytest.mark.parametrize(
    "text",
    [
        "すべての職員に研修をする",
        "窓口のすべてをオンラインにする",
        "住民の誰もが使える",
        "いずれ必要になる",
        "どの団体でも進めること",
        "上司に相談してから決める",
        "以上の費用を見込む",
        "手順書に名のない取組は、後回しでよい",
        "わからない",
        "両方とも今年度中に終わらせる",
        "どれから始めてもよい",
    ],
)
def test_an_answer_of_its_own(text: str) -> None:
    assert not CATCH_ALL.search(text)


def test_a_catch_all_in_a_marked_question(course: TinyCourse) -> None:
    course.edit(FIRST_BANK, "白い旗", "上のすべて")
    message = (
        'option "c" stands for all or none of the others; '
        "write an answer of its own, or use kind: multichoice"
    )
    course.finds(FIRST_BANK, "上のすべて", message)


def test_a_catch_all_in_a_poll_is_an_opinion(course: TinyCourse) -> None:
    assert "どれでもない" in (course.root / FIRST_BANK).read_text(encoding="utf-8")
    course.finds_nothing()
