"""What someone types is never replaced, never mixed up, and said to be unsent until it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from dxcourse.exercises import parse
from support.chromium import AWAY
from support.controls import answer, box, candidates, fill, open_all, right, section, submit, wrong
from support.exercise_page import ExercisePage

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page, Route

    from dxcourse.course import Course
    from support.chromium import Visit
    from support.study import Study

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

DENIED = (
    "Object.defineProperty(window, 'localStorage',"
    " {get() { throw new DOMException('', 'SecurityError'); }})"
)


def ready(page: Page) -> None:
    page.wait_for_selector("html[data-ready]", state="attached")


def beside(page: Page, path: str) -> Page:
    """Another window of the same browser."""
    other = page.context.new_page()
    other.goto(path)
    ready(other)
    return other


def status(page: Page, exercise: Any) -> Locator:
    return section(page, exercise).locator(".dxc-status")


def press(page: Page, exercise: Any) -> None:
    open_all(section(page, exercise))
    section(page, exercise).locator(".dxc-go").click()


class Slow:
    """Holds answers back on their way until it is let go."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.held: list[Route] = []
        page.route("**/api/answers/**", self._hold)

    def _hold(self, route: Route) -> None:
        self.held.append(route)

    def wait(self, count: int = 1) -> None:
        while len(self.held) < count:
            self.page.wait_for_timeout(10)

    def let_go(self) -> None:
        for route in self.held:
            route.continue_()
        self.page.unroute("**/api/answers/**")


def test_what_is_typed_after_the_button_stays_and_is_said_to_be_unsent(
    own_study: Study, visit: Visit, course: Course
) -> None:
    page = visit(own_study, "/modules/01")
    exercise = course.exercises["what-is-dx"]
    ((ref, _),) = right(exercise).items()
    field = box(page, exercise, ref).locator("textarea")
    slow = Slow(page)
    field.fill("一行目。")
    press(page, exercise)
    slow.wait()
    field.press_sequentially("二行目。")
    slow.let_go()
    expect(status(page, exercise)).to_have_attribute("data-state", "saved_more")
    expect(field).to_have_value("一行目。二行目。")
    expect(status(page, exercise)).to_contain_text("まだ預けていません")
    page.reload()
    ready(page)
    expect(field).to_have_value("一行目。二行目。")
    expect(status(page, exercise)).to_contain_text("書きかけが 1 件")
    reply = submit(page, exercise)
    assert reply["answer"]["items"] == {ref: "一行目。二行目。"}
    expect(status(page, exercise)).to_have_text("保存しました")


def test_another_windows_answer_replaces_nothing_that_was_typed_here(
    own_study: Study, visit: Visit, course: Course
) -> None:
    here = visit(own_study, "/modules/01")
    exercise = course.exercises["what-is-dx"]
    ((ref, _),) = right(exercise).items()
    there = beside(here, own_study.url + "/modules/01")
    mine, theirs = (box(each, exercise, ref).locator("textarea") for each in (here, there))
    mine.fill("こちらで書いた")
    expect(theirs).to_have_value("こちらで書いた")  # the other window follows while it has nothing
    theirs.fill("あちらで直した")
    mine.fill("こちらで書きたした")
    expect(status(here, exercise)).to_contain_text("別の窓でも")
    expect(status(there, exercise)).to_contain_text("別の窓でも")
    submit(there, exercise)
    expect(mine).to_have_value("こちらで書きたした")
    expect(section(here, exercise)).to_have_attribute("data-earlier", "")
    submit(here, exercise)
    expect(theirs).to_have_value("こちらで書きたした")


def test_what_is_said_of_an_earlier_answer_is_told_as_such(
    study: Study, visit: Visit, course: Course
) -> None:
    page = visit(study, "/modules/01", name="earlier")
    exercise = course.exercises["dx-reply"]
    first, second, *_ = candidates(exercise, exercise.items[0])
    (ref,) = wrong(exercise)
    answer(page, exercise, {ref: first})
    place = box(page, exercise, ref)
    expect(place).not_to_have_attribute("data-earlier", "")
    fill(page, exercise, ref, second)
    expect(place).to_have_attribute("data-earlier", "")
    expect(place.locator(".dxc-earlier")).to_be_visible()
    expect(status(page, exercise)).to_contain_text("まだ預けていません")
    fill(page, exercise, ref, first)
    expect(place).not_to_have_attribute("data-earlier", "")
    expect(status(page, exercise)).to_have_text("")  # nothing is left to send, so nothing is said


def test_a_text_over_its_limit_is_counted_as_people_count_and_never_cut(
    study: Study, visit: Visit, course: Course
) -> None:
    page = visit(study, "/modules/01", name="long")
    exercise: Any = course.exercises["what-is-dx"]
    (item,) = exercise.items
    field = box(page, exercise, item.ref).locator("textarea")
    count = box(page, exercise, item.ref).locator(".dxc-characters")
    field.fill("👨‍👩‍👧か\u3099𠮷")
    expect(count).to_contain_text("3 /")
    field.fill("e" + "\u0301" * 31)  # more than any language has: the server takes it for two
    expect(count).to_contain_text("2 /")
    pasted = "長" * (item.max_length + 12)
    field.fill(pasted)
    press(page, exercise)
    expect(status(page, exercise)).to_contain_text("あと12字")
    expect(field).to_have_value(pasted)
    expect(field).to_be_focused()
    page.reload()
    ready(page)
    expect(field).to_have_value(pasted)


def test_two_chapters_sentences_for_tomorrow_both_arrive(
    own_study: Study, visit: Visit, course: Course
) -> None:
    """They are items of one exercise, and the first waits as the second is given."""
    exercise = course.exercises["tomorrow"]
    refs = {item.id: item.ref for item in exercise.items}
    page = visit(own_study, "/modules/01", allowed=AWAY)
    page.route("**/api/answers/**", lambda route: route.abort())
    for module in ("01", "02"):
        page.goto(f"{own_study.url}/modules/{module}")
        ready(page)
        section(page, exercise).locator("textarea").fill(f"{module}の一文")
        press(page, exercise)
        expect(status(page, exercise)).to_have_attribute("data-state", "waiting")
    page.unroute("**/api/answers/**")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(status(page, exercise)).to_have_text("保存しました")
    assert own_study.records()[-1]["answer"]["items"] == {
        refs["m01"]: "01の一文",
        refs["m02"]: "02の一文",
    }


def test_a_sentence_for_tomorrow_is_never_cut_and_goes_with_a_fresh_beginning(
    own_study: Study, visit: Visit, course: Course
) -> None:
    page = visit(own_study, "/modules/06")
    exercise = course.exercises["tomorrow"]
    field = section(page, exercise).locator("textarea")
    pasted = "明" * 118 + "👨\u200d👩\u200d👧か\u3099日"
    field.fill(pasted)
    press(page, exercise)
    expect(status(page, exercise)).to_contain_text("あと1字")
    gate = page.locator("details.gate").first
    gate.evaluate(  # to read on, without an answer
        """gate => new Promise(done => {
            gate.addEventListener('toggle', done, {once: true});
            gate.open = true;
        })"""
    )
    page.reload()
    ready(page)
    expect(field).to_have_value(pasted)
    expect(status(page, exercise)).to_contain_text("まだ預けていません")
    expect(gate).to_have_attribute("open", "")
    page.locator(".who summary").click()
    page.get_by_role("button", name="はじめから").first.click()
    with page.expect_navigation():
        page.get_by_role("dialog").get_by_role("button", name="はじめから").click()
    page.goto(f"{own_study.url}/modules/06")
    ready(page)
    expect(field).to_have_value("")
    expect(gate).not_to_have_attribute("open", "")


def test_a_browser_that_has_no_room_left_for_a_draft_says_so(visit: Visit, tmp_path: Path) -> None:
    exercise = parse({"kind": "opinion", "id": "full", "title": "ひと言", "max_length": 4000})
    page = ExercisePage(visit.browser("exercise.test"), tmp_path).open([exercise])
    field, note = (section(page, exercise).locator(each) for each in ("textarea", ".dxc-note"))
    page.evaluate(
        """() => {
            for (let size = 4_000_000; size > 8; size = Math.floor(size / 2)) {
                const text = 'x'.repeat(size);
                try {
                    for (let n = 0; ; n += 1) localStorage.setItem(`${size}.${n}`, text);
                } catch { /* smaller ones still go in */ }
            }
        }"""
    )
    field.fill("残せない文" * 20)
    expect(note).to_contain_text("置き場所がいっぱいです")
    page.evaluate("localStorage.clear()")
    field.fill("残せる文")
    expect(note).to_be_hidden()


def test_an_order_that_nobody_has_made_is_no_answer(
    study: Study, visit: Visit, course: Course
) -> None:
    page = visit(study, "/modules/02", name="untouched")
    exercise = course.exercises["society-order"]
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    press(page, exercise)
    expect(status(page, exercise)).to_contain_text("まだ動かしていません")
    assert not [url for url in sent if "/api/answers/" in url]
    submit(page, exercise)  # who means it presses again


def test_a_judgement_without_how_sure_is_not_sent_and_costs_no_try(
    study: Study, visit: Visit, course: Course
) -> None:
    page = visit(study, "/modules/04", name="unsure")
    exercise: Any = course.exercises["plan-class"]
    (ref, value), *_ = right(exercise).items()
    fill(page, exercise, ref, {**value, "sure": None})
    section(page, exercise).locator(".dxc-go").click()
    expect(status(page, exercise)).to_contain_text("確かさを選ぶ")
    assert "plan-class" not in study.state(study.token("unsure"))["replies"]


def test_nobody_elses_page_comes_back(own_study: Study, visit: Visit, course: Course) -> None:
    page = visit(own_study, "/modules/01")
    exercise = course.exercises["what-is-dx"]
    ((ref, _),) = right(exercise).items()
    answer(page, exercise, {ref: "前の人の答え"})
    field = box(page, exercise, ref).locator("textarea")
    # As the browser's cache does it: the page is as it was left, and is told that it is back.
    page.evaluate(
        """() => {
            localStorage.setItem('dxcourse.changed', String(Date.now() + 1));
            dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}));
        }"""
    )
    page.wait_for_function("() => !document.documentElement.hidden")
    ready(page)
    expect(field).to_have_value("前の人の答え")  # the same person: only looked after
    token = own_study.token("これから座る人")
    with page.expect_navigation():
        page.evaluate(
            """token => {
                localStorage.setItem('dxcourse.token', token);
                dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}));
            }""",
            token,
        )
    ready(page)
    expect(field).to_have_value("")


def test_a_browser_that_keeps_nothing_says_so_before_the_first_answer(
    study: Study, visit: Visit, course: Course
) -> None:
    page = visit(study, name="forgetful")
    page.add_init_script(DENIED)
    page.goto(study.url + "/modules/01")
    ready(page)
    expect(page.locator("main > .notice[role=status]")).to_contain_text("何も残せない設定")
    exercise = course.exercises["what-is-dx"]
    expect(section(page, exercise).locator(".dxc-note")).to_contain_text("書きかけを残せない")
    page.locator(".who summary").click()
    expect(page.locator('[data-do="other"]')).to_be_disabled()


def test_all_that_was_written_is_on_paper(study: Study, visit: Visit, course: Course) -> None:
    page = visit(study, "/modules/01", name="paper")
    exercise = course.exercises["what-is-dx"]
    ((ref, _),) = right(exercise).items()
    lines = "\n".join(f"{n}行目に書いたこと" for n in range(1, 13))
    fill(page, exercise, ref, lines)
    page.emulate_media(media="print")
    written = box(page, exercise, ref).locator(".dxc-written")
    expect(written).to_have_text(lines)
    expect(written).to_be_visible()
    expect(box(page, exercise, ref).locator("textarea")).to_be_hidden()
    high = written.evaluate("node => [node.scrollHeight, node.clientHeight]")
    assert high[0] <= high[1] + 1


def test_a_reply_that_was_overtaken_changes_nothing(
    own_study: Study, visit: Visit, course: Course
) -> None:
    page = visit(own_study, "/modules/01")
    exercise = course.exercises["what-is-dx"]
    ((ref, _),) = right(exercise).items()
    field = box(page, exercise, ref).locator("textarea")
    slow = Slow(page)
    field.fill("先に預けた")
    press(page, exercise)
    slow.wait()
    field.fill("あとから預けた")
    press(page, exercise)
    own_study.post(f"/api/answers/{exercise.id}", slow.held[0].request.post_data_json)
    slow.let_go()
    expect(status(page, exercise)).to_have_text("保存しました")
    expect(field).to_have_value("あとから預けた")
    given = [r["answer"]["items"][ref] for r in own_study.records() if r["exercise"] == exercise.id]
    assert given == ["先に預けた", "あとから預けた"]
