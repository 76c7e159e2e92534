"""What every reply carries, and who is let in."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from support.study import HEADER

if TYPE_CHECKING:
    from support.study import Study

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]

PATHS = [
    "/",
    "/modules/01",
    "/apps/plan-class",
    "/api/learner",
    "/healthz",
    "/nothing",
    "/api/nothing",
]


@pytest.fixture(scope="module")
def sheet(study: Study) -> str:
    """The address of the style sheet."""
    return study.ask("/").text.partition('<link rel="stylesheet" href="')[2].partition('"')[0]


@pytest.mark.parametrize("path", PATHS)
def test_every_reply_has_safe_headers_and_no_cookie(study: Study, path: str) -> None:
    headers = study.ask(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Set-Cookie"] is None
    assert headers["Server"] is None


def test_a_page_that_has_not_changed_is_not_sent_again(study: Study) -> None:
    first = study.ask("/modules/01")
    assert first.headers["Cache-Control"] == "no-cache"
    again = study.ask("/modules/01", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")
    other = study.ask("/modules/01", headers={"If-None-Match": '"something else"'})
    assert other.body == first.body


def test_pages_and_sheets_are_sent_compressed_to_who_can_read_that(
    study: Study, sheet: str
) -> None:
    for path in ("/", "/modules/01", sheet):
        plain = study.ask(path)
        packed = study.ask(path, headers={"Accept-Encoding": "gzip, br"})
        assert plain.headers["Content-Encoding"] is None
        assert packed.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert gzip.decompress(packed.body) == plain.body
        assert len(packed.body) < len(plain.body) / 2


def test_scripts_and_sheets_may_be_kept_for_ever_and_answers_never(
    study: Study, sheet: str
) -> None:
    assert "immutable" in study.ask(sheet).headers["Cache-Control"]
    assert study.ask("/api/learner").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example:80", "localhost.evil", ""]
)
@pytest.mark.parametrize("path", ["/", "/modules/01", "/api/learner", "/nothing"])
def test_another_sites_name_for_this_machine_gets_nothing(
    study: Study, host: str, path: str
) -> None:
    found = study.ask(path, headers={"Host": host})
    assert found.status in {400, 421}
    assert b"replies" not in found.body


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost"]
)
def test_another_sites_page_may_not_answer(study: Study, origin: str) -> None:
    before = study.records()
    for path in ("/api/answers/what-is-dx", "/api/afresh", "/api/learner"):
        body = {"id": "from-elsewhere", "answer": {"items": {}}, "name": "x"}
        found = study.post(path, body, Origin=origin)
        assert found.status == 403
        assert found.headers["Access-Control-Allow-Origin"] is None
    assert study.records() == before
    assert study.ask("/api/learner", headers={"Origin": study.url}).status == 200


def test_a_form_of_another_site_cannot_answer(study: Study) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        found = study.post("/api/answers/what-is-dx", {}, **{"Content-Type": kind})
        assert found.status == 415
        assert found.json() == {"state": "refused", "error": "send application/json"}


@pytest.mark.parametrize("change", ["cut", "flip", "owner", "junk"])
def test_a_token_that_was_not_made_here_is_refused(study: Study, change: str) -> None:
    token = study.token("誰か")
    forged = {
        "cut": token[:-1],
        "flip": token[:3] + ("A" if token[3] != "A" else "B") + token[4:],
        "owner": "ImtpbmciLg." + token.rpartition(".")[2],
        "junk": "x" * 10_000,
    }[change]
    found = study.ask("/api/learner", headers={HEADER: forged})
    assert found.status == 401
    assert found.json()["state"] == "refused"
    body = {"id": "forged-answer", "answer": {"items": {}}}
    assert study.post("/api/answers/what-is-dx", body, token=forged).status == 401
    assert study.ask("/api/learner", headers={HEADER: token}).status == 200
