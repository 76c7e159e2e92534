"""The API is as its OpenAPI description says, whatever is sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from dxcourse.answers import SqlStore
from dxcourse.pages.answer_counts import allowed
from dxcourse.pages.routes import NAMELESS, SHARED, VISITED
from dxcourse.web.openapi import describe
from support.canaries import SONG, plant
from support.served import Served
from support.study import HEADER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dxcourse.course import Course

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("served")]

CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    ignored_auth,
    unsupported_method,
]
SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture]
DESCRIPTION = describe([*SHARED, *NAMELESS, *VISITED])
schema = schemathesis.openapi.from_dict(DESCRIPTION)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Course, Served]]:
    """A server of a course with an exercise of every kind."""
    folder = tmp_path_factory.mktemp("described")
    course = plant(folder / "course")
    server = Served(
        course.root,
        folder / "own",
        folder / "cache",
        learner_rate="0",
        address_rate="0",
        token_rate="0",  # noqa: S106
    ).start()
    yield course, server
    server.stop()


def test_the_description_is_served_as_it_is_made(planted: tuple[Course, Served]) -> None:
    _, server = planted
    assert server.ask("/api/openapi.json").json() == json.loads(json.dumps(DESCRIPTION))


def test_a_visitor_who_has_not_answered_hears_no_key_and_no_feedback(
    planted: tuple[Course, Served],
) -> None:
    course, server = planted
    headers = {HEADER: server.mint()}
    shown = ["/", "/modules/00", "/apps/one", "/privacy", "/api/openapi.json"]
    own = ["/api/learner", "/my/answers", "/my/answers.json"]
    counts = [f"/api/others/{name}" for name in course.exercises]
    for path in [*shown, *own, *counts]:
        found = server.ask(path, headers=headers)
        asked = course.exercises.get(path.rsplit("/", 1)[-1])
        countable = asked is not None and allowed(asked)
        wanted = 200 if asked is None else 409 if countable else 404
        assert found.status == wanted, path
        assert not SONG.search(found.text), path


@schema.parametrize()
@settings(max_examples=30, deadline=None, suppress_health_check=SLOW)
def test_every_reply_is_one_that_was_described(planted: tuple[Course, Served], case: Any) -> None:
    _, server = planted
    case.call_and_validate(
        base_url=server.url,
        headers={HEADER: server.token("schemathesis")},
        checks=CHECKS,
        timeout=30,
    )
    assert server.alive


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=9), inner, max_size=5)
    ),
    max_leaves=10,
)


@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
@given(data=st.data())
def test_whatever_is_answered_nothing_breaks_and_only_what_is_saved_is_stored(
    planted: tuple[Course, Served], data: st.DataObject
) -> None:
    course, server = planted
    token = server.token("fuzz")
    exercise = data.draw(st.sampled_from([*course.exercises.values()]), label="exercise")
    refs = st.sampled_from([item.ref for item in exercise.items]) | st.text(max_size=9)
    value = plain | st.sampled_from([*exercise.model_answer()["items"].values(), ""])
    answer = plain | st.fixed_dictionaries({"items": st.dictionaries(refs, value, max_size=4)})
    identity = data.draw(st.uuids().map(str) | plain, label="id")
    body = {"id": identity, "answer": data.draw(answer, label="answer")}
    before = len(server.ask("/my/answers.json", headers={HEADER: token}).json()["records"])
    found = server.post(f"/api/answers/{exercise.id}", body, token=token)
    after = len(server.ask("/my/answers.json", headers={HEADER: token}).json()["records"])
    assert found.status in {200, 400, 409}
    assert (found.json()["state"] == "saved") == (found.status == 200)
    assert after - before in ({0, 1} if found.status == 200 else {0})
    if after > 60:
        server.post("/api/forget", {}, token=token)


def test_bytes_that_are_no_json_are_told_so_and_store_nothing(
    planted: tuple[Course, Served],
) -> None:
    course, server = planted
    token = server.token("bytes")
    exercise = next(iter(course.exercises))

    @settings(max_examples=60, deadline=None)
    @given(body=st.binary(max_size=300))
    def send(body: bytes) -> None:
        found = server.post(f"/api/answers/{exercise}", body, token=token)
        assert found.status == 400
        assert found.json()["state"] == "refused"

    send()
    with SqlStore(server.store) as store:
        assert store.history(server.state(token)["seed"]) == []
