"""Every kind of exercise as it is played: one thing at a time, by mouse and by finger."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from e2e.browser.test_looks import FOUND
from support.controls import candidates, open_all, put, right, section, snapshot, wrong
from support.exercise_page import ExercisePage
from support.looks import DESK, PHONE, cut_off, look, violations

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from support.chromium import Visit

    Desk = Callable[..., ExercisePage]

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("exercises")]

# One of each kind, with several items where the kind has them.
NAMES = {
    "choice": "start-checkable",
    "multichoice": "society-illustration",
    "classify": "counter-moves",
    "court": "plan-class",
    "order": "society-order",
    "match": "dx-at-counter",
    "number": "manager-subtract",
    "scale": "manager-check",
    "opinion": "what-is-dx",
    "schedule": "schedule-year",
    "pledge": "fifteen-minutes",
}


def with_points(exercise: Any, points: float) -> Any:
    """The same exercise, marked or practice."""
    items = tuple(item.model_copy(update={"points": points}) for item in exercise.items)
    return exercise.model_copy(update={"items": items})


SAMPLES: dict[str, Any] = {
    name: with_points(FOUND.exercises[exercise], 1.0)
    for name, exercise in NAMES.items()
    if exercise in FOUND.exercises
}

# Where the course's answer is shown once no try is left.
KEY_IN_PLACE = ':is(label[data-mark="right"], .dxc-model, .dxc-model-year, .dxc-match .dxc-tag)'


@pytest.fixture
def desk(visit: Visit, tmp_path: Path) -> Desk:
    def browser(**options: Any) -> ExercisePage:
        moving = {"reduced_motion": "no-preference", **options}
        return ExercisePage(visit.browser("exercise.test", **moving), tmp_path)

    return browser


def go(whole: Locator) -> None:
    whole.locator(".dxc-go").click()


def saved(whole: Locator) -> None:
    expect(whole.locator(".dxc-status")).to_have_attribute("data-state", "saved")


def play(page: Page, exercise: Any, values: dict[str, Any]) -> None:
    """Answer as the cards come, and check where there is something to check."""
    whole = section(page, exercise)
    way = whole.get_attribute("data-play")
    if not way:
        for ref, value in values.items():
            put(page, whole.locator(f'.dxc-item[data-ref="{ref}"]'), exercise, ref, value)
        go(whole)
        saved(whole)
        return
    met: list[str] = []
    while whole.get_attribute("data-view") == "play" and len(met) < len(exercise.items):
        ref = whole.locator(".dxc-item:not([data-off])").get_attribute("data-ref") or ""
        assert ref not in met
        met.append(ref)
        card = whole.locator(f'.dxc-item[data-ref="{ref}"]')
        put(page, card, exercise, ref, values[ref])
        if way == "sort":
            if len(met) < len(exercise.items):
                expect(card).to_be_hidden()  # the next one comes by itself
            continue
        go(whole)
        saved(whole)
        if card.is_visible() and whole.get_attribute("data-view") == "play":
            go(whole)
    if way == "sort":
        go(whole)
        saved(whole)
    expect(whole).to_have_attribute("data-view", "all")


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_kind_is_answered_rightly_card_by_card(desk: Desk, name: str) -> None:
    exercise = SAMPLES[name]
    there = desk()
    page = there.open([exercise])
    play(page, exercise, right(exercise))
    reply = there.reply(exercise)
    assert reply["complete"]
    assert reply["points"] == reply["max_points"]
    whole = section(page, exercise)
    if exercise.max_points:
        expect(whole.locator(".dxc-verdict")).to_have_attribute("data-tone", "right")
        expect(whole.locator(".dxc-verdict")).to_be_in_viewport()
    before = snapshot(page, exercise)
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    assert sorted(snapshot(page, exercise), key=str) == sorted(before, key=str)


MARKED = [name for name in sorted(SAMPLES) if SAMPLES[name].max_points]
# Practice is told as what is marked is; only points are not given.
PRACTICE = ["choice", "classify", "match", "order"]


@pytest.mark.parametrize(
    ("name", "points"), [*((name, 1) for name in MARKED), *((name, 0) for name in PRACTICE)]
)
def test_a_kind_is_answered_wrongly_until_no_try_is_left(
    desk: Desk, name: str, points: float
) -> None:
    exercise = with_points(SAMPLES[name], points)
    there = desk()
    page = there.open([exercise])
    whole = section(page, exercise)
    values = wrong(exercise)
    play(page, exercise, values)
    bar = whole.locator(".dxc-verdict")
    expect(bar).to_have_attribute("data-tone", "part")
    expect(bar).to_be_in_viewport()
    # What is changed dims what was said before it was.
    open_all(whole)
    ref, value = next(iter(right(exercise).items()))
    card = whole.locator(f'.dxc-item[data-ref="{ref}"]')
    if exercise.kind in {"choice", "match", "number", "order", "multichoice"}:
        put(page, card, exercise, ref, value)
        expect(bar).to_have_attribute("data-tone", "old")
        expect(card).to_have_attribute("data-earlier", "")
    # All tries used: what is right is marked where it stands, and nothing asks for another thought.
    for turn in range((exercise.attempts or 0) + 1):
        there.give(exercise, {ref: other(exercise, ref, turn, values[ref]) for ref in values})
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    open_all(whole)
    expect(bar).to_have_attribute("data-tone", "over")
    spent = whole.locator(".dxc-item[data-over]")
    expect(spent).to_have_count(sum(map(exercise.judges, exercise.items)))
    told = [bar.inner_text(), *spent.all_inner_texts()]
    assert not [text for text in told if "もう一度" in text]
    assert spent.locator(":is(input, button):enabled:visible").count() == 0
    assert whole.locator(KEY_IN_PLACE).count()


def other(exercise: Any, ref: str, turn: int, value: Any) -> Any:
    """Another wrong value each time, so that it is a try."""
    item = next(item for item in exercise.items if item.ref == ref)
    if exercise.kind == "number":
        return value + turn + 1
    if exercise.kind == "order":
        key = exercise.key(item)
        return [*key[turn + 1 :], *key[: turn + 1]]
    worth = [
        each
        for each in [*candidates(exercise, item), *ticked(exercise, value)]
        if each != value
        and (
            exercise.kind == "schedule"
            or not exercise.worth(item)
            or exercise.judge(item, exercise.check(item, each)).points < item.points
        )
    ]
    # A try is one only where what is marked changed: of those that differ elsewhere, one will do.
    tried = {same_text(exercise.marked(item, each)): each for each in [value, *worth]}
    others = [*tried.values()][1:] or [value]
    pool = others if len(others) > 1 else [*others, value]
    return pool[turn % len(pool)]


def ticked(exercise: Any, value: Any) -> list[Any]:
    """The same with one tick each: an item may be marked by its evidence alone."""
    if exercise.kind != "classify":
        return []
    return [{**value, "evidence": [each.ref]} for each in exercise.evidence]


def same_text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_what_is_missing_is_said_at_the_item_on_screen_and_has_the_focus(
    desk: Desk, name: str
) -> None:
    exercise = SAMPLES[name]
    page = desk(viewport={"width": PHONE, "height": 740}).open([exercise])
    whole = section(page, exercise)
    go(whole)
    need = whole.locator(".dxc-need:visible")
    expect(need).to_have_count(1)
    expect(need).to_be_in_viewport()
    box = whole.locator(".dxc-item[data-missing]")
    assert box.get_attribute("aria-describedby") == need.get_attribute("id")
    assert box.evaluate("box => box.contains(document.activeElement)")
    assert page.evaluate("document.activeElement !== document.body")


def test_right_cards_fold_and_wrong_ones_stay(desk: Desk) -> None:
    exercise = SAMPLES["classify"]
    page = desk().open([exercise])
    keys = right(exercise)
    marked = [item.ref for item in exercise.items if item.bin]
    values = {**keys, marked[0]: wrong(exercise)[marked[0]]}
    play(page, exercise, values)
    whole = section(page, exercise)
    expect(whole.locator(".dxc-verdict")).to_contain_text(
        f"{len(marked)}問のうち、{len(marked) - 1}問"
    )
    expect(whole.locator(f'.dxc-form > .dxc-item[data-ref="{marked[0]}"]')).to_be_visible()
    folded = whole.locator(".dxc-folded")
    expect(folded.locator(".dxc-item")).to_have_count(len(marked) - 1)
    expect(folded.locator(".dxc-item").first).to_be_hidden()


def test_one_can_go_back_and_see_all(desk: Desk) -> None:
    exercise = SAMPLES["scale"]
    page = desk().open([exercise])
    whole = section(page, exercise)
    first = whole.locator(".dxc-item:not([data-off])").get_attribute("data-ref")
    whole.locator(".dxc-item:not([data-off]) input").first.check()
    go(whole)
    saved(whole)
    if whole.locator(f'.dxc-item[data-ref="{first}"]').is_visible():
        go(whole)
    expect(whole.locator(".dxc-place")).to_have_text(f"2 / {len(exercise.items)}")
    expect(whole.locator(".dxc-dots")).to_have_attribute(
        "aria-label", f"{len(exercise.items)}のうち2番目。答えたのは1"
    )
    whole.locator(".dxc-back").click()
    expect(whole.locator(f'.dxc-item[data-ref="{first}"]')).to_be_visible()
    whole.locator(".dxc-toggle").click()
    assert whole.locator(".dxc-item:visible").count() == len(exercise.items)
    page.emulate_media(media="print")
    assert whole.locator(".dxc-item:visible").count() == len(exercise.items)


def touch(page: Page, start: Locator, end: Locator, steps: int = 6) -> None:
    """Drag with a finger: real touch events, as the browser's own protocol makes them."""
    start.scroll_into_view_if_needed()
    a, b = start.bounding_box(), end.bounding_box()
    assert a
    assert b
    line = page.context.new_cdp_session(page)
    x, y = a["x"] + a["width"] / 2, a["y"] + a["height"] / 2
    to_x, to_y = b["x"] + b["width"] / 2, b["y"] + b["height"] / 2 + 4

    def send(kind: str, points: list[dict[str, float]]) -> None:
        line.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    send("touchStart", [{"x": x, "y": y}])
    for step in range(1, steps + 1):
        part = step / steps
        send("touchMove", [{"x": x + (to_x - x) * part, "y": y + (to_y - y) * part}])
    send("touchEnd", [])


def test_a_finger_moves_cards_into_bins_and_things_into_order(desk: Desk) -> None:
    there = desk(has_touch=True, is_mobile=True, viewport={"width": PHONE, "height": 740})
    sorting, order, match = (SAMPLES[name] for name in ("classify", "order", "match"))
    page = there.open([sorting, order, match])
    whole = section(page, sorting)
    card = whole.locator(".dxc-item:not([data-off])")
    ref = card.get_attribute("data-ref")
    touch(page, card.locator("legend"), card.locator(".dxc-bins label").nth(1))
    moved = whole.locator(f'.dxc-item[data-ref="{ref}"]')
    expect(moved).to_be_hidden()
    expect(moved.locator("input").nth(1)).to_be_checked()
    things = section(page, order).locator(".dxc-thing")
    first, *_, last = things.all_text_contents()
    grips = section(page, order).locator(".dxc-grip")
    touch(page, grips.first, grips.last, steps=12)
    assert things.all_text_contents()[-1] == first
    assert things.all_text_contents()[-2] == last
    places = section(page, match)
    piece = places.locator(".dxc-deck button").first
    touch(page, piece, places.locator(".dxc-item").nth(1))
    expect(places.locator(".dxc-hole").nth(1)).to_have_text(piece.inner_text())
    assert page.evaluate("document.documentElement.scrollLeft") == 0


def test_a_finger_and_arrow_keys_move_the_years_bars(desk: Desk) -> None:
    there = desk(has_touch=True, viewport={"width": PHONE, "height": 740})
    exercise = SAMPLES["schedule"]
    page = there.open([exercise])
    whole = section(page, exercise)
    bar = whole.locator("input[type=range]").first
    assert exercise.events
    bar.focus()
    page.keyboard.press("ArrowRight")
    assert "月" in (bar.get_attribute("aria-valuetext") or "")
    box = bar.bounding_box()
    assert box
    page.touchscreen.tap(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2)
    assert int(bar.input_value()) > 1
    expect(whole.locator(".dxc-live")).to_contain_text("重なる行事")
    assert whole.locator(".dxc-live").inner_text().count("講座の答え") == 0


def fresh(_: Page, __: Any) -> None:
    """Nothing is done."""


def missing(page: Page, exercise: Any) -> None:
    go(section(page, exercise))


def changed(page: Page, exercise: Any) -> None:
    whole = section(page, exercise)
    open_all(whole)
    (ref, value), *_ = right(exercise).items()
    put(page, whole.locator(f'.dxc-item[data-ref="{ref}"]'), exercise, ref, value)


def give_all(there: ExercisePage, state: str) -> None:
    """What is stored before a page is opened, for a learner of the state's own."""
    there.learner = state
    for exercise in SAMPLES.values():
        values = right(exercise) if state == "right" else wrong(exercise)
        for turn in range((exercise.attempts or 0) + 1 if state == "spent" else 1):
            bad = {ref: other(exercise, ref, turn, value) for ref, value in values.items()}
            there.give(exercise, bad if state == "spent" else values)


@pytest.mark.parametrize(
    ("width", "scheme"), [(PHONE, "dark"), pytest.param(DESK, "light", marks=pytest.mark.soak)]
)
@pytest.mark.parametrize(
    ("state", "act"),
    [
        ("fresh", fresh),
        ("fresh", missing),
        ("wrong", fresh),
        ("wrong", changed),
        ("right", fresh),
        ("spent", fresh),
    ],
)
def test_no_state_of_a_card_has_a_violation_or_is_cut_off(
    desk: Desk, state: str, act: Callable[[Page, Any], None], width: int, scheme: str
) -> None:
    there = desk()
    if state != "fresh":
        give_all(there, state)
    page = there.open(list(SAMPLES.values()))
    for exercise in SAMPLES.values():
        act(page, exercise)
    look(page, width, scheme)
    assert violations(page) == []
    assert cut_off(page) == []
    look(page, 320, "light")  # 400 % on a desk
    assert cut_off(page) == []


def test_stillness_and_forced_colours_are_heeded(desk: Desk) -> None:
    there = desk(reduced_motion="reduce", forced_colors="active")
    page = there.open([SAMPLES["classify"], SAMPLES["match"]])
    whole = section(page, SAMPLES["classify"])
    card = whole.locator(".dxc-item:not([data-off])")
    ref = card.get_attribute("data-ref")
    card.locator(".dxc-bins label").first.click()
    expect(whole.locator(f'.dxc-item[data-ref="{ref}"]')).to_be_hidden()
    chosen = whole.locator(f'.dxc-item[data-ref="{ref}"] label:has(:checked)')
    whole.locator(".dxc-toggle").click()
    assert chosen.evaluate("node => getComputedStyle(node).outlineStyle") == "solid"


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_screen_reader_is_given_names_roles_and_what_changes(desk: Desk, name: str) -> None:
    exercise = SAMPLES[name]
    page = desk().open([exercise])
    whole = section(page, exercise)
    expect(whole).to_have_role("region")
    expect(whole).to_have_accessible_name(exercise.title)
    for control in whole.locator(":is(input, textarea, button):visible").all():
        assert control.evaluate("""node => (node.getAttribute('aria-label')
            || node.labels?.[0]?.textContent || node.textContent || '').trim()""")
    for card in whole.locator(".dxc-item:visible").all():
        expect(card).to_have_role("group")
    live = whole.locator(":is(.dxc-status, .dxc-verdict)")
    assert {each.get_attribute("role") for each in live.all()} == {"status"}


def test_answers_that_the_former_version_recorded_open_rightly(desk: Desk) -> None:
    """Whole answers in one record, without how sure, places as they were: each shows its reply."""
    there = desk()
    for exercise in SAMPLES.values():
        values = {
            ref: {**value, "sure": None} if exercise.kind == "classify" else value
            for ref, value in wrong(exercise).items()
        }
        there.give(exercise, values, partial=False)
    page = there.open(list(SAMPLES.values()))
    for exercise in SAMPLES.values():
        whole = section(page, exercise)
        expect(whole).to_have_attribute("data-view", "all")
        expect(whole.locator(".dxc-item[data-mark]")).to_have_count(len(exercise.items))
        expect(whole.locator(".dxc-item[data-earlier]")).to_have_count(0)
        expect(whole.locator(".dxc-status")).to_have_text("")
        if exercise.max_points:
            expect(whole.locator(".dxc-verdict")).to_have_attribute("data-tone", "part")
    assert page.evaluate("Object.keys(localStorage)") == []
