from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from click.testing import CliRunner

from dxcourse.checking import coverage
from dxcourse.cli import main
from support.tiny_course import ROOT, SECOND_YAML, SOURCE

if TYPE_CHECKING:
    import pytest

    from support.tiny_course import TinyCourse

SLIDES = """\
| スライド | 章 | 目標 |
| --- | --- | --- |
| 1 | 00　はじめ | `first-goal` |
| 2 | 00　はじめ | `first-goal` |
| 3 | 01　つぎ | `second-goal` |
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


def test_to_homework(course: TinyCourse) -> None:
    course.write(f"{SOURCE}/exercises.yaml", SECOND_YAML)
    assert OBJECTIVES.format(homework="`hw1/ticks`") in coverage(course.root)


def test_the_command_writes_it(course: TinyCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(course.root)
    result = CliRunner().invoke(main, ["check", "--coverage", "told.md"])
    assert result.exit_code == 0
    assert Path("told.md").read_text(encoding="utf-8") == coverage(course.root)
