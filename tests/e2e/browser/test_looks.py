"""Every page, before it is answered: accessible, whole on a phone, readable in print."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageStat
from playwright.sync_api import expect

from dxcourse import course as courses
from support.chromium import ROOT, addresses
from support.controls import answer, open_all, right, section, wrong
from support.looks import DESK, PHONE, cut_off, look, violations

if TYPE_CHECKING:
    from dxcourse.course import Course
    from support.chromium import Visit
    from support.study import Study

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

FOUND = courses.at(ROOT)
SCREEN = 740  # pixels of a phone's height
SCREENS = 14  # no chapter is longer, before it is answered


@pytest.mark.parametrize("path", addresses(FOUND))
def test_a_page_has_no_violation_and_is_not_cut_off(study: Study, visit: Visit, path: str) -> None:
    page = visit(study, path, name="reader")
    look(page, PHONE, "dark")
    assert violations(page) == []
    assert cut_off(page) == []
    if path.startswith("/modules/"):
        tall = page.evaluate("document.documentElement.scrollHeight") / SCREEN
        assert tall <= SCREENS, f"{tall:.1f} screens with its cards and gates closed"
    look(page, 320, "dark")  # 400 % on a desk
    assert cut_off(page) == []


@pytest.mark.soak
@pytest.mark.parametrize("path", addresses(FOUND))
def test_a_page_has_no_violation_on_a_desk(study: Study, visit: Visit, path: str) -> None:
    page = visit(study, path, name="reader")
    look(page, DESK, "light")
    assert violations(page) == []


@pytest.mark.parametrize(("width", "scheme"), [(DESK, "dark"), (PHONE, "light")])
def test_menu_dialogs_and_error_pages_have_no_violation(
    study: Study, visit: Visit, width: int, scheme: str
) -> None:
    page = visit(study, name="reader", allowed="404")
    look(page, width, scheme)
    page.locator(".who summary").click()
    assert violations(page) == []
    for name in ("はじめから", "別の人が使う"):
        if page.locator(".who").get_attribute("open") is None:
            page.locator(".who summary").click()
        page.get_by_role("button", name=name).first.click()
        expect(page.get_by_role("dialog")).to_be_visible()
        assert violations(page) == []
        page.keyboard.press("Escape")
    page.goto(study.url + "/modules/99")
    expect(page.get_by_role("heading", level=1)).to_have_text("そのページはありません")
    assert violations(page) == []


def test_zoomed_to_200_percent_nothing_is_cut_off(study: Study, visit: Visit) -> None:
    page = visit(study, "/modules/04", name="reader", viewport={"width": 640, "height": 400})
    assert cut_off(page) == []
    bar = page.locator("header.bar").bounding_box()
    assert bar
    assert bar["height"] <= 100


def test_forced_colours_show_what_is_chosen(study: Study, visit: Visit, course: Course) -> None:
    page = visit(study, "/modules/07", name="forced", forced_colors="active")
    exercise = course.exercises["manager-phrase"]
    answer(page, exercise, right(exercise))
    chosen = section(page, exercise).locator("label:has(:checked)")
    assert chosen.evaluate("label => getComputedStyle(label).outlineStyle") == "solid"
    assert violations(page) == []


def test_without_scripts_a_module_can_be_read_with_its_questions_and_choices(
    study: Study, visit: Visit, course: Course
) -> None:
    page = visit(study, "/modules/04", java_script_enabled=False)
    expect(page.locator("noscript .notice")).to_be_visible()
    for name in course.shown["04"]:
        public = course.exercises[name].public()
        plain = page.locator(f'.dxc-mount[data-exercise="{name}"]')
        open_all(plain)
        expect(plain.get_by_role("heading", name=public["title"])).to_be_visible()
        for item in public["items"]:
            for choice in item.get("options", item.get("things", public.get("bins", []))):
                expect(plain.get_by_text(choice["text"], exact=True).first).to_be_visible()
    page.goto(study.url)
    expect(page.get_by_role("link", name="すわってみる")).to_be_visible()


def test_printed_a_module_shows_its_text_and_questions_but_no_frame(
    study: Study, visit: Visit, course: Course
) -> None:
    page = visit(study, "/modules/04", name="printer")
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator("header.bar")).to_be_hidden()
    expect(page.locator("nav.toc").first).to_be_hidden()
    assert page.locator("body").evaluate("b => getComputedStyle(b).backgroundColor") in {
        "rgb(255, 255, 255)",
        "rgba(0, 0, 0, 0)",
    }
    for name in course.shown["04"]:
        printed = section(page, course.exercises[name])
        folded = page.locator("details.deepen:not([open])", has=printed).count() > 0
        expect(printed).to_be_visible(visible=not folded)  # who wants it on paper opens it
    gates = page.locator("details.gate:not(details.deepen *) .behind > .prose").all()
    assert gates
    for behind in gates:
        expect(behind).to_be_visible()
    assert page.pdf().startswith(b"%PDF")


def test_a_large_picture_is_dark_on_a_dark_screen_and_light_on_paper(
    study: Study, visit: Visit
) -> None:
    """A browser that prints loads nothing more: both are there, in one file, read or not yet."""
    page = visit(study, "/modules/01", name="printer")
    page.wait_for_function(
        "[...document.querySelectorAll('.dxl-panel img')].every(image => image.naturalWidth)"
    )
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for media, scheme, dark in (
        ("screen", "light", False),
        ("screen", "dark", True),
        ("print", "dark", False),
    ):
        page.emulate_media(
            media="print" if media == "print" else "screen",
            color_scheme="dark" if scheme == "dark" else "light",
        )
        panel = page.locator(".dxl-panel").first
        shown = panel.get_by_role("img")
        expect(shown).to_have_count(1)
        expect(shown).to_have_class("dxl-dark" if dark else "dxl-light")
        assert shown.evaluate("image => image.complete && image.naturalWidth") == 760
        assert (brightness(shown.screenshot()) < 90) is dark, (media, scheme)
    assert asked == []


def brightness(png: bytes) -> float:
    """Of a picture, from 0 to 255."""
    return float(ImageStat.Stat(Image.open(io.BytesIO(png)).convert("L")).mean[0])


def test_a_code_never_breaks_at_the_end_of_a_line(study: Study, visit: Visit) -> None:
    page = visit(study, "/modules/04", name="reader", viewport={"width": PHONE, "height": 800})
    codes = page.locator("main .dxl-unbroken")
    assert codes.count() > 0
    assert codes.evaluate_all("all => all.filter(c => c.getClientRects().length > 1).length") == 0
    loose = page.evaluate(
        """() => {
            const texts = document.createTreeWalker(document.querySelector("main"), 4);
            const found = [];
            while (texts.nextNode()) {
                const { data, parentElement } = texts.currentNode;
                if (parentElement.closest(".dxl-unbroken, script, option")) continue;
                if (/\\b(\\d-\\d|eL-QR)\\b/.test(data)) found.push(data);
            }
            return found;
        }"""
    )
    assert loose == []


def test_no_empty_strip_stays_under_an_exercise_that_is_done(
    study: Study, visit: Visit, course: Course
) -> None:
    page = visit(study, "/modules/04", name="finished")
    exercise = course.exercises["plan-handbook-match"]
    strip = section(page, exercise).locator(".dxc-actions")
    answer(page, exercise, wrong(exercise))
    expect(strip.get_by_role("button", name="ヒント")).to_be_visible()
    answer(page, exercise, right(exercise))
    expect(strip.get_by_role("button", name="ヒント")).to_be_hidden()
    expect(strip).to_contain_text("保存しました")
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    assert strip.evaluate("strip => strip.offsetHeight") == 0


def test_on_paper_what_can_be_selected_is_listed(
    study: Study, visit: Visit, course: Course
) -> None:
    page = visit(study, "/modules/04", name="printer")
    exercise = course.exercises["plan-handbook-match"]
    open_all(section(page, exercise))
    choices = section(page, exercise).locator(".dxc-deck")
    page.emulate_media(media="print")
    expect(choices).to_be_visible()
    texts = {each["text"] for each in exercise.public()["answers"]}
    assert set(choices.locator("button").all_text_contents()) == texts


def test_the_glossary_is_searched_by_word_and_reading(study: Study, visit: Visit) -> None:
    page = visit(study, "/appendix/glossary", name="reader")
    terms = page.locator("[data-search]")
    everything = terms.count()
    search = page.locator(".dxl-search input")
    search.fill("ｄｘ")
    expect(terms.locator("visible=true").first).to_be_visible()
    assert 0 < terms.locator("visible=true").count() < everything
    search.fill("ありえない語")
    assert terms.locator("visible=true").count() == 0
    expect(page.locator(".dxl-search [role=status]")).not_to_be_empty()
