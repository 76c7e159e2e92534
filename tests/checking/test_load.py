"""A course that cannot be loaded is reported too, with everything that is wrong in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.tiny_course import (
    FIRST,
    FIRST_BANK,
    FIRST_YAML,
    OUTLINE,
    SECOND,
    SECOND_BANK,
    SOURCE,
)

if TYPE_CHECKING:
    from support.tiny_course import TinyCourse


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
