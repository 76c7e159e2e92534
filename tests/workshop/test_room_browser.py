"""A whole workshop in browsers: a board, a wall, six phones by a host name over plain HTTP."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from support.chromium import AWAY
from support.film import keep
from support.looks import cut_off, look, violations

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from support.chromium import Visit
    from support.study import Study
    from support.workshop_server import Hall

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("room")]

PATIENCE = 40_000  # milliseconds: a line that died is noticed after 25 seconds
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
WALL = {"viewport": {"width": 1920, "height": 1080}}
QUIET = AWAY + "|ERR_INTERNET_DISCONNECTED|INCOMPLETE_CHUNKED|ERR_NETWORK|40[139]|429"
PHONES = 6


class Screens:
    """The browsers of one workshop."""

    def __init__(self, visit: Visit, hall: Hall) -> None:
        self._visit, self.hall = visit, hall
        self.board = self.open(urlsplit(hall.board).path)
        wall = self.board.get_by_role("link", name="壁を開く").get_attribute("href")
        self.wall = self.open(wall or "", **WALL)

    def open(self, path: str, **options: Any) -> Page:
        return self._visit(cast("Study", self.hall), path, allowed=QUIET, **options)

    def phone(self, *, pair: bool = False, qr: bool = False) -> Page:
        page = self.open(urlsplit(self.hall.join).path if qr else "/", **PHONE)
        if qr:
            expect(page.get_by_label("壁に出ている番号")).to_be_hidden()
        else:
            page.get_by_label("壁に出ている番号").fill(self.hall.code)
        if pair:
            page.locator("#join").get_by_label("組").check()
        page.get_by_role("button", name="参加する").click()
        expect(page.locator("#room")).to_be_visible()
        return page

    def press(self, keys: str) -> None:
        """The facilitator's keyboard."""
        for key in keys:
            self.board.keyboard.press(key)
            expect(self.board.locator("#told")).to_be_hidden()

    def close(self) -> None:
        self.board.get_by_role("button", name="すぐ締め切る").click()
        expect(self.board.get_by_role("button", name="すぐ締め切る")).to_be_hidden()

    def reveal(self) -> None:
        """By the keys: Shift and R, and yes."""
        self.board.locator("#stop-title").click()
        self.board.keyboard.press("Shift+R")
        self.board.locator("#ask").get_by_role("button", name="はい").click()

    def go(self, stop: str) -> None:
        self.board.locator(f'#agenda li[data-stop="{stop}"] .row').click()
        expect(self.board.locator(f'#agenda li[data-stop="{stop}"] .row')).to_have_attribute(
            "aria-current", "step"
        )


@pytest.fixture
def screens(visit: Visit, hall: Hall) -> Screens:
    return Screens(visit, hall)


def options(page: Page) -> Locator:
    return page.locator("#mount .dxc-item input[type=radio]")


def choose(page: Page, text: str) -> None:
    page.locator("#mount").get_by_label(text).check()
    page.locator("#mount .dxc-actions > button").click()


def saved(page: Page) -> None:
    expect(page.locator("#mount .dxc-status")).to_have_text("保存しました", timeout=PATIENCE)


def told(page: Page, part: str) -> None:
    expect(page.locator("#told")).to_contain_text(part, timeout=PATIENCE)


def bar(wall: Page, text: str) -> Locator:
    return wall.locator(".wall-bars-list li", has_text=text).locator("b")


def hold_a_workshop(  # noqa: PLR0915  -- one workshop, from its first minute to its last
    screens: Screens, offline_seconds: float
) -> None:
    hall, board, wall = screens.hall, screens.board, screens.wall
    expect(wall.locator(".st-code")).to_have_text(hall.code)
    expect(wall.get_by_text("人事評価には使いません")).to_be_visible()

    # Join: by the code and by the QR code, one as a pair; what is said before is honest.
    phones = [screens.phone(qr=n % 2 == 1, pair=n == 5) for n in range(PHONES)]
    first, second, third, *rest = phones
    told(first, "始まるまで、このままお待ちください")
    assert "/j/" not in phones[1].url
    expect(wall.locator(".st-seats b")).to_have_text("6")
    expect(board.locator("#joined")).to_have_text("6人・組（うち組 1）")
    expect(board.locator("#network")).to_contain_text("つながっている端末 6")

    keep("1-join", wall, board, first)

    # Open: phones show it by themselves, the wall only asks.
    screens.go("counter")
    told(first, "次の問いを待っています")
    keep("2-scene", wall, board, first)
    screens.press("o")
    for page in phones:
        told(page, "いま答えられます")
    screens.press("s")
    expect(first.locator("#step-text")).to_have_text("場面を読む")
    expect(wall.locator(".st-clock")).to_contain_text("場面を読む")
    expect(wall.locator("h1")).to_have_text("30分の、どこから手を付けますか")

    # Answer, and change.
    for page in phones[:5]:
        choose(page, "用紙を探して書く")
    for page in phones[:5]:
        saved(page)
    expect(wall.locator(".st-got b")).to_have_text("5")
    expect(board.locator("#answered")).to_have_text("5 / 6 人・組が答えました")
    choose(third, "呼ばれるのを待つ")
    saved(third)
    expect(wall.locator(".st-got b")).to_have_text("5")
    assert wall.locator(".wall").count() == 0
    expect(first.get_by_text("答えを預かりました。締め切るまで直せます")).to_be_visible()
    keep("3-open", wall, board, first)

    # A phone is offline while the server is killed and comes back.
    gone = second
    gone.context.set_offline(True)
    away = time.monotonic()
    choose(gone, "確認印を待つ")
    expect(gone.locator("#mount .dxc-status")).to_contain_text("まだ保存されていません")
    expect(gone.locator("#link")).to_have_text("つなぎ直しています", timeout=PATIENCE)
    hall.kill()
    choose(rest[2], "書き漏れを直す")  # the sixth answers while nobody is there
    expect(rest[2].locator("#mount .dxc-status")).to_contain_text("まだ保存されていません")
    expect(board.locator("#link")).to_have_text("つなぎ直しています", timeout=PATIENCE)
    hall.start()
    saved(rest[2])
    expect(board.locator("#link")).to_have_text("つながっています", timeout=PATIENCE)
    expect(board.locator("#answered")).to_have_text("6 / 6 人・組が答えました", timeout=PATIENCE)
    time.sleep(max(0.0, offline_seconds - (time.monotonic() - away)))
    expect(gone.locator("#link")).to_have_text("つなぎ直しています")
    gone.context.set_offline(False)
    saved(gone)
    expect(gone.locator("#link")).to_have_text("つながっています", timeout=PATIENCE)

    # Close: nobody changes anything any more. Reveal: the room sees, and each their own.
    screens.close()
    for page in phones:
        told(page, "締め切りました")
        expect(options(page).first).to_be_disabled()
        expect(page.locator("#mount .dxc-actions > button")).to_be_hidden()
    expect(wall.locator(".st-note")).to_have_text("締め切りました", timeout=PATIENCE)
    assert not first.get_by_text("受け取りました").is_visible()
    keep("4-closed", wall, board, first)
    screens.reveal()
    expect(bar(wall, "用紙を探して書く")).to_have_text("3", timeout=PATIENCE)
    expect(bar(wall, "用紙を探して書く")).to_be_in_viewport()
    expect(bar(wall, "呼ばれるのを待つ")).to_have_text("1")
    expect(bar(wall, "書き漏れを直す")).to_have_text("1")
    expect(bar(wall, "確認印を待つ")).to_have_text("1")
    for page in phones:
        expect(page.locator("#mount .dxc-remark").first).to_be_visible(timeout=PATIENCE)
    keep("5-revealed", wall, board, first)

    # Hands are typed in, and count.
    board.get_by_text("手と紙を数える").click()
    field = board.locator("#tally label", has_text="確認印を待つ").locator("input")
    field.fill("4")
    field.press("Tab")
    expect(bar(wall, "確認印を待つ")).to_have_text("5")

    # Next: the phones wait, and keep what they gave, also when they come back.
    board.locator("#stop-title").click()
    screens.press("n")
    told(first, "次の問いを待っています")
    expect(wall.locator(".st-line")).to_have_text("変革と道具を、いったん離す")
    first.reload()
    first.get_by_role("button", name="30分の、どこから手を付けますか").click()
    earlier = first.locator("#earlier-mount")
    expect(earlier.get_by_label("用紙を探して書く")).to_be_checked()
    expect(earlier.locator(".dxc-remark").first).to_be_visible()

    board.get_by_role("button", name="会を終える").click()
    board.get_by_role("button", name="はい").click()
    told(third, "会は終わりました")
    keep("7-ended", wall, board, first)
    expect(wall.locator(".st-centre")).to_contain_text("ありがとうございました")
    assert len({record["learner"] for record in hall.records()}) == PHONES


def test_a_board_and_six_phones_hold_a_workshop_through_a_kill_and_lost_wifi(
    screens: Screens,
) -> None:
    hold_a_workshop(screens, offline_seconds=5)


@pytest.mark.soak
def test_a_phone_that_was_away_for_a_minute_is_back_in_the_room(
    screens: Screens,
) -> None:
    hold_a_workshop(screens, offline_seconds=60)


def board_looks(screens: Screens, name: Path) -> None:
    """The board is whole on a laptop and on a phone."""
    for width in (1280, 360):
        look(screens.board, width, "light")
        assert cut_off(screens.board) == []
        screens.board.screenshot(path=f"{name}-{width}.png", full_page=True)


def judge(page: Page, place: int) -> None:
    """Put the one item of the court into a bin, by the bin's place."""
    mount = page.locator("#mount")
    mount.locator("input[type=checkbox]").first.check()
    mount.locator("input[name$=-bin]").nth(place).check()
    mount.locator("input[name$=-sure]").first.check()
    mount.locator(".dxc-go").click()
    saved(page)


def test_a_reveal_is_taken_back_from_the_keyboard_and_phones_answer_again(
    screens: Screens, tmp_path: Path
) -> None:
    board, wall, dialog = screens.board, screens.wall, screens.board.locator("#ask")
    phone, silent = screens.phone(), screens.phone()
    remark = phone.locator("#mount .dxc-feedback .dxc-remark").first

    def reveal() -> list[int]:
        """Close and reveal; what the room sees."""
        screens.close()
        screens.reveal()
        expect(wall.locator(".wall-picture").first).to_be_visible(timeout=PATIENCE)
        counts: list[int] = screens.hall.board_state()["view"]["pictures"][0]["rows"][0]["counts"]
        return counts

    screens.go("court")
    screens.press("o")
    told(silent, "いま答えられます")
    judge(phone, 0)
    board.keyboard.press("r")  # alone it is no command
    expect(dialog).to_be_hidden()
    assert sum(reveal()) == 1
    expect(remark).to_be_visible(timeout=PATIENCE)
    expect(options(phone).first).to_be_disabled()
    told(silent, "この問いには答えていません")
    board_looks(screens, tmp_path / "revealed")

    # Whoever thinks better of it takes nothing back; then the key and 「はい」 do.
    board.locator("#asks .ask").click()
    expect(dialog).to_contain_text("正解を知ったうえで")
    # A key that comes before the page has heard of the dialog's end asks anew all the same.
    dialog.get_by_role("button", name="やめる").evaluate(
        """(no) => {
            no.click();
            document.querySelector("#again").click();
        }"""
    )
    expect(board.locator("#again-note")).to_be_hidden()
    expect(dialog).to_be_visible()
    board.keyboard.press("Enter")
    told(phone, "もう一度答えられます")
    expect(remark).to_be_hidden(timeout=PATIENCE)
    expect(options(phone).first).to_be_enabled()
    expect(wall.locator(".st-open")).to_be_visible(timeout=PATIENCE)
    assert wall.locator(".wall").count() == 0
    expect(board.locator("#again-note")).to_contain_text("知ったうえ")
    expect(board.locator("#again")).to_be_hidden()
    board_looks(screens, tmp_path / "again")

    for page in (phone, silent):
        judge(page, 1)
    assert max(reveal()) == 2
    told(silent, "あなたの答えの答え合わせです")
    expect(remark).to_be_visible(timeout=PATIENCE)


HOSTILE = (
    "<script>document.title='hit'</script><img src=x onerror=\"document.title='hit'\">",
    "\u202e逆さまの文",
    "窓口の待ち時間を半分にする",
)


def a_name_too_long_is_told(voice: Locator, name: Locator) -> None:
    """And not any more once it is gone."""
    name.fill("長" * 41)
    name.press("Enter")
    assert "あと1字" in name.evaluate("field => field.validationMessage")
    name.press("Escape")
    voice.get_by_role("button", name="まとめる", exact=True).click()
    expect(name).to_have_value("")
    assert name.evaluate("field => field.validationMessage") == ""


def test_what_people_write_runs_nowhere_and_can_be_hidden_pinned_and_grouped(
    screens: Screens, tmp_path: Path
) -> None:
    board, wall = screens.board, screens.wall
    phones = [screens.phone() for _ in HOSTILE]
    screens.go("first-word")
    screens.press("o")
    for page, text in zip(phones, HOSTILE, strict=True):
        page.locator("#mount textarea").fill(text)
        page.locator("#mount .dxc-actions > button").click()
        saved(page)
    screens.close()
    screens.reveal()
    wall_page = wall.locator("#wall")
    expect(wall_page.locator(".wall")).to_be_visible(timeout=PATIENCE)
    assert "窓口の待ち時間" not in wall_page.inner_text()
    board.get_by_role("button", name="見た声をすべて壁へ").click()
    expect(wall_page).to_contain_text("<script>", timeout=PATIENCE)
    expect(wall.locator(".wall-picture").first).to_be_in_viewport(ratio=1)
    assert wall_page.locator("script").count() == 0
    assert "\u202e" not in wall_page.inner_text()
    keep("6-voices", wall, board, phones[2])

    board.get_by_role("tab", name="壁").click()
    nasty = board.locator("#voices .v", has_text="<script>")
    kind = board.locator("#voices .v", has_text="窓口の待ち時間")
    nasty.get_by_role("button", name="隠す").click()
    kind.get_by_role("button", name="先頭に").click()
    expect(wall_page).not_to_contain_text("<script>", timeout=PATIENCE)
    expect(wall_page).to_contain_text("窓口の待ち時間を半分にする", timeout=PATIENCE)
    expect(kind.get_by_role("button", name="先頭から外す")).to_be_visible()
    kind.get_by_role("button", name="まとめる", exact=True).click()
    group = kind.get_by_label("まとまりの名")
    a_name_too_long_is_told(kind, group)
    group.fill("<b>窓口</b>")
    for key in "rnoc":  # in the list no letter is a command, whatever has the focus
        kind.get_by_role("button", name="やめる").press(key)
    assert screens.hall.board_state()["phase"] == "revealed"
    group.press("Enter")
    expect(kind).to_contain_text("「<b>窓口</b>」にまとめています")
    board.get_by_role("tab", name="隠した").click()
    expect(board.locator("#voices .v")).to_have_count(1)

    # A letter more brings nothing back.
    screens.board.get_by_role("button", name="もう一度、答えを受け付ける").click()
    board.locator("#ask").get_by_role("button", name="はい").click()
    told(phones[0], "もう一度答えられます")
    phones[0].locator("#mount textarea").fill("<script>ではありません</script>")
    phones[0].locator("#mount .dxc-actions > button").click()
    board.get_by_role("tab", name="見る前").click()
    again = board.locator("#voices .v.again")
    expect(again).to_contain_text("隠した声の書き直しです", timeout=PATIENCE)
    board.screenshot(path=tmp_path / "board-voices.png", full_page=True)
    screens.close()
    screens.reveal()
    expect(wall_page).to_contain_text("窓口の待ち時間", timeout=PATIENCE)
    assert "ではありません" not in wall_page.inner_text()
    for page in (board, wall, *phones):
        assert page.title() != "hit"


def test_a_phone_that_comes_when_it_is_closed_or_with_a_wrong_code_is_told_why(
    screens: Screens,
) -> None:
    page = screens.open("/", **PHONE)
    page.get_by_role("button", name="参加する").click()
    expect(page.locator("#join-told")).to_have_text("番号を入れてください")
    page.get_by_label("壁に出ている番号").fill("000000")
    page.get_by_role("button", name="参加する").click()
    expect(page.locator("#join-told")).to_contain_text("その番号ではありません")
    forged = screens.open("/j/zzzzzzzzzzzz", **PHONE)
    forged.get_by_role("button", name="参加する").click()
    expect(forged.locator("#join-told")).to_contain_text("その番号ではありません")
    expect(forged.get_by_label("壁に出ている番号")).to_be_focused()
    # Full-width digits, as a Japanese keyboard gives them.
    wide = screens.hall.code.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})
    page.get_by_label("壁に出ている番号").fill(wide)
    page.keyboard.press("Enter")
    expect(page.locator("#room")).to_be_visible()
    screens.board.get_by_text("参加", exact=True).click()
    screens.board.get_by_role("button", name="参加を締め切る").click()
    late = screens.open("/", **PHONE)
    late.get_by_label("壁に出ている番号").fill(screens.hall.code)
    late.get_by_role("button", name="参加する").click()
    expect(late.locator("#join-told")).to_contain_text("いまは受け付けていません")


def test_a_participant_without_a_pointer_joins_answers_and_reads_what_was_said(
    screens: Screens,
) -> None:
    page = screens.open("/", viewport={"width": 360, "height": 740})
    screens.go("counter")
    screens.press("o")
    keys = page.keyboard
    page.locator("body").press("Tab")
    while page.evaluate("document.activeElement.id") != "code":
        keys.press("Tab")
    keys.type(screens.hall.code)
    keys.press("Enter")
    told(page, "いま答えられます")
    while page.evaluate("document.activeElement.type") != "radio":
        keys.press("Tab")
    keys.press("ArrowDown")
    while page.evaluate("document.activeElement.className") != "dxc-go":
        keys.press("Tab")
    keys.press("Enter")
    saved(page)
    expect(page.locator("#told")).to_have_attribute("role", "status")
    screens.board.locator("#stop-title").click()
    screens.board.keyboard.press("Shift+R")
    expect(screens.board.locator("#ask")).to_be_visible()
    screens.board.keyboard.press("Tab")  # from 「はい」 to 「やめる」, and back
    screens.board.keyboard.press("Shift+Tab")
    screens.board.keyboard.press("Enter")
    expect(page.locator("#mount .dxc-remark").first).to_be_visible(timeout=PATIENCE)


def test_the_rehearsal_says_what_works_and_the_board_hears_of_it(screens: Screens) -> None:
    page = screens.open("/test", **PHONE)
    expect(page.locator("#verdict")).to_have_text("この端末で参加できます")
    # A window of this machine is no phone; one that comes from elsewhere is.
    screens.board.get_by_text("参加", exact=True).click()
    expect(screens.board.locator("#network")).to_contain_text("届くか試した端末 0")
    body = {"id": "0123456789abcdef"}
    assert screens.hall.post("/api/reached", body, source="127.0.8.1").status == 200
    expect(screens.board.locator("#network")).to_contain_text(
        "届くか試した端末 1", timeout=PATIENCE
    )
    page.get_by_role("link", name="届かないときの手引き").click()
    expect(page.get_by_role("heading", name="スマートフォンから開けないとき")).to_be_visible()


@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.soak), "dark"])
def test_every_page_is_accessible_and_nothing_is_cut_off(screens: Screens, scheme: str) -> None:
    door = screens.open("/", **PHONE)
    inside = screens.phone()
    test, help_page = screens.open("/test", **PHONE), inside.context.new_page()
    help_page.goto(screens.hall.url + "/help")
    screens.go("court")
    screens.press("o")
    told(inside, "いま答えられます")
    pages = {"door": door, "inside": inside, "test": test, "help": help_page}
    found = {}
    for name, page in pages.items():
        look(page, 360, scheme)
        found[name] = violations(page) + cut_off(page)
    look(screens.board, 1280, scheme)
    found["board"] = violations(screens.board)
    for width in (1024, 400):
        look(screens.board, width, scheme)
        found[f"board {width}"] = cut_off(screens.board)
    found["wall asking"] = violations(screens.wall) + cut_off(screens.wall)
    for key in "jb":
        screens.press(key)
        found[f"wall {key}"] = violations(screens.wall) + cut_off(screens.wall)
    assert {name: said for name, said in found.items() if said} == {}
