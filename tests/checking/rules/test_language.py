from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.tiny_course import FIRST, FIRST_BANK, OUTLINE, SECOND, text

if TYPE_CHECKING:
    from support.tiny_course import TinyCourse

BPR = "[BPR](appendix_glossary.ipynb#bpr)"


def used(term: str, id_: str) -> str:
    cure = f"link it: [{term}](appendix_glossary.ipynb#{id_})"
    return f'the glossary\'s "{term}" is used here first; {cure}'


def test_a_first_use_without_its_link(course: TinyCourse) -> None:
    course.say("## 話\n\nはじめに。\nBPRとは、何でしょう。")
    course.finds(
        FIRST, "BPRとは", "language.first_use", term="BPR", page="appendix_glossary.ipynb", id="bpr"
    )


@pytest.mark.parametrize(
    "said",
    [
        f"{BPR}とは。あとのBPRは、そのままで。",
        f"**{BPR}**とは。",
        f"| 何 | いつ |\n|---|---|\n| {BPR} | BPR |",
        f"「BPR」とは何でしょう。{BPR}のことです。",
    ],
)
def test_a_first_use_that_is_linked(said: str, course: TinyCourse) -> None:
    course.say(said)
    course.change(SECOND, lambda cells: cells.insert(2, text("again", "またBPRです。")))
    course.finds_nothing()


@pytest.mark.parametrize(
    "said",
    [
        "## BPR",
        "「BPRを進める」とスライド15にあります。",
        "| BPR | いつ |\n|---|---|\n| 一 | 二 |",
        "`BPR`という語",
        "> BPR",
        "[第4章のBPR](00_first.ipynb)",
        "XBPR、BPRs、BPR-2",
    ],
)
def test_where_a_term_is_named_it_is_not_used(said: str, course: TinyCourse) -> None:
    course.say(said)
    course.finds_nothing()


def test_a_row_of_a_table_uses_a_term(course: TinyCourse) -> None:
    course.say("| 何 | いつ |\n|---|---|\n| 業務 | BPR |")
    course.finds(
        FIRST, "業務", "language.first_use", term="BPR", page="appendix_glossary.ipynb", id="bpr"
    )


def test_the_first_use_is_that_of_the_course_not_of_the_module(course: TinyCourse) -> None:
    course.say("BPRとは。")
    course.change(SECOND, lambda cells: cells.insert(2, text("later", f"{BPR}とは。")))
    course.finds(
        FIRST, "BPRとは", "language.first_use", term="BPR", page="appendix_glossary.ipynb", id="bpr"
    )


def test_the_longest_term_is_the_one_used(course: TinyCourse) -> None:
    course.say("自治体DX推進計画を読みます。")
    course.finds(
        FIRST,
        "を読みます",
        "language.first_use",
        term="自治体DX推進計画",
        page="appendix_glossary.ipynb",
        id="promotion-plan",
    )


def test_either_name_of_a_term_is_it(course: TinyCourse) -> None:
    course.say("JPKIを使います。")
    course.finds(
        FIRST,
        "を使います",
        "language.first_use",
        term="JPKI",
        page="appendix_glossary.ipynb",
        id="jpki",
    )


def test_a_link_to_a_term_that_is_not_there(course: TinyCourse) -> None:
    course.say("「[BPR](appendix_glossary.ipynb#bprr)」とは。")
    course.finds(FIRST, "bprr", "language.no_term", id="bprr", cure="「bpr」のことですか")


SLIPS = [
    ("ｶﾞｯﾂ", "half_katakana", "ｶﾞｯﾂ"),
    ("第３章", "wide_letters", "３"),
    ("ＤＸとは", "wide_letters", "ＤＸ"),
]


@pytest.mark.parametrize(("said", "slip", "found"), [*SLIPS, ("一\t二", "tab", "\t")])
def test_a_slip_in_a_notebook(course: TinyCourse, said: str, slip: str, found: str) -> None:
    course.say(f"先の行\n\nここに{said}がある")
    course.finds(FIRST, course.line(FIRST, "先の行") + 2, f"language.{slip}", found=found)


@pytest.mark.parametrize(("said", "slip", "found"), SLIPS)
@pytest.mark.parametrize(
    ("file", "old"), [(FIRST_BANK, "赤い旗"), (OUTLINE, "つぎ"), ("data/glossary.csv", "の")]
)
def test_a_slip_in_a_file(  # noqa: PLR0913, PLR0917
    course: TinyCourse, file: str, old: str, said: str, slip: str, found: str
) -> None:
    line = course.line(file, old)
    course.edit(file, old, said)
    course.finds(file, line, f"language.{slip}", found=found)


def test_japanese_punctuation_is_no_slip(course: TinyCourse) -> None:
    course.say("「かっこ」（丸）、％も／も：も　空白も＋もよい。DXは3つ。")
    course.finds_nothing()
