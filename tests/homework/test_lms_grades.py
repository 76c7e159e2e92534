"""Grades into an LMS by LTI's services; PyJWT plays the platform, which asks for the standard."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from dxcourse.cli import main
from dxcourse.homework import grade_all
from support.homework import FULL, HW, REFLECTION, Homework, right_answers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result

    from dxcourse.homework import HomeworkCourse

CLIENT, KEY_ID, TOKEN = "dx-tool", "k1", "a-token-for-scores"
AGS = "https://purl.imsglobal.org/spec/lti-ags/scope"
LINE_ITEM = "application/vnd.ims.lis.v2.lineitem+json"
SERVICES = "/mod/lti/services.php/12"


class Lms(ThreadingHTTPServer):
    """An LMS with one course, whose columns are on two pages."""

    def __init__(self, public: Any) -> None:
        super().__init__(("127.0.0.1", 0), _Services)
        self.public = public
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.users = {"17", "bob", "dave"}
        self.columns: list[dict[str, Any]] = [{"id": self.item(1), "resourceId": "another"}]
        self.scores: list[dict[str, Any]] = []
        self.away = 0  # a status that all scores are answered with

    def item(self, number: int) -> str:
        return f"{self.url}{SERVICES}/lineitems/{number}/lineitem?type_id=3"

    @property
    def lineitems(self) -> str:
        return f"{self.url}{SERVICES}/lineitems?type_id=3"


class _Services(BaseHTTPRequestHandler):
    server: Lms

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = parse_qs(parts.query)
        assert parts.path == f"{SERVICES}/lineitems"
        assert asked["type_id"] == ["3"]
        assert self.headers["Accept"] == "application/vnd.ims.lis.v2.lineitemcontainer+json"
        if not self.allowed():
            return
        page = int(asked.get("page", ["0"])[0])
        more = f'<{self.server.lineitems}&page={page + 1}>; rel="next"'
        last = page + 1 >= len(self.server.columns)
        self.reply(200, self.server.columns[page : page + 1], {} if last else {"Link": more})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
        parts = urlsplit(self.path)
        if parts.path == "/token":
            self.give_token({name: value[0] for name, value in parse_qs(body).items()})
        elif not self.allowed():
            return
        elif parts.path == f"{SERVICES}/lineitems":
            assert self.headers["Content-Type"] == LINE_ITEM
            made = {**json.loads(body), "id": self.server.item(len(self.server.columns) + 1)}
            self.server.columns.append(made)
            self.reply(201, made)
        else:
            assert parts.path.endswith("/lineitem/scores")
            assert parts.query == "type_id=3"
            assert self.headers["Content-Type"] == "application/vnd.ims.lis.v1.score+json"
            score = json.loads(body)
            known = score["userId"] in self.server.users
            if known and not self.server.away:
                self.server.scores.append(score)
            self.reply(self.server.away or (200 if known else 404), {})

    def give_token(self, form: dict[str, str]) -> None:
        assert form["grant_type"] == "client_credentials"
        assert form["scope"].split() == [f"{AGS}/lineitem", f"{AGS}/score"]
        assert form["client_assertion_type"].endswith("client-assertion-type:jwt-bearer")
        try:
            signed = form["client_assertion"]
            assert jwt.get_unverified_header(signed)["kid"] == KEY_ID
            needed: Any = {"require": ["iss", "sub", "aud", "exp", "iat", "jti"]}
            told = jwt.decode(
                signed,
                self.server.public,
                algorithms=["RS256"],
                audience=f"{self.server.url}/token",
                options=needed,
            )
            assert told["iss"] == told["sub"] == CLIENT
        except jwt.InvalidTokenError:
            self.reply(400, {"error": "invalid_client"})
        else:
            given = {"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600}
            self.reply(200, given)

    def allowed(self) -> bool:
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            self.reply(401, {})
            return False
        return True

    def reply(self, status: int, data: Any, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(json.dumps(data).encode())

    def log_message(self, *_: object) -> None:
        """A test says what matters."""


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def lms(key: rsa.RSAPrivateKey) -> Iterator[Lms]:
    with Lms(key.public_key()) as found:
        threading.Thread(target=found.serve_forever, daemon=True).start()
        yield found
        found.shutdown()


@pytest.fixture
def place(course: HomeworkCourse, homework: Homework, lms: Lms, key: rsa.RSAPrivateKey) -> Path:
    """A graded course that knows its LMS: alice's work has a score, bob's is to be read."""
    with course.gradebook() as gradebook:
        gradebook.add_student("alice", lms_user_id="17")
        gradebook.add_student("carol")
    homework.hand_in("alice", right_answers(homework.source, "why", "ages"))
    homework.hand_in("bob", right_answers(homework.source), reflection="書いた")
    grade_all(course, HW)
    tell(homework.root, lms)
    write_key(homework.root / "lms-key.pem", key)
    return homework.root


def tell(root: Path, lms: Lms, **other: str) -> None:
    given = {
        "token_url": f"{lms.url}/token",
        "client_id": CLIENT,
        "lineitems_url": lms.lineitems,
        "key_file": "lms-key.pem",
        "key_id": KEY_ID,
        **other,
    }
    lines = [f"{name} = {json.dumps(value)}\n" for name, value in given.items()]
    (root / "lms.toml").write_text("".join(lines), encoding="utf-8")


def write_key(file: Path, key: rsa.RSAPrivateKey) -> None:
    form = serialization.PrivateFormat.PKCS8
    none = serialization.NoEncryption()
    file.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, none))
    file.chmod(0o600)


def send(root: Path, *more: str) -> Result:
    options = ["homework", "lms-grades", HW, "--dir", str(root), "--yes", *more]
    return CliRunner().invoke(main, options)


def test_scores_arrive_and_what_is_to_be_read_is_no_zero(place: Path, lms: Lms) -> None:
    said = send(place, "--label", "宿題1")
    assert said.exit_code == 0, said.output
    assert "点を送った 1 人、採点を待つことだけを伝えた 1 人、送るもののない 1 人" in said.output
    column = lms.columns[-1]
    assert (column["label"], column["resourceId"]) == ("宿題1", HW)
    assert column["scoreMaximum"] == FULL + REFLECTION
    scores = {score["userId"]: score for score in lms.scores}
    assert scores.keys() == {"17", "bob"}
    alice, bob = scores["17"], scores["bob"]
    assert (alice["scoreGiven"], alice["scoreMaximum"]) == (4.0, FULL + REFLECTION)
    assert (alice["gradingProgress"], alice["activityProgress"]) == ("FullyGraded", "Completed")
    assert (bob["gradingProgress"], bob["activityProgress"]) == ("PendingManual", "Submitted")
    assert "scoreGiven" not in bob


def test_sent_again_it_is_the_same_column_and_a_later_time(place: Path, lms: Lms) -> None:
    assert send(place).exit_code == send(place).exit_code == 0
    assert [each["resourceId"] for each in lms.columns] == ["another", HW]
    first, *_, last = (score for score in lms.scores if score["userId"] == "17")
    assert first["timestamp"] < last["timestamp"]
    log = CliRunner().invoke(main, ["homework", "scores", HW, "--dir", str(place)]).output
    assert "LMSへ送った" in log


def test_whom_the_lms_does_not_know_is_named_and_the_others_are_sent(place: Path, lms: Lms) -> None:
    lms.users.remove("17")
    said = send(place)
    assert said.exit_code == 1
    assert "alice：LMSが受け取りませんでした（HTTP 404）" in said.output
    assert [score["userId"] for score in lms.scores] == ["bob"]


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_an_lms_that_takes_nothing_is_told_once(place: Path, lms: Lms, status: int) -> None:
    lms.away = status
    said = send(place)
    assert said.exit_code == 1
    assert f"に点を送れません（HTTP {status}）。それまでの 0 人分は届いています" in said.output
    assert "Traceback" not in said.output


def test_another_key_is_refused_by_the_lms_and_told(place: Path, lms: Lms) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    write_key(place / "lms-key.pem", other)
    said = send(place)
    assert said.exit_code == 1
    assert "invalid_client" in said.output
    assert lms.scores == []


def test_an_lms_that_is_not_there_is_told(place: Path, lms: Lms) -> None:
    tell(place, lms, token_url="http://127.0.0.1:9/token")  # noqa: S106  -- an address
    said = send(place)
    assert said.exit_code == 1
    assert "に点を送れません" in said.output


def test_the_token_goes_nowhere_else(place: Path, lms: Lms) -> None:
    lms.columns.append({"id": "http://127.0.0.1:9/lineitem", "resourceId": HW})
    said = send(place)
    assert said.exit_code == 1
    assert "よそのサーバーのアドレスを返しました" in said.output


@pytest.mark.parametrize(
    ("other", "names"),
    [
        ({"token_url": "http://lms.example.jp/token"}, "token_url"),
        ({"lineitems_url": "lms"}, "lineitems_url"),
        ({"client_id": ""}, "client_id"),
        ({"clientid": "x"}, "clientid"),
    ],
)
def test_a_setting_that_is_wrong_is_named(
    place: Path, lms: Lms, other: dict[str, str], names: str
) -> None:
    tell(place, lms, **other)
    said = send(place)
    assert said.exit_code == 1
    assert f"LMSの設定の {names} が、ないか、正しくありません" in said.output


def test_what_is_missing_is_told_with_its_place(place: Path) -> None:
    (place / "lms-key.pem").chmod(0o644)
    assert "chmod 600" in send(place).output
    (place / "lms-key.pem").unlink()
    assert "鍵を読めません" in send(place).output
    (place / "lms.toml").write_text("token_url = ", encoding="utf-8")
    assert "LMSの設定を読めません" in send(place).output
    (place / "lms.toml").unlink()
    assert "lms.toml" in send(place).output


def test_before_the_deadline_it_asks(place: Path, lms: Lms) -> None:
    options = ["homework", "lms-grades", HW, "--dir", str(place)]
    said = CliRunner().invoke(main, options, input="n\n")
    assert said.exit_code == 1
    assert lms.scores == []
