"""Every kind of exercise, with nothing but a keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from dxcourse.exercises import kinds_by_name
from e2e.browser.test_looks import FOUND
from support.controls import box, right, section
from support.exercise_page import ExercisePage

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from dxcourse.course import Course
    from support.chromium import Visit
    from support.study import Study

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

# The first exercise of each kind that the course shows, and the module it is in.
SHOWN = {
    FOUND.exercises[name].kind: (module.id, name)
    for module in reversed(FOUND.modules)
    for name in reversed(FOUND.shown[module.id])
}
PRESSES = 60


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until this has the focus, which is then to be seen."""
    for _ in range(PRESSES):
        if target.evaluate("node => node === document.activeElement"):
            outline = target.evaluate(
                "node => getComputedStyle(node.closest('.dxc-item label') ?? node).outlineStyle"
            )
            assert outline != "none"
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {target}")


def pick(page: Page, radios: Locator, value: str) -> None:
    """Choose a radio button as a keyboard does: Tab into the group, then the arrows."""
    order = radios.evaluate_all("radios => radios.map(radio => radio.value)")
    tab_to(page, radios.first)
    page.keyboard.press("Space")
    for _ in range(order.index(value)):
        page.keyboard.press("ArrowDown")
    expect(radios.nth(order.index(value))).to_be_checked()


def give(  # noqa: C901, PLR0912  -- a case a kind
    page: Page, exercise: Any, item: Any, value: Any
) -> None:
    place = box(page, exercise, item.ref)
    match exercise.kind:
        case "choice" | "scale":
            pick(page, place.locator("input[type=radio]"), str(value))
        case "multichoice":
            tick(page, place, value)
        case "match":
            tab_to(page, place.locator(".dxc-hole"))
            page.keyboard.press("Enter")
            deck = place.locator("xpath=ancestor::section[1]").locator(".dxc-deck")
            tab_to(page, deck.locator(f'button[data-value="{value}"]'))
            page.keyboard.press("Enter")
            expect(place.locator(".dxc-hole")).to_have_attribute("data-value", value)
        case "schedule":
            tab_to(page, place.locator("input[type=range]"))
            page.keyboard.press("ArrowRight")
            page.keyboard.press("ArrowLeft")
            for _ in range(value):
                page.keyboard.press("ArrowRight")
            expect(place.locator("input[type=range]")).to_have_value(str(value))
        case "order":
            sort(page, place, item, value)
        case "classify":
            tick(page, place, value["evidence"])
            pick(page, place.locator('input[name$="-bin"]'), value["bin"])
            if value["sure"] is not None:
                pick(page, place.locator('input[name$="-sure"]'), str(value["sure"]))
        case "number" | "opinion":
            tab_to(page, place.locator("input, textarea"))
            page.keyboard.type(str(value))
        case "pledge" if item.field == "date":
            tab_to(page, place.locator("input"))
            for _ in range(3):  # year, month and day, in whatever order the browser's language has
                page.keyboard.press("ArrowUp")
                page.keyboard.press("ArrowRight")
        case "pledge":
            tab_to(page, place.locator("textarea"))
            page.keyboard.type(value)
        case _:
            raise AssertionError(f"teach this file to answer kind {exercise.kind}")


def tick(page: Page, place: Locator, refs: list[str]) -> None:
    boxes = place.locator("input[type=checkbox]")
    for ref in boxes.evaluate_all("all => all.map(each => each.value)"):
        if ref in refs:
            tab_to(page, place.locator(f'input[type=checkbox][value="{ref}"]'))
            page.keyboard.press("Space")


def sort(page: Page, place: Locator, item: Any, refs: list[str]) -> None:
    texts = {thing.ref: thing.text for thing in item.things}
    wanted = [texts[ref] for ref in refs]
    for at, text in enumerate(wanted[:-1]):
        now = place.locator(".dxc-thing").all_text_contents()
        if now.index(text) == at:
            continue
        # The button keeps the focus while its thing moves up, so Enter is pressed again.
        reach(page, place, f"「{text}」を上へ")
        for _ in range(now.index(text) - at):
            page.keyboard.press("Enter")
    expect(place.locator(".dxc-thing")).to_have_text(wanted)


def reach(page: Page, place: Locator, label: str) -> None:
    """Press Tab to a button further down, or Shift+Tab to one above."""
    button = place.get_by_role("button", name=label)
    for key, times in (("Tab", PRESSES // 3), ("Shift+Tab", PRESSES)):
        for _ in range(times):
            if button.evaluate("node => node === document.activeElement"):
                return
            page.keyboard.press(key)
    raise AssertionError(f"no key leads to {label}")


@pytest.mark.parametrize("kind", sorted(SHOWN))
def test_an_exercise_of_each_kind_is_answered_by_keyboard_alone(
    visit: Visit, tmp_path: Path, course: Course, kind: str
) -> None:
    exercise: Any = course.exercises[SHOWN[kind][1]]
    there = ExercisePage(visit.browser("exercise.test"), tmp_path)
    page = there.open([exercise])
    whole = section(page, exercise)
    go, status = whole.locator(".dxc-go"), whole.locator(".dxc-status")
    # Where one arrives after reading what stands above it.
    whole.evaluate("node => { node.tabIndex = -1; node.focus(); }")
    values = right(exercise)
    way = whole.get_attribute("data-play")
    for turn, item in enumerate(exercise.items):
        ref = item.ref
        if way and whole.get_attribute("data-view") == "play":
            ref = whole.locator(".dxc-item:not([data-off])").get_attribute("data-ref") or ""
        elif not way:
            ref = whole.locator(".dxc-item").nth(turn).get_attribute("data-ref") or ""
        give(page, exercise, next(each for each in exercise.items if each.ref == ref), values[ref])
        if not way:
            continue
        card = whole.locator(f'.dxc-item[data-ref="{ref}"]')
        for _ in range(2):  # once to check, once to go on
            if card.is_visible() and whole.get_attribute("data-view") == "play":
                tab_to(page, go)
                page.keyboard.press("Enter")
                if way == "each":
                    expect(status).to_have_attribute("data-state", "saved")
    if not way:
        tab_to(page, go)
        page.keyboard.press("Enter")
    expect(status).to_have_attribute("data-state", "saved")
    reply = there.reply(exercise)
    assert reply["complete"]
    assert reply["points"] == reply["max_points"]


def test_the_keyboard_leads_past_the_frame_and_through_the_menu(study: Study, visit: Visit) -> None:
    page = visit(study, "/modules/07", name="keyboard")
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    summary = page.locator(".who summary")
    tab_to(page, summary)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator('[data-do="afresh"]')).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator(".who-menu")).to_be_hidden()
    expect(summary).to_be_focused()


def test_every_kind_that_the_course_shows_is_known_here() -> None:
    assert set(SHOWN) <= set(kinds_by_name())
