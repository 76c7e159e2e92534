"""A kind from another package, used everywhere that the course's own kinds are."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nbformat
import pytest
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import Locator, Page, expect

from support.chromium import Visit
from support.homework import HW, Homework, give, make_homework, meta
from support.jupyter import PATIENCE, exercise_box, open_lab, running, small_course
from support.plugin import EXERCISE, install_example, with_example
from support.processes import free_port
from support.served import Served
from support.workshop_server import Hall
from workshop.test_room_faults import until

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("jupyter")]

NAME, TITLE = "cloze-basics", "空欄をうめる"
APP = "cloze-page"
AGENDA = f"""\
title: 空欄の会
stops:
  - id: blank
    title: 空欄
    minutes: 5
    asks: [{NAME}]
    notes: 書いてもらう。
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install_example(tmp_path_factory.mktemp("site"))


@pytest.fixture(autouse=True)
def found(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every program that a test starts finds the package."""
    monkeypatch.setenv("PYTHONPATH", with_example(site))


@pytest.fixture(scope="module")
def place(course_copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with an exercise of that kind, alone on a page and in a chapter's notebook."""
    folder = tmp_path_factory.mktemp("cloze")
    course = small_course(course_copy, folder)
    [bank] = course.glob("exercises/bank/04_*.yaml")
    bank.write_text(bank.read_text(encoding="utf-8") + "\n" + EXERCISE, encoding="utf-8")
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    cells = [
        new_markdown_cell(f"# {TITLE}", id="head"),
        new_code_cell("from dxcourse import *", id="setup"),
        new_code_cell(f'exercise("{NAME}")', id="ex"),
    ]
    notebook = new_notebook(cells=cells, metadata=kernel)
    nbformat.write(notebook, course / f"notebooks/apps/{APP}.ipynb")
    (course / "blank.yaml").write_text(AGENDA, encoding="utf-8")
    return folder


def ref_of() -> str:
    """The code of the exercise's only item, as a learner's page has it."""
    code = (
        "import sys, yaml; from dxcourse.exercises import parse;"
        "print(parse(yaml.safe_load(sys.stdin)[0]).items[0].ref)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=EXERCISE,
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    return done.stdout.strip()


def fill_in(box: Locator, text: str) -> None:
    """Type into the blank and have it checked."""
    box.get_by_role("textbox", name=re.compile("空欄に入ることば")).fill(text)
    box.get_by_role("button", name=re.compile("答え合わせ|答えを預ける|確かめる")).first.click()


def test_it_is_answered_on_a_page_and_read_in_print(
    place: Path, visit: Visit, tmp_path: Path
) -> None:
    server = Served(place / "course", tmp_path / "serve", tmp_path / "cache").start()
    try:
        page = visit(server, f"/apps/{APP}")
        box = exercise_box(page, TITLE)
        fill_in(box, "情報")
        expect(box).to_contain_text("それは前の法律の名前")
        fill_in(box, "でじたる")
        expect(box).to_contain_text("そのとおりです")
        page.emulate_media(media="print")
        expect(page.get_by_text("社会形成基本法です").first).to_be_visible()
        assert "デジタル社会" not in server.ask(f"/apps/{APP}").text
    finally:
        server.stop()


@pytest.mark.soak  # it is JupyterLab's widget in Voila's page
def test_it_is_answered_in_stock_voila(place: Path, visit: Visit) -> None:
    command = ("voila", f"apps/{APP}.ipynb", "--no-browser", "--port", str(free_port()))
    notebooks = place / "course/notebooks"
    with running(command, notebooks, place / "voila", r"http://localhost:\d+/") as url:
        context = visit.chromium.browser.new_context(locale="ja-JP")
        context.set_default_timeout(PATIENCE)
        visit.contexts.append(context)
        page = context.new_page()
        page.goto(url)
        answered_with_width(page)


def test_it_is_answered_in_jupyterlab(place: Path, visit: Visit) -> None:
    port = free_port()
    command = ("dxcourse", "lab", "--no-browser", "--port", str(port))
    address = rf"http://127\.0\.0\.1:{port}/lab/tree/\S+\?token=\w+"
    with running(command, place / "course", place / "lab", address) as url:
        answered_with_width(open_lab(visit, url, f"apps/{APP}.ipynb"))
        visit.contexts.pop().close()  # before the server goes: a page without one complains


def answered_with_width(page: Page) -> None:
    box = exercise_box(page, TITLE)
    expect(box).to_be_visible(timeout=PATIENCE)
    fill_in(box, "ﾃﾞｼﾞﾀﾙ")
    expect(box).to_contain_text("そのとおりです", timeout=PATIENCE)


TYPED = ("ｄｉｇｉｔａｌ", "でじたる", "情報", "通信", "情報")


def test_it_is_asked_in_a_workshop_and_shown_on_wall_and_in_the_report(
    place: Path, tmp_path: Path
) -> None:
    course = place / "course"
    options = ("--agenda", str(course / "blank.yaml"))
    hall = Hall(course, tmp_path / "hall", options=options).start()
    try:
        hall.at("blank")
        assert hall.do("open").status == 200
        ref = ref_of()
        for n, text in enumerate(TYPED):
            token = hall.enter(consent=True)
            assert hall.give(token, NAME, {ref: text}, f"entry-of-{n}").status == 200
        assert hall.do("close").status == 200
        board = urlsplit(hall.board).path
        [secret] = re.findall(r'href="(/wall/[^"]+)"', hall.ask(board).text)
        assert not any(text in heard_on(hall, secret) for text in TYPED)
        listed = hall.ask(f"{board}/voices/{NAME}").json()["items"]
        voices = {each["text"]: each for item in listed for each in item["voices"]}
        assert {text: each["count"] for text, each in voices.items()} == Counter(TYPED)
        kept_back = voices.pop("通信")
        let_through = {"exercise": NAME, "voices": [each["id"] for each in voices.values()]}
        assert hall.do("voice", change="show", **let_through).status == 200
        hide = {"exercise": NAME, "voices": [kept_back["id"]]}
        assert hall.do("voice", change="hide", **hide).status == 200
        assert hall.do("reveal").status == 200
        until(lambda: all(text in heard_on(hall, secret) for text in voices))
        assert "通信" not in heard_on(hall, secret)
    finally:
        hall.stop()
    # A program of its own: this one was started before the package was there.
    words = ("export", hall.name, str(tmp_path / "report"))
    command = [sys.executable, "-m", "dxcourse", "workshop", *words]
    subprocess.run(command, cwd=course, env=hall.environment, check=True, capture_output=True)
    for name in ("report.html", "answers.csv"):
        made = (tmp_path / "report" / name).read_text(encoding="utf-8")
        assert TITLE in made
        assert all(text in made for text in voices), name
        assert "通信" not in made


def heard_on(hall: Hall, wall: str) -> str:
    """All that the wall is told."""
    return json.dumps(hall.hear(f"{wall}/events"), ensure_ascii=False)


def test_it_is_released_without_its_key_and_graded(tmp_path: Path, site: Path) -> None:
    [raw] = yaml.safe_load(EXERCISE)
    homework, path = written(tmp_path, raw), with_example(site)
    homework.run("generate_assignment", HW, PYTHONPATH=path)
    kept = (homework.release / "exercises.yaml").read_text(encoding="utf-8")
    assert "digital" not in kept
    assert "それは前の法律の名前" not in kept
    ref = ref_of()
    for learner, typed in (("right", "でじたる"), ("wrong", "情報")):
        folder = homework.hand_in(learner)
        give(folder / "answers.jsonl", {NAME: {"items": {ref: typed}}}, learner)
    homework.run("autograde", HW, PYTHONPATH=path)
    assert homework.scores("right")["test-cloze"] == 1
    assert homework.scores("wrong")["test-cloze"] == 0


def written(folder: Path, raw: dict[str, Any]) -> Homework:
    cells = [
        new_code_cell("from dxcourse import *", id="setup", metadata=meta("setup")),
        new_code_cell(f'exercise("{NAME}")', id="ex-cloze", metadata=meta("ex-cloze")),
        new_code_cell(
            f'grade("{NAME}")', id="test-cloze", metadata=meta("test-cloze", grade=True, points=1)
        ),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    notebook = new_notebook(cells=cells, metadata=metadata)
    return make_homework(folder, json.dumps([raw], ensure_ascii=False), notebook)
