"""From an LMS into the course by LTI 1.3: PyJWT plays the platform, and an impostor."""

from __future__ import annotations

import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from support.hub import CONFIG, Browser, Hub
from support.served import tiny

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.soak, pytest.mark.server, pytest.mark.xdist_group("hub")]

CLIENT = "the-client-id-of-the-lms"
CLAIM = "https://purl.imsglobal.org/spec/lti/claim"
LEARNER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"


class Platform(ThreadingHTTPServer):
    """An LMS: says its public key, and signs who somebody is."""

    def __init__(self) -> None:
        from cryptography.hazmat.primitives.asymmetric import rsa
        from jwt.algorithms import RSAAlgorithm

        super().__init__(("127.0.0.1", 0), _KeysHandler)
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        public = json.loads(RSAAlgorithm.to_jwk(self.key.public_key()))
        self.keys = {"keys": [{**public, "kid": "k1", "alg": "RS256", "use": "sig"}]}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def token(self, nonce: str, target: str, **other: Any) -> str:
        import jwt

        now = int(time.time())
        told = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": "kacho-7",
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            f"{CLAIM}/message_type": "LtiResourceLinkRequest",
            f"{CLAIM}/version": "1.3.0",
            f"{CLAIM}/deployment_id": "1",
            f"{CLAIM}/target_link_uri": target,
            f"{CLAIM}/resource_link": {"id": "the-course"},
            f"{CLAIM}/roles": [LEARNER],
        }
        return str(jwt.encode(told | other, self.key, algorithm="RS256", headers={"kid": "k1"}))


class _KeysHandler(BaseHTTPRequestHandler):
    server: Platform

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(self.server.keys).encode())

    def log_message(self, *_: object) -> None:
        """A test says what matters."""


@pytest.fixture
def platform() -> Iterator[Platform]:
    with Platform() as found:
        threading.Thread(target=found.serve_forever, daemon=True).start()
        yield found
        found.shutdown()


@pytest.fixture
def hub(platform: Platform, tmp_path: Path) -> Iterator[Hub]:
    """A hub with the shipped settings for an LMS, whose address is the platform's."""
    text = (CONFIG.parent / "lti13.py").read_text(encoding="utf-8")
    assert "https://lms.example.jp" in text
    text = text.replace("https://lms.example.jp", platform.url).replace('"https"', '"http"')
    (tmp_path / "lti13.py").write_text(text, encoding="utf-8")
    store = f"sqlite:///{tmp_path / 'answers.sqlite'}"
    found = Hub(tmp_path, store, tiny(tmp_path).root, 'load_subconfig("lti13.py")')
    try:
        yield found.start()
    finally:
        found.stop()


def launch(hub: Hub, platform: Platform, browser: Browser) -> dict[str, str]:
    """What the hub asks of the platform when somebody clicks the course in the LMS."""
    form = urlencode(
        {
            "iss": platform.url,
            "client_id": CLIENT,
            "login_hint": "7",
            "target_link_uri": f"{hub.pages}/",
        }
    )
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    url = f"{hub.url}hub/lti13/oauth_login"
    status, place, _ = browser._once("POST", url, form.encode(), headers)
    assert status == 302
    assert place.startswith(platform.url)
    return {name: value for name, [value] in parse_qs(urlsplit(place).query).items()}


def test_who_comes_from_the_lms_is_known_by_its_name_and_an_impostor_is_not(
    hub: Hub, platform: Platform
) -> None:
    target = f"{hub.pages}/"

    def come(*, signed_by: Platform, **other: Any) -> tuple[Browser, int, str]:
        browser = Browser()
        asked = launch(hub, platform, browser)
        given = {**other, "iss": platform.url}
        token = signed_by.token(given.pop("nonce", asked["nonce"]), target, **given)
        form = {"id_token": token, "state": asked["state"]}
        reply = browser.open(asked["redirect_uri"], data=form)
        return browser, reply.status, reply.url

    with Platform() as impostor:
        browser, status, _ = come(signed_by=impostor)
    assert status == 400
    assert browser.open(f"{hub.pages}/api/learner").status == 401
    for spoilt in ({"aud": "another-tool"}, {"exp": 1}, {"nonce": secrets.token_hex(16)}):
        _, status, _ = come(signed_by=platform, **spoilt)
        assert status in {400, 401}, spoilt

    browser, status, url = come(signed_by=platform)
    assert (status, url) == (200, target)
    assert browser.open(f"{hub.pages}/api/learner").json()["seed"] == "kacho-7"
