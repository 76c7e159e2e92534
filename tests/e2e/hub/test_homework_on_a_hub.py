"""Homework on a hub: two learners, an instructor, nbgrader's own commands, and whose work it is."""

from __future__ import annotations

import csv
import json
import re
import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from dxcourse import course as courses
from support.homework import right_answers
from support.hub import INSTRUCTOR, PASSWORD, Hub, run_in
from support.jupyter import PATIENCE, exercise_box, run_all
from support.served import TINY_NUMBER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.sync_api import Locator, Page

    from support.chromium import Visit

pytestmark = [
    pytest.mark.soak,  # three servers of Jupyter's and a dozen of nbgrader's commands
    pytest.mark.browser,
    pytest.mark.server,
    pytest.mark.timeout(1800),
    pytest.mark.xdist_group("hub"),
]

HW = "dx-basics"
FULL = 22
ANSWER = """
from dxcourse.notebook_calls import exercise
import json, sys
for name, answer in json.loads(sys.argv[1]).items():
    shown = exercise(name)
    shown.outbox = {"id": f"answer-{name}", "answer": answer}
    assert shown.status["state"] == "saved", shown.status
"""


class Nbgrader:
    """nbgrader's commands as someone types them into a terminal of their server."""

    def __init__(self, hub: Hub, name: str) -> None:
        self.name, self.home = name, hub.home(name)
        self.browser = hub.login(name)
        self.environment: Mapping[str, str] = hub.start_server(name, self.browser)

    def run(self, *arguments: str, folder: str = "") -> str:
        done = run_in(self.environment, self.home / folder, "-m", "nbgrader", *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr


def test_homework_goes_to_two_learners_and_comes_back_under_the_hubs_names(
    hub: Hub, visit: Visit
) -> None:
    sensei, taro, hanako = (Nbgrader(hub, name) for name in (INSTRUCTOR, "taro", "hanako"))
    formgrader_opens(hub, visit)
    sensei.run("generate_assignment", HW, folder="homework")
    sensei.run("release_assignment", HW, folder="homework")
    for learner in (taro, hanako):
        assert not (learner.home / "homework").exists()
        learner.run("fetch_assignment", HW)
    keys = right_answers(hub.homework / "source" / HW)
    given = json.dumps({name: answer for name, answer in keys.items() if answer["items"]})
    done = run_in(taro.environment, taro.home / HW, "-c", ANSWER, given)
    assert done.returncode == 0, done.stderr
    taro.run("submit", HW)
    # Hanako hands in what taro has answered, and not even a copy of her own.
    shutil.copy(taro.home / HW / "answers.jsonl", hanako.home / HW / "answers.jsonl")
    told = hanako.run("submit", HW)
    assert "answers.jsonl の中の名前が違います（taro）" in told

    told = sensei.run("collect", HW, folder="homework")
    assert "hanako：answers.jsonl の中の名前が違います（taro）" in told
    assert "taro：" not in told.replace("hanako：", "")
    sensei.run("autograde", HW, "--student", "taro", folder="homework")
    failed = run_in(sensei.environment, sensei.home / "homework", "-m", "nbgrader", "autograde", HW)
    assert failed.returncode != 0  # hanako's is taro's: no points without a person
    sensei.run("generate_feedback", HW, "--student", "taro", folder="homework")
    sensei.run("release_feedback", HW, "--student", "taro", folder="homework")
    taro.run("fetch_feedback", HW)
    assert [*(taro.home / HW / "feedback").rglob("*.html")]
    sensei.run("export", folder="homework")
    with (hub.homework / "grades.csv").open(encoding="utf-8", newline="") as file:
        scores = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert scores["taro"] == pytest.approx(FULL)
    assert not scores.get("hanako")


def logged_in(hub: Hub, visit: Visit, name: str) -> Page:
    """A browser whose user has logged in to the hub by its form, and has a server now."""
    context = visit.chromium.browser.new_context(locale="ja-JP")
    context.set_default_timeout(PATIENCE)
    visit.contexts.append(context)
    page = context.new_page()
    page.goto(f"{hub.url}hub/login")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", PASSWORD)
    page.click("input[type=submit]")
    page.wait_for_url(f"{hub.url}user/{name}/**", timeout=PATIENCE)
    return page


def formgrader_opens(hub: Hub, visit: Visit) -> None:
    """Log in as a person does, and look at formgrader: the assignment is listed."""
    page = logged_in(hub, visit, INSTRUCTOR)
    page.goto(f"{hub.url}user/{INSTRUCTOR}/formgrader/manage_assignments")
    expect(page.get_by_role("gridcell", name=HW)).to_be_visible(timeout=PATIENCE)


def put_number(box: Locator, number: str) -> None:
    """Give the number as an answer, and wait until it is stored."""
    box.locator("input[type=text], input[type=number], input[inputmode]").first.fill(number)
    box.locator(".dxc-go").click()
    expect(box.locator(".dxc-status")).to_have_attribute("data-state", "saved", timeout=PATIENCE)


def test_an_answer_of_the_page_is_there_in_lab_and_the_other_way(hub: Hub, visit: Visit) -> None:
    exercise = courses.at(hub.course).exercise(TINY_NUMBER)
    page = logged_in(hub, visit, "saburo")
    page.goto(f"{hub.pages}/modules/01")
    expect(page.locator("#who-name")).to_have_text("saburo")
    put_number(exercise_box(page, exercise.title), "12")

    page.goto(f"{hub.url}user/saburo/lab/tree/course/01_second.ipynb?reset")
    tab = page.locator(".lm-TabBar-tab.jp-mod-current", has_text="01_second")
    expect(tab).to_be_visible(timeout=PATIENCE)
    connected = re.compile(r"\(ipykernel\)\s*\| アイドル")
    expect(page.locator("#jp-main-statusbar")).to_have_text(connected, timeout=PATIENCE)
    run_all(page)
    box = exercise_box(page, exercise.title)
    expect(box.locator("input").first).to_have_value("12", timeout=PATIENCE)
    put_number(box, "34")

    page.goto(f"{hub.pages}/modules/01")
    box = exercise_box(page, exercise.title)
    expect(box.locator("input").first).to_have_value("34", timeout=PATIENCE)
