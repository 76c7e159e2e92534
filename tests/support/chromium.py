"""Visits a running course as one learner's browser, and holds its pages to their promises."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

    from dxcourse.course import Course
    from support.study import Study

ROOT = Path(__file__).resolve().parents[2]
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP dx.test 127.0.0.1",
)
AWAY = r"net::ERR_(CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED|FAILED)"


def addresses(course: Course) -> list[str]:
    """Every page of a course."""
    outline = course.outline
    notebooks = [m.notebook for m in course.modules] + [a.notebook for a in outline.appendices]
    notebooks += [f"apps/{path.name}" for path in course.apps().values()]
    return ["/", *(address for name in notebooks if (address := course.address_of(name)))]


class Chromium:
    """One browser a worker.

    Playwright leaves its event loop marked as running in this thread, which would forbid every
    other test's `asyncio.run`; so the mark is there only while a browser test runs.
    """

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self._loop = asyncio.get_running_loop()

    def lay_down(self) -> None:
        asyncio._set_running_loop(None)

    def take_up(self) -> None:
        asyncio._set_running_loop(self._loop)


@dataclass
class Visit:
    """Opens pages as one learner's browser, and holds them to their promises.

    No console error, no script error, no request to another host. `allowed` names the messages
    that a test brings about itself (a regular expression).
    """

    chromium: Chromium
    contexts: list[BrowserContext] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __call__(
        self,
        study: Study,
        path: str = "/",
        *,
        name: str = "",
        allowed: str = r"(?!)",
        **options: Any,
    ) -> Page:
        """A new browser on a page, its learner `name` or the user of the machine."""
        stored = [{"name": "dxcourse.token", "value": study.token(name)}] if name else []
        origin = {"origin": study.url, "localStorage": stored}
        state = {"storage_state": {"cookies": [], "origins": [origin]}, **options}
        page = self.browser(urlsplit(study.url).netloc, allowed=allowed, **state).new_page()
        opened = page.goto(study.url + path)
        assert opened
        assert opened.ok, study.log.read_text(encoding="utf-8")
        if options.get("java_script_enabled", True):
            page.wait_for_selector("html[data-ready]", state="attached")
        return page

    def browser(self, host: str, *, allowed: str = r"(?!)", **options: Any) -> BrowserContext:
        """A browser of its own, which asks nobody but this host."""
        context = self.chromium.browser.new_context(
            **{
                "locale": "ja-JP",
                "timezone_id": "Asia/Tokyo",
                "viewport": {"width": 1280, "height": 900},
                "reduced_motion": "reduce",  # cards that move take half of a test's time
                **options,
            }
        )
        context.set_default_timeout(20_000)
        self.contexts.append(context)
        self._watch(context, host, re.compile(allowed))
        return context

    def _watch(self, context: BrowserContext, host: str, allowed: re.Pattern[str]) -> None:
        def heard(message: ConsoleMessage) -> None:
            if message.type == "error" and not allowed.search(message.text):
                self.faults.append(f"console: {message.text}")

        def asked(request: Request) -> None:
            address = urlsplit(request.url)
            if address.scheme not in {"data", "blob"} and address.netloc != host:
                self.faults.append(f"request to another host: {request.url}")

        context.on("console", heard)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("request", asked)
