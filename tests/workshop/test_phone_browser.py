"""A phone: what was chosen and not sent, a form field by field, and the sheet when all is gone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from dxcourse.web.identity import HEADER
from support.chromium import AWAY
from support.looks import cut_off, look, violations
from workshop.test_room_faults import until

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page, Route

    from support.chromium import Visit
    from support.study import Study
    from support.workshop_server import Hall

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("room")]

PATIENCE = 40_000
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "has_touch": True,
    "is_mobile": True,
    "accept_downloads": True,
}
TOO_LONG = "長" * 500
QUIET = AWAY + "|ERR_INTERNET_DISCONNECTED|INCOMPLETE_CHUNKED|ERR_NETWORK|40[139]|429"


DENIED = (
    "Object.defineProperty(window, 'localStorage',"
    " {get() { throw new DOMException('', 'SecurityError'); }})"
)


def join(visit: Visit, hall: Hall, *, init: str = "") -> Page:
    path = urlsplit(hall.join).path
    page = visit(cast("Study", hall), path, allowed=QUIET, **PHONE)
    if init:
        page.add_init_script(init)
        page.reload()
    page.get_by_role("button", name="参加する").click()
    expect(page.locator("#room")).to_be_visible(timeout=PATIENCE)
    return page


def test_what_was_chosen_and_not_sent_goes_as_the_question_closes(visit: Visit, hall: Hall) -> None:
    phone = join(visit, hall)
    hall.at("feeling")
    hall.do("open")
    phone.locator("#mount input[type=radio]").first.check(timeout=PATIENCE)
    assert hall.records() == []
    hall.do("closing", seconds=4)
    expect(phone.locator("#ten")).to_contain_text("秒で締め切ります", timeout=PATIENCE)
    (record,) = until(hall.records)
    assert record["exercise"] == "honest-feeling"
    expect(phone.locator("#told")).to_have_attribute("data-phase", "closed", timeout=PATIENCE)
    expect(phone.locator("#late")).to_be_hidden()
    goes_as_the_facilitator_goes_on(visit, hall, phone)
    asks_from_the_floor(hall, phone)


def goes_as_the_facilitator_goes_on(visit: Visit, hall: Hall, phone: Page) -> None:
    """The next stop closes a question too; a browser without storage has no draft of it."""
    phones = [phone, join(visit, hall, init=DENIED)]
    hall.at("counter")
    hall.do("open")
    for each in phones:
        each.locator("#mount input[type=radio]").first.check(timeout=PATIENCE)
    hall.at("fifteen")
    until(lambda: len(hall.records()) == 3)
    assert [each["exercise"] for each in hall.records()][1:] == ["counter-first-move"] * 2


def asks_from_the_floor(hall: Hall, phone: Page) -> None:
    """Never cut, kept through a reload, and another question once its words were changed."""
    whole = "問" * 139 + "👨\u200d👩\u200d👧\u200d👦"
    field, told = phone.locator("#floor-text"), phone.locator("#floor-told")

    def stored_and_lost(route: Route) -> None:
        request = route.request
        hall.post("/api/questions", request.post_data_json, token=request.headers[HEADER.lower()])
        route.abort()

    def ask(text: str, *, lost: bool = False) -> None:
        if lost:
            phone.route("**/api/questions", stored_and_lost, times=1)
        field.fill(text)
        phone.locator("#floor-form button").click()

    phone.locator("#floor summary").click()
    ask(whole + "超")
    expect(told).to_contain_text("あと1字")
    ask("はじめの聞き方", lost=True)
    expect(told).to_contain_text("まだ届いていません")
    phone.reload()
    phone.locator("#floor summary").click(timeout=PATIENCE)
    expect(field).to_have_value("はじめの聞き方")
    ask(whole)  # which is no repetition of the one that had arrived
    expect(told).to_contain_text("届きました")
    expect(field).to_have_value("")
    wanted = {"はじめの聞き方", whole}
    until(lambda: {each["text"] for each in hall.board_state()["floor"]} == wanted)


def test_the_sheet_is_written_a_field_at_a_time_and_opens_when_the_server_is_gone(
    visit: Visit, hall: Hall, tmp_path: Path
) -> None:
    phone = join(visit, hall)
    hall.at("fifteen")
    hall.do("open")
    mount = phone.locator("#mount")
    field = mount.locator(".dxc-item:visible textarea")
    field.fill("小さな子を連れた人が、待たずに帰れるように", timeout=PATIENCE)
    expect(mount.locator(".dxc-item:visible")).to_have_count(1)
    assert violations(phone) + cut_off(phone) == []
    first = field.input_value()
    field.fill(TOO_LONG)
    mount.get_by_role("button", name="つぎの欄へ").click()
    expect(mount.locator(".dxc-need:visible")).to_contain_text("字まで預けられます")
    expect(field).to_have_value(TOO_LONG)
    field.fill(first)
    mount.get_by_role("button", name="つぎの欄へ").click()
    until(hall.records)  # one field is handed in by itself
    mount.locator(".dxc-item:visible textarea").fill("課内回覧の確認印を、来月だけやめる")
    mount.get_by_role("button", name="つぎの欄へ").click()
    until(lambda: len(hall.records()) == 2)
    taken = mount.locator(".dxc-remark[data-mark=taken]")
    expect(taken).to_have_text(re.compile("締め切るまで直せます$"))  # nothing of it is marked
    mount.get_by_role("button", name="前の欄へ").click()
    mount.locator(".dxc-item:visible textarea").fill(TOO_LONG)
    hall.do("end")
    expect(phone.locator("#late-draft")).to_have_text(TOO_LONG, timeout=PATIENCE)
    card = phone.locator("#sheet-card .plan")
    expect(card).to_contain_text("課内回覧の確認印", timeout=PATIENCE)
    with phone.expect_download() as saved:
        phone.get_by_role("button", name="予定表に入れる").click()
    calendar = saved.value.path().read_text("utf-8")
    assert calendar.startswith("BEGIN:VCALENDAR")
    assert re.search(r"DTSTART;VALUE=DATE:\d{8}", calendar)
    with phone.expect_download() as picture:
        phone.get_by_role("button", name="画像で保存").click()
    assert picture.value.path().read_bytes().startswith(b"\x89PNG")
    look(phone, 360, "light")
    phone.screenshot(path=tmp_path / "sheet.png", full_page=True)

    phone.locator("#sheet-link").click()
    expect(phone.locator("#sheet-page .plan")).to_contain_text("課内回覧の確認印")
    address = phone.url
    hall.stop()
    phone.context.set_offline(True)
    again = phone.context.new_page()
    again.goto(address)
    expect(again.locator("#sheet-page .plan")).to_contain_text("課内回覧の確認印")
