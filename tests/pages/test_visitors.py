"""What a visitor of `dxcourse serve` is promised: a token, their answers, others' counts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from dxcourse import course as courses
from dxcourse.answers import SqlStore
from support.served import TINY_EXERCISE, Served
from support.study import HEADER
from support.tiny_course import TinyCourse

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("served")]

ADDRESS = f"/api/answers/{TINY_EXERCISE}"
TYPED = "KANARIE-typed"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("visitors")
    course = TinyCourse.make(folder / "course")
    server = Served(
        course.root,
        folder / "own",
        folder / "cache",
        embed_from="https://town.example,https://city.example",
        operator="架空県",
        keep_days="365",
        metrics_secret="a secret of many letters",  # noqa: S106
        access_log="true",
        learner_rate="0",
    ).start()
    yield server
    assert server.stop() == 0


def answer(server: Served, option: str = "b") -> dict[str, Any]:
    exercise: Any = courses.at(server.course).exercise(TINY_EXERCISE)
    (item,) = exercise.items
    return {"items": {item.ref: next(o.ref for o in item.options if o.id == option)}}


def give(server: Served, token: str, identity: str, option: str = "b") -> int:
    body = {"id": identity, "answer": answer(server, option)}
    return server.post(ADDRESS, body, token=token).status


def test_every_visitor_gets_a_token_of_their_own_and_no_cookie(served: Served) -> None:
    found = [served.post("/api/visitor", {}) for _ in range(5)]
    assert len({reply.json()["token"] for reply in found}) == 5
    assert all(reply.headers["Set-Cookie"] is None for reply in found)
    assert served.ask("/").headers["Set-Cookie"] is None


@pytest.mark.parametrize("token", ["", "nonsense", "x" * 3000, '"visitor-1"', "é"])
def test_who_was_never_minted_can_neither_store_nor_read(served: Served, token: str) -> None:
    headers = {HEADER: token.encode().decode("latin-1")} if token else {}
    before = served.ask("/readyz").status
    body = {"id": "never-minted-1", "answer": answer(served)}
    assert served.post(ADDRESS, body, **headers).status == 401
    for path in ("/api/learner", "/my/answers", "/my/answers.json", "/api/others/pick"):
        assert served.ask(path, headers=headers).status == 401
    assert served.post("/api/forget", {}, **headers).status == 401
    with SqlStore(served.store) as store:
        assert not [record for record in store.records() if record.id == "never-minted-1"]
    assert before == 200


def test_a_token_of_one_machines_study_is_no_visitors(served: Served) -> None:
    from dxcourse.web.identity import LocalIdentity

    secret = (served.answers.parent / "secret").read_text(encoding="ascii")
    token = LocalIdentity(secret, "kacho").named("x")[1]
    assert served.ask("/api/learner", headers={HEADER: token}).status == 401


def test_names_are_not_taken(served: Served) -> None:
    assert served.post("/api/learner", {"name": "Tanaka"}, token=served.mint()).status == 405


def test_an_answer_is_asked_for_from_our_own_pages_only(served: Served) -> None:
    body = {"id": "other-origin", "answer": answer(served)}
    token = served.mint()
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}):
        assert served.post(ADDRESS, body, token=token, **headers).status == 403
    cross = {"Sec-Fetch-Site": "cross-site"}
    assert served.post(ADDRESS, body, token=token, **cross).status == 403
    assert served.post(ADDRESS, body, token=token, Origin=served.url).status == 200


def test_a_visitor_comes_back_to_their_answers_after_a_restart(served: Served) -> None:
    token = served.mint()
    assert give(served, token, "before-restart") == 200
    assert served.stop() == 0
    served.start()
    assert TINY_EXERCISE in served.state(token)["replies"]


def test_others_answers_are_counted_in_whole_groups_and_after_ones_own(served: Served) -> None:
    mine = served.mint()
    asked = f"/api/others/{TINY_EXERCISE}"
    assert served.ask(asked, headers={HEADER: mine}).status == 409
    with SqlStore(served.store) as store:
        there = len(list(store.given(TINY_EXERCISE, where="page")))
    for number in range(there, 13):
        assert give(served, served.mint(), f"counted-{number}") == 200
    give(served, mine, "counted-mine")
    found = served.ask(asked, headers={HEADER: mine}).json()
    (item,) = found["items"]
    assert found["least"] == 5
    assert item["answers"] == 10  # of 14: whole groups of five
    assert sum(row["count"] for row in item["rows"]) == 10
    assert {row["text"] for row in item["rows"]} >= {"赤い旗", "青い旗", "白い旗"}


def test_an_answer_that_may_still_be_changed_does_not_show_others(served: Served) -> None:
    token = served.mint()
    assert give(served, token, "still-wrong", "a") == 200
    found = served.ask(f"/api/others/{TINY_EXERCISE}", headers={HEADER: token})
    assert found.status == 409


def test_a_visitor_sees_takes_away_and_deletes_what_is_theirs(served: Served) -> None:
    token, other = served.mint(), served.mint()
    give(served, token, "mine-to-see", "c")
    give(served, other, "not-mine-at-all", "a")
    headers = {HEADER: token}
    seen = served.ask("/my/answers", headers=headers).text
    assert "白い旗" in seen
    assert "赤い旗" not in seen
    taken = served.ask("/my/answers.json", headers=headers)
    assert [record["id"] for record in taken.json()["records"]] == ["mine-to-see"]
    assert "attachment" in taken.headers["Content-Disposition"]
    assert served.post("/api/forget", {}, token=token).json()["records"] == 1
    assert served.ask("/my/answers.json", headers=headers).json()["records"] == []
    assert served.state(token)["replies"] == {}
    with SqlStore(served.store) as store:
        ids = {record.id for record in store.records()}
        noted = store.operations()
    assert "mine-to-see" not in ids
    assert "not-mine-at-all" in ids
    assert [(each.done, each.count) for each in noted] == [("forget-own", 1)]
    assert "visitor-" not in str(noted)


def test_what_someone_typed_is_escaped_where_they_see_it(tmp_path: Any) -> None:
    from support.canaries import plant

    course = plant(tmp_path / "course")
    server = Served(course.root, tmp_path / "own", tmp_path / "cache").start()
    try:
        token = server.mint()
        exercise = next(e for e in course.exercises.values() if e.kind == "opinion")
        answers = {item.ref: f'<script>alert("{TYPED}")</script>' for item in exercise.items}
        body = {"id": "typed-script", "answer": {"items": answers}}
        assert server.post(f"/api/answers/{exercise.id}", body, token=token).status == 200
        seen = server.ask("/my/answers", headers={HEADER: token}).text
        assert TYPED in seen
        assert "<script" not in seen
        assert server.ask(f"/api/others/{exercise.id}", headers={HEADER: token}).status == 404
    finally:
        server.stop()
    assert TYPED not in server.log.read_text(encoding="utf-8")


def test_the_words_about_where_answers_are_kept_are_true(served: Served) -> None:
    for path in ("/", "/modules/00", "/privacy"):
        page = served.ask(path).text
        assert "このパソコンの中だけ" not in page
        assert "このパソコンの持ち主" not in page
        assert "/privacy" in page or path == "/privacy"
    privacy = served.ask("/privacy").text
    assert "架空県" in privacy
    assert "365日" in privacy
    assert "5人に届かない" in privacy


def test_only_stand_alone_pages_may_be_framed_and_only_by_those_named(served: Served) -> None:
    def parents(path: str) -> str:
        policy = served.ask(path).headers["Content-Security-Policy"] or ""
        return policy.partition("frame-ancestors ")[2]

    assert parents("/") == parents("/modules/00") == parents("/privacy") == "'none'"
    assert parents("/apps/none") == "https://town.example https://city.example"


def test_no_page_has_a_script_or_style_of_its_own_and_the_policy_forbids_any(
    served: Served,
) -> None:
    for path in ("/", "/modules/00", "/privacy", "/nothing"):
        found = served.ask(path)
        policy = found.headers["Content-Security-Policy"] or ""
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        tags = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", found.text)
        assert tags == []
        assert not re.search(r"<style|\sstyle=|\son\w+=", found.text)


def test_the_log_is_json_and_about_nobody(served: Served) -> None:
    token = served.mint()
    give(served, token, "logged-perhaps")
    served.ask(f"/modules/00?name={TYPED}")
    served.ask("/api/learner", headers={HEADER: TYPED})
    lines = served.log_lines()
    assert {"time", "level", "source", "message"} <= lines[-1].keys()
    assert any(line.get("request", {}).get("kind") == "CourseAnswer" for line in lines)
    log = served.log.read_text(encoding="utf-8").partition("\n")[2]
    learner = served.state(token)["seed"]
    for word in (TYPED, token, learner, "127.0.0.1", "logged-perhaps"):
        assert word not in log


def test_the_numbers_are_for_who_knows_the_secret(served: Served) -> None:
    assert served.ask("/metrics").status == 404
    assert served.ask("/metrics", headers={"Authorization": "Bearer wrong"}).status == 404
    give(served, served.mint(), "counted-in-metrics")
    headers = {"Authorization": "Bearer a secret of many letters"}
    numbers = served.ask("/metrics", headers=headers).text
    assert re.search(
        r'dxcourse_requests_total\{handler="CourseAnswer",status="200"\} [1-9]', numbers
    )
    assert "dxcourse_writer_waiting 0.0" in numbers
    assert "visitor-" not in numbers


def test_alive_and_ready_are_told_to_whoever_asks_under_any_name(served: Served) -> None:
    for path in ("/healthz", "/readyz"):
        assert served.ask(path, headers={"Host": "10.0.0.7"}).status == 200
    assert served.ask("/", headers={"Host": "10.0.0.7"}).status == 421
