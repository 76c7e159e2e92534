"""Tables side by side, and the rooms of a year: counted right, and nobody pointed at."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from dxcourse.workshop.report import (
    compare_rooms,
    compare_tables,
    excel_comparison,
    excel_report,
    fiscal_year,
    html_comparison,
    html_report,
)
from dxcourse.workshop.results.answers import FEW
from workshop.report.workshop_making import BEGAN, workshop

if TYPE_CHECKING:
    from dxcourse.course import Course
    from dxcourse.workshop import Workshop

FEELING = "honest-feeling"


def answered(made: Workshop) -> int:
    return sum(bool(each.items) for each in made.asked[0].given)


def test_tables_stand_side_by_side_and_add_up_to_the_room(course: Course) -> None:
    made = workshop(course, 24, (FEELING, "manager-check"))
    made = replace(made, tables={f"p{n}": n % 3 + 1 for n in range(24)})
    (question,) = compare_tables(made)  # what is said of oneself is not compared
    assert question.groups == ("テーブル1", "テーブル2", "テーブル3")
    whole = html_report(made)
    assert question.share(0, 0) in whole
    assert "テーブルごと" in whole
    assert load_workbook(io.BytesIO(excel_report(made))).sheetnames[-1] == "テーブルごと"
    assert sum(size or 0 for size in question.sizes) == answered(made)
    for row, option in enumerate(question.options):
        ref = next(o.ref for o in made.asked[0].exercise.items[0].options if o.text == option)
        chosen = sum(ref in each.items.values() for each in made.asked[0].given)
        assert sum(count or 0 for count in question.counts[row]) == chosen
    assert "テーブルごと" not in html_report(replace(made, tables={}))


@settings(max_examples=60, deadline=None)
@given(seats=st.lists(st.integers(0, 5), min_size=24, max_size=24))
def test_no_group_is_small_nor_can_a_small_one_be_told_from_the_rest(
    course: Course, seats: list[int]
) -> None:
    made = workshop(course, 24, (FEELING,))
    made = replace(made, tables={f"p{n}": seat for n, seat in enumerate(seats) if seat})
    for question in compare_tables(made):
        assert len(question.groups) > 1
        assert all(size is not None and size >= FEW for size in question.sizes)
        assert sum(size or 0 for size in question.sizes) == answered(made)


def test_rooms_of_a_year_stand_in_the_order_they_were_held_and_small_ones_show_nothing(
    course: Course,
) -> None:
    rooms = [
        workshop(course, size, (FEELING, "what-is-dx"), name=name, day=day)
        for name, size, day in (
            ("十二月", 30, date(2026, 12, 3)),
            ("小さな会", 4, date(2027, 1, 8)),
            ("六月", 20, date(2026, 6, 3)),
        )
    ]
    compared = compare_rooms(rooms)
    assert [room.name for room in compared.rooms] == ["六月", "十二月", "小さな会"]
    (question,) = compared.questions  # what is written is nobody's figure
    assert question.sizes[2] is None
    assert question.share(0, 2) == "―"
    for column, room in enumerate((rooms[2], rooms[0])):
        assert sum(row[column] or 0 for row in question.counts) == answered(room)
    page = html_comparison(compared)
    assert page.index("1　六月") < page.index("2　十二月") < page.index("3　小さな会")
    assert question.share(0, 0) in page
    sheets = load_workbook(io.BytesIO(excel_comparison(compared)))
    cells = [cell.value for sheet in sheets for row in sheet for cell in row]
    assert question.counts[0][1] in cells
    alone = compare_rooms(rooms[:2])
    assert alone.questions == ()
    assert "選ぶ問いはありません" in html_comparison(alone)


def test_a_fiscal_year_begins_in_april(course: Course) -> None:
    made = workshop(course, 1, (FEELING,))
    days = [date(2026, 3, 31) + timedelta(days=n) for n in (0, 1, 365, 366)]
    years = [fiscal_year(replace(made, day=day, began=BEGAN)) for day in days]
    assert years == [2025, 2026, 2026, 2027]
    assert all(a <= b for a, b in pairwise(years))
