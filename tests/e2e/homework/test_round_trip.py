"""One assignment from its authors to its learners and back, through nbgrader's own commands.

Real nbgrader processes, a real exchange, JupyterLab and formgrader in a real browser. One learner
answers in JupyterLab; what the other hands in was written there before.
"""

from __future__ import annotations

import csv
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from dxcourse.assignment import Assignment
from support.controls import right, wrong
from support.homework import cell_of, editing, give
from support.jupyter import PATIENCE, open_lab
from support.round_trip import (
    Desk,
    Trip,
    answer_in_lab,
    jupyterlab,
    leaks,
    leaks_in,
    together,
    validate,
    write_reflection,
)

if TYPE_CHECKING:
    from pathlib import Path

    from support.chromium import Visit

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("jupyter")]

HW = "dx-basics"
NOTEBOOK = f"{HW}/{HW}.ipynb"
FULL, HAND = 22, 8  # points of the exercises, and of the reflection
CONCRETE = "窓口で三枚の用紙を待つ。四月に数えたら一日9人、ひとり12分。"
VAGUE = "住民が待っている。"
COMMENT = "どこで、何分でしょうか。<b>数え方</b>だけでも"


def test_homework_goes_to_two_learners_and_comes_back(
    course_copy: Path, visit: Visit, tmp_path: Path
) -> None:
    trip = Trip.prepare(course_copy, tmp_path, HW)
    source = Assignment.load(trip.homework / "source" / HW)
    teacher, alice, bob = trip.instructor, trip.learner("alice"), trip.learner("bob")

    teacher.run("generate_assignment", HW)
    teacher.run("release_assignment", HW)
    together([alice, bob], "fetch_assignment", HW)
    gets_everything_right(visit, alice, source)
    gets_some_of_it_right(bob, source)
    places = (trip.homework / "release", trip.outbound, alice.folder, bob.folder)
    assert [leak for place in places for leak in leaks(place, source)] == []

    together([alice, bob], "submit", HW)
    teacher.run("collect", HW)
    teacher.run("autograde", HW)
    is_graded_by_hand(visit, teacher)
    teacher.run("generate_feedback", HW)
    assert [*leaks(trip.outbound, source)] == []
    teacher.run("release_feedback", HW)
    together([alice, bob], "fetch_feedback", HW)
    teacher.run("export")

    with (trip.homework / "grades.csv").open(encoding="utf-8", newline="") as file:
        scores = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    deserved = partly(source)
    assert scores == pytest.approx({"alice": FULL + HAND, "bob": deserved + 1})
    assert 0 < deserved < FULL

    reads_what_came_back(visit, bob, source)
    (page,) = (alice.folder / HW / "feedback").rglob("*.html")
    assert f"<b>{FULL + HAND}</b> / {FULL + HAND} 点" in page.read_text(encoding="utf-8")


def gets_everything_right(visit: Visit, desk: Desk, source: Assignment) -> None:
    with jupyterlab(desk) as url:
        page = open_lab(visit, url, NOTEBOOK)
        said = validate(page)
        for name, exercise in source.exercises.items():
            assert (f"「{exercise.title}」にまだ答えていません" in said) is scored(source, name)
        assert leaks_in(said, source) == []
        half, order, _ = partial(source)
        for exercise, values in (half, order):
            answer_in_lab(page, exercise, values)
        said = validate(page)
        assert "「引き継ぎ書の点検」にまだ答えていません" in said
        assert "「決裁に12日」" not in said, "it is wrong, which Validate must not say"
        for exercise in source.exercises.values():
            answer_in_lab(page, exercise, right(exercise))
        write_reflection(page, CONCRETE)
        assert "Success" in validate(page)
        served = urllib.request.urlopen(  # noqa: S310  -- of this test's own server
            url.replace("/lab?", f"/files/{HW}/exercises.yaml?")
        )
        assert leaks_in(served.read().decode(), source) == []
        assert leaks_in(page.content(), source) == []
        page.close()
    assert (desk.folder / HW / "answers.jsonl").is_file()


def gets_some_of_it_right(desk: Desk, source: Assignment) -> None:
    answers = {exercise.id: {"items": values} for exercise, values in partial(source)}
    give(desk.folder / HW / "answers.jsonl", answers, desk.name)
    with editing(desk.folder / NOTEBOOK) as notebook:
        cell_of(notebook, "reflection").source = VAGUE


def scored(source: Assignment, name: str) -> bool:
    return bool(source.exercises[name].max_points)


def partial(source: Assignment) -> list[tuple[Any, dict[str, Any]]]:
    """One exercise half right, one wrong, one right; the others are left."""
    half = source.exercise("basics-approval")
    values = right(half)
    last = [*values][-1]
    values[last] = wrong(half)[last]
    order, choice = source.exercise("basics-relay"), source.exercise("basics-it-digital")
    return [(half, values), (order, wrong(order)), (choice, right(choice))]


def partly(source: Assignment) -> float:
    """What the partial answers deserve, by the exercises' own rules."""
    return float(sum(each.score({"items": values}).points for each, values in partial(source)))


def is_graded_by_hand(visit: Visit, teacher: Desk) -> None:
    """Formgrader in the browser: the text, the rubric beneath the task, points, a comment."""
    with jupyterlab(teacher) as url:
        context = visit.chromium.browser.new_context(viewport={"width": 1280, "height": 900})
        context.set_default_timeout(PATIENCE)
        visit.contexts.append(context)
        page = context.new_page()
        page.goto(url, wait_until="commit")  # which signs the browser in
        page.goto(url.split("/lab?")[0] + f"/formgrader/gradebook/{HW}/{HW}")
        links = page.locator("td.name a.name-hidden")
        expect(links).to_have_count(2, timeout=PATIENCE)
        places = [link.get_attribute("href") for link in links.all()]
        origin = url.split("/lab?")[0]
        for place in places:
            page.goto(f"{origin}{place}")
            expect(page.get_by_text("評価の観点").first).to_be_visible()
            concrete = page.get_by_text(CONCRETE).count() > 0
            points = page.locator("input.score#reflection")
            expect(points).to_be_visible()
            # Before formgrader has loaded both, it shows the fields and hears nothing.
            page.wait_for_function(
                "() => formgrader.grades?.loaded && formgrader.comments?.loaded", timeout=PATIENCE
            )
            with page.expect_response(
                lambda r: "/api/grade/" in r.url and r.request.method == "PUT"
            ):
                points.fill(str(HAND if concrete else 1))
                points.press("Tab")
            if not concrete:
                expect(page.get_by_text(VAGUE).first).to_be_visible()
                comment = page.locator("#reflection-comment")
                with page.expect_response(
                    lambda r: "/api/comment/" in r.url and r.request.method == "PUT"
                ):
                    comment.fill(COMMENT)
                    comment.press("Tab")
        page.close()


def reads_what_came_back(visit: Visit, desk: Desk, source: Assignment) -> None:
    (file,) = (desk.folder / HW / "feedback").rglob("*.html")
    context = visit.chromium.browser.new_context(
        locale="ja-JP", viewport={"width": 360, "height": 800}
    )
    visit.contexts.append(context)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.goto(file.as_uri())
    assert page.locator("html").get_attribute("lang") == "ja"
    for exercise, _ in partial(source):
        expect(page.get_by_role("heading", name=exercise.title)).to_be_visible()
    text = page.locator("body").inner_text()
    for told in ("解答の理由", "評価の観点", COMMENT, VAGUE, "めあてごとの点数"):
        assert told in text
    assert leaks_in(text, source), "nothing is explained"
    for hidden in ("BEGIN MARK SCHEME", "BEGIN SOLUTION", "BEGIN HIDDEN", "grade("):
        assert hidden not in page.content()
    assert asked == [file.as_uri()], "a file of its own, without an address outside"
