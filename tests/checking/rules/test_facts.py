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
