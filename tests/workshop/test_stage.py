"""Ninety minutes in fast motion: every stop looked at, on the wall, the board and a phone."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import pytest

from dxcourse.course import Course
from support.chromium import AWAY
from support.room_answers import SAYINGS, answer
from support.workshop_server import Hall
from workshop.test_room_faults import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from support.chromium import Visit
    from support.study import Study

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("browser")]

QUIET = AWAY + "|ERR_INTERNET_DISCONNECTED|INCOMPLETE_CHUNKED|40[139]|429"
SILLY = (
    "うるせえバカ死ね",
    "<script>alert(1)</script>",
    "😀😀😀",
    "やめる",
    "デラックス",
    "住民の一日が少し楽になること。職員の一日も" * 5,
    "部長が「紙で持ってこい」と言わなくなること",
)
# What is small, cut, or empty on a wall: texts under 1/40 of its height, voices under 1/20 (on a
# high one, of 4 to 3, under 1/27: there they are as large as six of them can be).
FAULTS = """voice => {
    const wall = document.querySelector('#wall'), high = innerHeight, found = [];
    const walker = document.createTreeWalker(wall, NodeFilter.SHOW_TEXT);
    let texts = 0;
    while (walker.nextNode()) {
        const node = walker.currentNode, box = node.parentElement;
        if (!node.data.trim() || box.closest('.wall-unseen, svg')) continue;
        const size = parseFloat(getComputedStyle(box).fontSize);
        const said = box.closest('.wall-cards q') && !box.closest('small');
        const least = high / (said ? voice : 40);
        texts += 1;
        if (size < least - 0.5)
            found.push(`${size.toFixed(1)} < ${least.toFixed(1)}: ${node.data}`);
        const range = document.createRange();
        range.selectNodeContents(node);
        const at = range.getBoundingClientRect();
        if (at.bottom > high + 1 || at.right > innerWidth + 1) found.push(`cut: ${node.data}`);
    }
    for (const box of wall.querySelectorAll('.wall-cards li, [data-fit]'))
        if (box.scrollHeight > box.clientHeight + 2)
            found.push(`full: ${box.textContent.slice(0, 40)}`);
    return texts ? found : ['blank'];
}"""


@pytest.fixture
def hall(course_copy: Path, tmp_path: Path) -> Iterator[Hall]:
    started = Hall(course_copy, tmp_path / "hall", options=("--agenda", "90")).start()
    yield started
    started.stop()


def items_of(public: dict[str, Any], number: int, chance: random.Random) -> dict[str, Any]:
    said = (*SILLY, *SAYINGS)[number % (len(SILLY) + len(SAYINGS))]
    typed = public["shape"] == "text"
    found = {
        face["ref"]: said if typed else answer(public["kind"], public, face, chance)
        for face in public["items"]
    }
    return {ref: value for ref, value in found.items() if value is not None}


def revealed(hall: Hall) -> dict[str, Any] | None:
    """What the wall draws, once it is drawn: that takes longer where much else is done."""
    view: dict[str, Any] | None = hall.board_state()["view"]
    return view if view and view["revealed"] else None


def keep_picture(page: Page, name: str) -> None:
    """With `DXCOURSE_PICTURES`, a folder, every screen is there to look at afterwards."""
    if folder := os.environ.get("DXCOURSE_PICTURES"):
        page.screenshot(path=Path(folder, f"{name}.png"))


def test_every_stop_of_ninety_minutes_can_be_read_from_the_last_row(
    visit: Visit, hall: Hall, course_copy: Path
) -> None:
    keys = json.loads((hall.kept / "keys.json").read_text("utf-8"))

    def page(path: str, **size: Any) -> Page:
        return visit(cast("Study", hall), path, allowed=QUIET, **size)

    wall = page(f"/wall/{keys['wall']}", viewport={"width": 1920, "height": 1080})
    board = page(urlsplit(hall.board).path, viewport={"width": 1366, "height": 768})
    faults: dict[str, list[str]] = {}
    phones = [hall.enter(source=f"127.0.5.{n + 1}", consent=n % 2 == 0) for n in range(30)]
    chance = random.Random(3)  # noqa: S311  -- a room, not a secret

    def look(name: str) -> None:
        wall.wait_for_timeout(700)
        for width, height in ((1920, 1080), (1024, 768)):
            wall.set_viewport_size({"width": width, "height": height})
            wall.wait_for_timeout(150)
            found = wall.evaluate(FAULTS, 20 if width > height * 1.5 else 27)
            if found:
                faults[f"{name} {width}"] = found
            keep_picture(wall, f"{name}-wall-{width}")
        keep_picture(board, f"{name}-board")

    look("00-join")
    for place, row in enumerate(hall.board_state()["agenda"], start=1):
        hall.at(row["id"])
        look(f"{place:02}-{row['id']}")
        for ask in hall.board_state()["asks"]:
            hall.do("open", exercise=ask["id"])
            exercises = hall.mine(phones[0])["exercises"]
            public = next(each for each in exercises if each["id"] == ask["id"])
            for number, phone in enumerate(phones[:27]):
                entry = f"{ask['id'][:20]}-{number:04}"
                reply = hall.give(phone, ask["id"], items_of(public, number, chance), entry)
                assert reply.status == 200, reply.text
            look(f"{place:02}-{ask['id']}-open")
            hall.do("close")
            listed = hall.ask(f"{urlsplit(hall.board).path}/voices/{ask['id']}").json()["items"]
            good = [v["id"] for item in listed for v in item["voices"] if "バカ" not in v["text"]]
            if good:
                hall.do("voice", exercise=ask["id"], change="show", voices=good)
            hall.do("reveal")
            view = until(lambda: revealed(hall))
            for sheet in range(1 + max((p["page"] for p in view["pictures"]), default=0)):
                hall.do("page", page=sheet)
                look(f"{place:02}-{ask['id']}-result{sheet}")
            assert "バカ" not in json.dumps(view, ensure_ascii=False)
    hall.do("rest", minutes=8)
    look("98-rest")
    hall.do("end")
    look("99-farewell")
    assert Course.load(course_copy)
    assert faults == {}
