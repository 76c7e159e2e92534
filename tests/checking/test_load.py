"""A course that cannot be loaded is reported too, with everything that is wrong in it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dxcourse.checking import check
from support.tiny_course import (
    COMING_BANK,
    FIRST,
    FIRST_BANK,
    FIRST_YAML,
    OUTLINE,
    ROOT,
    SECOND,
    SECOND_BANK,
    SOURCE,
)

if TYPE_CHECKING:
    from support.tiny_course import TinyCourse


PLANNED = """
- kind: classify
  id: planned
  title: 仕分け
  edition: "3.0"
  bins: [{id: deadline, text: 期限}, {id: continuous, text: 継続}]
  items: [{plan: "1-2", feedback: {right: そう, bins: {continuous: なぜ}}}]
"""


def test_an_exercise_file_with_mistakes(course: TinyCourse) -> None:
    course.edit(FIRST_BANK, "- kind: choice", "- kind: choise")
    course.edit(SECOND_BANK, "bin: deadline", "bin: deadine")
    course.say("<br>")
    found = course.report().findings
    assert [(finding.file, finding.line) for finding in found] == [
        (FIRST_BANK, course.line(FIRST_BANK, "choise")),
        (SECOND_BANK, course.line(SECOND_BANK, "deadine")),
        (FIRST, course.line(FIRST, "<br>")),
    ]
    assert found[0].message == "課題の種類「choise」はありません"
    assert found[1].message == "「law」の置き場「deadine」がありません"
    assert [each.cure for each in found[:2]] == [
        "「choice」のことですか",
        "「deadline」のことですか",
    ]


def test_mistakes_in_all_parts_are_told_together(course: TinyCourse) -> None:
    course.edit("data/facts.csv", ",stated,", ",sure,")
    course.edit(FIRST_BANK, "- kind: choice", "- kind: choise")
    course.edit(OUTLINE, "slides_total: 6", "slides_total: many")
    course.write(SECOND, "{")
    files = [finding.file for finding in course.report().findings]
    assert files == sorted(["data/facts.csv", FIRST_BANK, OUTLINE, SECOND])


def test_a_fact_that_is_not_there(course: TinyCourse) -> None:
    course.edit(FIRST_BANK, "dx-definition", "dx-defintion")
    (found,) = course.report().findings
    assert (found.file, found.line) == (FIRST_BANK, course.line(FIRST_BANK, "dx-defintion"))
    assert found.message.endswith("事実「dx-defintion」が data/facts.csv にありません")
    assert found.cure == "「dx-definition」のことですか"


def test_feedback_that_waits_for_what_is_not_there(course: TinyCourse) -> None:
    course.edit(FIRST_BANK, "reveal_after: after-course", "reveal_after: later-course")
    course.finds(
        FIRST_BANK,
        "later-course",
        "exercises.waits_missing",
        id="later-course",
        cure="「after-course」のことですか",
    )


def test_a_notebook_that_is_not_there(course: TinyCourse) -> None:
    (course.root / SECOND).unlink()
    course.finds(OUTLINE, "01_second", "course.unlisted", name="01_second.ipynb")


def test_a_notebook_that_is_not_json(course: TinyCourse) -> None:
    course.edit(SECOND, '"metadata": {},', '"metadata": {},,')
    line = course.line(SECOND, ",,")
    (found,) = course.report().findings
    assert (found.file, found.line) == (SECOND, line)
    assert found.code == "notebooks.json"


def test_json_that_is_no_notebook(course: TinyCourse) -> None:
    course.write(SECOND, "[]")
    (found,) = course.report().findings
    assert (found.file, found.line) == (SECOND, 1)


def test_exercises_of_homework_are_read_as_well(course: TinyCourse) -> None:
    file = f"{SOURCE}/exercises.yaml"
    course.write(file, FIRST_YAML.replace("dx-definition", "zzz").replace("after-course", "pick"))
    (found,) = course.report().findings
    assert (found.file, found.line) == (file, course.line(file, "zzz"))
    assert found.message.endswith("事実「zzz」が data/facts.csv にありません")


def test_what_can_be_loaded_is_counted(course: TinyCourse) -> None:
    course.edit(FIRST_BANK, "- kind: choice", "- kind: choise")
    counts = course.report().counts
    assert (counts.modules, counts.slides_total, counts.exercises) == (2, 6, None)
    assert counts.facts


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (",stated,", ",sure,", "facts.loose"),
        (",2024-06,", ",令和6年6月,", "facts.date"),
        (",slides,", ",slides,余分,", "tables.cells"),
    ],
)
def test_one_mistake_in_a_table_is_one_finding_in_that_table(
    course: TinyCourse, old: str, new: str, code: str
) -> None:
    """Exercises of the plan's items rest on the facts; they are not to blame."""
    bank = (course.root / COMING_BANK).read_text(encoding="utf-8")
    course.write(COMING_BANK, bank + PLANNED)
    course.edit("data/facts.csv", old, new)
    (found,) = course.report().findings
    assert (found.file, found.code) == ("data/facts.csv", code)


def test_a_table_of_tabs_is_one_finding(course: TinyCourse) -> None:
    text = (course.root / "data/facts.csv").read_text(encoding="utf-8")
    course.write("data/facts.csv", text.replace(",", "\t"))
    (found,) = course.report().findings
    assert (found.file, found.line, found.code) == ("data/facts.csv", 1, "tables.tabs")


def test_a_copy_in_the_bank_is_the_one_that_is_named(course: TinyCourse) -> None:
    copy = FIRST_BANK.replace(".yaml", " - コピー.yaml")
    course.write(copy, (course.root / FIRST_BANK).read_text(encoding="utf-8"))
    original = FIRST_BANK.rpartition("/")[2]
    name = copy.rpartition("/")[2]
    course.finds(copy, 0, "strays.copy", name=name, original=original)


def test_an_outline_that_cannot_be_read_says_what_is_not_counted(course: TinyCourse) -> None:
    course.edit(OUTLINE, "title:", "title：")
    report = course.report()
    assert report.counts.modules is None
    assert "course.yaml が読めないので" in report.text()
    assert "スライド ―／―" in report.text()


def test_an_agenda_of_the_courses_own_is_held_to_it(course: TinyCourse) -> None:
    own = "exercises/agendas/hall.yaml"
    course.write(own, "title: 会\nstops:\n- {id: a, title: A, minutes: 5, asks: [pikc]}\n")
    course.finds(own, "pikc", "agendas.exercise", id="pikc", cure="「pick」のことですか")


def test_the_picture_of_a_scene_is_one_of_ours(course: TinyCourse) -> None:
    course.edit(FIRST_BANK, "  id: pick\n", "  id: pick\n  scene: {picture: stol.svg}\n")
    found = [each for each in course.report().findings if each.code == "agendas.drawing"]
    assert [each.file for each in found] == [FIRST_BANK]
    assert "stol.svg" in str(found[0])
    assert "stool.svg" in str(found[0])


def test_a_course_that_lacks_what_a_shipped_agenda_asks_is_told(tmp_path: Path) -> None:
    for folder in ("notebooks", "exercises", "data"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for path in (tmp_path / "exercises/bank").glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("  id: honest-feeling\n", "  id: honest-one\n"), "utf-8")
    codes = {each.code for each in check(tmp_path).findings if each.file.endswith("0.yaml")}
    assert codes == {"agendas.exercise"}
