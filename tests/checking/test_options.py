from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dxcourse.checking.options import CATCH_ALL
from support.tiny_course import FIRST_BANK

if TYPE_CHECKING:
    from support.tiny_course import TinyCourse


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
