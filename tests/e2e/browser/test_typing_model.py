"""A model of someone who types, sends, changes windows, loses the network and leaves the seat.

Every piece of text is typed once and has its learner in its name. Whatever happens, a piece is on
screen, in the record or in the drafts of its learner, or something was said; and no window shows
another learner's.
"""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from support.controls import open_all, section
from support.exercise_page import ExercisePage

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from support.chromium import Visit

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
PATIENCE = 20  # times that a field is gone back to


class Seat:
    """Two windows of one browser, and what was typed in them."""

    def __init__(self, there: ExercisePage, seed: int) -> None:
        self.there = there
        self.dice = random.Random(seed)  # noqa: S311  -- a test's
        self.pages: list[Page] = []
        self.typed: dict[str, set[str]] = {"あ": set(), "い": set()}
        self.told: set[str] = set()  # pieces of which a window said that another one has its own
        self.count = 0
        self.trail: list[str] = []
        there.learner = "あ"
        self.open()

    def open(self) -> None:
        if len(self.pages) < 2:
            page = self.there.open([EXERCISE])
            open_all(section(page, EXERCISE))
            self.pages.append(page)

    def any_page(self) -> Page:
        return self.dice.choice(self.pages)

    def field(self, page: Page, ref: str) -> Any:
        return section(page, EXERCISE).locator(f'.dxc-item[data-ref="{ref}"] textarea')

    def sit_at(self, page: Page, ref: str) -> None:
        """Put the cursor at the end of a field; a reply may fold it away just before, not after."""
        field = self.field(page, ref)
        for _ in range(PATIENCE):
            open_all(section(page, EXERCISE))
            field.press("Control+End")
            if field.evaluate("field => field === document.activeElement"):
                return
        raise AssertionError(f"{ref} cannot be reached: {self.trail}")

    def type(self) -> None:
        page, ref = self.any_page(), self.dice.choice(REFS)
        self.sit_at(page, ref)
        self.count += 1
        piece = f"〔{self.there.learner}{self.count}〕"
        before = set(re.findall(r"〔.*?〕", self.field(page, ref).input_value()))
        page.keyboard.insert_text(piece)
        self.typed[self.there.learner].add(piece)
        state = section(page, EXERCISE).locator(".dxc-status").get_attribute("data-state")
        self.trail.append(f"type {piece} after {sorted(before)} ({state})")
        self.hear()

    def send(self) -> None:
        page = self.any_page()
        open_all(section(page, EXERCISE))
        section(page, EXERCISE).locator(".dxc-go").click()
        self.trail.append("send")

    def reload(self) -> None:
        page = self.any_page()
        page.reload()
        page.wait_for_selector("html[data-ready]", state="attached")
        open_all(section(page, EXERCISE))
        self.trail.append("reload")

    def leave_and_come_back(self) -> None:
        page = self.any_page()
        page.goto("about:blank")
        page.go_back()
        page.wait_for_selector("html[data-ready]", state="attached")
        open_all(section(page, EXERCISE))
        self.trail.append("back")

    def close(self) -> None:
        if len(self.pages) == 2:
            self.pages.pop(self.dice.randrange(2)).close()
            self.trail.append("close")

    def network(self) -> None:
        self.there.away = not self.there.away
        self.trail.append(f"away {self.there.away}")

    def slow(self) -> None:
        self.there.delay = self.dice.choice([0, 0, 0.05, 0.3])
        self.trail.append(f"delay {self.there.delay}")

    def someone_else(self) -> None:
        """Another learner sits down: every page is opened anew, as page.js does it."""
        self.hear()
        self.there.learner = "い" if self.there.learner == "あ" else "あ"
        for page in self.pages:
            page.reload()
            page.wait_for_selector("html[data-ready]", state="attached")
            open_all(section(page, EXERCISE))
        self.trail.append(f"now {self.there.learner}")

    def hear(self) -> None:
        """What the windows say now excuses what they hold now."""
        for page in self.pages:
            if (
                section(page, EXERCISE).locator(".dxc-status").get_attribute("data-state")
                == "elsewhere"
            ):
                for other in self.pages:
                    self.told |= set(re.findall(r"〔.*?〕", self.on_screen(other)))

    def on_screen(self, page: Page) -> str:
        return str(
            page.evaluate("[...document.querySelectorAll('textarea')].map(t => t.value).join()")
        )

    def check(self) -> None:
        for page in self.pages:
            shown = set(re.findall(r"〔.*?〕", self.on_screen(page)))
            strangers = shown - self.typed[self.there.learner]
            assert not strangers, (strangers, self.trail)

    def settle(self) -> None:
        """The network comes back, all that waits arrives, and each learner opens a page anew."""
        self.there.away, self.there.delay = False, 0
        self.hear()
        for learner in ("あ", "い"):
            if self.there.learner != learner:
                self.someone_else()
            page = self.pages[0]
            page.wait_for_timeout(400)
            page.reload()
            page.wait_for_selector("html[data-ready]", state="attached")
            page.wait_for_timeout(300)
            recorded = str([record.answer for record in self.there.store.history(learner)])
            there = set(re.findall(r"〔.*?〕", self.on_screen(page) + recorded))
            lost = self.typed[learner] - there - self.told
            assert not lost, f"{lost}: {self.trail}"


def run(visit: Visit, folder: Path, seed: int) -> None:
    there = ExercisePage(visit.browser("exercise.test", allowed="ERR_FAILED"), folder)
    seat = Seat(there, seed)
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
        seat.hear()
        seat.check()
    seat.settle()
    visit.contexts.remove(there.context)
    there.context.close()


def runs(visit: Visit, folder: Path, seeds: range) -> None:
    for seed in seeds:
        own = folder / str(seed)
        own.mkdir()
        run(visit, own, seed)


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


@pytest.mark.soak
def test_nothing_typed_is_lost_or_shown_to_another_in_two_thousand_runs(
    visit: Visit, tmp_path: Path
) -> None:
    runs(visit, tmp_path, range(1000, 3000))
