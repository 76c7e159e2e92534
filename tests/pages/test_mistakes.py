"""A course that is wrong: an error page where a cell fails, the last good state otherwise."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from dxcourse import course as courses
from support.study import Study
from support.tiny_course import FIRST, FIRST_BANK, OUTLINE, TinyCourse, code

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]

LOOK = 1.5  # seconds; the server looks at the files every second


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TinyCourse, Study]]:
    folder = tmp_path_factory.mktemp("tiny")
    course = TinyCourse.make(folder / "course")
    study = Study(course.root, folder / "answers", folder / "cache").start()
    yield course, study
    study.stop()


def pages(study: Study) -> list[Path]:
    return sorted(study.log.parent.parent.glob("cache/*/00_first.*.html"))


def test_a_course_that_breaks_while_it_is_served_stays_as_it_was(
    tiny: tuple[TinyCourse, Study],
) -> None:
    course, study = tiny
    pick = courses.at(course.root).exercises["pick"]
    chosen = {item.ref: item.options[0].ref for item in pick.items}
    before = study.ask("/modules/00")
    assert before.status == 200
    for file, old, new in (
        (FIRST_BANK, "kind: choice", "kind: chioce"),
        (OUTLINE, "title: 小さな講座", "titel: 小さな講座"),
        (FIRST, '"cells"', '"sells"'),
    ):
        course.edit(file, old, new)
        time.sleep(LOOK)
        assert study.ask("/modules/00").body == before.body
        assert "小さな講座" in study.ask("/").text
        exercise = {"id": "while-it-is-wrong", "answer": {"items": chosen}}
        assert study.post("/api/answers/pick", exercise).status == 200
        course.edit(file, new, old)
    time.sleep(LOOK)
    assert study.ask("/modules/00").status == 200


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ('exercise("pick") and None', "came out empty"),
        pytest.param("raise SystemExit", "", marks=pytest.mark.soak),
        ("import os; os._exit(1)", ""),
    ],
)
def test_a_page_whose_cell_fails_is_an_error_page_and_is_not_kept(
    tiny: tuple[TinyCourse, Study], source: str, says: str
) -> None:
    course, study = tiny
    good = (course.root / FIRST).read_text(encoding="utf-8")
    course.change(FIRST, lambda cells: cells.insert(2, code("bad", source)))
    time.sleep(LOOK)
    found = study.ask("/modules/00")
    assert found.status == 503
    assert found.headers["Cache-Control"] == "no-store"
    assert "このページを作れませんでした" in found.text
    for word in ("Traceback", "ZeroDivisionError", str(course.root)):
        assert word not in found.text
    log = study.log.read_text(encoding="utf-8")
    assert "00_first.ipynb, cell bad" in log
    assert says in log
    assert study.ask("/modules/01").status == 200
    course.write(FIRST, good)
    time.sleep(LOOK)
    assert study.ask("/modules/00").status == 200
    assert len(pages(study)) == 1


def test_a_new_sentence_is_on_the_page_without_a_restart(tiny: tuple[TinyCourse, Study]) -> None:
    course, study = tiny
    course.say("たったいま書いた一文です。")
    time.sleep(LOOK)
    assert "たったいま書いた一文です。" in study.ask("/modules/00").text


def test_a_new_title_is_on_the_first_page_without_a_restart(tiny: tuple[TinyCourse, Study]) -> None:
    course, study = tiny
    assert "小さな講座" in study.ask("/").text
    course.edit(OUTLINE, "小さな講座", "大きな講座")
    time.sleep(LOOK)
    assert "大きな講座" in study.ask("/").text


def test_a_page_of_another_day_is_made_anew(tiny: tuple[TinyCourse, Study]) -> None:
    course, study = tiny
    folder = study.log.parent.parent
    kept = pages(study)
    tomorrow = Study(course.root, folder / "tomorrow", folder / "cache", today="2099-01-01").start()
    try:
        assert tomorrow.ask("/modules/00").status == 200
        assert pages(study) != kept
    finally:
        tomorrow.stop()
