"""Homework as pages: links from a roster, answers in a browser, submissions, feedback."""

from __future__ import annotations

import csv
import http.client
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

import nbformat
import pytest
from click.testing import CliRunner
from playwright.sync_api import expect

from dxcourse.assignment import Assignment
from dxcourse.cli import main
from dxcourse.homework import HomeworkCourse, set_due
from dxcourse.homework.pages import end_after, homework_links
from dxcourse.web.setting_sources import read_settings
from support.controls import answer, right
from support.jupyter import PATIENCE, running
from support.looks import PHONE, cut_off, violations
from support.proxy import Proxy, crawl
from support.round_trip import Trip, leaks_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, Page

    from support.chromium import Visit

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("jupyter")]

HW = "dx-basics"
WRITTEN = "written-reflection"
TEXT = "窓口で三枚の用紙を待つ。<b>四月に数えたら</b>一日9人。"
ROSTER = "id,last_name,first_name,email\nk-tanaka,田中,花子,t@example.jp\nsuzuki,=1+1,太郎,\n"
HEADER = "X-Dxcourse-Learner"


@dataclass(frozen=True)
class Pages:
    """A running server of homework, and the links of its learners."""

    trip: Trip
    url: str
    links: dict[str, str]

    @property
    def course(self) -> HomeworkCourse:
        return HomeworkCourse.open(self.trip.homework)

    def ask(
        self, path: str, body: dict[str, Any] | None = None, token: str = ""
    ) -> tuple[int, str]:
        """What the server says: status and text."""
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        headers = {"Content-Type": "application/json", **({HEADER: token} if token else {})}
        sent = None if body is None else json.dumps(body)
        connection.request("GET" if body is None else "POST", path, sent, headers)
        reply = connection.getresponse()
        said = reply.read().decode()
        connection.close()
        return reply.status, said

    def path(self, student: str) -> str:
        return urlsplit(self.links[student]).path

    def run(self, *arguments: str) -> str:
        """Run one of our commands, in this process."""
        done = CliRunner().invoke(main, ["homework", *arguments, "--dir", str(self.trip.homework)])
        assert done.exit_code == 0, done.output
        return done.output


@pytest.fixture(scope="module")
def pages(course_copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    root = tmp_path_factory.mktemp("pages")
    trip = Trip.prepare(course_copy, root, HW)
    home = root / "homes/server"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(home / "data"))
        made = Pages(trip, "", {})
        made.run("release", HW)
        (root / "roster.csv").write_text(ROSTER, encoding="utf-8")
        command = ("dxcourse", "homework", "serve", "--port", "0")
        with running(command, trip.homework, home, r"http://127\.0\.0\.1:\d+") as url:
            table = root / "links.csv"
            roster = str(root / "roster.csv")
            made.run("links", HW, str(table), "--roster", roster, "--address", url)
            with table.open(encoding="utf-8-sig", newline="") as file:
                links = {row["id"]: row["link"] for row in csv.DictReader(file)}
            yield Pages(trip, url, links)


@pytest.fixture
def source(pages: Pages) -> Assignment:
    return Assignment.load(pages.trip.homework / "source" / HW)


@pytest.fixture
def context(pages: Pages, visit: Visit) -> BrowserContext:
    """A phone that no course was ever opened on."""
    found = visit.chromium.browser.new_context(
        locale="ja-JP", timezone_id="America/New_York", viewport={"width": PHONE, "height": 740}
    )
    found.set_default_timeout(PATIENCE)
    visit.contexts.append(found)
    visit._watch(found, urlsplit(pages.url).netloc, re.compile(r"(?!)"))
    return found


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("html[data-ready]", state="attached")
    return page


def write(page: Page, text: str) -> None:
    """Write the reflection and hand it over."""
    box = page.locator(f'.dxc-mount[data-exercise="{WRITTEN}"]')
    box.locator("textarea").fill(text)
    box.locator("button.dxc-go").click()
    expect(box.locator(".dxc-status")).to_have_attribute("data-state", "saved")


def test_from_a_link_to_feedback_under_the_same_link(
    pages: Pages, source: Assignment, context: BrowserContext
) -> None:
    course = pages.course
    soon = datetime.now(UTC) + timedelta(hours=9, days=1)
    set_due(course, HW, f"{soon:%Y-%m-%d} 17:00")
    page = opened(context, pages.links["k-tanaka"])
    expect(page.locator("section.notice")).to_contain_text("17:00（日本時間）")
    expect(page.locator("#late")).to_be_hidden()
    assert violations(page) == []
    assert cut_off(page) == []
    for exercise in source.exercises.values():
        answer(page, exercise, right(exercise))
    write(page, TEXT)
    assert leaks_in(page.content(), source) == []
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    expect(page.locator(f'[data-exercise="{WRITTEN}"] textarea')).to_have_value(TEXT)

    assert "受け取り 1 人" in pages.run("collect", HW, "--pages")
    assert "前と同じ 1 人" in pages.run("collect", HW, "--pages")
    folder = course.folder("submitted", HW, "k-tanaka")
    names = {path.name for path in folder.iterdir()}
    assert {f"{HW}.ipynb", "answers.jsonl", "timestamp.txt"} <= names
    cells = nbformat.read(folder / f"{HW}.ipynb", as_version=4)["cells"]
    assert [c["source"] for c in cells if c["id"] == "reflection"] == [TEXT]

    assert "採点 1 件" in pages.run("grade", HW)
    with course.gradebook() as gradebook:
        assert gradebook.find_submission(HW, "k-tanaka").score == 22
    pages.run("feedback", HW)
    assert pages.ask(f"{pages.path('k-tanaka')}/feedback")[0] == 404, "before it is given back"
    pages.run("feedback", HW, "--pages", "--yes")  # before the deadline
    page.reload()
    page.get_by_role("link", name="採点のお返しを読む").click()
    expect(page.get_by_role("heading", name="めあてごとの点数")).to_be_visible()
    expect(page.get_by_text("22 / 30 点")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "ja"
    assert page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") == "720px"
    expect(page.get_by_text(TEXT)).to_be_visible()
    assert violations(page) == []
    assert cut_off(page) == []
    status, said = pages.ask(
        "/api/answers/basics-relay",
        {"id": "late-one-1", "answer": {"items": {}}},
        pages.path("k-tanaka").rsplit("/", 1)[1],
    )
    assert (status, json.loads(said)["state"]) == (409, "refused")


def test_a_deadline_that_is_over_is_said_and_the_answer_is_late(
    pages: Pages, context: BrowserContext
) -> None:
    course = pages.course
    set_due(course, HW, "2026-01-05")
    page = context.new_page()
    late = page.locator("#late")

    def shown() -> bool:
        page.goto(pages.links["suzuki"])
        return late.is_visible()

    for _ in range(8):  # the server looks at the gradebook every ten seconds
        if shown():
            break
        page.wait_for_timeout(2000)
    expect(late).to_contain_text("締切を過ぎています")
    expect(page.locator("section.notice")).to_contain_text("2026年1月5日 23:59（日本時間）")
    page.wait_for_selector("html[data-ready]", state="attached")
    write(page, "書けたところまで")
    pages.run("collect", HW, "--pages")
    pages.run("grade", HW)
    with course.gradebook() as gradebook:
        submission = gradebook.find_submission(HW, "suzuki")
        assert submission.total_seconds_late > 0
        assert submission.score == 0


def test_no_link_says_a_name_and_none_can_be_made_up(pages: Pages) -> None:
    import base64

    for student, link in pages.links.items():
        token = link.rsplit("/", 1)[1]
        data = base64.urlsafe_b64decode(token.split(".")[0] + "==")
        assert student.encode() not in data
        assert pages.ask(f"/homework/{token}")[0] == 200
        at = len(token) - 9  # within the signature
        forged = f"{token[:at]}{'A' if token[at] != 'A' else 'B'}{token[at + 1 :]}"
        for other in (forged, "x" * 600, "k-tanaka"):
            status, said = pages.ask(f"/homework/{other}")
            assert (status, "このリンクは使えません" in said) == (403, True)
            assert pages.ask(f"/homework/{other}/feedback")[0] == 403
            assert pages.ask("/api/learner", token=other)[0] == 401
    assert pages.ask("/api/learner")[0] == 401


@pytest.mark.parametrize("tail", ["）", "。", ">", ".", "）。"])
def test_a_link_with_a_sentences_end_on_it_is_led_to(pages: Pages, tail: str) -> None:
    path = pages.path("suzuki")
    with urlopen(f"{pages.url}{path}{quote(tail)}", timeout=30) as found:  # noqa: S310  -- ours
        assert urlsplit(found.geturl()).path == path  # where a page's script reads its link
    assert pages.ask(f"{path}/feedback{quote(tail)}")[0] == pages.ask(f"{path}/feedback")[0]
    status, said = pages.ask(f"/homework/no-link-of-ours{quote(tail)}")
    assert (status, "このリンクは使えません" in said) == (403, True)


def test_links_end_with_a_day_in_japan() -> None:
    evening = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)  # half past midnight there
    assert f"{end_after(evening, 90):%Y-%m-%d %H:%M %z}" == "2027-02-24 23:59 +0900"


def test_a_link_ends(pages: Pages) -> None:
    links = homework_links(pages.course, read_settings({}))
    over = links.token(HW, "suzuki", datetime.now(UTC) - timedelta(seconds=2))
    status, said = pages.ask(f"/homework/{over}")
    assert (status, "期限が過ぎました" in said) == (410, True)
    body = {"id": "after-end-1", "answer": {"items": {}}}
    assert pages.ask("/api/answers/basics-relay", body, over)[0] == 401
    again = links.token(HW, "suzuki", datetime.now(UTC) + timedelta(days=1))
    assert links.read(again).who == links.who(HW, "suzuki"), "a new link goes on with the answers"


def test_nothing_that_is_served_has_a_key(pages: Pages, source: Assignment) -> None:
    path = pages.path("suzuki")
    token = path.rsplit("/", 1)[1]
    status, page = pages.ask(path)
    assert status == 200
    assert "BEGIN" not in page
    assert "Validate" not in page, "it speaks of JupyterLab"
    said = [page, pages.ask("/api/learner", token=token)[1]]
    for name, exercise in source.exercises.items():
        body = {"id": f"search-{name}", "answer": {"items": right(exercise)}}
        status, reply = pages.ask(f"/api/answers/{name}", body, token)
        assert status == 200, reply
        shown = json.loads(reply)["reply"]
        assert {(each["key"], each["result"]["points"]) for each in shown["items"].values()} <= {
            (None, 0.0)
        }
        said.append(reply)
    assert [leak for text in said for leak in leaks_in(text, source)] == []


def test_only_homework_is_served(pages: Pages) -> None:
    for path in ("/", "/modules/00", "/api/visitor", "/homework", "/my/plan"):
        assert pages.ask(path)[0] in {403, 404, 405}, path
    assert pages.ask("/healthz")[0] == 200
    assert pages.ask("/readyz")[0] == 200


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name\nx\n", "受講者の列がありません"),
        ("id\n../x\n", ":2：受講者「../x」は使えません"),
        ("id\na\nb\na\n", ":4：受講者 a が二度あります（2 行目にも）"),
        ("id\n", "受講者が一人もいません"),
    ],
)
def test_a_roster_that_cannot_be_used_is_refused(
    pages: Pages, tmp_path: Path, text: str, told: str
) -> None:
    roster, table = tmp_path / "r.csv", tmp_path / "links.csv"
    roster.write_text(text, encoding="utf-8")
    where = ("--dir", str(pages.trip.homework), "--address", pages.url)
    command = ["homework", "links", HW, str(table), "--roster", str(roster), *where]
    done = CliRunner().invoke(main, command)
    assert (done.exit_code, told in done.output) == (1, True), done.output
    assert not table.exists()


def test_what_a_spreadsheet_would_run_is_written_as_text(pages: Pages, tmp_path: Path) -> None:
    roster, table = tmp_path / "r.csv", tmp_path / "links.csv"
    roster.write_text(ROSTER, encoding="utf-8")
    pages.run("links", HW, str(table), "--roster", str(roster), "--address", pages.url)
    assert ",'=1+1," in table.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    "strips",
    [
        pytest.param(True, id="stripping"),
        pytest.param(False, id="handing on", marks=pytest.mark.soak),
    ],
)
def test_homework_is_answered_in_a_folder_of_another_site(
    pages: Pages, visit: Visit, monkeypatch: pytest.MonkeyPatch, *, strips: bool
) -> None:
    home = pages.trip.homework.parent / f"homes/folder-{strips}"
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    with Proxy("/town/homework", strips=strips) as proxy:
        given = ("--port", "0", "--public-url", proxy.url)
        command = ("dxcourse", "homework", "serve", *given)
        with running(command, pages.trip.homework, home, r"http://127\.0\.0\.1:\d+") as url:
            proxy.lead_to(url)
            table = home / "links.csv"
            roster = home / "roster.csv"
            roster.write_text(ROSTER, encoding="utf-8")
            pages.run("links", HW, str(table), "--roster", str(roster), "--address", proxy.url)
            with table.open(encoding="utf-8-sig", newline="") as file:
                link = next(csv.DictReader(file))["link"]
            assert {url: s for url, s in crawl(link).items() if s != 200} == {}
            context = visit.chromium.browser.new_context(locale="ja-JP")
            context.set_default_timeout(PATIENCE)
            visit.contexts.append(context)
            visit._watch(context, urlsplit(proxy.url).netloc, re.compile(r"(?!)"))
            page = context.new_page()
            page.goto(link)
            page.wait_for_selector("html[data-ready]", state="attached")
            write(page, "フォルダーの下でも預けられる。")
            visit.contexts.pop().close()  # before the server goes: a page without one complains
            assert proxy.strays == []
