"""Who sits at this machine: beginning afresh, taking turns, coming back, and two pages at once."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from support.controls import answer, box, fill, right, section, snapshot, submit, wrong

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from dxcourse.course import Course
    from support.chromium import Visit
    from support.study import Study

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

NASTY = "<img src=x onerror=\"document.title='owned'\"> & <script>document.title='owned'</script>"


def ready(page: Page) -> None:
    page.wait_for_selector("html[data-ready]", state="attached")


def choose(page: Page, command: str, answer: str) -> None:
    """Use the menu at the top right; `answer` is the dialog's button."""
    page.locator(".who summary").click()
    page.locator(".who-menu").get_by_role("button", name=command).click()
    page.get_by_role("dialog").get_by_role("button", name=answer).click()


def take_turns(page: Page, name: str) -> None:
    """Let someone else sit down."""
    page.locator(".who summary").click()
    page.locator(".who-menu").get_by_role("button", name="別の人が使う").click()
    page.get_by_role("textbox", name="呼び名").fill(name)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    ready(page)


def test_a_name_that_is_too_long_is_told_and_not_cut(own_study: Study, visit: Visit) -> None:
    """Two people whose long names begin alike would be one, if the rest were cut off."""
    page = visit(own_study, "/modules/01")
    page.locator(".who summary").click()
    page.locator(".who-menu").get_by_role("button", name="別の人が使う").click()
    field = page.get_by_role("textbox", name="呼び名")
    field.fill("課" * 31)
    page.get_by_role("dialog").get_by_role("button").first.click()
    expect(field).to_be_focused()
    expect(field).to_have_value("課" * 31)
    assert "あと1字" in field.evaluate("field => field.validationMessage")
    field.fill("課" * 30)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    ready(page)
    expect(page.locator(".who summary")).to_contain_text("課" * 30)


def test_a_page_asks_once_who_learns(own_study: Study, visit: Visit) -> None:
    """first.js asks before the other scripts are there; page.js takes its reply."""
    page = visit(own_study, "/modules/01", name="佐藤")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page.reload()
    ready(page)
    assert asked.count("/api/learner") == 1
    expect(page.locator(".who summary")).to_contain_text("佐藤")


def test_someone_who_begins_afresh_finds_blank_pages_and_the_record_stays(
    own_study: Study, visit: Visit, course: Course
) -> None:
    page = visit(own_study, "/modules/01")
    exercise = course.exercises["counter-first-move"]
    blank = snapshot(page, exercise)
    answer(page, exercise, wrong(exercise))
    kept = own_study.records()
    choose(page, "はじめから", "やめる")
    assert own_study.records() == kept
    with page.expect_navigation():
        choose(page, "はじめから", "はじめから")
    ready(page)
    expect(page).to_have_url(own_study.url + "/")
    expect(page.get_by_role("link", name="すわってみる")).to_be_visible()
    page.goto(own_study.url + "/modules/01")
    ready(page)
    assert snapshot(page, exercise) == blank
    assert own_study.records()[: len(kept)] == kept
    answer(page, exercise, right(exercise))


def test_a_dialog_left_with_escape_does_nothing_even_after_a_yes(
    own_study: Study, visit: Visit
) -> None:
    page = visit(own_study, allowed="ERR_FAILED")
    page.route("**/api/afresh", lambda route: route.abort(), times=1)
    choose(page, "はじめから", "はじめから")
    expect(page.locator("#saved")).to_have_text("つながりません。あとでもう一度")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator(".who summary").click()
    page.locator(".who-menu").get_by_role("button", name="はじめから").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert not any(url.endswith("/api/afresh") for url in asked)


def test_people_who_share_a_machine_have_answers_of_their_own_and_come_back_by_name(
    own_study: Study, visit: Visit, course: Course
) -> None:
    page = visit(own_study, "/modules/01")
    exercise = course.exercises["what-is-dx"]
    ((ref, mine),) = right(exercise).items()
    answer(page, exercise, {ref: mine})
    field = box(page, exercise, ref).locator("textarea")

    take_turns(page, "田中　花子")
    expect(page.locator("#who-name")).to_have_text("田中 花子")
    expect(page.get_by_role("link", name="すわってみる")).to_be_visible()
    page.goto(own_study.url + "/modules/01")
    ready(page)
    expect(field).to_have_value("")
    answer(page, exercise, {ref: "花子の答え"})

    take_turns(page, "")
    page.goto(own_study.url + "/modules/01")
    ready(page)
    expect(field).to_have_value(mine)

    take_turns(page, " 田中 花子 ")
    page.goto(own_study.url + "/modules/01")
    ready(page)
    expect(field).to_have_value("花子の答え")
    assert len({record["learner"] for record in own_study.records()}) == 2


def test_the_first_page_leads_back_to_where_one_was(
    own_study: Study, visit: Visit, course: Course
) -> None:
    page = visit(own_study)
    start = page.locator("#start")
    expect(start).to_have_text("すわってみる")
    page.goto(own_study.url + "/modules/02")
    ready(page)
    page.goto(own_study.url)
    expect(start).to_have_text("続きから")
    expect(start).to_have_attribute("href", "/modules/02")
    expect(page.locator("#start-note")).to_contain_text(course.module("02").title)
    start.click()
    expect(page.locator("h1")).to_contain_text(course.module("02").title)


def test_what_is_typed_is_shown_as_text_everywhere(
    own_study: Study, visit: Visit, course: Course
) -> None:
    page = visit(own_study, "/modules/01")
    take_turns(page, "<img src=x onerror=alert(1)>")
    expect(page.locator("#who-name")).to_have_text("<img src=x onerror=alert(1)>")
    page.goto(own_study.url + "/modules/01")
    ready(page)
    exercise = course.exercises["what-is-dx"]
    ((ref, _),) = right(exercise).items()
    answer(page, exercise, {ref: f"{NASTY} 窓口の待ち時間"})
    for _ in range(2):
        expect(box(page, exercise, ref).locator("textarea")).to_have_value(
            f"{NASTY} 窓口の待ち時間"
        )
        expect(page.locator('img[src="x"], .dxc script:not([type])')).to_have_count(0)
        assert "owned" not in page.title()
        page.reload()
        ready(page)


def test_what_was_typed_but_not_sent_is_there_after_a_reload(
    study: Study, visit: Visit, course: Course
) -> None:
    page = visit(study, "/modules/04", name="drafts")
    judged = course.exercises["plan-class"]
    number = course.exercises["plan-not-listed"]
    (first, value), (second, other), *_ = right(judged).items()
    fill(page, judged, second, other)
    fill(page, number, number.items[0].ref, "41")
    fill(page, judged, first, value)
    submit(page, judged)
    before = snapshot(page, judged), snapshot(page, number)
    page.reload()
    ready(page)
    assert (snapshot(page, judged), snapshot(page, number)) == before


def test_pages_side_by_side_show_each_others_answers_and_overwrite_none(
    study: Study, visit: Visit, course: Course
) -> None:
    here = visit(study, "/modules/04", name="two pages")
    there = here.context.new_page()
    there.goto(study.url + "/modules/04")
    ready(there)
    exercise = course.exercises["plan-class"]
    (first, value), (second, other), *_ = right(exercise).items()
    fill(here, exercise, first, value)
    submit(here, exercise)
    expect(box(there, exercise, first).locator(".dxc-remark").first).to_be_visible()
    fill(there, exercise, second, other)
    reply = submit(there, exercise)
    assert set(reply["items"]) == {first, second}
    expect(box(here, exercise, second).locator(".dxc-remark").first).to_be_visible()


def test_a_page_left_open_follows_when_someone_else_sits_down(
    own_study: Study, visit: Visit
) -> None:
    here = visit(own_study, "/modules/01")
    there = here.context.new_page()
    there.goto(own_study.url)
    ready(there)
    take_turns(there, "次の人")
    expect(here.locator("#who-name")).to_have_text("次の人")


def test_a_token_that_is_not_known_any_more_leads_back_to_the_user_of_the_machine(
    own_study: Study, visit: Visit
) -> None:
    page = visit(own_study, "/modules/01", name="前の人", allowed="401")
    page.evaluate("localStorage.setItem('dxcourse.token', 'InNvbWVvbmUi.forged')")
    page.reload()
    ready(page)
    expect(page.locator("#who-name")).to_have_text("学ぶ人")


def test_used_up_tries_lock_an_item_and_show_the_key(
    study: Study, visit: Visit, course: Course
) -> None:
    page = visit(study, "/modules/01", name="tries")
    exercise = course.exercises["dx-reply"]
    assert exercise.attempts == 2
    (item,) = exercise.items
    key = exercise.model_answer()["items"][item.ref]
    first, second, *_ = (option.ref for option in item.options if option.ref != key)
    place = box(page, exercise, item.ref)
    reply = answer(page, exercise, {item.ref: first})
    assert reply["items"][item.ref]["key"] is None
    expect(place.locator(".dxc-tries")).to_contain_text("あと 1 回")
    answer(page, exercise, {item.ref: second})
    expect(place.locator(".dxc-tries")).to_contain_text("ここまで")
    expect(place.locator('.dxc-option[data-mark="right"]')).to_contain_text(
        next(option.text for option in item.options if option.ref == key)
    )
    expect(place.locator("input:enabled")).to_have_count(0)
    expect(section(page, exercise).locator("button.dxc-go")).to_be_hidden()


def test_a_number_that_is_none_is_said_before_it_is_sent(
    study: Study, visit: Visit, course: Course
) -> None:
    page = visit(study, "/modules/04", name="typing")
    exercise = course.exercises["plan-not-listed"]
    for typed in ("たくさん", "1,2,3", "12 月 3 日", "約40"):
        fill(page, exercise, exercise.items[0].ref, typed)
        section(page, exercise).locator("button.dxc-go").click()
        expect(section(page, exercise).locator(".dxc-status")).to_contain_text("数を入れて")
    answer(page, exercise, {exercise.items[0].ref: "１，２３４"})


def test_an_unanswered_item_is_named_and_gets_the_focus(
    study: Study, visit: Visit, course: Course
) -> None:
    page = visit(study, "/modules/00", name="unanswered")
    exercise = course.exercises["before-course"]
    section(page, exercise).locator("button.dxc-go").click()
    expect(section(page, exercise).locator(".dxc-need:visible")).to_have_text(
        "ひとつ選んでください"
    )
    expect(section(page, exercise).locator(".dxc-need:visible")).to_be_in_viewport()
    assert page.evaluate("document.activeElement.closest('.dxc-item') !== null")
