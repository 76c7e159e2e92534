"""What holds for every page: axe-core finds nothing, and nothing is cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Page

OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
DESK, PHONE = 1280, 360
OVERFLOWING = """() => {
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= wide) return [];
    return [...document.querySelectorAll('body *')]
        .filter(node => node.getBoundingClientRect().right > wide + 1)
        .map(node => node.tagName + '.' + node.className);
}"""

ENDLESS = """() => document.getAnimations()
    .filter(each => each.effect.getTiming().iterations === Infinity)
    .map(each => each.effect.target.outerHTML)"""

# What is folded away does not move on, and so never ends.
SETTLED = """() => document.getAnimations()
    .every(each => each.playState !== 'running' || !each.effect.target.checkVisibility())"""


def look(page: Page, width: int, scheme: str) -> None:
    """Let a page be as wide as this, light or dark."""
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")


def violations(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """What axe-core has against a page, a line each: by some rules, or by all."""
    assert page.evaluate(ENDLESS) == [], "moves for ever, with no way to stop it (WCAG 2.2.2)"
    # Half-way through a change of colour the contrast is half of each.
    page.wait_for_function(SETTLED)
    # The whole page at once: what a fixed bar lies upon is a matter of how far one has scrolled.
    seen = page.viewport_size
    assert seen is not None
    whole = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": seen["width"], "height": max(seen["height"], whole)})
    options = {"resultTypes": ["violations"], "runOnly": [*rules]} if rules else OPTIONS
    found = Axe().run(page, options=options).response["violations"]
    page.set_viewport_size(seen)
    return [
        f"{rule['id']}: {node['target']} {node.get('failureSummary', '')}"
        for rule in found
        for node in rule["nodes"]
    ]


def cut_off(page: Page) -> list[str]:
    """What makes a page scroll sideways."""
    found: list[str] = page.evaluate(OVERFLOWING)
    return found
