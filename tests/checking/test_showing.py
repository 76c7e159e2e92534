from __future__ import annotations

from typing import TYPE_CHECKING

from dxcourse.checking import Finding
from support.tiny_course import COMING_BANK, FIRST_BANK, SECOND, SECOND_BANK, code

if TYPE_CHECKING:
    from support.tiny_course import TinyCourse

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
