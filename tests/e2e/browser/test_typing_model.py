"""A model of someone who types, sends, changes windows, loses the network and leaves the seat.

Every piece of text is typed once and has its learner in its name. Whatever happens, a piece is on
screen, in the record or in the drafts of its learner, or something was said; and no window shows
another learner's.

A window is a frame of one page: it has a document, a history and a focus of its own, hears of what
the others store, and opens in a tenth of the time. Nothing is waited for that can be looked at.
"""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from support.controls import open_all, section
from support.exercise_page import ORIGIN, ExercisePage

if TYPE_CHECKING:
    from pathlib import Path

    from support.chromium import Visit

from dxcourse.answers import FileStore
from dxcourse.exercises import parse

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("exercises")]

EXERCISE: Any = parse(
    {
        "kind": "opinion",
        "id": "model",
        "title": "ひと言",
        "items": [{"id": f"i{n}", "text": f"問い{n}", "max_length": 4000} for n in range(4)],
    }
)
REFS = [item.ref for item in EXERCISE.items]
STEPS = 24
# The desk that the windows stand on, and what may be done with one: `window` is its name.
DESK = """<!doctype html><title>机</title>
<style>iframe { width: 46%; height: 800px; }</style><body></body>"""
HANDS = """() => {
    const find = window => document.querySelector(`iframe[name=${window}]`);
    const loaded = (frame, go) => new Promise(done => {
        frame.addEventListener('load', done, {once: true});
        go(frame.contentWindow);
    });
    const show = window => { // all fields are opened
        const all = find(window).contentDocument.querySelector('section.dxc');
        if (all.dataset.view === 'play') all.querySelector('.dxc-toggle').click();
        const fold = all.querySelector('.dxc-folded:not([hidden]):not([open])');
        if (fold) fold.open = true;
        return all;
    };
    globalThis.hands = {
        async open(window) {
            const frame = Object.assign(document.createElement('iframe'), {name: window, src: '/'});
            document.body.append(frame);
            await loaded(frame, () => {});
            show(window);
        },
        close: window => find(window).remove(),
        async reload(window) {
            await loaded(find(window), there => there.location.reload());
            show(window);
        },
        async back(window) {
            await loaded(find(window), there => there.location.assign('/elsewhere'));
            await loaded(find(window), there => there.history.back());
            show(window);
        },
        button(window) { // where it is now: whoever presses it sees it there
            const button = show(window).querySelector('.dxc-go');
            button.scrollIntoView({block: 'center'});
            const [inner, outer] = [button, find(window)].map(each => each.getBoundingClientRect());
            return [outer.x + inner.x + inner.width / 2, outer.y + inner.y + inner.height / 2];
        },
        sit([window, ref]) { // the cursor at the end of a field; what stands in it
            const field = show(window).querySelector(`.dxc-item[data-ref="${ref}"] textarea`);
            find(window).contentWindow.focus();
            field.focus();
            field.setSelectionRange(field.value.length, field.value.length);
            const there = field.checkVisibility() && field.ownerDocument.activeElement === field;
            return there ? field.value : null;
        },
        look: () => [...document.querySelectorAll('iframe')].map(({contentDocument: there}) => [
            there.querySelector('.dxc-status').dataset.state ?? '',
            [...there.querySelectorAll('textarea')].map(field => field.value).join(),
        ]),
        arrived: learner => !Object.keys(localStorage).some(name => // all letters of a learner
            name.startsWith('dxcourse.letter.')
            && JSON.parse(localStorage[name]).learner === learner),
        leave() {
            localStorage.clear();
            document.body.replaceChildren();
        },
    };
}"""


def pieces(text: str) -> set[str]:
    return set(re.findall(r"〔.*?〕", text))


class Desk:
    """One browser for all runs, and the page that windows are opened on."""

    def __init__(self, visit: Visit, folder: Path) -> None:
        self.folder = folder
        self.there = ExercisePage(visit.browser("exercise.test", allowed="ERR_FAILED"), folder)
        self.page = self.there.open([EXERCISE])
        for name in ("desk", "elsewhere"):
            self.there.files[name] = ("text/html; charset=utf-8", DESK)
        self.page.goto(f"{ORIGIN}/desk")
        self.page.evaluate(HANDS)

    def do(self, what: str, value: Any = None) -> Any:
        return self.page.evaluate(f"value => hands.{what}(value)", value)


class Seat:
    """Two windows of one browser, and what was typed in them."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk = desk
        self.there = desk.there
        self.dice = random.Random(seed)  # noqa: S311  -- a test's
        self.windows: list[str] = []
        self.typed: dict[str, set[str]] = {"あ": set(), "い": set()}
        self.told: set[str] = set()  # pieces of which a window said that another one has its own
        self.count = 0
        self.trail: list[str] = []
        self.there.store = FileStore(desk.folder / f"{seed}.jsonl")
        self.there.learner, self.there.away, self.there.delay = "あ", False, 0
        self.open()

    def open(self) -> None:
        if len(self.windows) < 2:
            name = "two" if "one" in self.windows else "one"
            self.desk.do("open", name)
            self.windows.append(name)

    def any_window(self) -> str:
        return self.dice.choice(self.windows)

    def type(self) -> None:
        window, ref = self.any_window(), self.dice.choice(REFS)
        before = self.desk.do("sit", [window, ref])
        assert before is not None, f"{ref} cannot be reached: {self.trail}"
        self.count += 1
        piece = f"〔{self.there.learner}{self.count}〕"
        self.desk.page.keyboard.insert_text(piece)
        self.typed[self.there.learner].add(piece)
        self.trail.append(f"type {piece} in {window} after {sorted(pieces(before))}")

    def send(self) -> None:
        window = self.any_window()
        self.desk.page.mouse.click(*self.desk.do("button", window))
        self.trail.append(f"send in {window}")

    def reload(self) -> None:
        self.desk.do("reload", self.any_window())
        self.trail.append("reload")

    def leave_and_come_back(self) -> None:
        self.desk.do("back", self.any_window())
        self.trail.append("back")

    def close(self) -> None:
        if len(self.windows) == 2:
            self.desk.do("close", self.windows.pop(self.dice.randrange(2)))
            self.trail.append("close")

    def network(self) -> None:
        self.there.away = not self.there.away
        self.trail.append(f"away {self.there.away}")

    def slow(self) -> None:
        self.there.delay = self.dice.choice([0, 0, 0.05, 0.3])
        self.trail.append(f"delay {self.there.delay}")

    def someone_else(self) -> None:
        """Another learner sits down: every window is opened anew, as page.js does it."""
        self.there.learner = "い" if self.there.learner == "あ" else "あ"
        for window in self.windows:
            self.desk.do("reload", window)
        self.trail.append(f"now {self.there.learner}")

    def look(self) -> set[str]:
        """What is on screen; it is the learner's own, and what a window says of it excuses it."""
        seen = self.desk.do("look")
        shown = pieces("".join(texts for _, texts in seen))
        strangers = shown - self.typed[self.there.learner]
        assert not strangers, (strangers, self.trail)
        if any(state == "elsewhere" for state, _ in seen):
            self.told |= shown
        return shown

    def settle(self) -> None:
        """The network comes back, all that waits arrives, and each learner opens a page anew."""
        self.there.away, self.there.delay = False, 0
        self.close()
        for again in (self.reload, self.someone_else):
            again()  # what a closed window left to be sent goes from here
            learner = self.there.learner
            self.desk.page.wait_for_function("who => hands.arrived(who)", arg=learner, polling=20)
            self.reload()
            recorded = str([record.answer for record in self.there.store.history(learner)])
            lost = self.typed[learner] - self.look() - pieces(recorded) - self.told
            assert not lost, f"{lost}: {self.trail}"
        self.desk.do("leave")


def run(desk: Desk, seed: int) -> None:
    seat = Seat(desk, seed)
    steps = {
        seat.type: 10,
        seat.send: 5,
        seat.open: 2,
        seat.reload: 1,
        seat.leave_and_come_back: 1,
        seat.close: 1,
        seat.network: 1,
        seat.slow: 2,
        seat.someone_else: 1,
    }
    for _ in range(STEPS):
        (step,) = seat.dice.choices(list(steps), list(steps.values()))
        step()
        seat.look()
    seat.settle()


def runs(visit: Visit, folder: Path, seeds: range) -> None:
    desk = Desk(visit, folder)
    for seed in seeds:
        run(desk, seed)


def test_nothing_typed_is_lost_or_shown_to_another(visit: Visit, tmp_path: Path) -> None:
    runs(visit, tmp_path, range(20))


def test_a_reply_takes_no_field_from_under_the_keys(visit: Visit, tmp_path: Path) -> None:
    there = ExercisePage(visit.browser("exercise.test"), tmp_path)
    page = there.open([EXERCISE])
    open_all(section(page, EXERCISE))
    fields = [section(page, EXERCISE).locator(f'[data-ref="{ref}"] textarea') for ref in REFS]
    for field in fields:
        field.fill("送る分")
    there.delay = 0.5
    section(page, EXERCISE).locator(".dxc-go").click()
    fields[1].press("Control+End")
    status = section(page, EXERCISE).locator(".dxc-status")
    expect(status).to_have_attribute("data-state", "saved")
    page.keyboard.insert_text("と、そのあと")
    expect(fields[1]).to_have_value("送る分と、そのあと")
    expect(fields[1]).to_be_visible()
    section(page, EXERCISE).locator(".dxc-go").click()  # once: it has not moved from under it
    expect(status).to_have_attribute("data-state", "saved")
    last = there.store.history("learner")[-1].answer
    assert last is not None
    assert last["items"][REFS[1]] == "送る分と、そのあと"


def test_what_waits_here_is_put_over_nothing_that_was_written_later_elsewhere(
    visit: Visit, tmp_path: Path
) -> None:
    """Found by run 1263: a window that was closed left its draft, and another item was typed in."""
    there = ExercisePage(visit.browser("exercise.test"), tmp_path)
    there.away = True
    here, other = (there.open([EXERCISE]) for _ in range(2))
    for page in (here, other):
        open_all(section(page, EXERCISE))
    first, second = (f'[data-ref="{ref}"] textarea' for ref in REFS[:2])
    status = section(here, EXERCISE).locator(".dxc-status")
    here.locator(first).fill("送った文")
    section(here, EXERCISE).locator(".dxc-go").click()
    expect(status).to_have_attribute("data-state", "waiting")
    expect(other.locator(first)).to_have_value("送った文")
    other.locator(first).fill("送った文の、続き")
    expect(status).to_have_attribute("data-state", "elsewhere")
    other.close()
    here.locator(second).fill("別の欄の文")
    here.reload()
    open_all(section(here, EXERCISE))
    expect(here.locator(first)).to_have_value("送った文の、続き")
    expect(here.locator(second)).to_have_value("別の欄の文")


@pytest.mark.soak
def test_nothing_typed_is_lost_or_shown_to_another_in_two_thousand_runs(
    visit: Visit, tmp_path: Path
) -> None:
    runs(visit, tmp_path, range(1000, 3000))
