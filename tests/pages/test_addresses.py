"""What is not in course.yaml or apps/ is not there, and nothing that is asked starts a kernel."""

from __future__ import annotations

import re
import socket
import time
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import psutil  # type: ignore[import-untyped]
import pytest

from support.chromium import addresses

if TYPE_CHECKING:
    from dxcourse.course import Course
    from support.study import Study

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]

KERNEL = "0a1b2c3d-0000-4000-8000-000000000000"
NOT_THERE = [
    "/modules",
    "/modules/",
    "/modules/99",
    "/modules/01/",
    "/modules/01.html",
    "/modules/01_what_is_dx",
    "/modules/01_what_is_dx.ipynb",
    "/apps/",
    "/apps/nothing",
    "/apps/../modules/01",
    "/apps/..%2f01_what_is_dx",
    "/appendix/nothing",
    "/01_what_is_dx.ipynb",
    "/course.yaml",
    "/notebooks/01_what_is_dx.ipynb",
    "/exercises/bank/00_welcome.yaml",
    "/data/facts.csv",
    "/answers.jsonl",
    "/secret",
    "/static/",
    "/static/page.js",
    "/static/000000000000/page.js",
    "/static/../course.yaml",
    "/static/%2e%2e/%2e%2e/course.yaml",
    "/..",
    "/../../etc/passwd",
    "/..%2f..%2f..%2fetc%2fpasswd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/..\\..\\etc\\passwd",
    "/%00",
    "/modules/01%00.ipynb",
    "/modules/%2e%2e%2fcourse.yaml",
    "/modules/99/pictures/000000000000/00000000.svg",
    "/modules/01/pictures",
    "/modules/01/pictures/",
    "/modules/01/pictures/000000000000/00000000.svg",
    "/modules/01/pictures/000000000000/../../course.yaml",
    "/modules/01/pictures/000000000000/%2e%2e.svg",
    "//etc/passwd",
    "/favicon.ico",
    "/robots.txt",
    # Voila's own
    "/voila/render/01_what_is_dx.ipynb",
    "/voila/render/apps/plan-class.ipynb",
    "/voila/tree",
    "/voila/tree/apps",
    "/voila/files/course.yaml",
    "/voila/files/01_what_is_dx.ipynb",
    "/voila/static/voila.js",
    "/voila/templates/dxcourse/index.html.j2",
    "/voila/labextensions/",
    "/voila/api/contents",
    "/voila/api/contents/01_what_is_dx.ipynb",
    "/voila/api/themes/",
    f"/voila/api/shutdown/{KERNEL}",
    f"/voila/query/{KERNEL}",
    # Jupyter's own
    "/tree",
    "/lab",
    "/login",
    "/api",
    "/api/",
    "/api/contents",
    "/api/contents/course.yaml",
    "/api/kernels",
    f"/api/kernels/{KERNEL}",
    f"/api/kernels/{KERNEL}/channels",
    "/api/kernelspecs",
    "/api/sessions",
    "/api/terminals",
    "/api/status",
    "/files/course.yaml",
    "/nbextensions/",
    "/metrics",
    "/terminals/websocket/1",
]


def kernels(study: Study) -> list[str]:
    """The kernels that a server has started and not ended."""
    children = psutil.Process(study.pid).children(recursive=True)
    return [line for child in children if "ipykernel" in (line := " ".join(command(child)))]


def command(process: psutil.Process) -> list[str]:
    try:
        found: list[str] = process.cmdline()
    except psutil.Error:  # it has ended
        return []
    return found


@pytest.fixture(scope="module")
def resting(study: Study) -> Study:
    """The server, which has made every page, when its last kernel has gone."""
    deadline = time.monotonic() + 60
    while kernels(study) and time.monotonic() < deadline:
        time.sleep(0.2)
    return study


@pytest.mark.parametrize("path", NOT_THERE)
def test_what_is_not_of_the_course_is_404_and_starts_no_kernel(resting: Study, path: str) -> None:
    found = resting.ask(path)
    assert found.status in {400, 404}
    assert b"root:" not in found.body
    assert b"kernelspec" not in found.body
    assert kernels(resting) == []


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize(
    "path", ["/api/kernels", "/api/contents/x.ipynb", "/api/sessions", "/login"]
)
def test_nothing_can_be_made_or_changed_through_jupyters_addresses(
    resting: Study, method: str, path: str
) -> None:
    body = b'{"name": "python3", "type": "notebook"}'
    assert resting.ask(path, method=method, body=body).status == 404
    assert kernels(resting) == []


def test_a_websocket_to_a_kernel_is_refused(resting: Study) -> None:
    found = resting.ask(
        f"/api/kernels/{KERNEL}/channels",
        headers={
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        },
    )
    assert found.status == 404


@pytest.mark.parametrize(
    "line",
    [
        b"GET /modules/01\0 HTTP/1.1",
        b"GET http://evil.example/modules/01 HTTP/1.1",
        b"GET /modules/\xe7\xab\xa0 HTTP/1.1",
        b"nonsense",
        b"GET / HTTP/9.9",
    ],
)
def test_a_request_that_is_no_good_harms_nothing(resting: Study, line: bytes) -> None:
    address = urlsplit(resting.url)
    with socket.create_connection((address.hostname or "", address.port or 0), 30) as wire:
        wire.sendall(
            line + b"\r\nHost: " + address.netloc.encode() + b"\r\nConnection: close\r\n\r\n"
        )
        wire.settimeout(30)
        said = b""
        while piece := wire.recv(65536):
            said += piece
    assert b" 500 " not in said.partition(b"\r\n")[0]
    assert resting.ask("/healthz").status == 200


def test_no_page_offers_a_kernel_or_another_host(resting: Study, course: Course) -> None:
    for path in addresses(course):
        page = resting.ask(path).text
        for word in ("api/kernels", "kernelId", "kernel_id", "jupyter-config", "requirejs", "cdn"):
            assert word not in page
        for scheme in ('src="http', 'href="http://', 'src="//', "url(http"):
            assert scheme not in page


def test_asking_for_pages_that_are_made_starts_no_kernel(resting: Study, course: Course) -> None:
    for path in addresses(course):
        assert resting.ask(path).status == 200
        assert kernels(resting) == []


def test_every_picture_of_a_page_is_a_file_that_is_kept_for_good(
    resting: Study, course: Course
) -> None:
    pictures = {
        urljoin(path, picture)
        for path in addresses(course)
        for picture in re.findall(r'<img class="dxl-light" src="([^"]+)"', resting.ask(path).text)
    }
    assert {path.split("/pictures/")[0] for path in pictures} >= {"/modules/01", "/modules/04"}
    for path in sorted(pictures):
        found = resting.ask(path)
        assert (found.status, found.headers["Content-Type"]) == (200, "image/svg+xml"), path
        assert found.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "default-src 'none'" in (found.headers["Content-Security-Policy"] or "")
        assert "unsafe" not in (found.headers["Content-Security-Policy"] or "")
        again = resting.ask(path, headers={"If-None-Match": found.headers["ETag"] or ""})
        assert (again.status, again.body) == (304, b"")
        head = resting.ask(path, method="HEAD")
        assert (head.status, head.headers["ETag"]) == (200, found.headers["ETag"])
        # Of a page that was made anew since: what says the same now, and nobody keeps it.
        former = resting.ask(re.sub("/[0-9a-f]{12}/", f"/{'0' * 12}/", path))
        assert (former.status, former.body) == (200, found.body)
        assert former.headers["Cache-Control"] == "no-store"
        assert resting.ask(path, method="POST", body=b"{}").status == 405
    assert kernels(resting) == []
