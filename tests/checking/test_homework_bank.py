"""What is held of the homework bank: each test plants one mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.tiny_course import FIRST_BANK, OUTLINE, SOURCE

if TYPE_CHECKING:
    from support.tiny_course import TinyCourse

YAML, BOOK = f"{SOURCE}/exercises.yaml", f"{SOURCE}/hw1.ipynb"


@pytest.fixture
def homework(course: TinyCourse) -> TinyCourse:
    """Give a course with homework, both without a mistake."""
    course.assign()
    return course


def test_a_course_without_homework_owes_none(course: TinyCourse) -> None:
    course.finds_nothing()


def test_an_objective_without_homework(homework: TinyCourse) -> None:
    homework.edit(YAML, "[second-goal]", "[first-goal]")
    message = (
        'objective "second-goal" has no exercise in the homework; '
        "write one, or name it in the objectives of one"
    )
    homework.finds(OUTLINE, "id: second-goal", message)


def test_an_objective_that_is_not_there(homework: TinyCourse) -> None:
    homework.edit(YAML, "[second-goal]", "[second-goal, no-goal]")
    message = (
        'objective "no-goal" is not in notebooks/course.yaml; mend the id, or add it to its module'
    )
    homework.finds(YAML, "[second-goal", message)


def test_the_id_of_a_lesson(homework: TinyCourse) -> None:
    for file in (YAML, BOOK):
        homework.write(file, (homework.root / file).read_text("utf-8").replace("hw-count", "count"))
    message = 'exercise "count" stands in exercises/bank/, too; give it its own id'
    homework.finds(YAML, "id: count", message)


def test_the_question_of_a_lesson(homework: TinyCourse) -> None:
    asked = "あの赤い旗を立てて待つ場所"
    homework.edit(FIRST_BANK, "text: 白い旗", f"text: {asked}")
    homework.edit(YAML, "text: 白い傘", f"text: {asked}")
    homework.finds(YAML, "kind: choice", f"a lesson asks this already ({asked}); ask something new")


def test_a_name_that_a_lesson_has_as_well(homework: TinyCourse) -> None:
    homework.edit(YAML, "text: 白い傘", "text: 白い旗")
    homework.finds_nothing()


def test_a_key_that_rests_on_nothing(homework: TinyCourse) -> None:
    homework.edit(YAML, "4枚目から選びます。", "選びます。")
    message = (
        'exercise "hw-pick" does not say what its key rests on: cite a fact, name a '
        "slide (…枚目) or a module (…章), or say that it is made up (架空)"
    )
    homework.finds(YAML, "kind: choice", message)


def test_a_key_that_rests_on_a_fact(homework: TinyCourse) -> None:
    homework.edit(YAML, "4枚目から選びます。", "選びます。")
    homework.edit(YAML, "feedback: 青い傘でした", "feedback: {text: 青い傘でした, fact: dx-sushi}")
    homework.finds_nothing()


def test_a_fact_that_is_not_there(homework: TinyCourse) -> None:
    homework.edit(YAML, "feedback: 青い傘でした", "feedback: {text: 青い傘でした, fact: umbrella}")
    message = 'fact "umbrella" is not in data/facts.csv; add it there or mend the id'
    assert message in homework.report().findings[0].message


def test_a_key_that_rests_on_what_is_uncertain(homework: TinyCourse) -> None:
    note = "feedback: {text: 青い傘でした, fact: item-1-4-class}"
    homework.edit(YAML, "feedback: 青い傘でした", note)
    found = homework.report().findings
    assert [(each.file, "rests on fact" in each.message) for each in found] == [(YAML, True)]


def test_a_right_option_that_its_length_gives_away(homework: TinyCourse) -> None:
    homework.edit(YAML, "text: 青い傘", "text: 青い傘をさして待つ人")
    found = homework.report().findings
    assert [each.file for each in found] == [YAML]
    assert "its length gives it away" in found[0].message


def test_right_options_at_one_place(homework: TinyCourse) -> None:
    items = "".join(
        f"    - id: i{number}\n      text: 問い\n      options:\n"
        f"        - {{id: a, text: 字字, feedback: あ, correct: true}}\n"
        f"        - {{id: b, text: 字字, feedback: い}}\n"
        for number in range(12)
    )
    added = f"\n- kind: choice\n  id: hw-many\n  title: 架空の町\n  items:\n{items}"
    homework.write(YAML, (homework.root / YAML).read_text("utf-8") + added)
    said = [found.message for found in homework.report().findings if found.file == YAML]
    assert any(message.startswith("the right option stands at place 1 in 12") for message in said)


def test_an_option_for_all_of_them(homework: TinyCourse) -> None:
    homework.edit(YAML, "text: 白い傘", "text: 上のすべて")
    found = homework.report().findings
    assert [(each.file, "all or none" in each.message) for each in found] == [(YAML, True)]


def test_a_wrong_option_without_feedback(homework: TinyCourse) -> None:
    homework.edit(YAML, ", feedback: 白を選んだのは？", "")
    message = 'option "c" has no feedback; ask back what led there'
    homework.finds(YAML, "id: c", message)


@pytest.mark.parametrize(("old", "new"), [("およそ6分", "およそ9分"), ("およそ6分", "少しの時間")])
def test_minutes_that_are_not_those_counted(homework: TinyCourse, old: str, new: str) -> None:
    homework.edit(BOOK, old, new)
    said = new.removeprefix("およそ").removesuffix("分") if "およそ" in new else "nothing"
    message = f"it takes およそ7分 by count, and says {said}; say what is counted, or mend it"
    homework.finds(BOOK, "# 宿題", message)


@pytest.mark.parametrize("new", ["7点", "何点か"])
def test_points_that_are_not_those_given(homework: TinyCourse, new: str) -> None:
    homework.edit(BOOK, "6点", new)
    message = "its cells give 6点 in all, and the head does not say so first; mend one of them"
    homework.finds(BOOK, "# 宿題", message)


def test_a_head_without_a_title(homework: TinyCourse) -> None:
    homework.edit(BOOK, "# 宿題", "宿題")
    message = "the second cell is text that begins with the title (# …); mend it"
    homework.finds(BOOK, "宿題", message)
