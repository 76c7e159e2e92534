from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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
    message = "minutes to read are 1, and 3.0 by count; say what is counted, or mend the module"
    course.finds(OUTLINE, "minutes:", message)


def test_minutes_that_are_not_those_of_the_items(course: TinyCourse) -> None:
    course.edit(OUTLINE, "{read: 1, do: 3}", "{read: 1, do: 5}")
    message = "minutes to do are 5, and 2.8 by count; say what is counted, or mend the module"
    course.finds(OUTLINE, "do: 5", message)


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
    message = (
        f"the course takes 4 minutes by count, and is to take {least} to {most}; "
        "trim it, or say more"
    )
    told = [finding for finding in course.report().findings if "the course takes" in str(finding)]
    assert [finding.message for finding in told] == [message] * found
