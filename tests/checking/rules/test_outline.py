from __future__ import annotations

from typing import TYPE_CHECKING

from dxcourse.authored import finding
from support.tiny_course import COMING_BANK, FIRST_BANK, OUTLINE, SECOND, SECOND_BANK, code

if TYPE_CHECKING:
    from support.tiny_course import TinyCourse


def test_a_slide_of_no_module(course: TinyCourse) -> None:
    course.edit(OUTLINE, "slides: [3, 4]", "slides: [3]")
    course.finds(OUTLINE, "slides_total", "outline.slide", slide=4)


def test_a_slide_of_a_module_that_is_coming_is_no_finding(course: TinyCourse) -> None:
    report = course.report()
    assert report.findings == ()
    assert (report.counts.slides_covered, report.counts.slides_total) == (4, 6)


def test_a_slide_that_is_not_there(course: TinyCourse) -> None:
    course.edit(OUTLINE, "slides: [3, 4]", "slides: [3, 4, 7]")
    course.finds(OUTLINE, "slides: [3, 4, 7]", "outline.no_slide", slide=7, total=6)


def test_an_objective_without_an_exercise(course: TinyCourse) -> None:
    line = "      - {id: second-goal, text: 分けられる}\n"
    course.edit(OUTLINE, line, line + "      - {id: lost-goal, text: 迷う}\n")
    course.finds(OUTLINE, "lost-goal", "outline.unpractised", id="lost-goal")


def test_an_objective_that_stands_twice(course: TinyCourse) -> None:
    line = "      - {id: second-goal, text: 分けられる}\n"
    course.edit(OUTLINE, line, line + "      - {id: first-goal, text: 選べる}\n")
    course.finds(OUTLINE, "first-goal", "outline.objective_twice", id="first-goal", nth=2)


def test_a_module_that_stands_twice(course: TinyCourse) -> None:
    course.edit(OUTLINE, 'id: "02"', 'id: "01"')
    course.finds(OUTLINE, 'id: "01"', "outline.module_twice", id="01", nth=2)


UNSEEN = """
- kind: number
  id: unseen
  title: いくつ
  value: 1
  feedback: {wrong: もう一度}
"""
APP = "notebooks/apps/unseen.ipynb"


def test_an_exercise_that_nothing_shows(course: TinyCourse) -> None:
    course.edit(SECOND_BANK, "\n- kind: match", f"{UNSEEN}\n- kind: match")
    course.finds(
        SECOND_BANK, course.line(SECOND_BANK, "id: unseen") - 1, "outline.hidden", id="unseen"
    )


def test_an_exercise_that_only_a_page_of_its_own_shows(course: TinyCourse) -> None:
    course.edit(SECOND_BANK, "\n- kind: match", f"{UNSEEN}\n- kind: match")
    course.cells(APP, [code("setup", "from dxcourse import *"), code("ex", 'exercise("unseen")')])
    course.finds_nothing()


def test_an_exercise_of_a_module_that_is_coming_may_wait(course: TinyCourse) -> None:
    course.edit(COMING_BANK, "- kind: choice", f"{UNSEEN}\n- kind: choice")
    course.finds_nothing()


def test_an_exercise_in_two_modules(course: TinyCourse) -> None:
    course.change(SECOND, lambda cells: cells.insert(2, code("again", 'exercise("pick")')))
    course.finds(SECOND, "pick", "outline.shown_twice", id="pick", first="notebooks/00_first.ipynb")


def test_an_objective_that_is_not_in_the_outline(course: TinyCourse) -> None:
    course.edit(SECOND_BANK, "[second-goal]", "[second-goal, other-goal]")
    course.finds(
        SECOND_BANK,
        "other-goal",
        "outline.no_objective",
        id="other-goal",
        cure="「third-goal」のことですか",
    )


def test_the_check_after_the_course_lacks_an_item(course: TinyCourse) -> None:
    course.edit(COMING_BANK, "id: q2", "id: q3")
    before = {"lacking": "before-course", "there": "after-course", "missing": "「q3」"}
    after = {"lacking": "after-course", "there": "before-course", "missing": "「q2」"}
    first, coming = (course.line(file, "items:") for file in (FIRST_BANK, COMING_BANK))
    assert course.report().findings == (
        finding(FIRST_BANK, first, "outline.parallel", **before),
        finding(COMING_BANK, coming, "outline.parallel", **after),
    )
