"""The server dies, the Wi-Fi drops, a phone runs wild: the room goes on, and counts right."""

from __future__ import annotations

import http.client
import json
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from support.study import HEADER

if TYPE_CHECKING:
    from support.workshop_server import Hall

pytestmark = pytest.mark.server

EXERCISE = "counter-first-move"


def question(hall: Hall, token: str) -> tuple[str, list[str]]:
    exercise = next(each for each in hall.mine(token)["exercises"] if each["id"] == EXERCISE)
    (item,) = exercise["items"]
    return item["ref"], [option["ref"] for option in item["options"]]


def bars(hall: Hall) -> dict[str, int]:
    view = until(lambda: (hall.board_state()["view"] or {}).get("pictures") and hall.board_state())
    return {bar["ref"]: bar["count"] for bar in view["view"]["pictures"][0]["bars"]}


def until(ask: Any, tries: int = 100) -> Any:
    pause = threading.Event()
    for _ in range(tries):
        if found := ask():
            return found
        pause.wait(0.1)
    raise AssertionError("it did not come")


def kill_in_the_middle(hall: Hall, count: int) -> None:
    """Everybody answers three times; the server is killed after a third of that."""
    hall.at("counter")
    hall.do("open")
    phones = [hall.enter(source=f"127.0.{4 + n // 250}.{n % 250 + 1}") for n in range(count)]
    ref, options = question(hall, phones[0])
    acknowledged: dict[str, str] = {}
    some = threading.Event()

    def entry(number: int, turn: int) -> tuple[str, str]:
        return f"entry-{number:05}-{turn}", options[(number + turn) % len(options)]

    def give(number: int) -> None:
        for turn in range(3):
            name, option = entry(number, turn)
            try:
                reply = hall.give(phones[number], EXERCISE, {ref: option}, name)
            except (OSError, http.client.HTTPException):
                return
            if reply.status == 200 and reply.json()["state"] == "saved":
                acknowledged[name] = option
                if len(acknowledged) > count:
                    some.set()

    with ThreadPoolExecutor(16) as people:
        doing = [people.submit(give, number) for number in range(count)]
        assert some.wait(120)
        hall.kill()
        for each in doing:
            each.result()
    assert count < len(acknowledged) < 3 * count
    hall.start()
    stored = {record["id"]: json.loads(record["answer"])["items"][ref] for record in hall.records()}
    assert {name: stored.get(name) for name in acknowledged} == acknowledged
    assert hall.board_state()["phase"] == "open"

    # What was not acknowledged is sent again, and so is what was: each counts once.
    last = []
    for number, token in enumerate(phones):
        for turn in range(3):
            name, option = entry(number, turn)
            reply = hall.give(token, EXERCISE, {ref: option}, name)
            assert reply.json()["state"] == "saved"
        last.append(reply.json()["reply"]["answer"]["items"][ref])
    assert len(hall.records()) == 3 * count
    hall.do("reveal")
    assert bars(hall) == {option: last.count(option) for option in options}
    assert sum(bars(hall).values()) == count


def test_a_room_killed_in_the_middle_of_answers_has_all_it_acknowledged_and_none_twice(
    hall: Hall,
) -> None:
    kill_in_the_middle(hall, 30)


@pytest.mark.soak
def test_a_thousand_phones_lose_nothing_when_their_room_is_killed(hall: Hall) -> None:
    kill_in_the_middle(hall, 1000)


def test_an_answer_that_arrives_after_the_close_is_told_so_unless_it_had_arrived_before(
    open_hall: Hall,
) -> None:
    hall = open_hall
    token = hall.enter()
    ref, options = question(hall, token)
    assert hall.give(token, EXERCISE, {ref: options[0]}, "before-0001").status == 200
    hall.do("close")
    again = hall.give(token, EXERCISE, {ref: options[0]}, "before-0001")
    assert again.json()["state"] == "saved"
    late = hall.give(token, EXERCISE, {ref: options[1]}, "late-000001")
    assert late.json()["state"] == "closed"
    assert late.json()["reply"]["answer"]["items"] == {ref: options[0]}
    assert not [each for each in hall.records() if each["id"] == "late-000001"]
    hall.do("open")
    assert hall.give(token, EXERCISE, {ref: options[1]}, "late-000001").status == 200


def test_an_answer_given_again_as_it_was_is_acknowledged_and_stored_once(open_hall: Hall) -> None:
    token = open_hall.enter()
    ref, options = question(open_hall, token)
    before = len(open_hall.records())
    for n, option in enumerate((options[0], options[0], options[1], options[1], options[0])):
        reply = open_hall.give(token, EXERCISE, {ref: option}, f"same-{n:06}")
        assert reply.json()["state"] == "saved"
        assert reply.json()["reply"]["answer"]["items"] == {ref: option}
    assert len(open_hall.records()) == before + 3
    late = {"id": "same-000001", "answer": {"items": {ref: options[0]}}, "over": 1}
    open_hall.give(token, EXERCISE, {ref: options[1]}, "other-00001")
    told = open_hall.post(f"/api/answers/{EXERCISE}", late, token=token).json()
    assert (told["state"], told["reply"]["answer"]["items"]) == ("saved", {ref: options[1]})
    assert len(open_hall.records()) == before + 4
    open_hall.do("close")
    kept = open_hall.give(token, EXERCISE, {ref: options[1]}, "unchanged-01")
    assert kept.json()["state"] == "saved"  # nothing of it is unsent
    open_hall.do("open")


def rename(hall: Hall, table: str, name: str) -> None:
    with closing(sqlite3.connect(hall.kept / "workshop.sqlite")) as database:
        database.execute(f"ALTER TABLE {table} RENAME TO {name}")


def test_what_cannot_be_stored_is_to_be_sent_again_and_then_counts(hall: Hall) -> None:
    hall.at("counter")
    hall.do("open")
    token = hall.enter()
    ref, options = question(hall, token)

    def everything() -> list[Any]:
        return [
            hall.give(token, EXERCISE, {ref: options[0]}, "entry-0001"),
            hall.post("/api/mine", {"pair": True, "consent": False}, token=token),
            hall.post("/api/join", {"code": hall.code}),
            hall.do("close"),
        ]

    def seen() -> tuple[str, int, int]:
        state = hall.board_state()
        return state["phase"], state["joined"], state["pairs"]

    for table in ("events", "records"):  # as good as a disk that refuses
        rename(hall, table, f"{table}_away")
    for reply in everything():
        assert (reply.status, reply.json()["state"]) == (503, "waiting")
    until(lambda: seen() == ("open", 1, 0))
    for table in ("events", "records"):
        rename(hall, f"{table}_away", table)
    for reply in everything():
        assert reply.status == 200
    until(lambda: seen() == ("closed", 2, 1))
    assert len(hall.records()) == 1
    log = hall.log.read_text("utf-8")
    assert "もう一度試して" in log  # what helps is named
    assert token not in log


def test_everything_the_facilitator_did_is_there_after_a_kill(hall: Hall) -> None:
    hall.at("first-word")
    hall.do("open")
    hall.do("step")
    hall.enter(pair=True)
    hall.do("skip", stop="chain", skipped=True)
    hall.do("minutes", stop="purpose", minutes=1)
    hall.do("tally", exercise=EXERCISE, item="nothing", counts={"a": 1})  # refused
    sheet = hall.board_state()["sheet"]
    value = sheet[0]["values"][0]["ref"]
    hall.do("tally", exercise="what-is-dx", item=sheet[0]["ref"], counts={value: 7})
    hall.do("show", screen="join")

    def seen() -> dict[str, Any]:
        state = hall.board_state()
        passing = ("view", "phones", "reached", "end", "late", "shorten", "agenda")
        return {name: value for name, value in state.items() if name not in passing}

    def drawn() -> dict[str, Any] | None:
        """What is seen once the picture, which is drawn beside all else, has the hands too."""
        state = seen()
        return state if (state["preview"] or {"answered": {}})["answered"].get("hands") else None

    before = until(drawn)
    assert before["tally"] == {sheet[0]["ref"]: {value: 7}}
    assert before["pairs"] == 1
    hall.kill()
    hall.start()
    until(drawn)
    assert seen() == before


def test_one_phone_that_asks_a_thousand_times_a_second_is_slowed_and_others_are_served(
    open_hall: Hall,
) -> None:
    wild, calm = open_hall.enter(source="127.0.5.1"), open_hall.enter(source="127.0.5.2")
    ref, options = question(open_hall, calm)
    told: list[int] = []
    before = (until(lambda: open_hall.board_state()["view"]))["answered"]["people"]

    def flood(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", open_hall.port, timeout=60)
        for n in range(12):
            body = {"id": f"wild-{number:02}-{n:04}", "answer": {"items": {ref: options[0]}}}
            headers = {HEADER: wild, "Content-Type": "application/json"}
            host = {"Host": urlsplit(open_hall.url).netloc}
            connection.request(
                "POST", f"/api/answers/{EXERCISE}", json.dumps(body), {**headers, **host}
            )
            reply = connection.getresponse()
            reply.read()
            told.append(reply.status)
        connection.close()

    with ThreadPoolExecutor(20) as many:
        doing = [many.submit(flood, number) for number in range(20)]
        for n in range(5):
            reply = open_hall.give(calm, EXERCISE, {ref: options[1]}, f"calm-{n:06}")
            assert reply.json()["state"] == "saved"
        for each in doing:
            each.result()
    assert told.count(429) > 180
    assert told.count(200) >= 20
    joined = open_hall.board_state()["joined"]
    answered = until(lambda: open_hall.board_state()["view"])["answered"]
    assert answered["people"] == before + 2 <= joined


HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\u202e逆さま\u2066",
    "𝕏👩‍👩‍👧‍👦" * 20,
    "\x00\x07\x1b[2J改行\n\n\n",
    "'; DROP TABLE records; --",
    "=cmd|'/c calc'!A0",
)


def test_what_people_type_is_kept_as_text_and_what_is_no_answer_is_refused(hall: Hall) -> None:
    hall.at("first-word")
    hall.do("open")
    token = hall.enter()
    (public,) = hall.mine(token)["exercises"]
    ref = public["items"][0]["ref"]
    for n, text in enumerate(HOSTILE):
        assert hall.give(token, "what-is-dx", {ref: text}, f"hostile-{n:04}").status == 200
    refused: tuple[dict[str, Any], ...] = (
        {ref: "長" * 100_000},
        {ref: 1},
        {ref: [ref]},
        {"x": "y"},
        {ref: "長" * 5_000},
    )
    for n, items in enumerate(refused):
        reply = hall.give(token, "what-is-dx", items, f"too-much-{n:03}")
        assert reply.status in {400, 413}
        assert reply.json()["state"] == "refused"
    for raw in (
        b"[]",
        b"{",
        b'{"id":1}',
        b'{"a":' * 5000,
        "\ud800".encode("utf-8", "surrogatepass"),
    ):
        assert hall.post("/api/answers/what-is-dx", raw, token=token).status == 400
    assert hall.post("/api/join", {"code": ["1"]}).status == 400
    assert hall.post("/api/join", {"code": hall.code, "pair": "yes"}).status == 400
    assert len(hall.records()) == len(HOSTILE)
    assert hall.ask("/healthz").status == 200
    assert "Traceback" not in hall.log.read_text("utf-8")
