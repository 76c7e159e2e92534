"""Module 09 as a learner ends it: answers side by side, the plan taken home, the certificate."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from icalendar import Calendar
from openpyxl import load_workbook
from playwright.sync_api import expect

from dxcourse.answers import FileStore, submit
from dxcourse.notebook_calls.report import pledge_of
from support.controls import answer, right
from support.study import LEARNER

if TYPE_CHECKING:
    from dxcourse.course import Course
    from support.chromium import Visit
    from support.study import Study

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LAST = "/modules/09"
NAME = "<b>山田</b>"
NASTY = "<img src=x onerror=\"document.title='owned'\">"


def test_before_and_after_stand_side_by_side_once_both_are_answered(
    own_study: Study, visit: Visit, course: Course
) -> None:
    before, after = course.exercises["before-course"], course.exercises["after-course"]
    page = visit(own_study, "/modules/00")
    answer(page, before, {item.ref: item.options[0].ref for item in before.items})
    assert "✓" not in page.locator("section.dxc").last.inner_text()
    page.goto(own_study.url + LAST)
    place = page.locator(".dxl-own[data-own$='before-course/after-course']")
    expect(place).to_contain_text("「はじめる前の8問」の答えと並べて")
    answer(page, after, right(after))
    expect(place.locator(".dxl-pair")).to_have_count(len(after.items))
    expect(place.get_by_text(re.compile(r"^[^「]*言えた$"))).to_have_count(
        len(after.items) + sum(item.options[0].correct for item in before.items)
    )
    for number, pair in enumerate(place.locator(".dxl-pair").all(), start=1):
        expect(pair.get_by_role("link")).to_have_attribute("href", f"/modules/{number:02}")
    expect(page.locator(".dxc-count", has_text="点中")).to_have_count(0)


def test_the_plan_is_taken_home_in_three_ways(
    own_study: Study, visit: Visit, course: Course
) -> None:
    pledge = pledge_of(course)
    page = visit(own_study, LAST, name="係長")
    values = {item.ref: f"={NASTY}"[: item.max_length] for item in pledge.items}
    values[pledge.day.ref] = "2026-12-24"
    answer(page, pledge, values)
    card = page.locator(".dxl-own .dxl-card")
    expect(card).to_contain_text("2026年12月24日（木）")
    expect(card).to_contain_text("2027年1月25日（月）")
    expect(card).to_contain_text(f"={NASTY}")
    assert page.title() != "owned"

    with page.expect_download() as taken:
        page.get_by_role("button", name="Excelで受け取る").click()
    assert taken.value.suggested_filename == "dx-my-plan.xlsx"
    sheet = load_workbook(BytesIO(taken.value.path().read_bytes())).active
    assert sheet is not None
    assert sheet["B3"].value == f"={NASTY}"
    assert sheet["B3"].data_type == "s"
    with page.expect_download() as taken:
        page.get_by_role("button", name="予定表に入れる").click()
    assert len(Calendar.from_ical(taken.value.path().read_bytes()).walk("VEVENT")) == 4

    page.evaluate("() => { window.print = () => {}; }")
    page.get_by_role("button", name="紙にする").click()
    page.emulate_media(media="print")
    sheet_of_paper = page.locator(".dxl-sheet .dxl-card")
    expect(sheet_of_paper).to_be_visible()
    expect(page.locator("main")).to_be_hidden()
    size = sheet_of_paper.evaluate("node => [node.offsetWidth, node.offsetHeight]")
    assert size == [559, 786]  # A5 in CSS pixels, less a margin that keeps it on one sheet
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".dxl-sheet")).to_have_count(0)
    expect(page.locator("main")).to_be_visible()


def test_a_file_that_does_not_come_is_told(own_study: Study, visit: Visit, course: Course) -> None:
    pledge = pledge_of(course)
    page = visit(own_study, LAST, allowed="ERR_CONNECTION_REFUSED")
    answer(page, pledge, right(pledge))
    expect(page.locator(".dxl-own .dxl-card")).to_be_visible()
    own_study.kill()
    page.get_by_role("button", name="Excelで受け取る").click()
    expect(page.locator("[data-told]")).to_contain_text("受け取れませんでした")


def test_the_certificate_carries_a_name_that_goes_nowhere(
    own_study: Study, visit: Visit, course: Course
) -> None:
    store = FileStore(own_study.answers)
    for module in course.modules:
        for name in course.shown[module.id]:
            exercise = course.exercise(name)
            given = {"items": right(exercise)}
            submit(exercise, given, store=store, learner=LEARNER, where="test")
    page = visit(own_study, LAST)
    paper = page.locator(".dxl-certificate")
    expect(paper).to_contain_text(course.outline.title)
    assert "点" not in paper.inner_text()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.get_by_role("textbox", name="お名前").fill(NAME)
    expect(paper.locator(".dxl-name")).to_contain_text(NAME)
    assert page.title() != "owned"
    assert sent == []
    assert "山田" not in page.evaluate("() => JSON.stringify({...localStorage})")
    page.reload()
    expect(paper).to_be_visible()
    assert "山田" not in paper.inner_text()
