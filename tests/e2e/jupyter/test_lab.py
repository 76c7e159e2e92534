"""`dxcourse lab`, started and used as a learner does; it shares its answers with the pages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from dxcourse import course as courses
from dxcourse import settings
from support.jupyter import (
    LEARNER,
    MODULE,
    PATIENCE,
    environment,
    exercise_box,
    judge,
    open_lab,
    reason_at_its_limit,
    running,
    small_course,
)
from support.processes import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from support.chromium import Visit

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("jupyter")]

NOTEBOOK = "04_reading_the_plan.ipynb"
FIRST, COURT = "bpr-before", "plan-class"


@pytest.fixture(scope="module")
def place(course_copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small course, and a home for its learner."""
    folder = tmp_path_factory.mktemp("lab")
    small_course(course_copy, folder)
    return folder


@pytest.fixture(scope="module")
def lab(place: Path) -> Iterator[str]:
    """A running JupyterLab's address, with its token."""
    port = free_port()
    command = ("dxcourse", "lab", "--no-browser", "--port", str(port))
    address = rf"http://127\.0\.0\.1:{port}/lab/tree/\S+\?token=\w+"
    with running(command, place / "course", place / "home", address) as url:
        yield url


def records(place: Path) -> list[dict[str, Any]]:
    """The record of answers, where it is on a machine with no settings."""
    (file,) = (place / "home").rglob("answers.jsonl")
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_answers_given_in_jupyterlab_are_on_the_pages_and_the_other_way_round(
    lab: str, place: Path, visit: Visit
) -> None:
    course = courses.at(place / "course")
    notebook = course.notebook(course.module(MODULE))
    written, time = notebook.read_bytes(), notebook.stat().st_mtime_ns
    page = open_lab(visit, lab, NOTEBOOK)
    expect(page.locator(".lm-MenuBar-itemLabel").first).to_have_text("ファイル")
    answered_in_lab(page, place)

    home = place / "home"
    assert [*home.rglob("lab/workspaces/*.jupyterlab-workspace")], "its own folder is not used"
    assert not (home / ".jupyter").exists(), "a person's own settings were touched"

    expect(page.locator(".jp-mod-dirty").first).to_be_attached()
    page.keyboard.press("Control+s")
    expect(page.locator(".jp-mod-dirty")).to_have_count(0, timeout=PATIENCE)
    assert notebook.stat().st_mtime_ns > time, "it was not saved"
    assert notebook.read_bytes() == written, "saving changed it"

    command = ("dxcourse", "study", "--no-browser", "--port", "0")
    with running(command, course.root, home, r"http://127\.0\.0\.1:\d+") as url:
        answered_on_the_page(visit, url, place)

    again = open_lab(visit, lab, "apps/plan-class.ipynb")
    court = exercise_box(again, course.exercise(COURT).title)
    expect(court.locator(".dxc-item[data-mark]")).to_have_count(2, timeout=PATIENCE)
    ref, reason = reason_at_its_limit(court, course.exercise(COURT))
    assert records(place)[-1]["answer"]["items"][ref]["reason"] == reason


def answered_in_lab(page: Page, place: Path) -> None:
    course = courses.at(place / "course")
    first = exercise_box(page, course.exercise(FIRST).title)
    first.locator("input[type=radio]").first.check()
    first.locator("button.dxc-go").click()
    expect(first.locator(".dxc-status")).to_have_text("保存しました", timeout=PATIENCE)
    court = exercise_box(page, course.exercise(COURT).title)
    item = judge(court, 0, evidence=0, verdict=0)
    expect(item.locator(".dxc-feedback .dxc-remark").first).to_be_visible()
    expect(page.locator(".jp-OutputArea-output .dxc")).to_have_count(len(course.shown[MODULE]))
    stored = records(place)
    assert [(r["exercise"], r["learner"], r["where"]) for r in stored] == [
        (FIRST, LEARNER, "notebook"),
        (COURT, LEARNER, "notebook"),
    ]


def answered_on_the_page(visit: Visit, url: str, place: Path) -> None:
    course = courses.at(place / "course")
    context = visit.chromium.browser.new_context(locale="ja-JP")
    context.set_default_timeout(PATIENCE)
    visit.contexts.append(context)
    page = context.new_page()
    page.goto(f"{url}/modules/{MODULE}")
    first = exercise_box(page, course.exercise(FIRST).title)
    expect(first.locator("input[type=radio]:checked")).to_have_count(1, timeout=PATIENCE)
    court = exercise_box(page, course.exercise(COURT).title)
    expect(court.locator(".dxc-item[data-mark]")).to_have_count(1)
    judge(court, 1, evidence=2, verdict=1)
    stored = records(place)
    assert [(r["exercise"], r["learner"], r["attempt"]) for r in stored[2:]] == [
        (COURT, LEARNER, 2)
    ]


def test_the_answers_file_is_the_same_for_both_however_it_is_given(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dxcourse.lab import environment as lab_environment

    root = place / "course"
    monkeypatch.chdir(root)
    for given in ("", "here/answers.jsonl"):
        monkeypatch.setenv(settings.ANSWERS_VARIABLE, given)
        page = settings.answers_file(courses.find_root(root)).absolute()
        kernel = {**environment(place / "home"), **lab_environment(root)}
        monkeypatch.chdir(root / "notebooks")
        assert settings.answers_file(courses.find_root(root / "notebooks"), kernel) == page
        monkeypatch.chdir(root)
