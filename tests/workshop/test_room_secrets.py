"""What reaches a phone, and who gets in: before the reveal nothing that tells, and no stranger."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from itsdangerous import URLSafeSerializer

from support.study import HEADER
from workshop.test_room_faults import until

if TYPE_CHECKING:
    from dxcourse.course import Course
    from dxcourse.exercises import AnyExercise
    from support.workshop_server import Hall

pytestmark = pytest.mark.server


def told_before(hall: Hall, token: str, exercise: str) -> str:
    """Everything that a phone can receive, read whole."""
    static = re.findall(r"/static/[0-9a-f]+/[a-z.]+", hall.ask("/").text)
    scripts = ["exercise.js", "phone.js", "common.js"]
    static += [f"{static[0].rpartition('/')[0]}/{name}" for name in scripts]
    heard = [hall.ask(path) for path in dict.fromkeys(static)]
    assert all(each.status == 200 for each in heard)
    known = {HEADER: token}
    heard += [hall.ask(path, headers=known) for path in ("/", "/api/mine", "/test", "/help")]
    heard += [hall.ask(f"/api/mine/{exercise}", headers=known)]
    state = json.dumps(hall.phone_state(token), ensure_ascii=False)
    return state + "".join(each.text for each in heard)


def feedback_of(exercise: AnyExercise) -> set[str]:
    """Sentences that are for after the reveal, and nobody sees before."""
    results = [
        exercise.judge(item, exercise.check(item, value))
        for item in exercise.items
        for value in values(exercise, item)
    ]
    return {remark.text for result in results for remark in result.remarks}


def values(exercise: AnyExercise, item: Any) -> list[Any]:
    if exercise.kind == "classify":
        seen = [e.ref for e in exercise.evidence[:1]]  # type: ignore[attr-defined]
        rest = {"evidence": seen, "sure": 0, "reason": ""}
        return [{"bin": each.ref, **rest} for each in exercise.bins]  # type: ignore[attr-defined]
    return [option.ref for option in item.options]


def test_before_the_reveal_no_phone_gets_a_key_a_feedback_or_anothers_answer(
    hall: Hall, course: Course
) -> None:
    hall.at("court")
    hall.do("open")
    mine, other = hall.enter(), hall.enter()
    (public,) = hall.mine(mine)["exercises"]
    (item,) = public["items"]  # of eight one is played, and no other is told of
    names = {each.ref: each.id for each in course.exercises["plan-class"].items}
    assert names[item["ref"]] == "3-1"
    others = "ほかの人だけが書いた根拠の文"
    pick = {"bin": public["bins"][0]["ref"], "evidence": [public["evidence"][0]["ref"]], "sure": 1}
    hall.give(other, "plan-class", {item["ref"]: {**pick, "reason": others}}, "other-0001")
    saved = hall.give(mine, "plan-class", {item["ref"]: {**pick, "reason": ""}}, "mine-00001")
    assert saved.json()["state"] == "saved"
    exercise = course.exercises["plan-class"]
    (played,) = [each for each in exercise.items if each.ref == item["ref"]]
    sentences = feedback_of(exercise.model_copy(update={"items": (played,)}))
    assert len(sentences) > 2

    for phase in ("open", "closed"):
        heard = told_before(hall, mine, "plan-class") + saved.text
        assert others not in heard
        assert not [sentence for sentence in sentences if sentence in heard], phase
        for told in re.findall(r'"key": ?([^,}]+)', heard):
            assert told == "null"
        assert '"points": 1' not in heard
        # How many answered is for the wall; a phone is not told.
        assert "answered" not in hall.phone_state(mine)
        if phase == "open":
            hall.do("close")

    hall.do("reveal")
    reply = hall.mine(mine)["replies"]["plan-class"]
    assert not reply["held"]
    assert reply["items"][item["ref"]]["key"]
    assert [s for s in sentences if s in json.dumps(reply, ensure_ascii=False)]
    assert others not in told_before(hall, mine, "plan-class")


def test_asked_again_after_the_reveal_nobody_is_told_until_the_next_and_answers_change(
    hall: Hall, course: Course
) -> None:
    hall.at("counter")
    hall.do("open")
    name = "counter-first-move"
    mine, late = hall.enter(), hall.enter()
    (public,) = hall.mine(mine)["exercises"]
    (item,) = public["items"]
    first, second = [option["ref"] for option in item["options"]][:2]
    assert hall.give(mine, name, {item["ref"]: first}, "first-0001").status == 200
    assert hall.do("again").json()["code"] == "not_revealed"
    hall.do("reveal")
    until(lambda: (hall.board_state()["view"] or {}).get("pictures"))
    assert not hall.mine(mine)["replies"][name]["held"]
    assert not hall.board_state()["again"]

    assert hall.do("again").status == 200
    hall.kill()  # what was taken back stays so
    hall.start()
    sentences = feedback_of(course.exercises[name])
    heard = told_before(hall, mine, name)
    assert not [sentence for sentence in sentences if sentence in heard]
    assert hall.mine(mine)["replies"][name]["held"]
    assert hall.phone_state(mine)["again"]
    view = until(lambda: hall.board_state()["view"])
    assert not view["revealed"]
    assert not view["pictures"]
    assert hall.board_state()["again"]
    assert hall.give(mine, name, {item["ref"]: second}, "second-001").json()["state"] == "saved"
    assert hall.give(late, name, {item["ref"]: second}, "late-00001").json()["state"] == "saved"

    board = urlsplit(hall.board).path
    assert "そのあとは会場で見せていません" in hall.ask(f"{board}/files/report.html").text
    hall.do("reveal")
    pictures = until(lambda: (hall.board_state()["view"] or {}).get("pictures"))
    assert {bar["ref"]: bar["count"] for bar in pictures[0]["bars"]}[second] == 2
    assert not hall.mine(mine)["replies"][name]["held"]
    assert "もう一度答えを受け付けた問いです" in hall.ask(f"{board}/files/report.html").text


def test_what_is_not_asked_yet_is_not_to_be_had(open_hall: Hall) -> None:
    token = open_hall.enter()
    assert [each["id"] for each in open_hall.mine(token)["exercises"]] == ["counter-first-move"]
    assert "plan-class" not in told_before(open_hall, token, "counter-first-move")
    reply = open_hall.give(token, "bpr-before", {}, "early-0001")
    assert reply.json()["state"] == "closed"


@pytest.mark.parametrize(
    "path",
    [
        "/board/x",
        "/wall/x",
        "/board/x/events",
        "/wall/x/events",
        "/wall/x/qr.svg",
        "/board/x/voices/what-is-dx",
        "/api/answers",
        "/metrics",
        "/static/0/phone.js",
        "/../workshop.sqlite",
        "/keys.json",
    ],
)
def test_an_address_without_its_secret_is_no_address(open_hall: Hall, path: str) -> None:
    assert open_hall.ask(path).status == 404


def test_neither_code_nor_wall_opens_the_board_and_a_page_shows_no_board(open_hall: Hall) -> None:
    board = urlsplit(open_hall.board).path
    page = open_hall.ask(board)
    (wall,) = re.findall(r'href="(/wall/[^"]+)"', page.text)
    secret = board.removeprefix("/board/")
    assert secret not in open_hall.ask(wall).text
    assert secret not in open_hall.ask("/").text
    digits = open_hall.code.replace(" ", "")
    for wrong in (digits, wall.removeprefix("/wall/"), open_hall.join.rpartition("/")[2]):
        assert open_hall.ask(f"/board/{wrong}").status == 404
        assert open_hall.post(f"/board/{wrong}/do", {"do": "end"}).status == 404
    assert open_hall.ask(f"/wall/{secret}").status == 404
    assert not open_hall.board_state()["ended"]


def test_a_forged_participant_gets_nothing(open_hall: Hall) -> None:
    forged = str(URLSafeSerializer("guess", salt="participant").dumps("0123456789abcdef"))
    for token in ("", "x", forged, open_hall.enter()[:-2]):
        assert open_hall.ask("/api/mine", headers={HEADER: token}).status == 401
        assert open_hall.give(token, "counter-first-move", {}, "forged-001").status == 401
        assert open_hall.ask(f"/events?who={token}").status == 204


def test_another_site_and_another_name_are_turned_away(open_hall: Hall) -> None:
    board = urlsplit(open_hall.board).path
    other = {"Origin": "http://evil.example"}
    assert open_hall.post(f"{board}/do", {"do": "end"}, **other).status == 403
    assert open_hall.post("/api/join", {"code": open_hall.code}, **other).status == 403
    assert open_hall.ask("/", headers={"Host": "evil.example"}).status == 421
    assert not open_hall.board_state()["ended"]


def test_no_page_lets_anything_from_elsewhere_in_or_keeps_a_cookie(open_hall: Hall) -> None:
    board = urlsplit(open_hall.board).path
    for path in ("/", board, "/test", "/help", "/nowhere"):
        answer = open_hall.ask(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["Set-Cookie"] is None
        assert answer.headers["Cache-Control"] == "no-store"
        assert not re.findall(r"(?:src|href|action)=\"(?!/|data:,)", answer.text)
        assert "<script>" not in answer.text
        assert " style=" not in answer.text


def test_codes_cannot_be_guessed_and_whoever_has_the_right_one_is_not_held_up(
    open_hall: Hall,
) -> None:
    hall = open_hall
    guesses = [
        hall.post("/api/join", {"code": f"{n:06}"}, source="127.0.3.1").status for n in range(12)
    ]
    assert guesses[:8] == [403] * 8
    assert set(guesses[8:]) == {429}
    right = hall.post("/api/join", {"code": hall.code}, source="127.0.3.1")
    assert right.status == 429  # from there not even the right one: it would tell
    assert int(right.headers["Retry-After"]) > 0
    assert hall.enter(source="127.0.3.2")
    # The QR code's key is no guess: a room is let in however much somebody guesses.
    key = {"key": hall.join.rpartition("/")[2]}
    assert hall.post("/api/join", key, source="127.0.3.1").json()["state"] == "joined"


def test_a_closed_door_lets_nobody_in_and_those_inside_stay(open_hall: Hall) -> None:
    hall = open_hall
    inside = hall.enter()
    hall.do("door", open=False)
    assert hall.post("/api/join", {"code": hall.code}).json()["state"] == "door_closed"
    assert hall.mine(inside)["seed"]
    hall.do("door", open=True)
    assert hall.enter()


def test_nothing_on_disk_or_in_the_log_says_who_or_from_where(hall: Hall) -> None:
    source = "127.0.7.77"
    hall.at("first-word")
    hall.do("open")
    token = hall.enter(source=source, name="山田課長", consent=True)
    (public,) = hall.mine(token)["exercises"]
    text = "だれにも見せないはずの文"
    agent = {"User-Agent": "Phone/9.9"}
    body = {"id": "answer-0001", "answer": {"items": {public["items"][0]["ref"]: text}}}
    sent = hall.post(f"/api/answers/{public['id']}", body, token=token, source=source, **agent)
    assert sent.status == 200
    hall.post("/api/answers/x", b"{broken" + text.encode(), token=token)
    assert hall.stop() == 0
    kept = b"".join(path.read_bytes() for path in hall.kept.iterdir())
    log = hall.log.read_bytes()
    for told in (source.encode(), b"Phone/9.9", "山田課長".encode()):
        assert told not in kept
        assert told not in log
    assert text.encode() in kept
    assert text.encode() not in log
    assert token.encode() not in log


def test_who_takes_back_their_consent_is_quoted_on_the_wall_no_longer(hall: Hall) -> None:
    hall.at("fifteen")
    hall.do("open")
    phones = [hall.enter(consent=True) for _ in range(6)]
    (public,) = hall.mine(phones[0])["exercises"]
    first, *rest = [item["ref"] for item in public["items"] if item.get("field") != "date"]
    for n, phone in enumerate(phones):
        items = {first: f"暮らしの足{n}", **dict.fromkeys(rest, "会議")}
        assert hall.give(phone, public["id"], items, f"pledge-{n:05}").status == 200
    hall.do("close")
    hall.do("approval", on=False)
    hall.do("reveal")

    def shown() -> str:
        return json.dumps(hall.board_state()["view"], ensure_ascii=False)

    until(lambda: "暮らしの足0" in shown())
    for phone in phones:
        assert hall.post("/api/mine", {"pair": False, "consent": False}, token=phone).status == 200
    until(lambda: "暮らしの足" not in shown())
