from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from dxcourse.checking import check
from dxcourse.cli import main
from support.tiny_course import FIRST_BANK, OUTLINE, ROOT

if TYPE_CHECKING:
    from support.tiny_course import TinyCourse

SUMMARY = "章 2、目標 2、課題 9、採点する項目 11、事実 {facts}、扱っているスライド 4／6"
COMING = "準備中の章：02 これから（スライド5–6）"


def run(course: TinyCourse, monkeypatch: pytest.MonkeyPatch, *options: str) -> tuple[int, str]:
    monkeypatch.chdir(course.root / "notebooks")
    result = CliRunner().invoke(main, ["check", *options])
    return result.exit_code, result.output


def test_the_course_is_clean() -> None:
    assert [str(finding) for finding in check(ROOT).findings] == []


def test_a_course_without_a_mistake(course: TinyCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    code, output = run(course, monkeypatch)
    facts = course.report().counts.facts
    first, second, blind, asking, last = output.splitlines()
    assert [first, second] == [SUMMARY.format(facts=facts), COMING]
    assert blind.startswith("読まずに答えたら：")
    assert asking.startswith("返す言葉：")
    assert last == "直すところはありません"
    assert code == 0


def test_a_course_with_a_mistake(course: TinyCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    course.edit(FIRST_BANK, ", feedback: なぜ赤？", "")
    code, output = run(course, monkeypatch)
    line = course.line(FIRST_BANK, "赤い旗")
    said = output.splitlines()
    assert said[0].startswith(f"{FIRST_BANK}:{line}: 選択肢「a」に返す言葉がありません → ")
    assert said[-1] == "直すところ：1件"
    assert code == 1


def test_json(course: TinyCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    course.edit(OUTLINE, "slides: [3, 4]", "slides: [3]")
    code, output = run(course, monkeypatch, "--json")
    told: dict[str, Any] = json.loads(output)
    line = course.line(OUTLINE, "slides_total")
    assert told.pop("facts") > 0
    assert set(told.pop("figures")) == {"blind", "asking"}
    assert told == {
        "modules": 2,
        "slides_total": 6,
        "slides_covered": 3,
        "objectives": 2,
        "exercises": 9,
        "items": 11,
        "findings": [
            {
                "file": OUTLINE,
                "line": line,
                "message": "スライド4がどの章にもありません",
                "cure": "どれかの章の slides に書き足してください",
                "code": "outline.slide",
            }
        ],
        "warnings": [],
    }
    assert code == 1


def test_nothing_heavy_is_loaded() -> None:
    heavy = ("matplotlib", "IPython", "ipywidgets", "nbconvert", "voila", "jupyter_server")
    program = (
        "import sys; from pathlib import Path; from dxcourse.checking import check; "
        f"check(Path({str(ROOT)!r})); print([m for m in {heavy!r} if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
