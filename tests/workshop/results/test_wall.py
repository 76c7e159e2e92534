"""The wall in a real browser, under a policy as strict as the server's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dxcourse.exercises import kinds_by_name
from dxcourse.workshop.results import GivenAnswer, Moderation, list_voices, room_view
from support.looks import cut_off, violations
from support.room_answers import room
from workshop.results.wall_page import ORIGIN, open_wall, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from dxcourse.course import Course
    from dxcourse.exercises import AnyExercise
    from support.chromium import Chromium

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("wall")]

KINDS = sorted(kinds_by_name())
SIZES = (3, 30, 300)
HOSTILE = (
    "<script>document.title='stolen'</script>",
    "<img src=x onerror=\"document.title='stolen'\">",
    "\u202e逆さまの声\u202c",
    "\u2067עברית\u2069 の声",
    "声\x00\x07\x1b[31m",
    "あ" * 400,
    "wwwwwwwwww" * 40,
    "😀" * 200,
    "e" + "\u0301" * 300,
    "見\u200bえ\u200bな\u200bい",
    "]]></svg>&quot;&#x3c;b&gt;",
    "javascript:alert(1)",
)
# A wall that is fuller than its box would hide what is below.
HIDDEN_BELOW = """() => {
    const body = document.querySelector('.wall-full .wall-body');
    return body ? body.scrollHeight - body.clientHeight : 0;
}"""


@pytest.fixture
def page(chromium: Chromium) -> Iterator[Page]:
    chromium.take_up()
    context = chromium.browser.new_context(locale="ja-JP")
    faults: list[str] = []
    context.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    context.on("weberror", lambda error: faults.append(str(error.error)))
    context.on(
        "request",
        lambda asked: None if asked.url.startswith(ORIGIN) else faults.append(asked.url),
    )
    try:
        yield context.new_page()
        context.close()
    finally:
        chromium.lay_down()
    assert faults == []


def exercise_of(course: Course, kind: str) -> AnyExercise:
    """The exercise of a kind that has most to show."""
    richest = {
        each.kind: each
        for each in sorted(
            course.exercises.values(),
            key=lambda each: (bool(getattr(each, "radar", False)), len(each.items)),
        )
    }
    return richest[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_every_picture_can_be_seen_and_read_out(page: Page, course: Course, kind: str) -> None:
    exercise = exercise_of(course, kind)
    for projector, dark in ((True, False), (True, True), (False, False)):
        open_wall(page, projector=projector, dark=dark)
        for size in SIZES if not dark else (30,):
            answers = room(exercise, size)
            view = room_view(exercise, answers, revealed=True, before=answers[1:], seed="s")
            pages, sheet = 1, 0
            while sheet < pages:
                pages = show(page, view, joined=size, sheet=sheet)
                assert page.evaluate(HIDDEN_BELOW) <= 1, (size, sheet)
                assert cut_off(page) == [], (size, sheet)
                if size == 30:
                    assert violations(page) == [], (size, sheet, dark)
                sheet += 1
            shown = page.locator(".wall-picture").count()
            assert shown == (
                sum(each.page == pages - 1 for each in view.pictures)
                if projector
                else len(view.pictures)
            )


@pytest.mark.parametrize("kind", KINDS)
def test_every_number_stands_in_a_table(page: Page, course: Course, kind: str) -> None:
    exercise = exercise_of(course, kind)
    view = room_view(exercise, room(exercise, 30), revealed=True, seed="s")
    open_wall(page, projector=False)
    show(page, view)
    for at, picture in enumerate(view.pictures):
        if picture.shape in {"voices", "themes"}:
            continue
        cells = page.locator(".wall-picture").nth(at).locator("table").first
        spoken = cells.evaluate("table => [...table.rows].map(row => row.textContent).join(' ')")
        for row in picture.table.rows:
            for value in row[:2]:
                assert str(value) in spoken


def test_before_the_reveal_the_wall_counts_only(page: Page, course: Course) -> None:
    exercise = exercise_of(course, "classify")
    open_wall(page, projector=True)
    show(page, room_view(exercise, room(exercise, 30), revealed=False, seed="s"), joined=42)
    assert page.locator(".wall-picture").count() == 0
    count = page.locator(".wall-count").inner_text()
    assert "組" in count
    assert "42" in count
    assert violations(page) == []


def test_a_new_view_changes_what_stands_there(page: Page, course: Course) -> None:
    exercise = exercise_of(course, "classify")
    answers = room(exercise, 40)
    open_wall(page, projector=True)
    show(page, room_view(exercise, answers[:20], revealed=True, seed="s"))
    page.evaluate("document.querySelectorAll('#wall tbody tr').forEach(row => { row.kept = true })")
    view = room_view(exercise, answers, revealed=True, seed="s")
    show(page, view)
    rows = page.locator("#wall tbody tr")
    assert rows.evaluate_all("rows => rows.every(row => row.kept)")
    heat: Any = view.pictures[0]
    shown = rows.evaluate_all("rows => rows.map(row => row.dataset.key)")
    assert shown == [row.ref for row in heat.rows]
    counts = rows.first.locator("td").evaluate_all(
        "cells => cells.map(cell => cell.textContent.match(/[0-9]+/)[0])"
    )
    assert counts == [str(count) for count in heat.rows[0].counts]


@pytest.mark.parametrize("projector", [True, False])
def test_hostile_voices_are_text(page: Page, course: Course, *, projector: bool) -> None:
    exercise = course.exercise("what-is-dx")
    ref = exercise.items[0].ref
    answers = [GivenAnswer(f"p{at}", {ref: text}) for at, text in enumerate(HOSTILE)]
    ids = [voice.id for voice in list_voices(exercise, answers, seed="s")[ref]]
    moderation = Moderation(
        groups={f"{text[:20]}見出し": (id_,) for text, id_ in zip(HOSTILE, ids, strict=False)}
    )
    open_wall(page, projector=projector)
    for moderated in (Moderation(), moderation, Moderation(pinned=frozenset(ids[:3]))):
        show(page, room_view(exercise, answers, revealed=True, moderation=moderated, seed="s"))
        assert page.title() == "壁"
        assert page.locator("#wall :is(script, img, b b, iframe, a)").count() == 0
        assert cut_off(page) == []
        assert page.evaluate(HIDDEN_BELOW) <= 1
        assert page.locator("#wall q:not(:has(bdi))").count() == 0
        said = page.locator("#wall").inner_text()
        assert not {"\u202e", "\u2067", "\x00", "\x1b", "\u200b"} & set(said)
