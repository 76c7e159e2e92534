"""Every kind of exercise, with nothing but a keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from dxcourse.exercises import kinds_by_name
from e2e.browser.test_looks import FOUND
from support.controls import box, right, section

if TYPE_CHECKING:
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
                "node => getComputedStyle(node.closest('.dxc-seg label') ?? node).outlineStyle"
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


def give(  # noqa: C901  -- a case a kind
    page: Page, exercise: Any, item: Any, value: Any
) -> None:
    place = box(page, exercise, item.ref)
    match exercise.kind:
        case "choice" | "scale":
            pick(page, place.locator("input[type=radio]"), str(value))
        case "multichoice":
            tick(page, place, value)
        case "match" | "schedule":
            tab_to(page, place.locator("select"))
            values = place.locator("option").evaluate_all("all => all.map(each => each.value)")
            for _ in range(values.index(str(value))):
                page.keyboard.press("ArrowDown")
            expect(place.locator("select")).to_have_value(str(value))
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
    study: Study, visit: Visit, course: Course, kind: str
) -> None:
    module, name = SHOWN[kind]
    exercise: Any = course.exercises[name]
    page = visit(study, f"/modules/{module}", name=f"keyboard {kind}")
    # Where one arrives after reading what stands above it.
    section(page, exercise).evaluate("node => { node.tabIndex = -1; node.focus(); }")
    values = right(exercise)
    order = (
        section(page, exercise)
        .locator(".dxc-item")
        .evaluate_all("all => all.map(each => each.dataset.ref)")
    )
    items = {item.ref: item for item in exercise.items}
    itemwise = kind == "classify" and exercise.evidence
    for ref in order:
        give(page, exercise, items[ref], values[ref])
        if itemwise:
            tab_to(page, box(page, exercise, ref).locator(":scope > button"))
            page.keyboard.press("Enter")
            expect(box(page, exercise, ref).locator(".dxc-feedback > *").first).to_be_visible()
    if not itemwise:
        tab_to(page, section(page, exercise).locator("button.dxc-go"))
        page.keyboard.press("Enter")
    status = section(page, exercise).locator(".dxc-status")
    expect(status).to_have_attribute("data-state", "saved")
    reply = study.state(study.token(f"keyboard {kind}"))["replies"][name]
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
