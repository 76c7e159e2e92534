"""Pages and scripts in browsers' and proxies' caches: right, small, and never stale."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

import pytest

from support.served import Served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.served import Ready

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("served")]

PAGES = ["/", "/modules/00", "/privacy", "/api/openapi.json"]


@pytest.fixture(scope="module")
def served(ready: Ready, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("cached")
    server = Served(ready.root, folder / "own", ready.cache).start()
    yield server
    server.stop()


def script(served: Served) -> str:
    found = re.search(r'src="(/static/[^"]+)"', served.ask("/").text)
    assert found
    return found[1]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_kept_and_asked_about(served: Served, path: str) -> None:
    first = served.ask(path, headers={"Accept-Encoding": "gzip"})
    assert first.status == 200
    assert first.headers["Cache-Control"] == "no-cache"
    assert first.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in (first.headers["Vary"] or "")
    plain = served.ask(path)
    assert gzip.decompress(first.body) == plain.body
    assert plain.headers["Content-Encoding"] is None
    again = served.ask(path, headers={"If-None-Match": first.headers["ETag"] or ""})
    assert (again.status, again.body) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == "no-cache"
    other = served.ask(path, headers={"If-None-Match": '"something else"'})
    assert other.status == 200


@pytest.mark.parametrize("path", [*PAGES, "/healthz", "/readyz"])
def test_head_says_what_get_does_without_the_body(served: Served, path: str) -> None:
    got, head = served.ask(path), served.ask(path, method="HEAD")
    assert (head.status, head.body) == (got.status, b"")
    for name in ("Content-Type", "Content-Length", "ETag", "Cache-Control"):
        assert head.headers[name] == got.headers[name]


def test_a_script_is_kept_for_good_under_an_address_of_its_edition(served: Served) -> None:
    path = script(served)
    found = served.ask(path)
    assert found.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    other = served.ask(re.sub(r"[0-9a-f]{12}", "0" * 12, path))
    assert other.body == found.body  # of another edition, while a new one comes into service
    assert other.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("accepted", ["identity", "gzip;q=0", "br", "*;q=0"])
def test_who_cannot_unpack_gets_it_as_it_is(served: Served, accepted: str) -> None:
    found = served.ask("/modules/00", headers={"Accept-Encoding": accepted})
    assert found.headers["Content-Encoding"] is None
    assert found.text.lstrip().startswith("<!doctype html>")


def test_what_is_a_learners_own_is_kept_nowhere(served: Served) -> None:
    headers = {"X-Dxcourse-Learner": served.token("x")}
    for path in ("/api/learner", "/my/answers", "/my/answers.json", "/nothing"):
        assert served.ask(path, headers=headers).headers["Cache-Control"] == "no-store"
