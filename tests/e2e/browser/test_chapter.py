"""A chapter as one goes through it: gates, sections, coming back, its end, a page of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from support.controls import answer, right, section, submit
from support.looks import DESK, PHONE, cut_off, look, violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from dxcourse.course import Course
    from support.chromium import Visit
    from support.study import Study

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

GATED, GATE = "/modules/06", "region-call"


def ready(page: Page) -> None:
    page.wait_for_selector("html[data-ready]", state="attached")


def test_what_answers_a_question_opens_once_it_is_answered(
    own_study: Study, visit: Visit, course: Course
) -> None:
    page = visit(own_study, GATED)
    gate = page.locator(f'details.gate[data-reveal="{GATE}"]')
    behind = gate.locator(".behind")
    expect(gate).to_contain_text("答えずに読む")
    expect(behind).to_be_hidden()
    exercise = course.exercise(GATE)
    first = exercise.public()["items"][0]
    answer(page, exercise, {first["ref"]: first["options"][0]["ref"]})
    expect(behind).to_be_visible()
    page.reload()
    ready(page)
    expect(behind).to_be_visible()


def test_one_may_read_without_an_answer_and_this_is_remembered(
    own_study: Study, visit: Visit
) -> None:
    page = visit(own_study, GATED)
    gate = page.locator(f'details.gate[data-reveal="{GATE}"]')
    gate.locator("summary").click()
    expect(gate.locator(".behind")).to_be_visible()
    page.reload()
    ready(page)
    expect(gate.locator(".behind")).to_be_visible()
    gate.locator("summary").press("Enter")  # and hung up again
    expect(gate.locator(".behind")).to_be_hidden()
    page.reload()
    ready(page)
    expect(gate.locator(".behind")).to_be_hidden()


def test_without_scripts_a_gate_opens_by_hand_and_print_shows_what_is_behind(
    study: Study, visit: Visit
) -> None:
    page = visit(study, GATED, java_script_enabled=False)
    gate = page.locator(f'details.gate[data-reveal="{GATE}"]')
    expect(gate.locator(".behind")).to_be_hidden()
    gate.locator("summary").click()
    expect(gate.locator(".behind")).to_be_visible()
    gate.locator("summary").click()
    page.emulate_media(media="print")
    assert gate.locator(".behind").evaluate("node => node.checkVisibility()")
    expect(gate.locator(".noren")).to_be_hidden()


def test_one_comes_back_to_within_a_screen_of_where_one_stopped(
    own_study: Study, visit: Visit, course: Course
) -> None:
    page = visit(own_study, "/modules/07", viewport={"width": PHONE, "height": 740})
    names = course.core("07")
    answer(page, course.exercise(names[0]), right(course.exercise(names[0])))
    page.goto(own_study.url)
    ready(page)
    resume = page.get_by_role("link", name="続きから")
    expect(resume).to_have_attribute("href", f"/modules/07#ex-{names[1]}")
    resume.click()
    ready(page)
    page.wait_for_timeout(300)  # what grows while it is drawn has grown
    top = section(page, course.exercise(names[1])).bounding_box()
    assert top is not None
    assert -740 < top["y"] < 740
    # Whoever only read on comes back to where that was, too, beside the next question.
    far = page.locator("main section[data-section]").last
    far.evaluate("node => node.scrollIntoView({ block: 'start' })")
    expect(page.locator("[data-section-now]")).to_have_text(far.locator("h2").first.inner_text())
    page.goto(own_study.url)
    ready(page)
    page.get_by_role("link", name="読んでいたところへ").click()
    ready(page)
    page.wait_for_timeout(300)
    assert -740 < far.evaluate("node => node.getBoundingClientRect().top") < 740


def test_a_phone_has_the_sections_and_the_chapters_beside_at_its_foot(
    study: Study, visit: Visit
) -> None:
    page = visit(study, "/modules/02", viewport={"width": PHONE, "height": 740})
    tab = page.locator("nav.tab")
    expect(tab).to_be_visible()
    expect(tab).to_contain_text("あと")
    expect(tab.get_by_role("link", name="前へ")).to_have_attribute("href", "/modules/01")
    expect(tab.get_by_role("link", name="次へ")).to_have_attribute("href", "/modules/03")
    tab.get_by_role("button", name="目次").click()
    links = page.locator("#toc-sheet li a")
    expect(links.last).to_be_visible()
    links.nth(3).click()
    expect(page.locator("#toc-sheet")).to_be_hidden()
    target = page.locator("main > section[data-section]").nth(3)
    expect(target).to_be_in_viewport()
    assert cut_off(page) == []


def test_a_chapter_ends_with_ones_own_words_and_one_sentence_for_tomorrow(
    own_study: Study, visit: Visit, course: Course
) -> None:
    page = visit(own_study, "/modules/01")
    for name, text in (
        ("what-is-dx", "紙をなくすこと"),
        ("what-is-dx-again", "人が紙をなくすこと"),
    ):
        exercise = course.exercise(name)
        answer(page, exercise, {exercise.items[0].ref: text})
    end = page.locator(".dxl-end")
    expect(end.locator("blockquote")).to_have_text(["紙をなくすこと", "人が紙をなくすこと"])
    tomorrow = course.exercise("tomorrow")
    section(page, tomorrow).locator("textarea").fill("誰の何が変わりますか")
    submit(page, tomorrow)
    expect(page.get_by_role("link", name="つぎの皿へ")).to_have_attribute("href", "/modules/02")
    page.goto(own_study.url + "/mine")
    ready(page)
    words = page.locator("#own-words")
    expect(words).to_contain_text("誰の何が変わりますか")
    expect(words.locator(".pair blockquote")).to_have_text(["紙をなくすこと", "人が紙をなくすこと"])


def test_a_words_meaning_opens_where_it_is_read(study: Study, visit: Visit) -> None:
    page = visit(study, "/modules/03")
    link = page.locator('.prose a[href*="/appendix/glossary#"]:visible').first
    word = link.inner_text()
    link.click()
    box = page.get_by_role("dialog", name=word)
    expect(box).to_be_visible()
    assert page.url.endswith("/modules/03")
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(link).to_be_focused()


def test_a_mark_says_by_key_and_by_finger_what_it_rests_on(study: Study, visit: Visit) -> None:
    page = visit(study, "/modules/04", viewport={"width": PHONE, "height": 740}, has_touch=True)
    of_a_fact = page.locator(".dxl-now > ul .dxc-mark").first
    in_prose = page.locator(".prose .dxc-mark:visible").first
    of_an_exhibit = page.locator(".dxc-exhibit .dxc-mark:visible").first
    for mark, said in (
        (of_a_fact, "時点"),  # source and date
        (in_prose, "明言されている"),
        (of_an_exhibit, "講師の資料"),
    ):
        told = page.locator(f'[id="{mark.get_attribute("popovertarget")}"]')
        assert told.get_attribute("role") == "status"  # a screen reader says it as it comes
        mark.tap()
        expect(told).to_be_visible()
        expect(told).to_contain_text(said)
        assert cut_off(page) == []
        page.keyboard.press("Escape")
        expect(told).to_be_hidden()
        mark.press("Enter")
        expect(told).to_be_visible()
        mark.press("Enter")
        expect(told).to_be_hidden()
    of_a_fact.press("Enter")
    assert violations(page) == []
    page.emulate_media(media="print")
    expect(of_a_fact.locator("xpath=following-sibling::span[1]")).to_contain_text("時点")


def test_the_search_finds_sections_and_terms(study: Study, visit: Visit) -> None:
    page = visit(study, "/search")
    page.get_by_role("searchbox").fill("ﾃﾞｼﾞﾀﾙ禁止")
    found = page.locator("#search-found a")
    expect(found.first).to_contain_text("デジタル禁止")
    expect(found.first).to_have_attribute("href", "/modules/01#s-digital-forbidden")
    page.get_by_role("searchbox").fill("ないことば")
    expect(page.get_by_role("status").last).to_contain_text("見つかりません")


@pytest.mark.parametrize("path", ["/", "/mine", "/search", "/routes/twenty"])
def test_the_pages_around_the_chapters_have_nothing_against_them(
    study: Study, visit: Visit, course: Course, path: str
) -> None:
    page = visit(study, "/modules/01", name=f"around {path}")
    exercise = course.exercise("what-is-dx")
    answer(page, exercise, {exercise.items[0].ref: "紙をなくすこと"})
    page.goto(study.url + path)
    ready(page)
    for width, scheme in ((DESK, "light"), (DESK, "dark"), (PHONE, "light"), (PHONE, "dark")):
        look(page, width, scheme)
        assert violations(page) == []
        assert cut_off(page) == []


def test_a_short_way_shows_its_sections_and_leads_on(
    study: Study, visit: Visit, course: Course
) -> None:
    way = course.outline.routes[0]
    first, second = way.stops[:2]
    page = visit(study, f"/routes/{way.id}")
    page.get_by_role("link", name="ここから始める").click()
    ready(page)
    shown = page.locator("main > section[data-section]:visible")
    expect(shown).to_have_count(len(first.cells))
    assert [each.get_attribute("data-section") for each in shown.all()] == list(first.cells)
    expect(page.get_by_role("link", name="つぎの皿へ")).to_have_attribute(
        "href", f"/modules/{second.module}?route={way.id}#s-{second.cells[0]}"
    )
