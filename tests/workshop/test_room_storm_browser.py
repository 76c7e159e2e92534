"""Random clicks and keys on two real boards, real phones among thirty, a wall that is watched."""

from __future__ import annotations

import json
import random
import sqlite3
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import expect

from support.chromium import AWAY
from workshop.test_room_faults import EXERCISE, until
from workshop.test_room_stage import WORDS, voices
from workshop.test_room_storm import KINDLY, NASTY, POISON, PhoneInStorm

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from support.chromium import Visit
    from support.study import Study
    from support.workshop_server import Hall

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("room")]

QUIET = AWAY + "|INCOMPLETE_CHUNKED|40[139]|429"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
OTHERS = 27  # phones that speak to the room without a browser
PATIENCE = 40_000
QUICK = 700  # milliseconds for a click: what went away meanwhile is no fault

# Whatever ever stands in a part of a page, be it for a moment: the poison is remembered.
WATCH = """([part, poison]) => {
    const place = document.querySelector(part);
    window.leaks = [];
    const look = () => {
        if (place.textContent.includes(poison)) window.leaks.push(place.textContent);
    };
    const all = {subtree: true, childList: true, characterData: true};
    new MutationObserver(look).observe(place, all);
    look();
}"""
# What a facilitator may press, by hand or by key: not what ends the room, asks its network, or lets
# poison through. What a key does where the focus went by itself after that is the board's fault.
MAY = """
    const shut = 'a, [data-do="end"], #door, #reach, [data-act="expel"], #readmit, #own button';
    const may = each => !each.matches(shut) && (each.matches('[data-act="hide"]')
        || !(each.matches("button") && each.closest(".v")?.textContent.includes(poison)));
"""
PRESSES = ("Enter", " ")
FOCUSED = f"(poison) => {{ {MAY} return may(document.activeElement); }}"
BUTTONS = (
    f"(poison) => {{ {MAY}"
    """
    const seen = [...document.querySelectorAll("main button, #voices button, .tabs button,"
        + " #approve-all, #fresh, #approval, .side details button")];
    for (const each of document.querySelectorAll("[data-storm]")) delete each.dataset.storm;
    return seen.filter(each => each.checkVisibility({visibilityProperty: true}) && !each.disabled)
        .filter(may).map((each, at) => { each.dataset.storm = at; return at; });
}"""
)
KEYS = (*"abcdefghijklmnopqrstuvwxyz0123456789+;-. ", "Enter", "Escape", "Tab", "ArrowLeft")
KEYS = (*KEYS, "ArrowRight", *["Shift+R"] * 6, *"oooccc")


@dataclass
class BrowserStorm:
    """The screens of a room, and the chance by which each is used."""

    visit: Visit
    hall: Hall
    seed: int
    people: int
    """Phones with a browser; the first of them writes poison."""
    boards: list[Page] = field(init=False)
    wall: Page = field(init=False)
    phones: list[Page] = field(init=False)
    confirmed: int = 0
    """How many times something was pressed while a board asked whether to reveal."""

    def __post_init__(self) -> None:
        self.chance = random.Random(f"browser/{self.seed}")  # noqa: S311
        key = json.loads((self.hall.kept / "keys.json").read_text("utf-8"))["wall"]
        board = urlsplit(self.hall.board).path
        self.boards = [self._open(board) for _ in range(2)]
        self.wall = self._open(f"/wall/{key}", viewport={"width": 1024, "height": 768})
        door = urlsplit(self.hall.join).path
        self.phones = [self._open(door, **PHONE) for _ in range(self.people)]
        for phone in self.phones:
            phone.get_by_role("button", name="参加する").click()
            expect(phone.locator("#room")).to_be_visible()
        self.phones[0].locator("#mount textarea").fill(POISON)
        self.phones[0].locator("#mount .dxc-go").click()
        expect(self.phones[0].locator("#mount .dxc-status")).to_have_text("保存しました")
        hidden = voices(self.hall, WORDS)[POISON]
        assert hidden["count"] == NASTY + 1
        self.hall.do("voice", exercise=WORDS, change="hide", voices=[hidden["id"]])
        for board_page in self.boards:
            board_page.evaluate(
                "document.querySelectorAll('.side details').forEach(each => { each.open = true; })"
            )
            board_page.evaluate(WATCH, [".see", POISON])
        self.wall.evaluate(WATCH, ["#wall", POISON])
        for phone in self.phones[1:]:  # the first writes poison, and may read its own
            phone.evaluate(WATCH, ["#main", POISON])

    def _open(self, path: str, **options: Any) -> Page:
        return self.visit(cast("Study", self.hall), path, allowed=QUIET, **options)

    def step(self) -> None:
        """One act of somebody; then whatever holds at any time is looked at."""
        if self.chance.random() < 0.25:
            with suppress(PlaywrightError):
                self._answer(self.chance.randrange(len(self.phones)))
        else:
            board = self.chance.choice(self.boards)
            asks = board.locator("#ask-text").inner_text() if self._asked(board) else ""
            self.confirmed += "公開しますか" in asks
            with suppress(PlaywrightError):  # it went away under the hand
                self._work(board, asking=bool(asks))
        self.hold()

    def _asked(self, board: Page) -> bool:
        return bool(board.evaluate("document.querySelector('#ask').open"))

    def _work(self, board: Page, *, asking: bool) -> None:
        what = self.chance.random()
        if asking and what < 0.7:
            name = self.chance.choice(("はい", "はい", "やめる"))
            board.locator("#ask").get_by_role("button", name=name).click(timeout=QUICK)
        elif what < 0.45:
            key = self.chance.choice(KEYS)
            if key not in PRESSES or board.evaluate(FOCUSED, POISON):
                board.keyboard.press(key)
        elif what < 0.5:
            stop = self.chance.choice(("first-word", "counter"))
            board.locator(f'#agenda [data-stop="{stop}"] .row').click(timeout=QUICK)
        else:
            places = board.evaluate(BUTTONS, POISON)
            if places:
                at = self.chance.choice(places)
                board.locator(f'[data-storm="{at}"]').click(timeout=QUICK)

    def _answer(self, number: int) -> None:
        """A phone writes, chooses, or agrees: what is there to be done."""
        phone = self.phones[number]
        nods = phone.locator("#result-voices .nod:visible")
        options = phone.locator("#mount input[type=radio]:enabled:visible")
        text = phone.locator("#mount textarea:enabled:visible")
        if nods.count():
            nods.first.click(timeout=QUICK)
        elif options.count():
            options.nth(self.chance.randrange(options.count())).check(timeout=QUICK)
            phone.locator("#mount .dxc-go").click(timeout=QUICK)
        elif text.count():
            kind = self.chance.choice(KINDLY)
            poison = POISON * self.chance.randrange(1, 6) + self.chance.choice(("", "。", "!"))
            text.first.fill(kind if number else poison, timeout=QUICK)
            phone.locator("#mount .dxc-go").click(timeout=QUICK)

    def hold(self) -> None:
        """Hidden stays hidden, what is shown was revealed, and that never by a single key."""
        for page in (self.wall, *self.boards, *self.phones[1:]):
            assert page.evaluate("window.leaks") == []
        assert self.events("revealed") <= self.confirmed
        until(self._wall_is_right)

    def _wall_is_right(self) -> bool:
        """The wall is told a little later than the room: it comes to show what may be seen."""
        state = self.hall.board_state()
        page, counted = self.wall.evaluate(
            "[document.documentElement.dataset.page, document.querySelector('.st-open .st-got b')"
            "?.textContent ?? '']"
        )
        shows = self.wall.locator(".wall").count() > 0
        if shows or page == "result":
            return bool(state["phase"] == "revealed")
        return not counted or not state["view"] or int(counted) == answered(state["view"])

    def events(self, kind: str) -> int:
        """How many events of a kind the room has kept."""
        with closing(sqlite3.connect(self.hall.kept / "workshop.sqlite")) as database:
            rows = database.execute("SELECT count(*) FROM events WHERE kind = ?", (kind,))
            return int(rows.fetchone()[0])


def answered(view: dict[str, Any]) -> int:
    return sum(view["answered"][name] for name in ("people", "pairs", "hands"))


def poisoned(hall: Hall, seed: int) -> list[PhoneInStorm]:
    """A room in which two questions were asked, and a few wrote what is to be hidden."""
    hall.at("first-word")
    hall.do("open", exercise=WORDS)
    tokens = [hall.enter(source=f"127.0.9.{n + 1}", consent=True) for n in range(OTHERS)]
    faces = {each["id"]: each["items"][0] for each in hall.mine(tokens[0])["exercises"]}
    hall.at("counter")
    hall.do("open", exercise=EXERCISE)
    faces |= {each["id"]: each["items"][0] for each in hall.mine(tokens[0])["exercises"]}
    hall.at("first-word")
    hall.do("open", exercise=WORDS)
    phones = [
        PhoneInStorm(n, token, faces, random.Random(f"{seed}/{n}"))  # noqa: S311
        for n, token in enumerate(tokens)
    ]
    for phone in phones[:NASTY]:
        reply = hall.give(
            phone.token, WORDS, {faces[WORDS]["ref"]: POISON}, f"first-{phone.number:04}"
        )
        assert reply.status == 200
        phone.saved[WORDS].append(POISON)
    return phones


def blow(storm: BrowserStorm, phones: list[PhoneInStorm], steps: int) -> None:
    """Clicks and keys one after the other, while all other phones answer by themselves."""
    over = threading.Event()

    def people(some: list[PhoneInStorm]) -> None:
        turn = 0
        while not over.wait(0.05):
            some[turn % len(some)].act(storm.hall, turn)
            turn += 1

    with ThreadPoolExecutor(3) as pool:
        crowds = [pool.submit(people, phones[n::3]) for n in range(3)]
        try:
            for _ in range(steps):
                storm.step()
        finally:
            over.set()
        for crowd in crowds:
            crowd.result()


def settle(storm: BrowserStorm, phones: list[PhoneInStorm]) -> None:
    """When all is over, wall, boards and phones say the same of the question with options."""
    hall, faces = storm.hall, phones[0].faces
    for board in storm.boards:
        board.keyboard.press("Escape")
    if hall.do("open", exercise=EXERCISE).status == 409:
        hall.do("again", exercise=EXERCISE)
    hall.do("show", screen="room")
    for page in storm.phones:
        expect(page.locator("#told")).to_have_attribute("data-phase", "open", timeout=PATIENCE)
        page.locator("#mount input[type=radio]:visible").first.check()
        page.locator("#mount .dxc-go").click()
        expect(page.locator("#mount .dxc-status")).to_have_text("保存しました", timeout=PATIENCE)
    hall.do("close")
    hall.do("reveal")
    ref = faces[EXERCISE]["ref"]
    last = [phone.saved[EXERCISE][-1] for phone in phones if phone.saved[EXERCISE]]
    for phone in phones:
        kept = hall.mine(phone.token)["replies"].get(EXERCISE)
        saved = phone.saved[EXERCISE][-1:]
        assert ([kept["answer"]["items"][ref]] if kept else []) == saved
    for page in storm.phones:
        token = page.evaluate("localStorage.getItem('dxcourse.room.token')")
        last.append(hall.mine(token)["replies"][EXERCISE]["answer"]["items"][ref])
    options = {option["ref"]: option["text"] for option in faces[EXERCISE]["options"]}
    counts = {text: Counter(last)[name] for name, text in options.items()}
    for text, count in counts.items():
        bar = storm.wall.locator(".wall-bars-list li", has_text=text).locator("b")
        expect(bar).to_have_text(str(count), timeout=PATIENCE)
        for page in storm.phones:
            told = page.locator("#result-bars li", has_text=text).locator("b")
            expect(told).to_have_text(str(count), timeout=PATIENCE)
    for board in storm.boards:
        expect(board.locator("#answered")).to_contain_text(f"{len(last)} / ", timeout=PATIENCE)
    assert "Traceback" not in hall.log.read_text("utf-8")


def let_all_through(storm: BrowserStorm) -> None:
    """What was written is shown without a look at it first: but for what was hidden."""
    hall = storm.hall
    hall.do("approval", on=False)
    if hall.do("open", exercise=WORDS).status == 409:
        hall.do("again", exercise=WORDS)
    hall.do("close")
    hall.do("reveal")
    until(lambda: storm.wall.locator(f'[data-key^="result-{WORDS}"]').count())


def storm_in_browsers(
    visit: Visit, hall: Hall, seed: int, *, steps: int, people: int
) -> BrowserStorm:
    phones = poisoned(hall, seed)
    storm = BrowserStorm(visit, hall, seed, people)
    blow(storm, phones, steps)
    settle(storm, phones)
    let_all_through(storm)
    storm.confirmed += 2  # those two
    storm.hold()
    return storm


@pytest.mark.soak
def test_clicks_and_keys_on_two_boards_show_nothing_hidden_and_no_single_key_reveals(
    visit: Visit, hall: Hall
) -> None:
    storm_in_browsers(visit, hall, 1, steps=20, people=2)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2, 10))
def test_many_clicks_and_keys_show_nothing_hidden_and_all_screens_end_alike(
    visit: Visit, hall: Hall, seed: int
) -> None:
    storm = storm_in_browsers(visit, hall, seed, steps=250, people=3)
    assert storm.events("revealed") > 2  # boards did, too
