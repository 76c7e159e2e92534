"""TODO."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.tiny_course import OUTLINE

if TYPE_CHECKING:
    from support.tiny_course import TinyCourse
from dxcourse.checking import Finding
from support.tiny_course import COMING_BANK, FIRST_BANK, SECOND, SECOND_BANK, code


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
    message = 'exercise "unseen" is in no notebook; show it, or take it out'
    course.finds(SECOND_BANK, course.line(SECOND_BANK, "id: unseen") - 1, message)


def test_an_exercise_that_only_a_page_of_its_own_shows(course: TinyCourse) -> None:
    course.edit(SECOND_BANK, "\n- kind: match", f"{UNSEEN}\n- kind: match")
    course.cells(APP, [code("setup", "from dxcourse import *"), code("ex", 'exercise("unseen")')])
    course.finds_nothing()


def test_an_exercise_of_a_module_that_is_coming_may_wait(course: TinyCourse) -> None:
    course.edit(COMING_BANK, "- kind: choice", f"{UNSEEN}\n- kind: choice")
    course.finds_nothing()


def test_an_exercise_in_two_modules(course: TinyCourse) -> None:
    course.change(SECOND, lambda cells: cells.insert(2, code("again", 'exercise("pick")')))
    message = (
        'exercise "pick" is shown already by notebooks/00_first.ipynb; '
        "show it once, or write one with an id of its own"
    )
    course.finds(SECOND, "pick", message)


def test_an_objective_that_is_not_in_the_outline(course: TinyCourse) -> None:
    course.edit(SECOND_BANK, "[second-goal]", "[second-goal, other-goal]")
    message = (
        'objective "other-goal" is not in notebooks/course.yaml; '
        "mend the id, or add it to its module"
    )
    course.finds(SECOND_BANK, "other-goal", message)


def test_the_check_after_the_course_lacks_an_item(course: TinyCourse) -> None:
    course.edit(COMING_BANK, "id: q2", "id: q3")
    gain = "a gain can only be told of the same items"
    before = f'"before-course" lacks item "q3" of "after-course"; {gain}'
    after = f'"after-course" lacks item "q2" of "before-course"; {gain}'
    assert course.report().findings == (
        Finding(FIRST_BANK, course.line(FIRST_BANK, "items:"), before),
        Finding(COMING_BANK, course.line(COMING_BANK, "items:"), after),
    )
