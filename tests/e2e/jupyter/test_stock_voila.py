"""A stand-alone notebook in stock Voila: answers, feedback, and nothing told beforehand."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from dxcourse import course as courses
from dxcourse.exercises import Note, within
from support.jupyter import (
    PATIENCE,
    exercise_box,
    judge,
    reason_at_its_limit,
    running,
    slow_kernel,
    small_course,
)
from support.processes import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import ConsoleMessage, Locator, WebSocket

    from dxcourse.exercises import AnyExercise
    from support.chromium import Visit

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("jupyter")]

APP = "plan-class"
OURS = re.compile(r"blob:|anywidget|dxc|Widget", re.IGNORECASE)


@pytest.fixture(scope="module")
def place(course_copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("voila")
    small_course(course_copy, folder)
    return folder


@pytest.fixture(scope="module")
def voila(place: Path) -> Iterator[str]:
    """Voila as its own documentation starts it, in the folder of our settings for it."""
    command = ("voila", f"apps/{APP}.ipynb", "--no-browser", "--port", str(free_port()))
    notebooks = place / "course/notebooks"
    with running(command, notebooks, place / "home", r"http://localhost:\d+/") as url:
        yield url


def hidden(exercise: AnyExercise) -> list[str]:
    """What a learner is told only after an answer."""
    public = json.dumps(exercise.public(), ensure_ascii=False)
    return sorted({note.text for note in within(exercise, Note) if note.text not in public})


def test_a_visitor_answers_and_gets_feedback_and_nothing_is_told_before(
    voila: str, place: Path, visit: Visit
) -> None:
    exercise = courses.at(place / "course").exercise(APP)
    told = hidden(exercise)
    assert len(told) > 8
    context = visit.chromium.browser.new_context(locale="ja-JP", color_scheme="dark")
    context.set_default_timeout(PATIENCE)
    visit.contexts.append(context)
    page = context.new_page()
    heard: list[str] = []
    faults: list[str] = []

    def listen(wire: WebSocket) -> None:
        wire.on("framereceived", lambda frame: heard.append(_text(frame)))

    def console(message: ConsoleMessage) -> None:
        if message.type == "error" and OURS.search(message.text + message.location["url"]):
            faults.append(message.text)

    page.on("websocket", listen)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", console)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(voila)
    box = exercise_box(page, exercise.title)
    box.wait_for()
    before = page.content() + "".join(heard)
    assert [text for text in told if text in before] == []
    outside = re.findall(r"""(?:src|href|from|import)[ =(]*["'](?:https?:)?//[^"']+""", before)
    assert outside == []
    assert [url for url in asked if re.match(r"(?:https?|wss?)://(?!localhost:)", url)] == []
    assert page.locator("html").get_attribute("lang") == "ja"
    assert '"nbgrader"' not in before, "notebooks/voila.json was not read"
    assert box.evaluate("box => getComputedStyle(box).backgroundColor") == "rgb(255, 253, 248)"

    item = judge(box, 0, evidence=0, verdict=0)
    expect(item.locator(".dxc-feedback .dxc-remark").first).to_be_visible()
    expect(box.locator(".dxc-status")).to_have_text("保存しました", timeout=PATIENCE)
    assert any(text in "".join(heard) for text in told), "this test no longer hears the wire"
    assert faults == []

    (file,) = (place / "home").rglob("answers.jsonl")
    (record,) = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert record["where"] == "voila"
    assert re.fullmatch(r"visitor-[0-9a-f]{16}", record["learner"])
    _change_while_slow(box, place)
    assert len(file.read_text(encoding="utf-8").splitlines()) == 2
    ref, reason = reason_at_its_limit(box, exercise)
    last = json.loads(file.read_text(encoding="utf-8").splitlines()[-1])
    assert last["answer"]["items"][ref]["reason"] == reason


def _change_while_slow(box: Locator, place: Path) -> None:
    """What is changed while a reply is on its way stays, and is said to be unsent."""
    item = box.locator(".dxc-item").nth(1)
    item.locator("input[type=checkbox]").first.check()
    item.locator('input[name$="-sure"]').first.check()
    sent, changed = (item.locator('input[name$="-bin"]').nth(n) for n in (1, 2))
    sent.check()
    with slow_kernel(place / "home"):
        box.locator(".dxc-go").click()
        expect(box.locator(".dxc-status")).to_have_attribute("data-state", "sending")
        changed.check()
    expect(box.locator(".dxc-status")).to_have_attribute("data-state", "saved_more")
    expect(changed).to_be_checked()


def _text(frame: str | bytes) -> str:
    """A message as text, however it was written."""
    text = frame.decode("utf-8", "replace") if isinstance(frame, bytes) else frame
    return re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), text)
