"""In a folder of another site's address: every link of every page leads into the folder."""

from __future__ import annotations

import http.client
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from dxcourse.web.proxy import route_pattern, under_base
from dxcourse.web.setting_sources import SettingsError, read_settings
from support.nginx import nginx
from support.processes import free_port
from support.proxy import Proxy, crawl, fetch
from support.served import TINY_EXERCISE, Served
from support.study import HEADER, Study

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.served import Ready

BASE = "/town/dx"


def test_links_are_put_under_the_base_and_nothing_else_is() -> None:
    page = (
        '<!doctype html><html lang="ja"><a class="x" href="/modules/01">a</a>'
        '<img alt="" src="/static/x.svg"><a href="//else.example/">b</a><a href="#main">c</a>'
        '<p>&lt;a href="/kept"&gt;</p><a href="https://else.example/">d</a>'
    )
    assert under_base(page, "") == page
    assert under_base(page, "/dx") == (
        '<!doctype html><html data-base="/dx" lang="ja"><a class="x" href="/dx/modules/01">a</a>'
        '<img alt="" src="/dx/static/x.svg"><a href="//else.example/">b</a><a href="#main">c</a>'
        '<p>&lt;a href="/kept"&gt;</p><a href="https://else.example/">d</a>'
    )


@pytest.mark.parametrize(
    ("path", "fits"),
    [("/dx/api/learner", True), ("/api/learner", True), ("/dxapi/learner", False), ("/x", False)],
)
def test_an_address_is_known_with_the_base_and_without(path: str, fits: bool) -> None:  # noqa: FBT001
    assert bool(re.fullmatch(route_pattern("/api/learner", "/dx"), path)) is fits


def test_the_first_page_is_there_with_and_without_a_slash() -> None:
    pattern = route_pattern("/", "/dx")
    asked = re.compile(f"{pattern}$").match  # as tornado asks
    assert all(asked(path) for path in ("/", "/dx", "/dx/"))
    assert not any(asked(path) for path in ("/d", "/dx/x", "/static/x.js"))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"base_path": "/modules"}, "base_path"),
        ({"base_path": "/dx", "public_url": "https://a.example/other"}, "base_path"),
        ({"base_path": "dx"}, "「/」から"),
        ({"base_path": "/dx/"}, "「/」を取って"),
        ({"public_url": "https://a.example/dx/"}, "「/」を取って"),
    ],
)
def test_a_base_that_cannot_be_one_is_told(given: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        read_settings(given, None, {})


@pytest.fixture(scope="module", params=[True, False], ids=["stripping", "handing on"])
def proxy(request: pytest.FixtureRequest) -> Iterator[Proxy]:
    with Proxy(BASE, strips=request.param) as found:
        yield found


@pytest.fixture(scope="module")
def served(
    proxy: Proxy, ready: Ready, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("under-a-folder")
    server = Served(
        ready.root,
        folder / "own",
        ready.cache,
        public_url=proxy.url,
        trusted_proxies="127.0.0.1",
    ).start()
    proxy.lead_to(server.url)
    yield server
    server.stop()


@pytest.mark.server
@pytest.mark.xdist_group("served")
def test_every_link_leads_somewhere(served: Served, proxy: Proxy) -> None:
    assert served.alive
    seen = crawl(f"{proxy.url}/")
    assert {url: status for url, status in seen.items() if status != 200} == {}
    assert proxy.strays == []
    for part in ("/modules/00", "/modules/01", "/privacy", "/page.js", "/exercise.js"):
        assert any(url.endswith(part) for url in seen), part
    assert all(urlsplit(url).path.startswith(f"{BASE}/") for url in seen)


@pytest.mark.server
@pytest.mark.xdist_group("served")
def test_a_page_that_is_not_there_leads_back_into_the_folder(served: Served, proxy: Proxy) -> None:
    assert served.alive
    status, text = fetch(f"{proxy.url}/modules/77")
    assert status == 404
    assert f'href="{BASE}/"' in text
    assert f'href="{BASE}/static/' in text


@pytest.mark.server
@pytest.mark.xdist_group("served")
def test_an_answer_is_stored_through_it_and_another_site_is_refused(
    served: Served, proxy: Proxy
) -> None:
    token = served.mint()
    parts = urlsplit(proxy.url)
    body = b'{"id": "through-the-folder", "answer": {"items": {}}}'

    def give(origin: str) -> int:
        connection = http.client.HTTPConnection(parts.netloc, timeout=60)
        headers = {HEADER: token, "Content-Type": "application/json", "Origin": origin}
        connection.request("POST", f"{BASE}/api/answers/{TINY_EXERCISE}", body, headers)
        status = connection.getresponse().status
        connection.close()
        return status

    assert give("https://else.example") == 403
    assert give(f"http://{parts.netloc}") in {200, 400}  # it got as far as the exercise


@pytest.mark.server
@pytest.mark.xdist_group("served")
def test_one_learners_pages_are_in_a_folder_too(ready: Ready, tmp_path: Path, proxy: Proxy) -> None:
    study = Study(ready.root, tmp_path / "own", ready.cache)
    study.command = (*study.command[:-1], "--public-url", proxy.url, study.command[-1])
    before = proxy.target
    try:
        proxy.lead_to(study.start().url)
        seen = crawl(f"{proxy.url}/")
    finally:
        study.stop()
        proxy.target = before
    assert {url: status for url, status in seen.items() if status != 200} == {}
    assert any(url.endswith("/modules/00") for url in seen)


@pytest.mark.server
@pytest.mark.xdist_group("served")
@pytest.mark.parametrize(
    "strips",
    [
        pytest.param(True, id="stripping", marks=pytest.mark.soak),
        pytest.param(False, id="handing on"),
    ],
)
def test_the_folder_of_the_example_for_nginx_works(
    ready: Ready, tmp_path: Path, *, strips: bool
) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}/dx"
    server = Served(
        ready.root,
        tmp_path / "own",
        ready.cache,
        public_url=address,
        trusted_proxies="127.0.0.1",
    ).start()
    (tmp_path / "nginx").mkdir()
    target = urlsplit(server.url).netloc
    try:
        with nginx(
            "nginx-subfolder.conf", target, tmp_path / "nginx", strips=strips, port=port
        ) as site:
            seen = crawl(f"{address}/")
            assert {url: status for url, status in seen.items() if status != 200} == {}
            assert all(url.startswith(f"{address}/") for url in seen)
            assert any(url.endswith("/modules/01") for url in seen)
            assert fetch(f"{site}/dx")[0] == 301
            assert fetch(f"{address}/metrics")[0] == 404
            assert fetch(f"{site}/modules/01")[0] in {403, 404}  # the site's own, and none of ours
    finally:
        server.stop()
