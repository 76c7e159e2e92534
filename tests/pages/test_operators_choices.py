"""What an operator sets: a day's quota, texts of their own, numbers where the port is taken."""

from __future__ import annotations

import http.client
import json
import re
import socket
from typing import TYPE_CHECKING

import pytest

from dxcourse import course as courses
from dxcourse.pages.site import statement
from support.served import TINY_EXERCISE, Served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.served import Ready

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("served")]

PRIVACY = """# 架空県の答えの扱い

- 人事評価には使いません。
- <script>alert(1)</script>

[県の方針](https://www.pref.example.jp/privacy) [わな](javascript:alert(1))
"""


@pytest.fixture(scope="module")
def taken() -> Iterator[int]:
    """A port of another program's, with a free one behind it."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


@pytest.fixture(scope="module")
def served(taken: int, ready: Ready, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("operator")
    (folder / "privacy.md").write_text(PRIVACY, encoding="utf-8")
    (folder / "accessibility.md").write_text("# 方針\n\n適合レベルAA\n", encoding="utf-8")
    server = Served(
        ready.root,
        folder / "own",
        ready.cache,
        learner_daily=2,
        metrics_port=taken,
        privacy_file=folder / "privacy.md",
        accessibility_file=folder / "accessibility.md",
    ).start()
    yield server
    server.stop()


def give(server: Served, token: str, number: int) -> tuple[int, dict[str, str]]:
    answer = courses.at(server.course).exercise(TINY_EXERCISE).model_answer()
    sent = {"id": f"quota-{number}-{token[-12:-4]}", "answer": answer}
    sent["id"] = re.sub(r"\W", "-", str(sent["id"]))
    found = server.post(f"/api/answers/{TINY_EXERCISE}", sent, token=token)
    return found.status, found.json()


def test_a_day_has_a_quota_and_it_is_told_in_words(served: Served) -> None:
    token = served.mint()
    assert [give(served, token, n)[0] for n in (1, 2)] == [200, 200]
    status, told = give(served, token, 3)
    assert status == 429
    assert told["state"] == "waiting"  # the browser keeps it
    assert "きょう保存できる数を超えました" in told["message"]
    assert give(served, served.mint(), 4)[0] == 200  # it is one learner's


def test_the_privacy_page_says_the_operators_text_and_keeps_its_buttons(served: Served) -> None:
    page = served.ask("/privacy").text
    assert "架空県の答えの扱い" in page
    assert "&lt;script&gt;alert(1)" in page
    assert "javascript:" not in page
    assert 'data-download="/my/answers.json"' in page
    assert page.count("<h1>") == 1


def test_the_statement_on_accessibility_is_a_page(served: Served) -> None:
    found = served.ask("/accessibility")
    assert found.status == 200
    assert "適合レベルAA" in found.text
    assert 'href="/accessibility"' in served.ask("/").text


def test_numbers_move_to_the_next_port_where_one_is_taken(served: Served, taken: int) -> None:
    said = " ".join(line["message"] for line in served.log_lines())
    assert f"監視用の{taken}番は、ほかのプロセスが使っています。" in said
    found = re.search(r"http://127\.0\.0\.1:(\d+)/metrics", said)
    assert found
    assert int(found[1]) != taken
    connection = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=20)
    connection.request("GET", "/metrics")
    assert b"dxcourse_requests" in connection.getresponse().read()
    connection.close()
    assert "Traceback" not in served.log.read_text(encoding="utf-8")


def test_half_a_character_is_no_answer(served: Served) -> None:
    token = served.mint()
    body = json.dumps({"id": "half-a-character", "answer": {"items": {"x": "\ud800"}}}).encode()
    found = served.post(f"/api/answers/{TINY_EXERCISE}", body, token=token)
    assert found.status == 400


def test_a_statement_lets_no_html_through(tmp_path: Path) -> None:
    file = tmp_path / "own.md"
    file.write_text("# 題\n\n<img src=x onerror=alert(1)>\n\n|a|b|\n|-|-|\n|1|2|\n", "utf-8")
    html = statement(file)
    assert "<img" not in html
    assert "<table>" in html


@pytest.mark.parametrize("name", ["privacy_file", "accessibility_file"])
def test_a_file_that_is_not_there_is_told_at_the_start(
    ready: Ready, tmp_path: Path, name: str
) -> None:
    own = {name: tmp_path / "none.md"}
    server = Served(ready.root, tmp_path / "own", ready.cache, **own)
    with pytest.raises(AssertionError, match=f"設定「{name}」.*none.md"):
        server.start()
