"""Each module, as a learner goes through it: answered, read, and opened again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from dxcourse import course as courses
from support.controls import answer, box, right, section, snapshot, wrong
from support.looks import DESK, PHONE, cut_off, look, violations

if TYPE_CHECKING:
    from typing import Any

    from playwright.sync_api import Page

    from dxcourse.course import Course
    from dxcourse.exercises import AnyExercise
    from support.chromium import Visit
    from support.study import Study

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

MODULES = [module.id for module in courses.at(Path(__file__).parents[3]).modules]


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_answered_wrong_and_right_in_turns_and_is_the_same_after_a_reload(
    study: Study, visit: Visit, course: Course, module: str
) -> None:
    page = visit(study, f"/modules/{module}", name=f"module {module}")
    for turn, name in enumerate(course.shown[module]):
        exercise = course.exercises[name]
        reply = answered(page, exercise, right(exercise) if turn % 2 else wrong(exercise))
        assert reply["complete"]
    same_after_a_reload(study, page, course, module)


@pytest.mark.soak
@pytest.mark.parametrize("module", MODULES)
def test_each_exercise_of_a_module_is_answered_wrong_and_then_right(
    study: Study, visit: Visit, course: Course, module: str
) -> None:
    page = visit(study, f"/modules/{module}", name=f"whole module {module}")
    for name in course.shown[module]:
        exercise = course.exercises[name]
        reply = answered(page, exercise, wrong(exercise))
        if exercise.attempts is None or exercise.attempts > 1:
            reply = answered(page, exercise, right(exercise))
            assert reply["held"] or reply["points"] == reply["max_points"]
        assert reply["complete"]
    look(page, DESK, "dark")
    assert violations(page) == []
    same_after_a_reload(study, page, course, module)


def answered(page: Page, exercise: AnyExercise, values: dict[str, Any]) -> dict[str, Any]:
    """The reply to an answer, once it is shown where it belongs."""
    expect(section(page, exercise)).to_have_attribute("data-kind", exercise.kind)
    reply = answer(page, exercise, values)
    assert_feedback_is_beside_its_item(page, exercise, values, reply)
    return reply


def same_after_a_reload(study: Study, page: Page, course: Course, module: str) -> None:
    """An answered module has no violation, and shows what it did when it is opened again."""
    exercises = [course.exercises[name] for name in course.shown[module]]
    before = [snapshot(page, exercise) for exercise in exercises]
    look(page, PHONE, "light")
    assert violations(page) == []
    assert cut_off(page) == []
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    assert [snapshot(page, exercise) for exercise in exercises] == before
    expect(page.locator("#progress-text")).to_contain_text("中1章")
    token = page.evaluate("localStorage.getItem('dxcourse.token')")
    replies = study.state(token)["replies"]
    assert all(replies[name]["complete"] for name in course.shown[module])


def assert_feedback_is_beside_its_item(
    page: Page, exercise: AnyExercise, values: dict[str, Any], reply: dict[str, Any]
) -> None:
    results = exercise.score(exercise.read({"items": values})).items
    for ref, told in reply["items"].items():
        place = box(page, exercise, ref).locator(".dxc-feedback")
        shown = place.text_content() or ""
        remarks = [remark.text for remark in results[ref].remarks]
        if reply["held"]:
            assert shown == ""
            assert not any(remark in page.content() for remark in remarks)
            continue
        for remark in remarks:
            assert remark in shown
        if told["tries_left"] != 0 and told["result"]["mark"] != "right":
            assert told["key"] is None
            expect(place.locator(".dxc-model")).to_have_count(0)
