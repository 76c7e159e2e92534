"""The server goes away in the middle: nothing that was acknowledged is lost, what waits arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from support.chromium import AWAY
from support.controls import answer, box, fill, right, section, snapshot, submit, wrong

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from dxcourse.course import Course
    from dxcourse.exercises import AnyExercise
    from support.chromium import Visit
    from support.study import Study

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("browser")]

PATIENCE = 30_000  # milliseconds: the page tries again every eight seconds at the latest


def send(page: Page, exercise: AnyExercise) -> None:
    """Press the button without waiting for an answer."""
    section(page, exercise).locator(".dxc-actions > button:not(.dxc-second)").click()


def told(page: Page, exercise: AnyExercise, state: str) -> None:
    status = section(page, exercise).locator(".dxc-status")
    expect(status).to_have_attribute("data-state", state, timeout=PATIENCE)


def given(study: Study, exercise: AnyExercise) -> list[dict[str, object]]:
    return [r["answer"]["items"] for r in study.records() if r["exercise"] == exercise.id]


def test_a_killed_server_loses_nothing_and_what_waited_arrives_once_by_itself(
    own_study: Study, visit: Visit, course: Course
) -> None:
    page = visit(own_study, "/modules/01", allowed=AWAY)
    first, second, third = (
        course.exercises[name] for name in ("what-is-dx", "counter-first-move", "own-counter")
    )
    answer(page, first, right(first))
    own_study.kill()
    for exercise in (second, third):
        for ref, value in wrong(exercise).items():
            fill(page, exercise, ref, value)
        send(page, exercise)
        told(page, exercise, "waiting")
        expect(section(page, exercise).locator(".dxc-status")).to_contain_text(
            "まだ保存されていません"
        )
    expect(page.locator("#saved")).to_have_text("… 送信待ち")
    own_study.start()
    for exercise in (second, third):
        told(page, exercise, "saved")
        expect(section(page, exercise).locator(".dxc-status")).to_have_text("保存しました")
        expect(section(page, exercise).locator(".dxc-remark").first).to_be_visible()
        assert given(own_study, exercise) == [wrong(exercise)]
    expect(page.locator("#saved")).to_have_text("✓ 保存しました")
    assert given(own_study, first) == [right(first)]
    before = snapshot(page, first)
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    assert snapshot(page, first) == before


def test_an_answer_stored_by_a_server_that_died_before_it_could_say_so_is_stored_once(
    own_study: Study, visit: Visit, course: Course
) -> None:
    page = visit(own_study, "/modules/01", allowed=AWAY)
    exercise = course.exercises["counter-first-move"]

    def stored_then_killed(route: Route) -> None:
        route.fetch()
        own_study.kill()
        route.abort()

    page.route("**/api/answers/**", stored_then_killed, times=1)
    for ref, value in wrong(exercise).items():
        fill(page, exercise, ref, value)
    send(page, exercise)
    told(page, exercise, "waiting")
    assert given(own_study, exercise) == [wrong(exercise)]
    own_study.start()
    told(page, exercise, "saved")
    assert given(own_study, exercise) == [wrong(exercise)]


def test_a_page_closed_while_an_answer_waits_delivers_it_when_it_is_opened_again(
    own_study: Study, visit: Visit, course: Course
) -> None:
    page = visit(own_study, "/modules/01", allowed=AWAY)
    exercise = course.exercises["what-is-dx"]
    (ref, value), *_ = right(exercise).items()
    own_study.kill()
    fill(page, exercise, ref, value)
    send(page, exercise)
    told(page, exercise, "waiting")
    context = page.context
    page.close()
    own_study.start()
    assert given(own_study, exercise) == []
    again = context.new_page()
    again.goto(own_study.url + "/")  # any page of the course delivers
    expect(again.locator("#saved")).to_have_text("✓ 保存しました", timeout=PATIENCE)
    assert given(own_study, exercise) == [{ref: value}]


def test_a_page_opened_while_its_answer_still_waits_shows_it(
    own_study: Study, visit: Visit, course: Course
) -> None:
    page = visit(own_study, "/modules/01", allowed=AWAY + "|503")
    exercise = course.exercises["what-is-dx"]
    (ref, value), *_ = right(exercise).items()
    page.route("**/api/answers/**", lambda route: route.abort())
    fill(page, exercise, ref, value)
    send(page, exercise)
    told(page, exercise, "waiting")
    page.reload()
    told(page, exercise, "waiting")
    expect(box(page, exercise, ref).locator("textarea")).to_have_value(value)
    page.unroute("**/api/answers/**")
    told(page, exercise, "saved")
    assert given(own_study, exercise) == [{ref: value}]


def test_items_judged_one_after_the_other_while_the_server_is_away_all_arrive(
    own_study: Study, visit: Visit, course: Course
) -> None:
    page = visit(own_study, "/modules/04", allowed=AWAY)
    exercise = course.exercises["plan-class"]
    first, second, third = list(right(exercise).items())[:3]
    fill(page, exercise, *first)
    submit(page, exercise)
    own_study.kill()
    for ref, value in (second, third):
        fill(page, exercise, ref, value)
        section(page, exercise).locator(".dxc-go").click()
        told(page, exercise, "waiting")
    own_study.start()
    told(page, exercise, "saved")
    for ref, _ in (first, second, third):
        expect(box(page, exercise, ref).locator(".dxc-remark").first).to_be_visible()
    assert set(given(own_study, exercise)[-1]) == {first[0], second[0], third[0]}


def test_a_page_whose_server_is_away_at_first_recovers_by_itself(
    study: Study, visit: Visit, course: Course
) -> None:
    page = visit(study, name="late", allowed=AWAY)
    page.route("**/api/learner", lambda route: route.abort(), times=2)
    page.goto(study.url + "/modules/01")
    expect(page.locator("#saved")).to_have_text("… 接続待ち")
    exercise = course.exercises["what-is-dx"]
    expect(section(page, exercise)).to_contain_text(exercise.title)
    expect(section(page, exercise)).to_have_attribute("data-kind", "opinion", timeout=PATIENCE)
    expect(page.locator("#saved")).to_have_text("")


def test_a_menu_command_that_did_not_reach_the_server_says_so_and_changes_nothing(
    own_study: Study, visit: Visit, course: Course
) -> None:
    page = visit(own_study, "/modules/01", allowed=AWAY)
    exercise = course.exercises["what-is-dx"]
    (ref, value), *_ = right(exercise).items()
    own_study.kill()
    fill(page, exercise, ref, value)
    send(page, exercise)
    told(page, exercise, "waiting")
    page.locator(".who summary").click()
    page.get_by_role("button", name="はじめから").first.click()
    page.get_by_role("dialog").get_by_role("button", name="はじめから").click()
    expect(page.locator("#saved")).to_have_text("つながりません。あとでもう一度")
    own_study.start()
    told(page, exercise, "saved")
    assert given(own_study, exercise) == [{ref: value}]


def test_a_browser_without_storage_still_answers_and_waits(
    own_study: Study, visit: Visit, course: Course
) -> None:
    denied = (
        "Object.defineProperty(window, 'localStorage',"
        " {get() { throw new DOMException('', 'SecurityError'); }})"
    )
    page = visit(own_study, allowed=AWAY)
    page.add_init_script(denied)
    page.goto(own_study.url + "/modules/01")
    exercise = course.exercises["what-is-dx"]
    (ref, value), *_ = right(exercise).items()
    fill(page, exercise, ref, value)
    own_study.kill()
    send(page, exercise)
    told(page, exercise, "waiting")
    own_study.start()
    told(page, exercise, "saved")
    page.reload()
    expect(box(page, exercise, ref).locator("textarea")).to_have_value(value)
