"""The queue of what people wrote: a press is for the text that was seen, whatever comes since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from support.chromium import AWAY
from workshop.test_room_faults import until
from workshop.test_room_stage import WORDS, voices, write

if TYPE_CHECKING:
    from playwright.sync_api import FloatRect, Locator, Page

    from support.chromium import Visit
    from support.study import Study
    from support.workshop_server import Hall

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("room")]

TEXTS = ("窓口を広く", "うるせえ", "会議を短く", "紙をやめる")
PATIENCE = 20_000


@pytest.fixture
def board(visit: Visit, hall: Hall) -> Page:
    """A board whose queue holds four texts."""
    hall.at("first-word")
    hall.do("open")
    for n, text in enumerate(TEXTS):
        write(hall, hall.enter(), text, f"opinion-{n:04}")
    page = visit(cast("Study", hall), urlsplit(hall.board).path, allowed=AWAY + "|409")
    expect(page.locator("#voices .v")).to_have_count(len(TEXTS), timeout=PATIENCE)
    return page


def rows(board: Page) -> list[str]:
    return board.locator("#voices .v bdi").all_inner_texts()


def shown(hall: Hall) -> set[str]:
    return {text for text, each in voices(hall, WORDS).items() if each["status"] == "shown"}


def to_wall(board: Page, text: str) -> Locator:
    return board.locator("#voices .v", has_text=text).locator('[data-act="to_wall"]')


def place(locator: Locator) -> FloatRect:
    box = locator.bounding_box()
    assert box
    return box


def press(board: Page, at: FloatRect) -> None:
    board.mouse.click(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)


def test_a_key_that_is_pressed_twice_or_held_lets_one_text_through(board: Page, hall: Hall) -> None:
    first, second, *_ = rows(board)
    to_wall(board, first).focus()
    for _ in range(3):  # held: from the second on it repeats
        board.keyboard.down("Enter")
    expect(board.locator("#voices .v")).to_have_count(3, timeout=PATIENCE)
    board.keyboard.down("Enter")
    board.keyboard.up("Enter")
    # The hand is at the next text, and on none of its buttons.
    expect(board.locator("#voices .v", has_text=second)).to_be_focused()
    for key in ("Enter", " ", "Enter"):
        board.keyboard.press(key)
    board.keyboard.press("Tab")
    expect(to_wall(board, second)).to_be_focused()
    assert shown(hall) == {first}
    board.keyboard.press("Enter")
    until(lambda: shown(hall) == {first, second})


def test_a_second_press_at_the_same_place_lets_no_other_text_through(
    board: Page, hall: Hall
) -> None:
    first, second, *_ = rows(board)
    at, below = place(to_wall(board, first)), place(to_wall(board, second))
    press(board, at)
    until(lambda: shown(hall) == {first})
    expect(board.locator("#tab-shown span")).to_have_text("1", timeout=PATIENCE)
    press(board, at)
    board.keyboard.press("Enter")  # nor does a key, wherever the focus has gone
    assert place(to_wall(board, second)) == below
    board.mouse.move(5, 5)
    expect(board.locator("#voices .v")).to_have_count(3, timeout=PATIENCE)
    assert shown(hall) == {first}


def test_nothing_moves_under_a_pointer_that_is_at_the_list(board: Page, hall: Hall) -> None:
    first, second, third, _ = rows(board)
    at = place(to_wall(board, third))
    board.mouse.move(at["x"] + 9, at["y"] + 9)
    for n in range(4):
        write(hall, hall.enter(), f"あとから来た声 {n}", f"later-{n:04}")
    known = voices(hall, WORDS)
    for text, change in ((first, "hide"), (second, "show")):  # another board
        hall.do("voice", exercise=WORDS, change=change, voices=[known[text]["id"]])
    expect(board.locator("#voices .v[inert]")).to_have_count(2, timeout=PATIENCE)
    expect(board.locator("#fresh")).to_be_visible(timeout=PATIENCE)
    assert place(to_wall(board, third)) == at
    press(board, at)
    until(lambda: shown(hall) == {second, third})
    board.locator("#fresh").click()
    expect(board.locator("#voices .v:not([inert])")).to_have_count(5, timeout=PATIENCE)


def test_what_was_hidden_or_rewritten_since_it_was_seen_is_not_let_through(hall: Hall) -> None:
    hall.at("first-word")
    hall.do("open")
    writer = hall.enter()
    write(hall, writer, "うるせえ", "opinion-0001")
    write(hall, hall.enter(), "窓口を広く", "opinion-0002")
    known = {text: each["id"] for text, each in voices(hall, WORDS).items()}

    def let(*texts: str, seen: str) -> tuple[int, Any]:
        ids = [known[text] for text in texts]
        reply = hall.do("voice", exercise=WORDS, change="show", voices=ids, seen=seen)
        return reply.status, reply.json().get("code")

    hall.do("voice", exercise=WORDS, change="hide", voices=[known["うるせえ"]])
    assert let("うるせえ", "窓口を広く", seen="waiting") == (409, "changed")
    assert let("うるせえ", seen="rewritten") == (409, "changed")
    assert shown(hall) == set()
    write(hall, writer, "うるせえ。", "opinion-0003")
    known["うるせえ。"] = voices(hall, WORDS)["うるせえ。"]["id"]
    assert let("うるせえ", seen="hidden") == (409, "gone")
    assert let("うるせえ。", seen="waiting") == (409, "changed")
    assert let("うるせえ", "窓口を広く", seen="waiting") == (200, None)
    assert shown(hall) == {"窓口を広く"}
    assert let("うるせえ。", seen="rewritten") == (200, None)
    assert shown(hall) == {"窓口を広く", "うるせえ。"}


def test_a_question_that_was_hidden_since_it_was_seen_is_not_shown(hall: Hall) -> None:
    hall.post("/api/questions", {"id": "0" * 32, "text": "議会でも使えますか"}, token=hall.enter())
    (asked,) = until(lambda: hall.board_state()["floor"])

    def let(seen: str) -> int:
        return hall.do("question", id=asked["id"], status="shown", seen=seen).status

    hall.do("question", id=asked["id"], status="hidden")
    assert let("waiting") == 409
    assert let("hidden") == 200


def test_a_text_that_is_changed_while_the_finger_is_on_its_way_to_hide_it_waits(hall: Hall) -> None:
    hall.at("first-word")
    hall.do("open")
    hall.do("approval", on=False)
    writer = hall.enter()
    write(hall, writer, "うるせえ", "opinion-0001")
    seen = voices(hall, WORDS)["うるせえ"]["id"]
    write(hall, writer, "うるせえ。", "opinion-0002")
    hall.do("voice", exercise=WORDS, change="hide", voices=[seen])
    assert voices(hall, WORDS)["うるせえ。"]["status"] == "rewritten"
    hall.kill()
    hall.start()
    assert voices(hall, WORDS)["うるせえ。"]["status"] == "rewritten"
