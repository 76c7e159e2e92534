from __future__ import annotations

from typing import TYPE_CHECKING

from support.tiny_course import OUTLINE

if TYPE_CHECKING:
    from support.tiny_course import TinyCourse


def test_a_slide_of_no_module(course: TinyCourse) -> None:
    course.edit(OUTLINE, "slides: [3, 4]", "slides: [3]")
    message = "slide 4 belongs to no module; add it to the slides of one"
    course.finds(OUTLINE, "slides_total", message)


def test_a_slide_of_a_module_that_is_coming_is_no_finding(course: TinyCourse) -> None:
    report = course.report()
    assert report.findings == ()
    assert (report.counts.slides_covered, report.counts.slides_total) == (4, 6)


def test_a_slide_that_is_not_there(course: TinyCourse) -> None:
    course.edit(OUTLINE, "slides: [3, 4]", "slides: [3, 4, 7]")
    message = "there is no slide 7 of 6; mend the number"
    course.finds(OUTLINE, "slides: [3, 4, 7]", message)


def test_an_objective_without_an_exercise(course: TinyCourse) -> None:
    line = "      - {id: second-goal, text: 分けられる}\n"
    course.edit(OUTLINE, line, line + "      - {id: lost-goal, text: 迷う}\n")
    message = (
        'objective "lost-goal" has no exercise that a module shows; '
        "write one, or name it in the objectives of one"
    )
    course.finds(OUTLINE, "lost-goal", message)


def test_an_objective_that_stands_twice(course: TinyCourse) -> None:
    line = "      - {id: second-goal, text: 分けられる}\n"
    course.edit(OUTLINE, line, line + "      - {id: first-goal, text: 選べる}\n")
    message = 'objective "first-goal" stands twice; give each a name of its own'
    course.finds(OUTLINE, "first-goal", message, nth=2)


def test_a_module_that_stands_twice(course: TinyCourse) -> None:
    course.edit(OUTLINE, 'id: "02"', 'id: "01"')
    message = 'module "01" stands twice; give each a name of its own'
    course.finds(OUTLINE, 'id: "01"', message, nth=2)
