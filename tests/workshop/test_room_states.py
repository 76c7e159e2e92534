"""Every state of phone and board: accessible to all, and the board by its keyboard alone."""

from __future__ import annotations

import json
import string
import time
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from support.chromium import AWAY
from support.looks import cut_off, violations
from workshop.test_room_faults import until
from workshop.test_room_stage import WORDS, voices, write

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from support.chromium import Visit
    from support.study import Study
    from support.workshop_server import Hall

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("room")]

PATIENCE = 40_000
BOTH = ("light", "dark")
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "has_touch": True,
    "is_mobile": True,
}
QUIET = AWAY + "|ERR_INTERNET_DISCONNECTED|INCOMPLETE_CHUNKED|ERR_NETWORK|40[139]|429"


class Looked:
    """What axe has against a page in each of its states."""

    def __init__(self, page: Page) -> None:
        self.page, self.faults = page, dict[str, list[str]]()

    def at(self, state: str, *schemes: str) -> None:
        for scheme in schemes or ("light",):
            self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            rules = ("color-contrast",) if scheme == "dark" else ()
            found = violations(self.page, rules)
            if scheme == "light":
                found += cut_off(self.page)
            if found:
                self.faults[f"{state} {scheme}"] = found
        self.page.emulate_media(color_scheme="light")

    def phase(self, state: str, *schemes: str) -> None:
        told = self.page.locator("#told")
        expect(told).to_have_attribute("data-phase", state, timeout=PATIENCE)
        self.at(state, *schemes)


def enter(visit: Visit, hall: Hall, path: str) -> Page:
    return visit(cast("Study", hall), path, allowed=QUIET, **PHONE)


def test_every_state_of_a_phone_is_accessible(visit: Visit, hall: Hall) -> None:
    page = enter(visit, hall, urlsplit(hall.join).path + "?t=3")
    seen = Looked(page)
    seen.at("door")
    page.get_by_role("button", name="参加する").click()
    seen.phase("lobby", *BOTH)
    page.locator("#floor summary").click()
    page.locator("#self summary").click()
    seen.at("unfolded", *BOTH)
    hall.at("counter")
    seen.phase("between")
    hall.do("open")
    seen.phase("open")
    page.locator("#mount input[type=radio]").first.check()
    page.locator("#mount .dxc-go").click()
    expect(page.locator("#mount .dxc-status")).to_have_text("保存しました", timeout=PATIENCE)
    seen.at("sent", *BOTH)
    page.context.set_offline(True)
    expect(page.locator("#link")).to_have_attribute("data-state", "lost", timeout=PATIENCE)
    seen.at("lost line")
    page.context.set_offline(False)
    expect(page.locator("#link")).to_have_attribute("data-state", "live", timeout=PATIENCE)
    hall.do("closing", seconds=60)
    expect(page.locator("#ten")).to_be_visible(timeout=PATIENCE)
    seen.at("closing", *BOTH)
    hall.do("close")
    seen.phase("closed")
    hall.do("reveal")
    expect(page.locator("#result-bars li").first).to_be_visible(timeout=PATIENCE)
    seen.phase("revealed", *BOTH)
    write_down(hall, page, seen)
    hall.do("end")
    expect(page.locator("#sheet-card .plan")).to_be_visible(timeout=PATIENCE)
    seen.phase("ended", *BOTH)
    hall.do("expel", exercise=WORDS, voice=voices(hall, WORDS)["暮らしの足"]["id"])
    page.reload()
    expect(page.locator("#join")).to_be_visible(timeout=PATIENCE)
    seen.at("put out")
    assert seen.faults == {}


def write_down(hall: Hall, page: Page, seen: Looked) -> None:
    """A field of the pledge, and a voice that stands on the wall."""
    hall.at("fifteen")
    hall.do("open")
    field = page.locator("#mount .dxc-item:visible textarea")
    field.fill("小さな子を連れた人が、待たずに帰れるように", timeout=PATIENCE)
    seen.at("pledge", *BOTH)
    page.get_by_role("button", name="つぎの欄へ").click()
    until(lambda: len(hall.records()) == 2)
    hall.at("first-word")
    hall.do("open")
    page.locator("#mount textarea").fill("暮らしの足", timeout=PATIENCE)
    page.locator("#mount .dxc-go").click()
    until(lambda: len(hall.records()) == 3)
    hall.do(
        "voice", exercise=WORDS, change="show", voices=[voices(hall, WORDS)["暮らしの足"]["id"]]
    )
    hall.do("reveal")
    expect(page.locator("#result-voices .nod")).to_be_visible(timeout=PATIENCE)
    seen.at("voices to agree with")


def test_every_state_of_the_board_is_accessible(visit: Visit, hall: Hall) -> None:
    page = visit(cast("Study", hall), urlsplit(hall.board).path, allowed=QUIET)
    seen = Looked(page)
    seen.at("not begun")
    hall.at("first-word")
    hall.do("open")
    phones = [hall.enter() for _ in range(3)]
    for n, text in enumerate(("窓口を広く", "うるせえ", "会議を短く")):
        write(hall, phones[n], text, f"opinion-{n:04}")
    body = {"id": "0" * 32, "text": "議会でも使ってよい言葉ですか"}
    hall.post("/api/questions", body, token=phones[0])
    row = page.locator("#voices .v", has_text="窓口を広く")
    expect(row).to_be_visible(timeout=PATIENCE)
    seen.at("queue", *BOTH)
    row.get_by_role("button", name="まとめる", exact=True).click()
    seen.at("group")
    row.get_by_role("button", name="やめる").click()
    hall.do("voice", exercise=WORDS, change="hide", voices=[voices(hall, WORDS)["うるせえ"]["id"]])
    write(hall, phones[1], "うるせえ。", "opinion-0009")
    for tab in ("見る前", "隠した", "質問"):
        page.get_by_role("tab", name=tab).click()
        seen.at(f"tab {tab}")
    for box in page.locator(".side > details > summary").all():
        box.click()
    seen.at("unfolded", *BOTH)
    page.keyboard.press("Escape")
    page.locator("#stop-title").click()
    page.keyboard.press("Shift+R")
    expect(page.locator("#ask")).to_be_visible()
    seen.at("dialog", *BOTH)
    page.locator("#ask").get_by_role("button", name="はい").click()
    expect(page.locator("#again")).to_be_visible(timeout=PATIENCE)
    seen.at("revealed", *BOTH)
    page.locator("#remote-open").click()
    expect(page.locator("#remote img")).to_be_visible()
    seen.at("remote")
    page.get_by_role("button", name="閉じる").click()
    page.context.set_offline(True)
    expect(page.locator("#link")).to_have_attribute("data-state", "lost", timeout=PATIENCE)
    seen.at("lost line")
    page.context.set_offline(False)
    hall.do("end")
    expect(page.locator('[data-do="next"]')).to_be_disabled(timeout=PATIENCE)
    seen.at("ended", *BOTH)
    page.goto(f"{hall.url}{urlsplit(hall.board).path}/cards?tables=2")
    seen.at("cards")
    assert seen.faults == {}


def tab_to(page: Page, selector: str) -> None:
    """Go on with Tab until something has the focus."""
    for _ in range(150):
        if page.evaluate(f"document.activeElement?.matches({json.dumps(selector)})"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {selector}")


def test_the_board_is_worked_by_its_keyboard_alone_and_no_single_key_reveals(
    visit: Visit, hall: Hall
) -> None:
    page = visit(cast("Study", hall), urlsplit(hall.board).path, allowed=QUIET)
    tab_to(page, '#agenda [data-stop="first-word"] .row')
    page.keyboard.press("Enter")
    until(lambda: hall.board_state()["at"] == "first-word")
    page.keyboard.press("o")
    until(lambda: hall.board_state()["phase"] == "open")
    write(hall, hall.enter(), "窓口を広く", "opinion-0001")
    tab_to(page, '#voices [data-act="to_wall"]')

    def phases() -> str:
        return str(hall.board_state()["phase"])

    # In the list and beside it, whatever single key is pressed: nothing is revealed.
    for key in string.ascii_lowercase + string.digits + ".,/-":
        page.keyboard.press(key)
    assert phases() == "open"
    expect(page.locator("#locked")).to_be_visible()
    page.keyboard.press("Escape")  # which leaves the list: letters are commands again
    expect(page.locator("#locked")).to_be_hidden()
    page.keyboard.press("j")
    until(lambda: hall.board_state()["screen"] == "join")
    tab_to(page, '#voices [data-act="to_wall"]')
    page.keyboard.press("Enter")
    until(lambda: voices(hall, WORDS)["窓口を広く"]["status"] == "shown")
    tab_to(page, ".keybar button")
    for key in set(string.ascii_lowercase + string.digits + "+;.,/-") - set("npbcjwgqost+;"):
        page.keyboard.press(key)  # those that are commands have tests of their own
    for key in ("s", "t", "+", "g", "w", "c"):
        page.keyboard.press(key)
        expect(page.locator("dialog[open]")).to_have_count(0)
    assert phases() in {"open", "closed"}
    page.keyboard.press("Shift+R")
    expect(page.locator("#ask")).to_be_visible()
    page.keyboard.press("Escape")
    assert phases() != "revealed"
    page.keyboard.press("Shift+R")
    page.keyboard.press("Enter")
    until(lambda: phases() == "revealed")
    tab_to(page, "#own-box summary")
    page.keyboard.press("Enter")
    tab_to(page, "#own-text")
    page.keyboard.type("どちらから始めますか")
    tab_to(page, "#own-options")
    page.keyboard.type("窓口\n庁内")
    tab_to(page, "#own button")
    page.keyboard.press("Enter")
    until(lambda: hall.board_state()["exercise"]["title"] == "どちらから始めますか")


IN_SIGHT = ("#agenda [aria-current]", "#now", "#preview", '[data-do="reveal"]', '[data-do="next"]')
OWN = ("はい", "いいえ", "どちらでもない", "わからない")


def options(phone: Page) -> list[str]:
    """What a phone can choose, from top to bottom."""
    found = phone.locator("#mount .dxc-option > span")
    expect(found).to_have_count(4, timeout=PATIENCE)
    return found.all_inner_texts()


def test_phones_have_the_order_of_the_wall_and_a_small_projectors_board_has_all_in_sight(
    visit: Visit, hall: Hall
) -> None:
    small: dict[str, Any] = {"viewport": {"width": 1024, "height": 768}}
    page = visit(cast("Study", hall), urlsplit(hall.board).path, allowed=QUIET, **small)
    phone = enter(visit, hall, urlsplit(hall.join).path)
    phone.get_by_role("button", name="参加する").click()
    hall.at("feeling")
    hall.do("open")
    assert options(phone) == hall.board_state()["exercise"]["choices"]
    for selector in (*IN_SIGHT, '[data-do="closing"]', ".keybar kbd >> nth=-1"):
        expect(page.locator(selector)).to_be_in_viewport(ratio=1)
    shown = page.locator(".go kbd:visible, .timer kbd:visible, .keybar kbd:visible")
    assert set("NPOCST") <= set(shown.all_inner_texts())
    assert cut_off(page) == []
    hall.do("reveal")
    # Nobody marks how one feels: what is said of it is no key.
    expect(phone.locator("#told")).to_contain_text("この問いには答えていません", timeout=PATIENCE)
    assert hall.do("ask", text="続けますか", options=list(OWN)).status == 200
    expect(phone.locator("#mount h3, #mount h2").first).to_contain_text("続けますか")
    assert options(phone) == hall.board_state()["exercise"]["choices"] == list(OWN)
    phone.locator("#mount input[type=radio]").first.check()
    phone.locator("#mount .dxc-go").click()
    until(hall.records)
    hall.do("reveal")
    expect(phone.locator("#told")).to_contain_text("あなたの答えです", timeout=PATIENCE)
    body = {"id": "0" * 32, "text": "議会でも使ってよい言葉ですか"}
    hall.post("/api/questions", body, token=hall.enter())
    hall.do("question", id=f"q{body['id']}", status="shown")
    expect(phone.locator("#floor summary")).to_contain_text("会場からの質問 1", timeout=PATIENCE)


def test_from_nothing_thirty_answer_a_question_made_on_the_board_in_few_clicks(
    visit: Visit, hall: Hall
) -> None:
    page = visit(cast("Study", hall), urlsplit(hall.board).path, allowed=QUIET)
    page.evaluate(
        "addEventListener('click', event => { if (event.detail) window.clicks = "
        "(window.clicks ?? 0) + 1; }, true)"
    )
    began = time.monotonic()
    page.locator("#own-box summary").click()
    page.locator("#own-text").fill("どちらから始めますか")
    page.locator("#own-options").fill("窓口\n庁内")
    page.get_by_role("button", name="この問いを受け付ける").click()
    until(lambda: hall.board_state()["phase"] == "open")
    for n in range(30):  # each scans, joins, chooses, sends
        phone = hall.enter(source=f"127.0.6.{n + 1}")
        item = hall.mine(phone)["exercises"][-1]["items"][0]
        value = {item["ref"]: item["options"][n % 2]["ref"]}
        assert hall.give(phone, "own-1", value, f"own-{n:06}").status == 200
    expect(page.locator("#answered")).to_contain_text("30 / 30", timeout=PATIENCE)
    assert time.monotonic() - began < 60
    assert page.evaluate("window.clicks") <= 4


def test_an_option_that_is_too_long_is_told_on_the_board_and_nothing_is_asked(
    visit: Visit, hall: Hall
) -> None:
    page = visit(cast("Study", hall), urlsplit(hall.board).path, allowed=QUIET)
    page.locator("#own-box summary").click()
    page.locator("#own-text").fill("どちらから始めますか")
    options = page.locator("#own-options")
    options.fill("窓口\n" + "庁" * 61)
    page.get_by_role("button", name="この問いを受け付ける").click()
    expect(options).to_be_focused()
    assert "あと1字" in options.evaluate("field => field.validationMessage")
    assert hall.board_state()["exercise"] is None
    options.fill("窓口\n" + "庁" * 60)
    page.get_by_role("button", name="この問いを受け付ける").click()
    until(lambda: hall.board_state()["phase"] == "open")
