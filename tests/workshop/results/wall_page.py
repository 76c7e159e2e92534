"""A page with nothing but the wall, under a policy as strict as the server's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dxcourse.workshop.results import wall_words

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from dxcourse.workshop.results import RoomView

PACKAGE = Path(__file__).parents[3] / "dxcourse"
STATIC = PACKAGE / "workshop/static"
TOKENS = PACKAGE / "widgets/static/tokens.css"
ORIGIN = "http://wall.test"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'"
TYPES = {".js": "text/javascript", ".css": "text/css"}
HTML = """<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>壁</title>
<meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/tokens.css"><link rel="stylesheet" href="/wall.css">
<link rel="stylesheet" href="/page.css"></head>
<body><main><div id="wall"></div></main><script type="module" src="/page.js"></script></body></html>
"""
PAGE_CSS = """body { margin: 0; background: var(--dx-paper); font-family: var(--dx-font); }
main { box-sizing: border-box; padding: 16px; }
main:has(.wall-full) { padding: 48px 64px; block-size: 100vh; }"""
PAGE_JS = "import { draw } from '/wall.js'; globalThis.draw = draw;"
PROJECTOR = {"width": 1920, "height": 1080}
PHONE = {"width": 360, "height": 740}


def open_wall(page: Page, *, projector: bool, dark: bool = False) -> Page:
    """Open the page, empty."""
    page.set_viewport_size(PROJECTOR if projector else PHONE)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="dark" if dark else "light")
    page.route(f"{ORIGIN}/**", _serve)
    page.goto(ORIGIN)
    page.wait_for_function("globalThis.draw !== undefined")
    if projector:
        page.evaluate("document.querySelector('#wall').classList.add('wall-full')")
    return page


def show(
    page: Page, view: RoomView | dict[str, Any], joined: int | None = None, sheet: int = 0
) -> int:
    """Draw a view, or change the one that is there into it."""
    message = view if isinstance(view, dict) else view.message()
    pages: int = page.evaluate(
        """([view, words, options]) =>
            globalThis.draw(view, document.querySelector('#wall'), words, options)""",
        [
            json.loads(json.dumps(message)),
            dict(wall_words()),
            {"heading": 1, "joined": joined, "page": sheet},
        ],
    )
    return pages


def _serve(route: Route) -> None:
    name = route.request.url.removeprefix(ORIGIN).strip("/")
    own = {"": HTML, "page.css": PAGE_CSS, "page.js": PAGE_JS}
    file = TOKENS if name == "tokens.css" else STATIC / name
    if name not in own and not file.is_file():
        route.fulfill(status=404)
        return
    kind = TYPES.get(Path(name).suffix, "text/html; charset=utf-8")
    headers = {"Content-Security-Policy": POLICY, "Content-Type": kind}
    body = own[name] if name in own else file.read_text(encoding="utf-8")
    route.fulfill(body=body, headers=headers)
