from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.tiny_course import FIRST, FIRST_BANK, OUTLINE

if TYPE_CHECKING:
    from support.tiny_course import TinyCourse

SLIPS = [
    ("ｶﾞｯﾂ", "half-width katakana (ｶﾞｯﾂ): write full-width ones"),
    ("第３章", "full-width letters or digits (３): write half-width ones"),
    ("ＤＸとは", "full-width letters or digits (ＤＸ): write half-width ones"),
]


@pytest.mark.parametrize(("said", "message"), [*SLIPS, ("一\t二", "a tab: write spaces")])
def test_a_slip_in_a_notebook(course: TinyCourse, said: str, message: str) -> None:
    course.say(f"先の行\n\nここに{said}がある")
    course.finds(FIRST, course.line(FIRST, "先の行") + 2, message)


@pytest.mark.parametrize(("said", "message"), SLIPS)
@pytest.mark.parametrize(
    ("file", "old"), [(FIRST_BANK, "赤い旗"), (OUTLINE, "つぎ"), ("data/glossary.csv", "の")]
)
def test_a_slip_in_a_file(course: TinyCourse, file: str, old: str, said: str, message: str) -> None:
    line = course.line(file, old)
    course.edit(file, old, said)
    course.finds(file, line, message)


def test_japanese_punctuation_is_no_slip(course: TinyCourse) -> None:
    course.say("「かっこ」（丸）、％も／も：も　空白も＋もよい。DXは3つ。")
    course.finds_nothing()
