from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from dxcourse.checking import check
from dxcourse.facts import months_since

if TYPE_CHECKING:
    from support.tiny_course import TinyCourse

KINDS = """\
kind,name,provenance,facts,months,note
slides,スライド,trainer,,,
figure,統計,,figure-*,12,
law,法律,law,,,
"""


def test_a_kind_is_warned_of_once_at_its_oldest_fact(course: TinyCourse) -> None:
    course.write("data/shelf_life.csv", KINDS)
    report = check(course.root, date(2027, 6, 1))
    (warned,) = report.warnings
    assert report.findings == ()
    assert (warned.file, warned.code) == ("data/facts.csv", "facts.stale")
    text = (course.root / "data/facts.csv").read_text(encoding="utf-8")
    oldest = text.splitlines()[warned.line - 1].split(",")[0]
    assert oldest.startswith("figure-")
    assert f"「{oldest}」" in warned.message
    assert "「統計」" in warned.message


def test_a_warning_fails_nothing_and_is_told(course: TinyCourse) -> None:
    course.write("data/shelf_life.csv", KINDS)
    text = check(course.root, date(2027, 6, 1)).text()
    assert "注意：data/facts.csv:" in text
    assert text.endswith("直すところはありません")


def test_what_was_looked_up_lately_is_not_warned_of(course: TinyCourse) -> None:
    course.write("data/shelf_life.csv", KINDS.replace(",12,", ",1200,"))
    assert check(course.root, date(2027, 6, 1)).warnings == ()


@pytest.mark.parametrize(
    ("as_of", "months"),
    [("2026-03-31", 2), ("2026-03-15", 3), ("2026-05", 0), ("2025", 5), ("2026-07", 0)],
)
def test_months_are_whole_and_count_from_the_end_of_what_is_said(as_of: str, months: int) -> None:
    assert months_since(as_of, date(2026, 6, 20)) == months


def test_a_value_that_its_fact_does_not_tell(course: TinyCourse) -> None:
    course.edit("data/figures_other.csv", ",1617,団体", ",1618,団体")
    blanks = {"value": "1618", "fact": "figure-open-data"}
    course.finds("data/figures_other.csv", ",1618,団体", "facts.untold_value", **blanks)


def test_a_value_of_a_day_that_its_fact_does_not_tell(course: TinyCourse) -> None:
    course.edit("data/figures_other.csv", "2026-06-30,1617", "2026-05-31,1617")
    blanks = {"as_of": "2026-05-31", "fact": "figure-open-data"}
    course.finds("data/figures_other.csv", "2026-05-31,1617", "facts.untold_date", **blanks)


def test_a_value_may_stand_in_the_note_and_its_year_in_the_statement(course: TinyCourse) -> None:
    text = (course.root / "data/figures_telework.csv").read_text(encoding="utf-8")
    assert "2021-10-01,49.3,%,figure-telework-2021" in text
    text = (course.root / "data/figures_other.csv").read_text(encoding="utf-8")
    assert "一般行政職,2013,5727,人,figure-leaving-2022" in text
    course.finds_nothing()


def test_a_statement_on_a_slide_that_its_locator_does_not_name(course: TinyCourse) -> None:
    course.edit("data/facts.csv", "スライド28は、失敗を恐れず", "スライド29は、失敗を恐れず")
    course.finds("data/facts.csv", "スライド29は、失敗を恐れず", "facts.other_slide", slide=29)


def test_a_definition_on_a_slide_that_none_of_its_facts_is_of(course: TinyCourse) -> None:
    course.edit("data/glossary.csv", "glossary-general|role-kpi", "glossary-general")
    course.finds("data/glossary.csv", "kpi,KPI", "facts.untold_slide", slide=27)
