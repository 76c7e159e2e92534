"""What Back brings back, in a browser that really keeps pages as they were left.

Playwright turns that cache off. Here it is on. Whether a page really is kept is up to the browser:
the long tests see that it was; what a page does that is told so is in test_typing.py.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from suite import find_chromium
from support.chromium import FLAGS, Chromium, Visit
from support.controls import answer, box, fill, right

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Locator, Page

    from dxcourse.course import Course
    from support.study import Study

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TRIES = 8

# Each page that comes back tells how it came, and whether the next frame shows anything of it.
WATCH = """addEventListener('pageshow', ({persisted}) => requestAnimationFrame(() => {
    const seen = JSON.parse(sessionStorage.getItem('shown') ?? '[]');
    const shown = document.documentElement.checkVisibility();
    sessionStorage.setItem('shown', JSON.stringify([...seen, [persisted, shown]]));
    window.wasShown = true;
}))"""


@pytest.fixture
def keeping(chromium: Chromium, visit: Visit) -> Iterator[Visit]:
    """A browser that keeps pages for Back and Forward."""
    assert visit.chromium is chromium  # its event loop is taken up
    browser = chromium.browser.browser_type.launch(
        executable_path=find_chromium(os.environ, whole=True),
        args=list(FLAGS),
        ignore_default_args=["--disable-back-forward-cache"],
    )
    visits = Visit(Chromium(browser))
    yield visits
    browser.close()
    assert visits.faults == []


SEAT = "localStorage.getItem('dxcourse.token')"  # says who sits here


def ready(page: Page) -> None:
    page.wait_for_selector("html[data-ready]", state="attached")


# Requests under way. (Playwright's "networkidle" is of the page's load, which was long ago.)
COUNT = """window.underWay = 0;
const ask = window.fetch;
window.fetch = async (...given) => {
    underWay += 1;
    try { return await ask(...given); } finally { underWay -= 1; }
};"""


def until_quiet(page: Page) -> None:
    page.wait_for_function("() => window.underWay === 0")


def start(keeping: Visit, study: Study, path: str, name: str) -> Page:
    page = keeping(study, name=name)
    page.context.add_init_script(WATCH)
    page.context.add_init_script(COUNT)
    page.goto(study.url + path)
    ready(page)
    return page


def back(page: Page) -> tuple[bool, bool]:
    """Go back one page: whether it came out of the cache, and is seen by whoever sits there."""
    page.wait_for_function("() => window.wasShown")  # it tells of itself no more
    page.evaluate("sessionStorage.removeItem('shown')")
    page.evaluate("history.go(-1)")
    page.wait_for_function("() => sessionStorage.getItem('shown')")
    ready(page)
    kept, seen = page.evaluate("JSON.parse(sessionStorage.getItem('shown'))[0]")
    return kept, seen


def back_after(leave: Callable[[str], Page], *, must: bool) -> tuple[Page, bool, bool]:
    """Leave a page and go back; whether it was kept, and whether it is seen: see `back`.

    Parameters
    ----------
    must
        Whether the page has to be one that was kept. A browser need not keep one, and on a busy
        machine Chromium keeps none: then it is left anew until one was.
    """
    for number in range(TRIES if must else 1):
        page = leave(f"前の人{number}")
        kept, seen = back(page)
        if kept or not must:
            return page, kept, seen
        page.context.close()
    pytest.fail("the browser kept no page")


def sit_down(page: Page, command: str, name: str | None = None) -> None:
    """Use the menu at the top right, as the next person does."""
    page.locator(".who summary").click()
    page.locator(".who-menu").get_by_role("button", name=command).click()
    dialog = page.get_by_role("dialog")
    if name is not None:
        dialog.get_by_role("textbox", name="呼び名").fill(name)
    with page.expect_navigation():
        dialog.locator('button[value="yes"]').click()
    ready(page)


def text_field(page: Page, course: Course) -> Locator:
    exercise = course.exercises["what-is-dx"]
    ((ref, _),) = right(exercise).items()
    return box(page, exercise, ref).locator("textarea")


MUST = pytest.mark.parametrize("must", [False, pytest.param(True, marks=pytest.mark.soak)])


@MUST
@pytest.mark.parametrize("name", ["つぎの人", None], ids=["another", "afresh"])
def test_back_shows_nothing_of_who_sat_here_before(
    own_study: Study,
    keeping: Visit,
    course: Course,
    name: str | None,
    must: bool,  # noqa: FBT001
) -> None:
    command = "別の人が使う" if name else "はじめから"
    exercise = course.exercises["what-is-dx"]
    ((ref, _),) = right(exercise).items()
    left: list[str] = []

    def leave(before: str) -> Page:
        page = start(keeping, own_study, "/modules/01", before)
        answer(page, exercise, {ref: "前の人が預けた"})
        left.append(page.evaluate(SEAT))
        fill(page, exercise, ref, "前の人が預け、書きかけた")
        until_quiet(page)  # a reply to a page that is kept would throw it away
        sit_down(page, command, name)  # which leads to the first page
        return page

    page, kept, seen = back_after(leave, must=must)
    assert not (kept and seen)
    expect(text_field(page, course)).to_have_value("")
    if name:
        expect(page.locator("#who-name")).to_have_text(name)
    reply = answer(page, exercise, {ref: "つぎの人の答え"})
    assert reply["answer"]["items"] == {ref: "つぎの人の答え"}
    assert (page.evaluate(SEAT) != left[-1]) == bool(name)


@MUST
def test_back_keeps_what_one_typed_and_shows_what_one_gave_since(
    own_study: Study,
    keeping: Visit,
    course: Course,
    must: bool,  # noqa: FBT001
) -> None:
    exercise, chosen = course.exercises["what-is-dx"], course.exercises["dx-reply"]
    ((ref, _),) = right(exercise).items()

    def leave(before: str) -> Page:
        page = start(keeping, own_study, "/modules/01", before)
        fill(page, exercise, ref, "書きかけ")
        other = page.context.new_page()
        page.goto(own_study.url + "/")
        ready(page)
        other.goto(own_study.url + "/modules/01")
        ready(other)
        answer(other, chosen, right(chosen))
        return page

    page, _, seen = back_after(leave, must=must)
    assert seen
    expect(text_field(page, course)).to_have_value("書きかけ")
    (item,) = chosen.items
    expect(box(page, chosen, item.ref)).to_have_attribute("data-mark", "right")
