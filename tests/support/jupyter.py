"""JupyterLab and stock Voila as people start them: processes with a home of their own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from playwright.sync_api import expect

from dxcourse.exercises.kinds.classify import MAX_REASON
from support.controls import open_all
from support.processes import end, said, standing_still

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page

    from support.chromium import Visit

PATIENCE = 60_000  # ms: two cores, and others at work on them
LEARNER = "kacho"
MODULE = "04"


def small_course(course: Path, folder: Path) -> Path:
    """The course with one module and its stand-alone pages, to be written to."""
    copy = folder / "course"
    shutil.copytree(course, copy)
    outline = copy / "notebooks/course.yaml"
    head, *modules = re.split(r"(?m)^(?=  - id: )", outline.read_text(encoding="utf-8"))
    kept = next(module for module in modules if f'id: "{MODULE}"' in module)
    outline.write_text(head + kept, encoding="utf-8")
    name = re.search(r"notebook: (\S+)", kept)
    assert name
    for notebook in copy.glob("notebooks/*.ipynb"):
        if notebook.name != name[1]:
            notebook.unlink()
    return copy


def environment(home: Path, learner: str = LEARNER) -> dict[str, str]:
    """A learner who never used this machine: nothing of it is read or written."""
    home.mkdir(parents=True, exist_ok=True)
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DXCOURSE_", "XDG_", "JUPYTER", "VOILA_"))
    }
    return {
        **kept,
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "JUPYTERHUB_USER": learner,
        "PYTHONUNBUFFERED": "1",
    }


@contextmanager
def running(
    command: tuple[str, ...], folder: Path, home: Path, address: str, learner: str = LEARNER
) -> Iterator[str]:
    """Run ``python -m command`` until the block ends; gives the first match of `address`."""
    env = environment(home, learner)
    log = home / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=folder, env=env, stdout=output, stderr=output
        )
    try:
        yield said(process, log, address)
    finally:
        with suppress(subprocess.TimeoutExpired):  # JupyterLab may hang on its kernels
            end(process)


def open_lab(visit: Visit, url: str, notebook: str) -> Page:
    """Open a notebook in JupyterLab and run all its cells from the menu.

    No console error, no request to another host: `visit` holds it to that.
    """
    context = visit.chromium.browser.new_context(
        locale="ja-JP", timezone_id="Asia/Tokyo", viewport={"width": 1280, "height": 900}
    )
    context.set_default_timeout(PATIENCE)
    visit.contexts.append(context)
    visit._watch(context, urlsplit(url).netloc, re.compile(r"(?!)"))
    page = context.new_page()
    # `reset`: without the tabs of the last time, which would come back later than the notebook.
    page.goto(re.sub(r"/lab(/tree/[^?]+)?\?", f"/lab/tree/{notebook}?reset&", url))
    tab = page.locator(".lm-TabBar-tab.jp-mod-current", has_text=Path(notebook).name)
    expect(tab).to_be_visible(timeout=PATIENCE)
    # The notebook's own indicator says "idle" before there is a kernel; what is run then is lost.
    connected = re.compile(r"\(ipykernel\)\s*\| アイドル")
    expect(page.locator("#jp-main-statusbar")).to_have_text(connected, timeout=PATIENCE)
    run_all(page)
    return page


def run_all(page: Page) -> None:
    """Run all cells and wait for the end."""
    page.locator(".lm-MenuBar-itemLabel", has_text="実行").click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^すべてのセルを実行$")).click()
    for left in ("[ ]", "[*]"):
        prompts = page.locator(".jp-CodeCell .jp-InputPrompt", has_text=left)
        expect(prompts).to_have_count(0, timeout=PATIENCE)
    expect(page.locator(".jp-OutputArea-output[data-mime-type*=stderr]")).to_have_count(0)


def exercise_box(page: Page, title: str) -> Locator:
    """An exercise on screen, by its title."""
    return page.locator("section.dxc", has=page.get_by_role("heading", name=title, exact=True))


@contextmanager
def slow_kernel(home: Path) -> Iterator[None]:
    """Hold up the kernels of this home: what is given meanwhile is replied to afterwards."""
    kernels = [
        int(folder.name)
        for folder in Path("/proc").glob("[0-9]*")
        if b"ipykernel_launcher" in _read(folder / "cmdline")
        and f"HOME={home}".encode() in _read(folder / "environ").split(b"\0")
    ]
    assert kernels, f"no kernel runs with the home {home}"
    with standing_still(kernels):
        yield


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # it has ended meanwhile
        return b""


def judge(box: Locator, place: int, *, evidence: int, verdict: int) -> Locator:
    """Answer an item of a `classify` exercise: evidence, verdict, its button; gives the item."""
    open_all(box)
    item = box.locator(".dxc-item").nth(place)
    item.locator("input[type=checkbox]").nth(evidence).check()
    item.locator('input[name$="-bin"]').nth(verdict).check()
    item.locator('input[name$="-sure"]').first.check()
    box.locator(".dxc-go").click()
    expect(box.locator(".dxc-status")).to_have_attribute("data-state", "saved", timeout=PATIENCE)
    return item


# One character each to whoever reads them: seven code points, and two.
FAMILY, OLD_FORM = "👨\u200d👩\u200d👧\u200d👦", "葛\U000e0100"


def reason_at_its_limit(box: Locator, exercise: Any) -> tuple[str, str]:
    """Write a character more than a reason may have, hear of it, and give what just fits.

    Gives the item, one of which nobody can say what is right, and what was written for it.
    """
    item = next(item for item in exercise.items if not exercise.judges(item))
    open_all(box)
    refs = box.locator(".dxc-item").evaluate_all("items => items.map(item => item.dataset.ref)")
    there = judge(box, refs.index(item.ref), evidence=1, verdict=2)
    field, count = there.locator("textarea"), there.locator(".dxc-characters")
    status, go = box.locator(".dxc-status"), box.locator(".dxc-go")
    text = "長" * (MAX_REASON - 2) + FAMILY + OLD_FORM
    field.fill(text + "超")
    expect(count).to_have_text(f"{MAX_REASON + 1} / {MAX_REASON} 字")
    expect(count).to_have_attribute("data-over", "")
    go.click()
    expect(status).to_have_attribute("data-state", "too_long")
    expect(status).to_contain_text("あと1字")
    expect(field).to_have_value(text + "超")
    field.press("Control+End")
    field.press("Backspace")
    expect(count).to_have_text(f"{MAX_REASON} / {MAX_REASON} 字")
    go.click()
    expect(status).to_have_text("保存しました", timeout=PATIENCE)
    expect(field).to_have_value(text)
    return item.ref, text
