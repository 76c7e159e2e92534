"""A server whose learners are an organisation's own users, signed in by OpenID Connect."""

from __future__ import annotations

import hashlib
import re
import time
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from tornado.web import create_signed_value

from dxcourse import course as courses
from dxcourse.answers import SqlStore
from dxcourse.web.setting_sources import SettingsError, read_settings
from support.hub import Browser
from support.oidc import CLIENT, PASSWORD, Provider
from support.processes import free_port
from support.served import TINY_EXERCISE, Served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.hub import Reply
    from support.served import Ready

FOLDER = "/dx"
NEEDED = {
    "sign_in": "oidc",
    "public_url": "https://dx.example.jp",
    "oidc_issuer": "https://id.example.jp",
    "oidc_client_id": "dx",
    "oidc_client_secret": PASSWORD,
}
USERS: dict[str, dict[str, object]] = {
    "u-1": {"preferred_username": "hanako", "email": "h@town.example", "email_verified": True},
    "u-2": {"preferred_username": "taro"},
    "u-3": {"nickname": "nameless"},
}


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    found = Provider(tmp_path_factory.mktemp("provider"), USERS).start()
    yield found
    found.stop()


@pytest.fixture(scope="module")
def served(
    ready: Ready, provider: Provider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A server that the provider signs people in for, under a folder."""
    port = free_port()
    settings = {
        **NEEDED,
        "oidc_issuer": provider.url,
        "oidc_client_id": CLIENT,
        "oidc_claim": "preferred_username",
        "public_url": f"http://127.0.0.1:{port}{FOLDER}",
    }
    folder = tmp_path_factory.mktemp("signed-in")
    server = Served(ready.root, folder, ready.cache, **settings, processes=2)
    server._port = port
    yield server.start()
    server.stop()


class Person(Browser):
    """A browser whose user is somebody at the provider."""

    def __init__(self, served: Served, sub: str = "") -> None:
        super().__init__()
        self.site, self._sub = f"{served.url.removesuffix(FOLDER)}{FOLDER}", sub
        self._answer = courses.at(served.course).exercise(TINY_EXERCISE).model_answer()

    def asked(self, path: str = "/modules/00") -> Reply:
        """The provider's form, which who opens a page comes to."""
        return self.open(f"{self.site}{path}")

    def sign_in(self, path: str = "/modules/00") -> Reply:
        """Open a page and sign in on the way; what is shown at the end."""
        form = self.asked(path)
        assert "/oauth2/authorize" in form.url
        return self.open(form.url, data={"sub": self._sub})

    def answer(self, number: int = 0) -> Reply:
        body = {"id": f"signed-in-{self._sub}-{number}", "answer": self._answer}
        return self.open(f"{self.site}/api/answers/{TINY_EXERCISE}", json_body=body)


@pytest.mark.server
@pytest.mark.xdist_group("served")
def test_two_people_sign_in_and_each_has_their_own_record(served: Served) -> None:
    hanako, taro = Person(served, "u-1"), Person(served, "u-2")
    assert hanako.answer().status == 401
    page = hanako.sign_in("/modules/01")
    assert (page.status, page.url) == (200, f"{hanako.site}/modules/01")
    assert taro.sign_in().status == 200
    assert hanako.answer().status == 200
    mine, theirs = (each.open(f"{each.site}/api/learner").json() for each in (hanako, taro))
    assert mine["name"] == "hanako"
    assert (TINY_EXERCISE in mine["replies"], theirs["replies"]) == (True, {})
    with SqlStore(served.store) as store:
        assert {record.learner for record in store.records()} == {"hanako"}


@pytest.mark.server
@pytest.mark.xdist_group("served")
def test_a_browsers_cookie_is_for_it_alone_and_for_no_script(served: Served) -> None:
    person = Person(served, "u-2")
    heads: list[str] = []
    keep = person._keep

    def heard(line: str) -> None:
        heads.append(line)
        keep(line)

    person._keep = heard  # type: ignore[method-assign]
    person.sign_in()
    ours = [line for line in heads if line.startswith("dxcourse-")]
    assert ours
    for line in ours:
        if "Max-Age=0" in line or "expires=" in line.lower():
            continue  # it is taken away
        assert "HttpOnly" in line
        assert "SameSite=Lax" in line
        assert f"Path={FOLDER}" in line


@pytest.mark.server
@pytest.mark.xdist_group("served")
def test_a_cookie_that_was_changed_is_nobodys(served: Served) -> None:
    person = Person(served, "u-1")
    person.sign_in()
    (key,) = [key for key in person.cookies if key[1] == "dxcourse-user"]
    other = Person(served, "u-2")
    other.sign_in()
    hanakos, taros = person.cookies[key].split("|"), other.cookies[key].split("|")
    person.cookies[key] = "|".join([*hanakos[:4], taros[4], hanakos[5]])
    assert person.answer(1).status == 401


def back(form: str, served: Served, **changed: str) -> str:
    """The address that the provider would send a browser back to."""
    asked = {name: value[0] for name, value in parse_qs(urlsplit(form).query).items()}
    given = {"state": asked["state"], "code": "none", **changed}
    query = "&".join(f"{name}={value}" for name, value in given.items())
    return f"{served.url.removesuffix(FOLDER)}{FOLDER}/oidc_callback?{query}"


@pytest.mark.server
@pytest.mark.xdist_group("served")
@pytest.mark.parametrize(
    "changed",
    [{}, {"state": "another"}, {"state": ""}, {"error": "access_denied"}, {"code": ""}],
    ids=["no such code", "another state", "no state", "refused", "no code"],
)
def test_what_the_provider_did_not_say_signs_nobody_in(
    served: Served, changed: dict[str, str]
) -> None:
    person = Person(served, "u-1")
    form = person.asked().url
    found = person.open(back(form, served, **changed))
    assert found.status == 403
    assert "サインインできません" in found.text
    assert "page.js" not in found.text  # it would ask who is there, and load the page for ever
    assert person.cookie("dxcourse-user") == ""
    assert person.answer(2).status == 401


@pytest.mark.server
@pytest.mark.xdist_group("served")
def test_another_browsers_way_back_signs_nobody_in(served: Served) -> None:
    """Whoever is led to another's way back would answer under that one's name."""
    one, other = Person(served, "u-1"), Person(served, "u-2")
    assert one.open(back(other.asked().url, served)).status == 403


@pytest.mark.server
@pytest.mark.xdist_group("served")
@pytest.mark.parametrize("path", ["", "/", "?from=mail", "/search?q=DX"])
def test_it_ends_where_one_wanted_to_go(served: Served, path: str) -> None:
    person = Person(served, "u-1")
    page = person.sign_in(path)
    assert (page.status, page.url) == (200, f"{person.site}{path}")


@pytest.mark.server
@pytest.mark.xdist_group("served")
def test_two_tabs_may_sign_in_at_once(served: Served) -> None:
    person = Person(served, "u-1")
    first, second = person.asked("/modules/00").url, person.asked("/modules/01").url
    assert person.open(first, data={"sub": "u-1"}).url.endswith("/modules/00")
    assert person.open(second, data={"sub": "u-1"}).url.endswith("/modules/01")


@pytest.mark.server
@pytest.mark.xdist_group("served")
@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example"]
)
def test_it_ends_nowhere_else(served: Served, elsewhere: str) -> None:
    person = Person(served, "u-1")
    form = person.open(f"{person.site}/sign-in?next={elsewhere}")
    assert person.open(form.url, data={"sub": "u-1"}).url == f"{person.site}/"


@pytest.mark.server
@pytest.mark.xdist_group("served")
def test_who_has_no_name_that_can_be_used_is_told_and_the_operator_too(served: Served) -> None:
    person = Person(served, "u-3")
    assert person.sign_in().status == 403
    assert "「preferred_username」を渡していない" in served.log.read_text(encoding="utf-8")


@pytest.mark.server
@pytest.mark.xdist_group("served")
def test_who_signs_out_is_signed_out_here_and_there(served: Served, provider: Provider) -> None:
    person = Person(served, "u-1")
    person.sign_in()
    assert person.open(f"{person.site}/sign-out").url.startswith(provider.url)
    assert person.answer(3).status == 401


def cookie_of(served: Served, learner: str, hours: float) -> str:
    """What a browser holds whose user signed in so many hours ago."""
    secret = (served.answers.parent / "secret").read_text(encoding="ascii").split()[0]
    key = hashlib.sha256(f"oidc {secret}".encode()).hexdigest()
    then = time.time() - 3600 * hours
    return create_signed_value(key, "dxcourse-user", learner, clock=lambda: then).decode()


@pytest.mark.server
@pytest.mark.xdist_group("served")
@pytest.mark.parametrize(("hours", "status"), [(11.9, 200), (12.1, 401)])
def test_after_the_hours_that_were_set_people_sign_in_again(
    served: Served, hours: float, status: int
) -> None:
    person = Person(served, "u-1")
    person.cookies[FOLDER, "dxcourse-user"] = cookie_of(served, "hanako", hours)
    assert person.answer(round(hours)).status == status
    assert ("/oauth2/authorize" in person.asked().url) is (status == 401)


@pytest.mark.server
@pytest.mark.xdist_group("served")
def test_while_the_provider_is_away_who_is_in_stays_in(
    ready: Ready, tmp_path: Path, served: Served
) -> None:
    person = Person(served, "u-2")
    person.sign_in()
    away = Served(
        ready.root,
        tmp_path,
        ready.cache,
        **{
            **NEEDED,
            "oidc_issuer": f"http://127.0.0.1:{free_port()}",
            "public_url": f"http://127.0.0.1:{free_port()}",
        },
    ).start()
    try:
        found = Browser().open(f"{away.url}/modules/00")
        assert found.status == 502
        assert "いま、サインインができません" in found.text
        assert "page.js" not in found.text
        log = away.log.read_text(encoding="utf-8")
        assert "から、使える返事がありません" in log
        assert "Traceback" not in log
        assert PASSWORD not in log
        assert away.ask("/healthz").status == 200
        out = Browser().open(f"{away.url}/sign-out")
        assert out.status == 200
        assert "サインアウトしました" in out.text
    finally:
        away.stop()
    assert person.answer(4).status == 200


@pytest.mark.parametrize("missing", sorted(NEEDED.keys() - {"sign_in"}))
def test_what_is_missing_is_named(missing: str) -> None:
    given = {name: value for name, value in NEEDED.items() if name != missing}
    with pytest.raises(SettingsError, match=missing):
        read_settings({}, None, {f"DXCOURSE_{n.upper()}": v for n, v in given.items()})


@pytest.mark.parametrize("issuer", ["http://id.example.jp", "id.example.jp", "https://a b"])
def test_a_provider_is_asked_over_https_alone(issuer: str) -> None:
    given = {**NEEDED, "oidc_issuer": issuer}
    with pytest.raises(SettingsError, match=re.escape("https://id.example.jp/realms/town")):
        read_settings({}, None, {f"DXCOURSE_{n.upper()}": v for n, v in given.items()})
