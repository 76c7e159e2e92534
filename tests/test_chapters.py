from __future__ import annotations

import pytest

from dxcourse import course as courses
from dxcourse.chapters import chapter, heading_of, revealed_by
from dxcourse.course import Module

COURSE = courses.current()


@pytest.fixture(params=COURSE.modules, ids=lambda module: module.id)
def module(request: pytest.FixtureRequest) -> Module:
    found: Module = request.param
    return found


def test_sections_share_a_modules_minutes_and_its_exercises(module: Module) -> None:
    sections = chapter(COURSE, module).sections
    assert sum(each.minutes for each in sections) == pytest.approx(module.minutes.total)
    assert tuple(name for each in sections for name in each.exercises) == COURSE.core(module.id)
    assert len({each.id for each in sections}) == len(sections)
    assert all(each.id and each.title for each in sections)


def test_an_exercise_is_found_in_its_section() -> None:
    found = chapter(COURSE, COURSE.module("01"))
    section = found.section_of("what-is-dx-again")
    assert section is not None
    assert section.id == "back-to-yours"
    assert found.section_of("no-such") is None


@pytest.mark.parametrize(
    ("source", "heading"),
    [
        ("## 二つの **例** と [落ち](a.ipynb#b)\n\n本文", "二つの 例 と 落ち"),
        ("### 小さな見出し", ""),
        ("# 題\n\n本文", ""),
        ("本文\n\n## 途中の見出し ##", "途中の見出し"),
    ],
)
def test_a_heading_is_read_without_its_signs(source: str, heading: str) -> None:
    assert heading_of(source) == heading


def test_a_cell_says_by_its_tag_what_it_answers() -> None:
    assert revealed_by({"metadata": {"tags": ["other", "reveal:ex"]}}) == "ex"
    assert revealed_by({"metadata": {}}) == ""
    assert revealed_by({}) == ""
