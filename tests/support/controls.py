"""Answers exercises on a page as a learner does: through the controls that are there to see."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.sync_api import Locator, Page


Values = dict[str, Any]

SNAPSHOT = """section => [...section.querySelectorAll('.dxc-item, .dxc-summary')].map(part => [
    part.dataset.ref ?? '',
    [...part.querySelectorAll('input, select, textarea')].map(field =>
        [field.value, field.checked ?? null, field.disabled]),
    [...part.querySelectorAll('.dxc-thing, .dxc-hole')].map(thing => thing.textContent),
    (part.querySelector('.dxc-feedback') ?? part).textContent,
])"""


OPEN = """node => {
    for (let fold = node.closest('details'); fold; fold = fold.parentElement.closest('details'))
        fold.open = true;
}"""


def section(page: Page, exercise: Any) -> Locator:
    return page.locator(f'.dxc-mount[data-exercise="{exercise.id}"] section.dxc')


def box(page: Page, exercise: Any, ref: str) -> Locator:
    return section(page, exercise).locator(f'.dxc-item[data-ref="{ref}"]')


def snapshot(page: Page, exercise: Any) -> Any:
    """Everything that a page shows of an exercise's answers and feedback."""
    return section(page, exercise).evaluate(SNAPSHOT)


def right(exercise: Any) -> Values:
    """The key; for what has none, something."""
    keys: Values = exercise.model_answer()["items"]
    return {item.ref: _as_shown(exercise, item, keys.get(item.ref)) for item in exercise.items}


def wrong(exercise: Any) -> Values:
    """A valid answer that is not the key, item by item; for what has none, another."""
    return {item.ref: _wrong(exercise, item) for item in exercise.items}


def _as_shown(exercise: Any, item: Any, key: Any) -> Any:
    """A key as the page's controls can give it."""
    if key is None:
        return candidates(exercise, item)[0]
    if exercise.kind == "classify":
        some = next((e.ref for e in exercise.evidence if e.id not in item.unseen), None)
        ticks = key["evidence"] or ([some] if some else [])
        sure = 0 if exercise.sureness else None
        return {**key, "bin": key["bin"] or exercise.bins[0].ref, "evidence": ticks, "sure": sure}
    return key


def _wrong(exercise: Any, item: Any) -> Any:
    public = exercise.model_answer()["items"].get(item.ref)
    if public is None:
        return candidates(exercise, item)[-1]
    for value in candidates(exercise, item):
        checked = exercise.check(item, value)
        result = exercise.judge(item, checked)
        if result.points < result.max_points or result.mark in {"wrong", "partly"}:
            return value
    raise AssertionError(f"{exercise.id}/{item.ref}: every answer is right")


def candidates(  # noqa: C901, PLR0911  -- a case a kind
    exercise: Any, item: Any
) -> list[Any]:
    """Valid values, different from each other."""
    match exercise.kind:
        case "choice":
            return [option.ref for option in item.options]
        case "multichoice":
            return [[option.ref] for option in item.options]
        case "match":
            return [answer.ref for answer in exercise.answers]
        case "order":
            refs = [thing.ref for thing in item.things]
            return [refs[::-1], refs]
        case "number":
            return [item.value + 1000 + 10 * item.tolerance, item.value]
        case "scale":
            return [len(exercise.levels) - 1, 0]
        case "schedule":
            return list(range(len(exercise.months) - item.length + 1))
        case "classify":
            ticks = [evidence.ref for evidence in exercise.evidence[:1]]
            sure = 0 if exercise.sureness else None
            return [
                {"bin": b.ref, "evidence": ticks, "sure": sure, "reason": ""} for b in exercise.bins
            ]
        case "opinion":
            return ["手続の待ち時間を半分にする", "<b>道具</b>より先に、やめることを決める & 試す"]
        case "pledge":
            if item.field == "date":
                return ["2026-12-24", "2027-01-15"]
            return ["窓口の記入例をひとつ直す", "朝の打合せを十分にする"]
    raise AssertionError(f"teach this file to answer kind {exercise.kind}")


def open_all(section: Locator) -> None:
    """Show all items of an exercise that is played card by card, those that are folded too.

    What a chapter folds away (deeper reading, what waits for an answer) is opened before.
    """
    section.evaluate(OPEN)
    if section.get_attribute("data-view") == "play":
        section.locator(".dxc-toggle").click()
    fold = section.locator(".dxc-folded:not([hidden]):not([open]) > summary")
    if fold.count():
        fold.click()


def fill(page: Page, exercise: Any, ref: str, value: Any) -> None:
    """Put a value into an item's controls."""
    open_all(section(page, exercise))
    put(page, box(page, exercise, ref), exercise, ref, value)


def put(page: Page, item: Locator, exercise: Any, ref: str, value: Any) -> None:
    """Put a value into the controls of an item, wherever it is shown."""
    match exercise.kind:
        case "choice" | "scale":
            item.locator(f'input[type=radio][value="{value}"]').check()
        case "multichoice":
            for tick in item.locator("input[type=checkbox]").all():
                tick.set_checked(tick.get_attribute("value") in value)
        case "match":
            _match(item, value)
        case "schedule":
            item.locator("input[type=range]").fill(str(value))
        case "number" | "opinion":
            item.locator("input, textarea").fill(str(value))
        case "pledge":
            item.locator("input, textarea").fill(value)
        case "classify":
            _classify(item, value)
        case "order":
            _sort(page, item, [thing.text for thing in _things(exercise, ref, value)])
        case _:
            raise AssertionError(f"teach this file to answer kind {exercise.kind}")


def _classify(item: Locator, value: Mapping[str, Any]) -> None:
    for ref in value["evidence"]:
        item.locator(f'input[type=checkbox][value="{ref}"]').check()
    ticked = item.locator("input[type=checkbox]:checked")
    for ref in ticked.evaluate_all("ticks => ticks.map(tick => tick.value)"):
        if ref not in value["evidence"]:
            item.locator(f'input[type=checkbox][value="{ref}"]').uncheck()
    item.locator(f'input[name$="-bin"][value="{value["bin"]}"]').check()
    if value["sure"] is not None:
        item.locator(f'input[name$="-sure"][value="{value["sure"]}"]').check()


def _match(item: Locator, value: str) -> None:
    hole = item.locator(".dxc-hole")
    if hole.get_attribute("data-value") == value:
        return
    hole.click()  # the place that the next card goes to
    whole = item.locator("xpath=ancestor::section[1]")
    whole.locator(f'.dxc-deck button[data-value="{value}"]').click()
    expect(hole).to_have_attribute("data-value", value)


def _things(exercise: Any, ref: str, refs: list[str]) -> list[Any]:
    item = next(item for item in exercise.items if item.ref == ref)
    things = {thing.ref: thing for thing in item.things}
    return [things[each] for each in refs]


def _sort(page: Page, item: Locator, texts: list[str]) -> None:
    """Bring things into order with the ↑ buttons, by keyboard."""
    for place, text in enumerate(texts):
        now = item.locator(".dxc-thing").all_text_contents()
        for _ in range(now.index(text) - place):
            row = item.locator("li", has=page.get_by_text(text, exact=True))
            row.locator('[data-way="up"]').press("Enter")
    expect(item.locator(".dxc-thing")).to_have_text(texts)


def submit(page: Page, exercise: Any) -> dict[str, Any]:
    """Press the button; the server's reply, once it is shown."""
    button = section(page, exercise).locator(".dxc-go")
    with page.expect_response(f"**/api/answers/{exercise.id}") as caught:
        button.click()
    reply: dict[str, Any] = json.loads(caught.value.text())
    assert reply["state"] == "saved", reply
    expect(section(page, exercise).locator(".dxc-status")).to_have_attribute("data-state", "saved")
    return dict(reply["reply"])


def answer(page: Page, exercise: Any, values: Values) -> dict[str, Any]:
    """Give a whole answer; the reply."""
    for ref, value in values.items():
        fill(page, exercise, ref, value)
    return submit(page, exercise)
