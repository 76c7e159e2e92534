"""The room over HTTP: drafts at closing, nods, questions, one put out, one made on the spot."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from workshop.test_room_faults import EXERCISE, question, until

if TYPE_CHECKING:
    from support.workshop_server import Hall

pytestmark = pytest.mark.server

WORDS = "what-is-dx"


def voices(hall: Hall, exercise: str) -> dict[str, dict[str, Any]]:
    """What the board lists, by its text."""
    path = hall.board.split("/board/")[1]
    items = hall.ask(f"/board/{path}/voices/{exercise}").json()["items"]
    return {voice["text"]: voice for item in items for voice in item["voices"]}


def write(hall: Hall, token: str, text: str, entry: str) -> None:
    exercise = next(each for each in hall.mine(token)["exercises"] if each["id"] == WORDS)
    items = {exercise["items"][0]["ref"]: text}
    assert hall.give(token, WORDS, items, entry).status == 200


def test_what_a_phone_holds_as_its_question_closes_counts_and_what_comes_later_does_not(
    hall: Hall,
) -> None:
    hall.at("counter")
    hall.do("open")
    token, late = hall.enter(), hall.enter()
    ref, options = question(hall, token)

    def draft(owner: str, name: str, *, held: bool) -> int:
        body = {"id": name, "answer": {"items": {ref: options[0]}}, "draft": held}
        return hall.post(f"/api/answers/{EXERCISE}", body, token=owner).status

    assert hall.do("closing", seconds=3).status == 200
    state = hall.phone_state(token)
    assert 0 < state["closing"] - time.time() * 1000 < 3500
    assert state["phase"] == "open"
    until(lambda: hall.phone_state(token)["phase"] == "closed")
    assert draft(token, "held-00001", held=True) == 200
    assert draft(late, "plain-0001", held=False) == 409
    time.sleep(4.2)
    assert draft(late, "held-00002", held=True) == 409
    hall.do("reveal")
    assert hall.board_state()["answered"] == 1


def test_voices_wait_are_let_through_and_are_agreed_with_by_those_who_see_them(hall: Hall) -> None:
    hall.at("first-word")
    hall.do("open")
    phones = [hall.enter() for _ in range(3)]
    for n, text in enumerate(("窓口を広く", "うるせえ", "会議を短く")):
        write(hall, phones[n], text, f"opinion-{n:04}")
    known = voices(hall, WORDS)
    assert {each["status"] for each in known.values()} == {"waiting"}
    until(lambda: hall.board_state()["waiting"] == 3)
    hall.do("voice", exercise=WORDS, change="hide", voices=[known["うるせえ"]["id"]])
    hall.do("voice", exercise=WORDS, change="show", voices=[known["窓口を広く"]["id"]])
    write(hall, phones[1], "うるせえ。", "opinion-0009")
    assert voices(hall, WORDS)["うるせえ。"]["status"] == "rewritten"
    hall.do("close")
    hall.do("reveal")
    shown = until(lambda: hall.phone_state(phones[0])["voices"])
    assert [each["text"] for each in shown] == ["窓口を広く"]
    assert "うるせえ" not in json.dumps(hall.board_state()["view"], ensure_ascii=False)

    target = shown[0]["id"]
    for phone in phones[:2]:
        assert hall.post("/api/nods", {"target": target, "on": True}, token=phone).status == 200
    hidden = {"target": known["会議を短く"]["id"], "on": True}
    assert hall.post("/api/nods", hidden, token=phones[0]).status == 404
    until(lambda: hall.phone_state(phones[0])["voices"][0]["nods"] == 2)
    hall.post("/api/nods", {"target": target, "on": False}, token=phones[0])
    until(lambda: hall.phone_state(phones[0])["voices"][0]["nods"] == 1)
    assert hall.mine(phones[1])["nods"] == [target]
    hall.kill()
    hall.start()
    until(lambda: (hall.phone_state(phones[0])["voices"] or [{"nods": 0}])[0]["nods"] == 1)
    assert voices(hall, WORDS)["うるせえ。"]["status"] == "rewritten"


def test_nods_are_told_as_their_count_alone_and_who_comes_later_has_them_too(hall: Hall) -> None:
    phones = [hall.enter() for _ in range(12)]
    target = f"q{'0' * 32}"
    hall.post("/api/questions", {"id": "0" * 32, "text": "議会でも使えますか"}, token=phones[0])
    assert hall.do("question", id=target, status="shown").status == 200
    told = hall.listen(f"/events?who={phones[0]}")
    event, whole = next(told)
    assert (event, whole["questions"][0]["nods"]) == ("message", 0)
    for phone in phones:
        assert hall.post("/api/nods", {"target": target, "on": True}, token=phone).status == 200
    counts = [0]
    while counts[-1] < len(phones):
        event, changes = next(told)
        assert (event, set(changes)) == ("changes", {"questions"})
        counts.append(changes["questions"][0]["nods"])
    assert counts == sorted(set(counts))
    assert hall.phone_state(phones[1])["questions"] == changes["questions"]
    hall.do("show", screen="questions")
    hall.do("next")
    assert next(told)[0] == "message"


def test_a_question_from_the_floor_is_seen_by_the_facilitator_first_and_once(hall: Hall) -> None:
    token, other = hall.enter(), hall.enter()
    body = {"id": "0" * 32, "text": "議会でも使ってよい言葉ですか\u202e"}
    for _ in range(2):  # the word of it was lost, and it is sent again
        assert hall.post("/api/questions", body, token=token).json()["state"] == "saved"
    (asked,) = until(lambda: hall.board_state()["floor"])
    assert (asked["text"], asked["status"]) == ("議会でも使ってよい言葉ですか", "waiting")
    assert hall.phone_state(other)["questions"] == []
    assert hall.do("question", id=asked["id"], status="shown").status == 200
    assert [each["text"] for each in hall.phone_state(other)["questions"]] == [asked["text"]]
    assert hall.post("/api/nods", {"target": asked["id"], "on": True}, token=other).status == 200
    assert "who" not in json.dumps(hall.board_state()["floor"])
    assert hall.post("/api/questions", {"id": "x", "text": "?"}, token=token).status == 400


def test_one_is_put_out_with_all_that_they_gave_and_can_be_taken_back(hall: Hall) -> None:
    hall.at("first-word")
    hall.do("open")
    good, bad = hall.enter(), hall.enter()
    write(hall, good, "窓口を広く", "opinion-0001")
    write(hall, bad, "うるせえ", "opinion-0002")
    voice = voices(hall, WORDS)["うるせえ"]["id"]
    assert hall.do("expel", exercise=WORDS, voice=voice).status == 200
    assert hall.ask("/api/mine", headers={"X-Dxcourse-Learner": bad}).status == 401
    assert set(voices(hall, WORDS)) == {"窓口を広く"}
    assert (hall.board_state()["expelled"], hall.board_state()["joined"]) == (1, 1)
    assert hall.do("expel", exercise=WORDS, voice=voice).status == 409
    assert hall.do("readmit").status == 200
    assert hall.mine(bad)["seed"]
    assert set(voices(hall, WORDS)) == {"窓口を広く", "うるせえ"}


def test_a_question_made_on_the_board_is_answered_shown_and_there_after_a_kill(hall: Hall) -> None:
    hall.at("counter")
    assert hall.do("ask", text="どちらから始めますか", options=["窓口", "庁内"]).status == 200
    phones = [hall.enter() for _ in range(6)]
    state = hall.phone_state(phones[0])
    assert (state["exercise"]["title"], state["phase"]) == ("どちらから始めますか", "open")
    item = state["exercise"]["items"][0]
    assert [option["text"] for option in item["options"]] == ["窓口", "庁内"]
    for n, phone in enumerate(phones):
        items = {item["ref"]: item["options"][n % 2]["ref"]}
        assert hall.give(phone, "own-1", items, f"own-{n:06}").status == 200
    hall.kill()
    hall.start()
    hall.do("reveal")
    view = until(lambda: hall.board_state()["view"])
    assert [bar["count"] for bar in view["pictures"][0]["bars"]] == [3, 3]
    hall.do("end")
    assert hall.do("recall", exercise="own-1").status == 200
    assert hall.board_state()["screen"] == "room"
    out = hall.run("export", hall.name, str(hall.folder / "out"))
    assert out.exit_code == 0, out.stderr
    assert "どちらから始めますか" in (hall.folder / "out/report.html").read_text("utf-8")


def test_a_tables_card_brings_in_its_guests_and_the_report_lays_tables_side_by_side(
    hall: Hall,
) -> None:
    board = hall.board.removeprefix(hall.url)
    page = hall.ask(f"{board}/cards?tables=3").text
    assert page.count('class="card"') == 3
    assert hall.code in page
    assert f"{board}/card/3.svg" in page
    assert "</svg>" in hall.ask(f"{board}/card/3.svg").text
    assert hall.ask(f"{board}/cards?tables=x").text.count('class="card"') == 8
    assert hall.ask("/board/x/cards").status == 404
    for wrong in (-1, 100, "3", True):
        assert hall.post("/api/join", {"code": hall.code, "table": wrong}).status == 400
    hall.at("counter")
    hall.do("open")
    phones = [hall.enter(table=n % 2 + 1) for n in range(12)]
    assert hall.mine(phones[1])["table"] == 2
    hall.post("/api/mine", {"pair": False, "consent": True}, token=phones[1])
    assert hall.mine(phones[1])["table"] == 2
    ref, options = question(hall, phones[0])
    for n, phone in enumerate(phones):
        assert hall.give(phone, EXERCISE, {ref: options[n % 2]}, f"card-{n:06}").status == 200
    hall.do("reveal")
    report = hall.ask(f"{board}/files/report.html").text
    assert "テーブル1" in report
    assert report.count("6（100%）") == 2
    assert "テーブル" not in json.dumps(hall.board_state(), ensure_ascii=False)
