"""A shape that nothing draws in a way of its own stands in rows: on the wall, in every report."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from dxcourse.workshop.report import answers_csv, excel_report, html_report
from dxcourse.workshop.results import room_view, view
from dxcourse.workshop.results.tally import COUNTED, countable_items
from support.room_answers import room
from workshop.report.workshop_making import workshop

if TYPE_CHECKING:
    from dxcourse.course import Course


@pytest.mark.parametrize("name", ["honest-feeling", "plan-class", "society-order"])
def test_what_no_picture_knows_is_a_plain_table_with_the_same_counts(
    course: Course, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    exercise = course.exercise(name)
    known = room_view(exercise, room(exercise, 24), revealed=True, seed="s")
    monkeypatch.setattr(view, "SHAPES", {})
    drawn = room_view(exercise, room(exercise, 24), revealed=True, seed="s")
    assert {picture.shape for picture in drawn.pictures} == {"plain"}
    assert drawn.answered == known.answered
    for picture in drawn.pictures:
        assert sum(int(row[1] or 0) for row in picture.table.rows) <= picture.n <= 24
    first = drawn.pictures[0].table.rows[0]
    made = workshop(course, 24, (name,))
    book = load_workbook(io.BytesIO(excel_report(made)))
    cells = [cell.value for sheet in book for row in sheet for cell in row]
    assert f">{first[0]}<" in html_report(made)
    assert first[0] in cells
    assert exercise.title in answers_csv(made)


def test_what_no_hand_can_be_raised_for_has_no_sheet_to_count_them(course: Course) -> None:
    for exercise in course.exercises.values():
        counted = exercise.shape in COUNTED or hasattr(exercise, "touched")
        assert bool(countable_items(exercise)) == counted, exercise.id


def test_of_few_nothing_stands_in_rows_either(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "SHAPES", {})
    made = workshop(course, 4, ("manager-check", "honest-feeling"))
    told = html_report(replace(made, consents=frozenset()))
    for asked in made.asked:
        for item in asked.exercise.items:
            for choice in asked.exercise.choices(item):
                assert f">{choice.text}<" not in told
