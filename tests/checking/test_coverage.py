from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from click.testing import CliRunner

from dxcourse.checking import coverage
from dxcourse.cli import main
from support.tiny_course import FIRST, ROOT, SECOND_BANK, SECOND_YAML, SOURCE

if TYPE_CHECKING:
    import pytest

    from support.tiny_course import TinyCourse

COLUMNS = 5
SLIDES_IN_ALL = 41
TITLES = {9, 24, 33}
"""Slides that are a heading and nothing else."""
SLIDES = """\
| スライド | 章 | 目標 | 出るところ | たずねるところ |
| --- | --- | --- | --- | --- |
| 1 | 00　はじめ | `first-goal` | — | — |
| 2 | 00　はじめ | `first-goal` | — | — |
| 3 | 01　つぎ | `second-goal` | — | — |
"""
OBJECTIVES = """\
| 1–2 | `first-goal`　選べる | `pick`、`before-course` | — |
| 3–4 | `second-goal`　分けられる | `ticks` | {homework} |
| 5–6 | `third-goal`　書ける | — | — |
"""


def test_the_committed_file_is_what_the_course_gives() -> None:
    """Mend with `dxcourse check --coverage docs/coverage.md`."""
    assert (ROOT / "docs/coverage.md").read_text(encoding="utf-8") == coverage(ROOT)


def test_from_slide_to_exercise(course: TinyCourse) -> None:
    told = coverage(course.root)
    assert SLIDES in told
    assert OBJECTIVES.format(homework="—") in told


def test_where_a_slide_is_named_and_where_it_is_asked_of(course: TinyCourse) -> None:
    course.say("スライド2〜3と、スライド41枚。")
    course.change(FIRST, lambda cells: cells[2]["metadata"].update(tags=["deepen"]))
    course.edit(SECOND_BANK, "title: ", "title: スライド3。")
    rows = coverage(course.root).splitlines()
    row = next(row for row in rows if row.startswith("| 3 |"))
    assert row == "| 3 | 01　つぎ | `second-goal` | `00#said（深める）` | `ticks` |"
    assert any(row.startswith("| 4 |") and "`00#evidence`" in row for row in rows)


def test_every_slide_but_a_title_is_in_the_course_and_most_are_asked_of() -> None:
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in coverage(ROOT).splitlines()]
    slides = {int(row[0]): row for row in rows if len(row) == COLUMNS and row[0].isdecimal()}
    assert len(slides) == SLIDES_IN_ALL
    assert {slide for slide, row in slides.items() if row[3] == "—"} == TITLES
    for slide, name in {21: "plan-handbook-match", 27: "manager-kpi"}.items():
        assert name in slides[slide][4]
    for slide, name in {30: "manager-parallel", 32: "manager-reading"}.items():
        assert name in slides[slide][4]


def test_to_homework(course: TinyCourse) -> None:
    course.write(f"{SOURCE}/exercises.yaml", SECOND_YAML)
    assert OBJECTIVES.format(homework="`hw1/ticks`") in coverage(course.root)


def test_the_command_writes_it(course: TinyCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(course.root)
    result = CliRunner().invoke(main, ["check", "--coverage", "told.md"])
    assert result.exit_code == 0
    assert Path("told.md").read_text(encoding="utf-8") == coverage(course.root)
