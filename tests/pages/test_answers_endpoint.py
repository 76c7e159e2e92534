"""Answers over HTTP: stored before they are acknowledged, and bad input told of."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from dxcourse.course import Course
    from support.study import Answer, Study

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]

OPINION = "what-is-dx"
ADDRESS = f"/api/answers/{OPINION}"


def opinion(course: Course, text: str) -> dict[str, Any]:
    (item,) = course.exercises[OPINION].items
    return {"items": {item.ref: text}}


def assert_refused(found: Answer, *statuses: int) -> None:
    """A clear error, as JSON."""
    assert found.status in statuses
    told = found.json()
    assert told["state"] == "refused"
    assert told["error"]
    assert "Traceback" not in found.text


def test_an_answer_is_on_disk_when_it_is_acknowledged(study: Study, course: Course) -> None:
    answer = opinion(course, "窓口の待ち時間")
    found = study.post(ADDRESS, {"id": "on-disk-1", "answer": answer}, token=study.token("disk"))
    assert found.status == 200
    assert found.json()["state"] == "saved"
    (record,) = [r for r in study.records() if r["id"] == "on-disk-1"]
    assert record["answer"] == answer
    assert record["where"] == "page"


def test_an_answer_sent_twice_is_stored_once_and_told_the_same(
    study: Study, course: Course
) -> None:
    token = study.token("twice")
    body = {"id": "sent-twice-1", "answer": opinion(course, "一度だけ")}
    first, again = (study.post(ADDRESS, body, token=token).json() for _ in range(2))
    assert first == again
    assert len([r for r in study.records() if r["id"] == "sent-twice-1"]) == 1


def test_a_reply_names_the_answer_that_it_is_to(study: Study, course: Course) -> None:
    token = study.token("stamped")
    for entry_id in ("stamped-1", "stamped-2"):  # the same text: stored once
        body = {"id": entry_id, "answer": opinion(course, "変わらない")}
        assert study.post(ADDRESS, body, token=token).json()["reply"]["id"] == entry_id
    assert study.state(token)["replies"][OPINION]["id"] == "stamped-1"


def test_an_unchanged_answer_that_comes_again_late_is_not_stored_over_what_came_since(
    study: Study, course: Course
) -> None:
    token = study.token("late")
    for entry_id, text in (("late-0001", "あ"), ("late-0002", "あ"), ("late-0003", "い")):
        study.post(ADDRESS, {"id": entry_id, "answer": opinion(course, text)}, token=token)
    late = {"id": "late-0002", "answer": opinion(course, "あ"), "over": 1}
    reply = study.post(ADDRESS, late, token=token).json()["reply"]
    assert (reply["id"], reply["answer"]) == ("late-0002", opinion(course, "い"))
    assert study.state(token)["replies"][OPINION]["answer"] == opinion(course, "い")
    for wrong in (-1, 1.5, "1", True):
        assert_refused(study.post(ADDRESS, {**late, "over": wrong}, token=token), 400)


def test_an_id_used_for_another_exercise_is_refused(study: Study, course: Course) -> None:
    token = study.token("reuse")
    study.post(ADDRESS, {"id": "used-before", "answer": opinion(course, "先に")}, token=token)
    other = course.exercises["dx-reply"]
    body = {"id": "used-before", "answer": other.model_answer()}
    assert_refused(study.post(f"/api/answers/{other.id}", body, token=token), 409)


def test_items_given_one_by_one_are_saved_and_an_id_stands_for_one(
    study: Study, course: Course
) -> None:
    token = study.token("one-by-one")
    exercise = next(e for e in course.exercises.values() if len(e.model_answer()["items"]) > 1)
    given = list(exercise.model_answer()["items"].items())[:2]
    address = f"/api/answers/{exercise.id}"
    for ref, value in given:
        body = {"id": f"one-by-one-{ref}", "answer": {"items": {ref: value}}}
        for _ in range(2):  # and again, as a browser does that did not hear the reply
            found = study.post(address, body, token=token)
            assert (found.status, found.json()["state"]) == (200, "saved")
    assert found.json()["reply"]["answer"]["items"] == dict(given)
    (first, _), (second, value) = given
    body = {"id": f"one-by-one-{first}", "answer": {"items": {second: value}}}
    assert_refused(study.post(address, body, token=token), 409)


def test_ten_megabytes_are_refused_with_a_readable_status(study: Study) -> None:
    before = study.records()
    for size in (70_000, 10_000_000):
        body = b'{"id": "' + b"x" * size + b'"}'
        found = study.post(ADDRESS, body)
        assert_refused(found, 413)
        assert "65536" in found.json()["error"]
    assert study.records() == before
    assert study.alive


def test_a_large_body_to_any_address_is_answered(study: Study) -> None:
    for path, status in (
        ("/", 405),
        ("/nothing", 404),
        ("/api/afresh", 413),
        ("/api/learner", 413),
    ):
        assert study.post(path, b"x" * 3_000_000).status == status


@pytest.mark.parametrize(
    ("path", "status"),
    [("/api/answers/no-such-thing", 404), ("/api/answers/..", 404), ("/api/answers/", 404)],
)
def test_an_unknown_exercise_is_refused(study: Study, path: str, status: int) -> None:
    assert study.post(path, {"id": "unknown-ex", "answer": {"items": {}}}).status == status


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b'{"id": "12345678"}',
        b'{"id": "12345678", "answer": NaN}',
        b'{"id": 12345678, "answer": {"items": {}}}',
        b'{"id": "short", "answer": {"items": {}}}',
        b'{"id": "' + b"x" * 65 + b'", "answer": {"items": {}}}',
        b'{"id": "../../../etc", "answer": {"items": {}}}',
        '{"id": "１２３４５６７８", "answer": {"items": {}}}'.encode(),
        b'{"id": "12345678", "answer": {"items": []}}',
        b'{"id": "12345678", "answer": {"items": {"nothing": "x"}}}',
        b'{"id": "12345678", "answer": {"items": {}, "more": 1}}',
        b'{"id": "12345678", "answer": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
        b'{"id": "12345678", "answer": ' + b'{"items":' * 5_000 + b"1" + b"}" * 5_000 + b"}",
        b'{"id": "12345678", "answer": ' + b"9" * 10_000 + b"}",
    ],
    ids=lambda body: str(body[:40]),
)
def test_an_answer_of_the_wrong_shape_is_a_clear_error_and_loses_nothing(
    study: Study, body: bytes
) -> None:
    before = study.records()
    assert_refused(study.post(ADDRESS, body), 400)
    assert study.records() == before


@pytest.mark.parametrize("name", [None, 1, "x" * 41, ["a"], {}])
def test_a_name_that_is_none_is_refused(study: Study, name: object) -> None:
    assert_refused(study.post("/api/learner", {"name": name}), 400)


def test_a_name_that_no_page_could_show_does_no_harm(study: Study) -> None:
    assert_refused(study.post("/api/learner", b'{"name": "\\ud800"}'), 400)
    for name in ("a\0b", "\x1b[2J", "\u202e", "🏢" * 40):
        body = json.dumps({"name": name}).encode()
        found = study.post("/api/learner", body)
        assert found.status == 200
        token = found.json()["token"]
        assert study.state(token)["name"] == found.json()["name"]


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_nothing_that_is_sent_is_the_servers_fault(
    study: Study, course: Course, data: st.DataObject
) -> None:
    exercise = data.draw(st.sampled_from(list(course.exercises.values())), label="exercise")
    refs = st.sampled_from([item.ref for item in exercise.items])
    keys = exercise.model_answer()["items"]
    known = [value for key in keys.values() for value in (key if isinstance(key, list) else [key])]
    value = plain | st.sampled_from([*known, ""]) if known else plain
    near = st.fixed_dictionaries(
        {"bin": value, "evidence": st.lists(value, max_size=3)},
        optional={"sure": value, "reason": value},
    )
    answers = st.dictionaries(
        refs | st.text(max_size=9), value | near | st.lists(value, max_size=4), max_size=4
    )
    answer = data.draw(plain | st.fixed_dictionaries({"items": answers}), label="answer")
    identity = data.draw(st.uuids().map(str) | plain, label="id")
    found = study.post(
        f"/api/answers/{exercise.id}", {"id": identity, "answer": answer}, token=_fuzzer(study)
    )
    assert found.status in {200, 400, 409}
    assert found.json()["state"] in {"saved", "refused", "spent"}
    assert study.alive


def _fuzzer(study: Study) -> str:
    if study.url not in TOKENS:
        TOKENS[study.url] = study.token("fuzz")
    return TOKENS[study.url]


TOKENS: dict[str, str] = {}


def test_used_up_tries_are_said_and_nothing_is_stored(study: Study, course: Course) -> None:
    exercise = course.exercises["dx-reply"]
    token = study.token("spent")
    (item,) = exercise.items
    wrong = [o.ref for o in item.options if o.ref != exercise.model_answer()["items"][item.ref]]
    states = []
    for number, ref in enumerate([wrong[0], wrong[1], wrong[2]]):
        body = {"id": f"spent-{number}-of-3", "answer": {"items": {item.ref: ref}}}
        found = study.post(f"/api/answers/{exercise.id}", body, token=token)
        states.append((found.status, found.json()["state"]))
    assert states == [(200, "saved"), (200, "saved"), (409, "spent")]
    assert not any(record["id"] == "spent-2-of-3" for record in study.records())


def test_no_acknowledged_answer_is_lost_when_the_server_is_killed(
    own_study: Study, course: Course
) -> None:
    acknowledged: list[str] = []
    sent: list[str] = []
    enough = threading.Event()

    def learner(name: str) -> None:
        token = own_study.token(name)
        for number in range(1000):
            identity = f"{name}-answer-{number}"
            sent.append(identity)
            body = {"id": identity, "answer": opinion(course, identity)}
            try:
                found = own_study.post(ADDRESS, body, token=token)
            except OSError:
                return
            if found.status == 200:
                acknowledged.append(identity)
            if len(acknowledged) > 40:
                enough.set()

    people = [threading.Thread(target=learner, args=(f"learner-{n}",)) for n in range(4)]
    for person in people:
        person.start()
    assert enough.wait(60)
    own_study.kill()
    for person in people:
        person.join(30)
    own_study.start()
    stored = [record["id"] for record in own_study.records()]
    assert set(acknowledged) <= set(stored) <= set(sent)
    assert len(stored) == len(set(stored))
    for identity in set(sent) - set(acknowledged):  # as a page does
        name = identity.partition("-answer")[0]
        body = {"id": identity, "answer": opinion(course, identity)}
        assert own_study.post(ADDRESS, body, token=own_study.token(name)).status == 200
    stored = [record["id"] for record in own_study.records()]
    assert sorted(stored) == sorted(sent)


def test_a_server_that_is_asked_to_end_stores_what_it_took_and_leaves_no_kernel(
    own_study: Study, course: Course
) -> None:
    body = {"id": "before-the-end", "answer": opinion(course, "最後に")}
    assert own_study.post(ADDRESS, body).status == 200
    assert own_study.stop() == 0
    assert [record["id"] for record in own_study.records()] == ["before-the-end"]


def test_answers_that_cannot_be_stored_now_are_asked_for_again(
    own_study: Study, course: Course
) -> None:
    body = {"id": "no-disk-now", "answer": opinion(course, "いまは無理")}
    own_study.answers.mkdir()  # stands in for a disk that refuses, for root too
    found = own_study.post(ADDRESS, body)
    assert found.status == 503
    assert found.json()["state"] == "waiting"
    assert str(own_study.answers) not in found.text
    own_study.answers.rmdir()
    assert own_study.post(ADDRESS, body).status == 200
