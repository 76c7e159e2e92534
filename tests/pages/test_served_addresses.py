"""Of `dxcourse serve` nothing is reached that is not named, however it is asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pages.test_addresses import NOT_THERE, kernels
from support.served import Served, tiny

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("served")]

CANARY = "KANARIE-in-a-file"
OLD_SCRIPT = "/static/000000000000/page.js"  # of another edition: it gets today's
NAMED = re.compile(
    r"/|/(modules|appendix|apps)/[\w-]+|/static/[0-9a-f]{12}/[a-z.]+|/privacy|/accessibility|/mine|/search|/healthz|/readyz"
    r"|/routes/[a-z0-9-]+|/api/openapi\.json"
)
MORE = [
    "/answers.sqlite",
    "/answers.sqlite-wal",
    "/own/secret",
    "/api/answers/pick",  # a POST only
    "/api/visitor",
    "/api/forget",
    "/api/nothing",
    "/admin",  # no secret is set
    "/admin/answers.xlsx",
    "/my/",
    "/my/answers.csv",
    "/docs",
    "/openapi.json",
    "/voila/ws/x",
    "/.git/config",
    "/.env",
]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("addresses")
    course = tiny(folder)
    secret = folder / "outside.ipynb"
    secret.write_text(CANARY, encoding="utf-8")
    for place in ("link.ipynb", "link.html", "own"):
        (course.root / "notebooks" / place).symlink_to(secret)
    (course.root / "notebooks/up").symlink_to(folder)
    server = Served(course.root, folder / "own", folder / "cache", address_rate="0").start()
    for path in ("/modules/00", "/modules/01"):
        assert server.ask(path).status == 200
    yield server
    server.stop()


@pytest.mark.parametrize("path", [path for path in [*NOT_THERE, *MORE] if path != OLD_SCRIPT])
def test_it_is_not_there(served: Served, path: str) -> None:
    found = served.ask(path)
    assert found.status in ({400, 404} if path not in MORE else {404, 405})
    for word in ("root:", "kernelspec", CANARY, "Traceback", str(served.course)):
        assert word not in found.text


PIECES = (
    ".. . %2e%2e %2f %5c \\ %00 // link.ipynb up own secret modules 00 apps static etc passwd "
    "course.yaml answers.sqlite ~ %c0%ae%c0%ae ..; %252e%252e .ipynb ?x # %0d%0a api my"
)
pieces = st.sampled_from(PIECES.split())


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(parts=st.lists(pieces | st.text(max_size=6).map(quote), max_size=7))
def test_no_path_trick_leads_to_a_file(served: Served, parts: list[str]) -> None:
    found = served.ask("/" + "/".join(parts))
    assert found.status in {200, 400, 404, 405, 401}
    for word in (CANARY, "root:", "kernelspec", "SQLite format", "Traceback", "nbformat"):
        assert word not in found.body.decode("utf-8", "replace")
    own = (served.answers.parent / "secret").read_text(encoding="ascii")
    assert own not in found.body.decode("utf-8", "replace")


def test_every_address_that_any_page_names_is_one_of_ours(served: Served) -> None:
    seen: set[str] = set()
    ahead = ["/"]
    while ahead:
        path = ahead.pop()
        if path in seen:
            continue
        seen.add(path)
        found = served.ask(path)
        assert found.status == 200, path
        assert NAMED.fullmatch(path), path
        if "text/html" in (found.headers["Content-Type"] or ""):
            ahead += re.findall(r'(?:href|src)="(/[^"#?]*)', found.text)
    assert {"/", "/modules/00", "/modules/01", "/privacy"} <= seen


def test_none_of_this_started_a_kernel(served: Served) -> None:
    before = {line.split()[-1] for line in kernels(served)}
    for path in ("/voila/render/00_first.ipynb", "/notebooks/00_first.ipynb", "/api/kernels"):
        assert served.ask(path).status == 404
        assert served.ask(path, method="POST", body=b"{}").status in {403, 404}
    assert {line.split()[-1] for line in kernels(served)} <= before


def test_a_folder_is_listed_nowhere(served: Served) -> None:
    for path in ("/modules", "/modules/", "/apps/", "/static/", "/api/", "/my/", "/appendix/"):
        found = served.ask(path)
        assert found.status == 404
        assert ".ipynb" not in found.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "X"])
def test_no_other_method_does_anything(served: Served, method: str) -> None:
    for path in ("/", "/modules/00", "/api/learner", "/api/answers/pick", "/my/answers"):
        assert served.ask(path, method=method).status == 405
