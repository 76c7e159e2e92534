from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dxcourse.checking.rules.language import as_number
from support.tiny_course import FIRST, FIRST_BANK

if TYPE_CHECKING:
    from support.tiny_course import TinyCourse


@pytest.mark.parametrize(
    ("said", "found", "wanted"),
    [
        ("この頁から", "頁", "ページ"),
        ("国の取り組みは", "取り組み", "取組"),
        ("15枚目から", "15枚目", "スライド15 のような言い方"),
        ("見て下さい", "下さい", "ください"),
        ("サーバを置く", "サーバ", "サーバー"),
    ],
)
def test_what_is_spelt_otherwise_is_told(
    course: TinyCourse, said: str, found: str, wanted: str
) -> None:
    course.say(said)
    (told,) = course.report().findings
    assert (told.file, told.code) == (FIRST, "wording.spelling")
    assert f"「{found}」" in told.message
    assert f"「{wanted}」" in told.cure


@pytest.mark.parametrize(
    "said", ["課で取り組みます", "資料には「取り組み」とある", "名が一致する", "サーバーを置く"]
)
def test_what_is_spelt_well_or_quoted_is_left_alone(course: TinyCourse, said: str) -> None:
    course.say(said)
    course.finds_nothing()


def test_a_pattern_that_is_none_is_told_once(course: TinyCourse) -> None:
    course.write("data/spelling.csv", "pattern,wanted,why\n(頁,ページ,一つ\n")
    (told,) = course.report().findings
    assert (told.file, told.line, told.code) == ("data/spelling.csv", 2, "wording.pattern")


def test_the_spelling_is_held_in_exercises_as_well(course: TinyCourse) -> None:
    course.edit(FIRST_BANK, "赤い旗", "赤い旗の頁")
    (told,) = course.report().findings
    assert (told.file, told.line) == (FIRST_BANK, course.line(FIRST_BANK, "の頁"))


@pytest.mark.parametrize(
    ("said", "count"),
    [("十章を読み終えて", 3), ("12の取組を", 13), ("40枚のスライドが", 6), ("五の章で", 3)],
)
def test_what_prose_counts_is_as_many(course: TinyCourse, said: str, count: int) -> None:
    course.say(said)
    (told,) = course.report().findings
    assert (told.file, told.code) == (FIRST, "wording.counted")
    assert f"数えると{count}です" in told.message


@pytest.mark.parametrize("said", ["三章を読み", "第十章", "13の取組", "はじまりの二章", "04章では"])
def test_what_is_as_many_or_counts_nothing_is_left_alone(course: TinyCourse, said: str) -> None:
    course.say(said)
    course.finds_nothing()


def test_numbers_in_kanji() -> None:
    read = [as_number(text) for text in ("三", "十", "十三", "二十", "四十一", "7")]
    assert read == [3, 10, 13, 20, 41, 7]
