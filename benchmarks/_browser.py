"""A visit of a page in a real browser with nothing in its cache."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
QUIET = 1.0  # seconds without a message, after which a page is taken to be whole
USABLE = ", ".join(f".dxc {tag}:enabled" for tag in ("input", "textarea", "select", "button"))
# Notes when the first control of an exercise can be used, in ms from the start of the navigation.
WATCH = f"""(() => {{
  const look = () => {{
    if (document.querySelector("{USABLE}")) globalThis.firstControl = performance.now();
    else requestAnimationFrame(look);
  }};
  look();
}})()"""


@dataclass
class Visited:
    """What a page cost: requests and bytes as they came over the wire, and the wait."""

    requests: int = 0
    bytes: int = 0
    seconds: float = 0.0
    others: set[str] = field(default_factory=set)
    """Hosts, other than the page's own, that were asked for something."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, or the one that `DXCOURSE_CHROMIUM` names."""
    program = os.environ.get("DXCOURSE_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


@dataclass(frozen=True)
class Line:
    """What stands between a page and its reader."""

    milliseconds: int
    bits: int
    """A second, either way."""
    slower: float
    """How many times the processor is."""


SLOW = Line(milliseconds=400, bits=400_000, slower=4)


def visit(browser: Browser, url: str, line: Line | None = None) -> Visited:
    """Open a page as someone who was never there, and wait until it has come to rest.

    What goes over a web socket is not counted, in favour of pages that use one.
    """
    found, host = Visited(), urlsplit(url).netloc
    last = time.monotonic()

    def asked(event: dict[str, Any]) -> None:
        nonlocal last
        address = urlsplit(event["request"]["url"])
        if address.scheme in {"http", "https"}:
            last = time.monotonic()
            found.requests += 1
            if address.netloc != host:
                found.others.add(address.netloc)

    def came(event: dict[str, Any]) -> None:
        nonlocal last
        last = time.monotonic()
        found.bytes += int(event["encodedDataLength"])

    context = browser.new_context(locale="ja-JP")
    context.add_init_script(WATCH)
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.on("Network.requestWillBeSent", asked)
    wire.on("Network.loadingFinished", came)
    wire.send("Network.enable")
    if line:
        rates = dict.fromkeys(("downloadThroughput", "uploadThroughput"), line.bits / 8)
        wire.send(
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": line.milliseconds, **rates},
        )
        wire.send("Emulation.setCPUThrottlingRate", {"rate": line.slower})
    page.goto(url, timeout=120_000)
    page.locator(USABLE).first.wait_for(timeout=120_000)
    while time.monotonic() - last < QUIET:
        page.wait_for_timeout(100)
    noted = wire.send("Runtime.evaluate", {"expression": "firstControl"})
    found.seconds = float(noted["result"]["value"]) / 1000
    context.close()
    return found
