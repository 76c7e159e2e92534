"""Served to visitors: each page accessible, readable without scripts, embeddable, one's own."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from dxcourse import course as courses
from support.chromium import ROOT
from support.controls import answer, candidates, fill, put, right, section
from support.looks import DESK, PHONE, cut_off, look, violations
from support.served import Served, with_apps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Frame, Page

    from dxcourse.course import Course
    from support.chromium import Visit

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("browser")]

APPS = sorted(courses.at(ROOT).apps())
MATCH, OPINION = "plan-handbook-match", "what-is-dx"
# In a frame pages differ by their controls: these three have all sorts.
FRAMED = [
    name if name in {MATCH, OPINION, "plan-class"} else pytest.param(name, marks=pytest.mark.soak)
    for name in APPS
]
NAMES = {  # what hosts were promised as pages of their own
    "what-is-dx",
    "society-order",
    "plan-class",
    "plan-handbook-match",
    "own-flag",
    "manager-check",
    "month-later",
}


class Town(BaseHTTPRequestHandler):
    """A town hall's own site, which shows one of our pages in a frame."""

    frame = ""
    sandbox = ""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(
            f'<!doctype html><title>町</title><iframe src="{self.frame}" {self.sandbox} '
            'title="DX" width="900" height="900"></iframe>'.encode()
        )

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def town() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Town)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def served(
    course_copy: Path, town: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served-pages")
    course = with_apps(course_copy, folder)
    server = Served(
        course,
        folder / "own",
        folder / "cache",
        embed_from=town,
        hosts="dx.test",
        operator="架空県",
    ).start()
    yield server
    server.stop()


def test_what_hosts_were_promised_is_a_page_each(served: Served) -> None:
    assert set(APPS) == NAMES
    for name in APPS:
        notebook = json.loads((ROOT / f"notebooks/apps/{name}.ipynb").read_text(encoding="utf-8"))
        page = served.ask(f"/apps/{name}").text
        assert f"<title>{notebook['metadata']['title']}｜" in page
        assert page.count('class="dxc-mount"') == 1


@pytest.mark.parametrize("path", ["/", "/privacy", "/modules/00", *(f"/apps/{a}" for a in APPS)])
def test_a_page_has_no_violation_and_is_not_cut_off(
    served: Served, visit: Visit, path: str
) -> None:
    page = visit(served, path)
    look(page, PHONE, "dark")
    assert violations(page) == []
    assert cut_off(page) == []


@pytest.mark.soak
@pytest.mark.parametrize("path", ["/", "/privacy", "/modules/00", *(f"/apps/{a}" for a in APPS)])
def test_a_page_has_no_violation_on_a_desk(served: Served, visit: Visit, path: str) -> None:
    page = visit(served, path)
    look(page, DESK, "light")
    assert violations(page) == []


@pytest.mark.parametrize("path", ["/", "/privacy", "/modules/00", f"/apps/{MATCH}"])
def test_without_scripts_it_can_be_read(served: Served, visit: Visit, path: str) -> None:
    page = visit(served, path, java_script_enabled=False)
    assert page.locator("h1").count() >= 1
    expect(page.locator("main")).to_be_visible()
    if path.startswith("/apps"):
        expect(page.locator("main")).to_contain_text("標準化共通化手順書")
        assert "<noscript>" in served.ask(path).text  # Chromium parses it as if scripts ran


def test_a_first_visit_makes_one_visitor_who_comes_back(
    served: Served, visit: Visit, course: Course
) -> None:
    page = visit(served, f"/apps/{OPINION}")
    exercise = course.exercise(OPINION)
    answer(page, exercise, {item.ref: candidates(exercise, item)[0] for item in exercise.items})
    token = page.evaluate("localStorage.getItem('dxcourse.token')")
    other = page.context.new_page()
    other.goto(f"{served.url}/apps/{OPINION}")
    expect(section(other, exercise).locator("textarea")).to_have_value(
        candidates(exercise, exercise.items[0])[0]
    )
    assert other.evaluate("localStorage.getItem('dxcourse.token')") == token
    assert page.context.cookies() == []


def test_pages_that_open_at_once_are_one_visitor(served: Served, visit: Visit) -> None:
    page = visit(served, "/privacy")
    page.evaluate("localStorage.clear()")
    pages = [page.context.new_page() for _ in range(3)]
    for each in pages:
        each.goto(served.url + "/", wait_until="commit")
    for each in pages:
        each.wait_for_selector("html[data-ready]", state="attached")
    assert len({each.evaluate("localStorage.getItem('dxcourse.token')") for each in pages}) == 1


def test_others_answers_show_after_ones_own(served: Served, visit: Visit, course: Course) -> None:
    exercise: Any = course.exercise(MATCH)
    for number in range(5):
        body = {"id": f"other-{number}-of-5", "answer": exercise.model_answer()}
        token = served.mint()
        assert served.post(f"/api/answers/{MATCH}", body, token=token).status == 200
    page = visit(served, f"/apps/{MATCH}")
    fold = page.locator("details.others")
    expect(fold).to_have_count(0)
    answer(page, exercise, right(exercise))
    fold.locator("summary").click()
    expect(fold.locator("li").first).to_be_visible()
    expect(fold).to_contain_text("5人中5人")
    assert violations(page) == []
    look(page, PHONE, "dark")
    assert cut_off(page) == []


def test_a_visitor_sees_and_deletes_their_answers(
    served: Served, visit: Visit, course: Course
) -> None:
    page = visit(served, f"/apps/{OPINION}")
    exercise = course.exercise(OPINION)
    typed = "<b>道具</b>より先に、やめることを決める & 試す"
    answer(page, exercise, {item.ref: typed for item in exercise.items})
    page.goto(served.url + "/privacy")
    page.get_by_role("button", name="自分の答えを見る").click()
    expect(page.locator("#own-answers dd")).to_have_text([typed])
    assert violations(page) == []
    with page.expect_download() as taken:
        page.get_by_role("button", name="持ち出す").click()
    records = json.loads(taken.value.path().read_text(encoding="utf-8"))["records"]
    assert [typed in json.dumps(record, ensure_ascii=False) for record in records] == [True]
    token = page.evaluate("localStorage.getItem('dxcourse.token')")
    page.locator("main").get_by_role("button", name="消す").click()
    assert violations(page) == []
    page.get_by_role("dialog").get_by_role("button", name="消す").click()
    page.wait_for_url(served.url + "/")
    page.wait_for_selector("html[data-ready]", state="attached")
    assert served.ask("/my/answers.json", headers={"X-Dxcourse-Learner": token}).json() == {
        "records": []
    }
    assert page.evaluate("localStorage.getItem('dxcourse.token')") not in {None, token}


def test_another_person_at_the_same_browser_begins_with_nothing(
    served: Served, visit: Visit, course: Course
) -> None:
    page = visit(served, f"/apps/{OPINION}")
    exercise = course.exercise(OPINION)
    answer(page, exercise, {item.ref: "先の人の答え" for item in exercise.items})
    page.locator(".who summary").click()
    page.get_by_role("button", name="別の人が使う").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("input")).to_have_count(0)  # no name is asked for
    dialog.get_by_role("button", name="次の人が使う").click()
    page.wait_for_url(served.url + "/")
    page.goto(f"{served.url}/apps/{OPINION}")
    expect(section(page, exercise).locator("textarea")).to_have_value("")


def test_a_stand_alone_page_works_in_the_frame_of_a_town_that_is_named(
    served: Served, visit: Visit, town: str, course: Course
) -> None:
    exercise: Any = course.exercise(MATCH)
    context = visit.chromium.browser.new_context(locale="ja-JP")
    visit.contexts.append(context)
    page = context.new_page()
    Town.frame = f"{served.url}/apps/{MATCH}"
    page.goto(town)
    frame = page.frame_locator("iframe")
    assert page.frames[1].locator(".brand").count() == 1
    for ref, value in right(exercise).items():
        put(page, frame.locator(f'.dxc-item[data-ref="{ref}"]'), exercise, ref, value)
    frame.locator(".dxc-go").click()
    expect(frame.locator(".dxc-status")).to_have_attribute("data-state", "saved")
    expect(frame.locator(".brand")).to_have_attribute("target", "_blank")
    for refused in (f"{served.url}/", f"{served.url.replace('127.0.0.1', 'dx.test')}/modules/00"):
        Town.frame = refused
        page.goto(town)
        assert page.frames[1].locator("main, h1.dx, .brand").count() == 0


GUIDE = (ROOT / "docs/hosting/README.md").read_text(encoding="utf-8")
FORGETS = "このブラウザは、何も残せない設定です"


@pytest.fixture
def framed(
    served: Served, visit: Visit, town: str, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[Page, Frame]]:
    """Shows one of our pages in a frame of the town's site, with a sandbox."""

    def show(
        name: str, sandbox: str, url: str = "", browser: Browser | None = None
    ) -> tuple[Page, Frame]:
        monkeypatch.setattr(Town, "frame", f"{url or served.url}/apps/{name}")
        monkeypatch.setattr(Town, "sandbox", f'sandbox="{sandbox}"')
        context = (browser or visit.chromium.browser).new_context(locale="ja-JP")
        visit.contexts.append(context)
        page = context.new_page()
        page.goto(town)
        return page, page.frames[1]

    return show


def sandbox_of_the_guide() -> str:
    """What the guide says is enough."""
    found = re.search(r"`sandbox` を付けるときは `([a-z -]+)`", GUIDE)
    assert found
    return found[1]


def held(frame: Frame) -> Any:
    """What an exercise's controls hold, whatever order they are in."""
    script = """fields => fields.map(field => [(field.name ?? "").replace(/^[^-]*-/, ""),
        field.value, field.checked ?? null, field.dataset.value ?? null]).sort()"""
    return frame.locator(".dxc-mount").locator("input, textarea, .dxc-hole").evaluate_all(script)


def give(frame: Frame, exercise: Any) -> None:
    """Answer in a frame as far as the first button goes."""
    frame.wait_for_selector("html[data-ready]", state="attached")
    place: Any = frame  # a frame finds things as a page does
    for ref, value in right(exercise).items():
        fill(place, exercise, ref, value)
    frame.locator(".dxc-go").click()
    expect(section(place, exercise).locator(".dxc-status")).to_have_attribute("data-state", "saved")


@pytest.mark.parametrize("name", FRAMED)
def test_each_page_is_answered_with_the_sandbox_of_the_guide(
    framed: Callable[..., tuple[Page, Frame]], course: Course, name: str
) -> None:
    page, frame = framed(name, sandbox_of_the_guide())
    exercise = course.exercise(name)
    give(frame, exercise)
    assert FORGETS not in frame.locator("main").inner_text()
    before = held(frame)
    page.reload()
    again = page.frames[1]
    again.wait_for_selector("html[data-ready]", state="attached")
    assert held(again) == before


def test_a_dialog_is_answered_with_the_sandbox_of_the_guide(
    framed: Callable[..., tuple[Page, Frame]], course: Course
) -> None:
    _, frame = framed(OPINION, sandbox_of_the_guide())
    give(frame, course.exercise(OPINION))
    frame.locator(".who summary").click()
    frame.locator("[data-do=afresh]").click()
    with frame.expect_navigation():
        frame.locator("#afresh button[value=yes]").click()
    frame.wait_for_selector("html[data-ready]", state="attached")
    expect(frame.locator("textarea")).to_have_value("")


@pytest.mark.parametrize("name", FRAMED)
def test_where_another_sites_frame_keeps_nothing_it_says_so_first(
    framed: Callable[..., tuple[Page, Frame]],
    whole_browser: Browser,
    served: Served,
    course: Course,
    name: str,
) -> None:
    elsewhere = served.url.replace("127.0.0.1", "dx.test")
    _, frame = framed(name, sandbox_of_the_guide(), elsewhere, whole_browser)
    frame.wait_for_selector("html[data-ready]", state="attached")
    denied = frame.evaluate(
        "(() => { try { localStorage; return false } catch { return true } })()"
    )
    assert denied, "this profile denies storage to frames of other sites"
    expect(frame.locator("main .notice[role=status]").first).to_contain_text(FORGETS)
    give(frame, course.exercise(name))


@pytest.mark.parametrize("name", FRAMED)
def test_where_a_frame_runs_no_script_it_says_so(
    framed: Callable[..., tuple[Page, Frame]], name: str
) -> None:
    _, frame = framed(name, "allow-same-origin")
    expect(frame.locator("noscript .notice").first).to_contain_text("スクリプト")
    expect(frame.locator("noscript .notice").first).to_be_visible()
    expect(frame.locator(".dxc-mount").locator("input, textarea, button")).to_have_count(0)


def test_where_a_frame_has_no_origin_of_its_own_it_says_so(
    framed: Callable[..., tuple[Page, Frame]],
) -> None:
    _, frame = framed(OPINION, "allow-scripts")
    expect(frame.locator(".unready")).to_be_visible(timeout=15_000)
    expect(frame.locator(".unready")).to_contain_text("新しい窓で開いて")


def test_a_page_whose_script_runs_does_not_say_that_it_does_not(
    served: Served, visit: Visit
) -> None:
    page = visit(served, f"/apps/{OPINION}")
    page.wait_for_timeout(8_500)
    expect(page.locator(".unready")).to_be_hidden()
