"""What tests of a running course share: a copy of the course, a server, a browser."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from filelock import FileLock
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, sync_playwright
from studying import Study
from suite import NO_BROWSER, find_chromium

from dxcourse.course import Course

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
COURSE = ("notebooks", "exercises/bank", "data")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP dx.test 127.0.0.1",
)
AWAY = r"net::ERR_(CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED|FAILED)"


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run share."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def course_copy(shared: Path) -> Path:
    """The course as it was when the tests began; not to be changed."""
    copy = shared / "course"
    with FileLock(shared / "course.lock"):
        if not copy.exists():
            half = shared / "half"
            for part in COURSE:
                ignored = shutil.ignore_patterns(".ipynb_checkpoints")
                shutil.copytree(ROOT / part, half / part, ignore=ignored)
            half.rename(copy)
    return copy


@pytest.fixture(scope="session")
def course(course_copy: Path) -> Course:
    return Course.load(course_copy)


@pytest.fixture(scope="session")
def study(
    course_copy: Path, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Study]:
    """A running server for tests that leave it running; each takes a learner of its own."""
    server = Study(course_copy, tmp_path_factory.mktemp("study"), shared / "cache").start()
    yield server
    server.stop()


@pytest.fixture
def own_study(course_copy: Path, shared: Path, tmp_path: Path) -> Iterator[Study]:
    """A running server for one test, which may end it; the course's pages are there already."""
    server = Study(course_copy, tmp_path / "own", shared / "cache").start()
    yield server
    server.stop()


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


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    program = find_chromium(os.environ)
    assert program is not None, NO_BROWSER
    with sync_playwright() as playwright:
        started = Chromium(playwright.chromium.launch(executable_path=program, args=list(FLAGS)))
        started.lay_down()
        yield started
        started.take_up()
        started.browser.close()


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
        context = self.chromium.browser.new_context(
            **{
                "storage_state": {"cookies": [], "origins": [origin]},
                "locale": "ja-JP",
                "timezone_id": "Asia/Tokyo",
                "viewport": {"width": 1280, "height": 900},
                **options,
            }
        )
        context.set_default_timeout(20_000)
        self.contexts.append(context)
        self._watch(context, urlsplit(study.url).netloc, re.compile(allowed))
        page = context.new_page()
        opened = page.goto(study.url + path)
        assert opened
        assert opened.ok, study.log.read_text(encoding="utf-8")
        if options.get("java_script_enabled", True):
            page.wait_for_selector("html[data-ready]", state="attached")
        return page

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


@pytest.fixture
def visit(chromium: Chromium) -> Iterator[Visit]:
    chromium.take_up()
    visits = Visit(chromium)
    try:
        yield visits
        for context in visits.contexts:
            context.close()
    finally:
        chromium.lay_down()
    assert visits.faults == []
