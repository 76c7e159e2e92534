from __future__ import annotations

from typing import TYPE_CHECKING

from support.tiny_course import FIRST, SECOND, code

if TYPE_CHECKING:
    from support.tiny_course import TinyCourse


def test_the_first_cell_is_the_import(course: TinyCourse) -> None:
    course.change(FIRST, lambda cells: cells[0].update(source=["import dxcourse"]))
    message = "the first cell is `from dxcourse import *` and nothing else; mend it"
    course.finds(FIRST, "import dxcourse", message)


def test_the_second_cell_is_the_modules_own_heading(course: TinyCourse) -> None:
    course.change(SECOND, lambda cells: cells[1].update(source=['heading("00")']))
    course.finds(SECOND, "heading(", 'the second cell is heading("01"); mend it')


def test_a_second_heading(course: TinyCourse) -> None:
    course.change(SECOND, lambda cells: cells.insert(4, code("again", 'heading("01")')))
    message = "a module has one heading; take this one out"
    course.finds(SECOND, "heading(", message, nth=2)


def test_the_last_cell_is_the_modules_own_ending(course: TinyCourse) -> None:
    course.change(SECOND, lambda cells: cells[-1].update(source=['ending("02")']))
    course.finds(SECOND, "ending(", 'the last cell is ending("01"); mend it')


def test_a_second_ending(course: TinyCourse) -> None:
    course.change(SECOND, lambda cells: cells.insert(4, code("again", 'ending("01")')))
    course.finds(SECOND, "ending(", "a module has one ending; take this one out")


def test_no_key_points(course: TinyCourse) -> None:
    course.change(SECOND, lambda cells: cells.pop(-2))
    message = 'no cell "key-points" stands before the ending; write three to five points'
    course.finds(SECOND, '"ending"', message)


def test_too_few_key_points(course: TinyCourse) -> None:
    course.change(SECOND, lambda cells: cells[-2].update(source=["## まとめ\n", "\n", "- 一つ"]))
    message = '"key-points" is text with three to five points; it has 1'
    course.finds(SECOND, "まとめ", message)


def test_key_points_in_the_middle(course: TinyCourse) -> None:
    course.change(SECOND, lambda cells: cells.insert(2, cells.pop(-2)))
    message = '"key-points" stands right before the ending; move it there'
    course.finds(SECOND, "まとめ", message)
