from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dxcourse.checking.rules.questions import CATCH_ALL
from support.tiny_course import FIRST_BANK, SECOND_BANK

if TYPE_CHECKING:
    from support.tiny_course import TinyCourse


def test_a_key_that_rests_on_what_cannot_be_read(course: TinyCourse) -> None:
    course.edit(FIRST_BANK, "fact: dx-definition", "fact: slide-8-unreadable")
    course.finds(
        FIRST_BANK,
        "slide-8",
        "questions.uncertain",
        fact="slide-8-unreadable",
        certainty="読み取れない",
    )


def test_a_key_of_another_kind(course: TinyCourse) -> None:
    course.edit(SECOND_BANK, "right: そう", "right: {text: そう, fact: slide-8-unreadable}")
    course.finds(
        SECOND_BANK,
        "slide-8",
        "questions.uncertain",
        fact="slide-8-unreadable",
        certainty="読み取れない",
    )


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
        (",slides,", ",,", "source：空です"),
        (",stated,", ",,", "certainty：空です"),
        (
            ",stated,",
            ",sure,",
            "certainty：「sure」がdata/legend.csv（group が",
        ),
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
    course.finds(file, line, "questions.no_feedback", id=option)


def test_practice_has_feedback_too_and_is_no_forgotten_poll(course: TinyCourse) -> None:
    course.edit(FIRST_BANK, "id: pick\n", "id: pick\n  points: 0\n")
    course.finds_nothing()
    course.edit(FIRST_BANK, ", feedback: なぜ赤？", "")
    course.finds(FIRST_BANK, course.line(FIRST_BANK, "赤い旗"), "questions.no_feedback", id="a")


def test_an_option_with_the_feedback_of_another(course: TinyCourse) -> None:
    course.edit(FIRST_BANK, "なぜ白？", "なぜ赤？")
    course.finds(FIRST_BANK, "白い旗", "questions.same_feedback", id="c", first="a")


@pytest.mark.parametrize(
    ("old", "new", "item", "what"),
    [
        (", west: なぜ西？", "", "snow", "「west」"),
        (", wrong: ほかは？", "", "palm", "「north」「west」"),
        (", undecided: 何が足りない？", "", "law", "「undecided」"),
        (", wrong: もう一度}\n\n- kind: n", "}\n\n- kind: n", "only", "まちがい"),
        (", wrong: もう一度}\n", "}\n", "only", "まちがい"),
    ],
)
def test_an_item_that_says_nothing_of_a_mistake(
    course: TinyCourse, old: str, new: str, item: str, what: str
) -> None:
    course.edit(SECOND_BANK, old, new)
    at = "id: steps" if item == "only" else f"id: {item}"
    line = course.line(SECOND_BANK, at) - (item == "only")
    course.finds(SECOND_BANK, line, "questions.unsaid", id=item, what=what)


def test_a_number_that_says_nothing_of_a_mistake(course: TinyCourse) -> None:
    course.edit(
        SECOND_BANK, "  value: 13\n  feedback: {right: そう, wrong: もう一度}", "  value: 13"
    )
    course.finds(SECOND_BANK, "kind: number", "questions.unsaid", id="only", what="まちがい")


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
    course.finds(FIRST_BANK, "上のすべて", "questions.catch_all", id="c")


def test_a_catch_all_in_a_poll_is_an_opinion(course: TinyCourse) -> None:
    assert "どれでもない" in (course.root / FIRST_BANK).read_text(encoding="utf-8")
    course.finds_nothing()


def test_a_question_whose_key_was_forgotten(course: TinyCourse) -> None:
    course.edit(FIRST_BANK, "  poll: true\n", "")
    course.finds(FIRST_BANK, course.line(FIRST_BANK, "id: poll") - 1, "exercises.not_a_poll")


def test_a_poll_has_no_key(course: TinyCourse) -> None:
    course.edit(FIRST_BANK, "id: pick\n", "id: pick\n  poll: true\n")
    (found,) = course.report().findings
    assert (found.file, found.code) == (FIRST_BANK, "exercises.poll_with_key")
