from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dxcourse.authored import finding
from dxcourse.checking.rules.minutes import characters
from dxcourse.exercises import kinds_by_name
from support.tiny_course import COURSE_YAML, OUTLINE, TinyCourse

if TYPE_CHECKING:
    from pathlib import Path

TOTAL = "slides_total: 6\n"


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("## 問い\n\nどれ？", 5),
        ("- ひとつ\n- **ふたつ**\n1. みっつ", 9),
        ("| 年 | 出来事 |\n|---|---|\n| 1865年 | 始まる |", 12),
        ("[重点計画](appendix_glossary.ipynb#priority-plan)のうち", 7),
        ("eL-QR、13の取組", 11),
        ("", 0),
    ],
)
def test_what_is_read_is_counted_without_its_signs(source: str, count: int) -> None:
    assert characters(source) == count


@pytest.mark.parametrize("kind", kinds_by_name())
def test_every_kind_estimates_its_items(kind: str) -> None:
    assert kinds_by_name()[kind].seconds > 0


def test_minutes_that_are_not_those_of_the_text(course: TinyCourse) -> None:
    course.say("あ" * 1500)
    course.finds(OUTLINE, "minutes:", "minutes.read", said=1, counted=3.03)


def test_minutes_that_are_not_those_of_the_items(course: TinyCourse) -> None:
    course.edit(OUTLINE, "{read: 1, do: 3}", "{read: 1, do: 5}")
    course.finds(OUTLINE, "do: 5", "minutes.do", said=5, counted=2.8)


def test_a_fifth_more_is_no_finding(course: TinyCourse) -> None:
    course.say("あ" * 5050)
    course.edit(OUTLINE, "{read: 1, do: 1}", "{read: 12, do: 1}")
    course.finds_nothing()


def test_a_course_that_is_still_coming_may_be_short(course: TinyCourse) -> None:
    course.edit(OUTLINE, TOTAL, f"{TOTAL}minutes_total: {{least: 90, most: 120}}\n")
    course.finds_nothing()


@pytest.mark.parametrize(
    ("least", "most", "found"), [(1, 5, False), (4, 4, True), (6, 9, True), (4, 9, False)]
)
def test_a_finished_course_is_as_long_as_it_means_to_be(
    tmp_path: Path, least: int, most: int, *, found: bool
) -> None:
    course = TinyCourse.make(tmp_path)
    course.write(OUTLINE, COURSE_YAML[: COURSE_YAML.index('  - id: "02"')])
    course.edit(
        OUTLINE, TOTAL, f"slides_total: 4\nminutes_total: {{least: {least}, most: {most}}}\n"
    )
    told = [each for each in course.report().findings if each.code == "minutes.whole"]
    line = course.line(OUTLINE, "minutes_total")
    blanks = {"counted": 4, "least": least, "most": most}
    assert told == [finding(OUTLINE, line, "minutes.whole", **blanks)] * found
