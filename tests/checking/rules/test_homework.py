"""What is held of the homework, its bank and its notebooks: each test plants one mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.tiny_course import FIRST_BANK, OUTLINE, RUBRIC, SOURCE, code, known, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.tiny_course import Raw, TinyCourse

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
    homework.finds(OUTLINE, "id: second-goal", "outline.unpractised_homework", id="second-goal")


def test_an_objective_that_is_not_there(homework: TinyCourse) -> None:
    homework.edit(YAML, "[second-goal]", "[second-goal, no-goal]")
    homework.finds(
        YAML,
        "[second-goal",
        "outline.no_objective",
        id="no-goal",
        cure="「second-goal」のことですか",
    )


def test_the_id_of_a_lesson(homework: TinyCourse) -> None:
    for file in (YAML, BOOK):
        homework.write(file, (homework.root / file).read_text("utf-8").replace("hw-count", "count"))
    homework.finds(YAML, "id: count", "homework.id_taken", id="count", where="exercises/bank/")


def test_the_question_of_a_lesson(homework: TinyCourse) -> None:
    asked = "あの赤い旗を立てて待つ場所"
    homework.edit(FIRST_BANK, "text: 白い旗", f"text: {asked}")
    homework.edit(YAML, "text: 白い傘", f"text: {asked}")
    homework.finds(YAML, "kind: choice", "homework.asked", text="あの赤い旗を立てて待つ場所")


def test_a_name_that_a_lesson_has_as_well(homework: TinyCourse) -> None:
    homework.edit(YAML, "text: 白い傘", "text: 白い旗")
    homework.finds_nothing()


def test_a_key_that_rests_on_nothing(homework: TinyCourse) -> None:
    homework.edit(YAML, "スライド4から選びます。", "選びます。")
    homework.finds(YAML, "kind: choice", "homework.ground", id="hw-pick")


def test_a_key_that_rests_on_a_fact(homework: TinyCourse) -> None:
    homework.edit(YAML, "スライド4から選びます。", "選びます。")
    homework.edit(YAML, "feedback: 青い傘でした", "feedback: {text: 青い傘でした, fact: dx-sushi}")
    homework.finds_nothing()


def test_a_fact_that_is_not_there(homework: TinyCourse) -> None:
    homework.edit(YAML, "feedback: 青い傘でした", "feedback: {text: 青い傘でした, fact: umbrella}")
    found = homework.report().findings[0]
    assert (found.code, found.line) == ("exercises.fact", homework.line(YAML, "umbrella"))
    assert "「umbrella」" in found.message


def test_a_key_that_rests_on_what_is_uncertain(homework: TinyCourse) -> None:
    note = "feedback: {text: 青い傘でした, fact: item-1-4-class}"
    homework.edit(YAML, "feedback: 青い傘でした", note)
    found = homework.report().findings
    assert [(each.file, each.code) for each in found] == [(YAML, "questions.uncertain")]


def test_praise_in_what_is_given_back_to_everybody(homework: TinyCourse) -> None:
    homework.edit(YAML, "feedback: 青い傘でした", "feedback: 正解です。青い傘でした")
    homework.finds(YAML, "正解です", "homework.praise", text="正解です。青い傘でした")


def test_a_right_option_that_its_length_gives_away(homework: TinyCourse) -> None:
    homework.edit(YAML, "text: 青い傘", "text: 青い傘をさして待つ人")
    found = homework.report().findings
    assert [(each.file, each.code) for each in found] == [(YAML, "cues.long_key")]


def test_right_options_at_one_place(homework: TinyCourse) -> None:
    items = "".join(
        f"    - id: i{number}\n      text: 問い\n      options:\n"
        f"        - {{id: a, text: 字字, feedback: あ, correct: true}}\n"
        f"        - {{id: b, text: 字字, feedback: い}}\n"
        for number in range(12)
    )
    added = f"\n- kind: choice\n  id: hw-many\n  title: 架空の町\n  items:\n{items}"
    homework.write(YAML, (homework.root / YAML).read_text("utf-8") + added)
    said = [each for each in homework.report().findings if each.code == "cues.place"]
    assert {each.file for each in said} == {YAML}
    assert any("12問で、正解が1番目" in each.message for each in said)


def test_an_option_for_all_of_them(homework: TinyCourse) -> None:
    homework.edit(YAML, "text: 白い傘", "text: 上のすべて")
    found = homework.report().findings
    assert [(each.file, each.code) for each in found] == [(YAML, "questions.catch_all")]


def test_a_wrong_option_without_feedback(homework: TinyCourse) -> None:
    homework.edit(YAML, ", feedback: 白を選んだのは？", "")
    homework.finds(YAML, "id: c", "questions.no_feedback", id="c")


@pytest.mark.parametrize(("old", "new"), [("およそ6分", "およそ9分"), ("およそ6分", "少しの時間")])
def test_minutes_that_are_not_those_counted(homework: TinyCourse, old: str, new: str) -> None:
    homework.edit(BOOK, old, new)
    said = new.removeprefix("およそ") if "およそ" in new else "なし"
    homework.finds(BOOK, "# 宿題", "homework.minutes", said=said, counted=6.6)


@pytest.mark.parametrize("new", ["7点", "何点か"])
def test_points_that_are_not_those_given(homework: TinyCourse, new: str) -> None:
    homework.edit(BOOK, "6点", new)
    homework.finds(BOOK, "# 宿題", "homework.points_told", worth=6.0)


def test_a_head_without_a_title(homework: TinyCourse) -> None:
    homework.edit(BOOK, "# 宿題", "宿題")
    homework.finds(BOOK, "宿題", "homework.title")


def put(place: int, cell: Raw) -> Callable[[list[Raw]], Any]:
    """Put a cell in place of another."""
    return lambda cells: cells.__setitem__(place, cell)


def test_homework_without_a_mistake(homework: TinyCourse) -> None:
    homework.finds_nothing()


def test_a_notebook_of_another_name(homework: TinyCourse) -> None:
    (homework.root / BOOK).rename(homework.root / SOURCE / "other.ipynb")
    homework.finds(
        YAML,
        1,
        "homework.one_notebook",
        wanted="exercises/homework/source/hw1/hw1.ipynb",
        there="exercises/homework/source/hw1/other.ipynb",
    )


def test_exercises_without_a_notebook(homework: TinyCourse) -> None:
    (homework.root / BOOK).unlink()
    homework.finds(
        YAML,
        1,
        "homework.one_notebook",
        wanted="exercises/homework/source/hw1/hw1.ipynb",
        there="なし",
    )


def test_an_exercise_that_is_not_shown(homework: TinyCourse) -> None:
    homework.change(BOOK, lambda cells: cells.pop(6))
    homework.finds(
        YAML,
        "kind: opinion",
        "homework.shown",
        id="hw-say",
        times=0,
        book="exercises/homework/source/hw1/hw1.ipynb",
    )


def test_an_exercise_that_is_not_there(homework: TinyCourse) -> None:
    wrong = known(code("ex-more", 'exercise("hw-more")'))
    homework.change(BOOK, lambda cells: cells.insert(6, wrong))
    homework.finds(
        BOOK,
        "hw-more",
        "homework.no_exercise",
        id="hw-more",
        file="exercises/homework/source/hw1/exercises.yaml",
    )


def test_a_marked_exercise_that_nobody_grades(homework: TinyCourse) -> None:
    homework.edit(BOOK, "6点", "3点")
    homework.change(BOOK, lambda cells: cells.pop(5))
    homework.finds(
        YAML,
        "kind: number",
        "homework.graded",
        id="hw-count",
        times=0,
        book="exercises/homework/source/hw1/hw1.ipynb",
    )


def test_an_exercise_graded_that_is_not_marked(homework: TinyCourse) -> None:
    more = known(code("test-say", 'grade("hw-say")'), grade=True, points=0)
    homework.change(BOOK, lambda cells: cells.insert(7, more))
    homework.finds(
        YAML,
        "kind: opinion",
        "homework.unmarked",
        id="hw-say",
        times=1,
        book="exercises/homework/source/hw1/hw1.ipynb",
    )


def test_other_points_than_the_exercise_has(homework: TinyCourse) -> None:
    homework.edit(BOOK, "6点", "5点")
    homework.edit(BOOK, '"points": 3', '"points": 2')
    homework.finds(
        BOOK, '"id": "test-count"', "homework.points", id="test-count", points=2, wanted=3.0
    )


def test_a_test_cell_of_another_kind(homework: TinyCourse) -> None:
    homework.edit(BOOK, "6点", "7点")
    more = known(code("test-more", 'heading("00")'), grade=True, points=1)
    homework.change(BOOK, lambda cells: cells.insert(6, more))
    homework.finds(BOOK, 'heading(\\"00\\")', "homework.test", id="test-more")


@pytest.mark.parametrize("source", ["print(1)", 'exercise("hw-say"); x = 1', "import os"])
def test_code_that_would_have_to_be_run(homework: TinyCourse, source: str) -> None:
    homework.change(BOOK, lambda cells: cells.insert(6, known(code("own", source))))
    said = [found.code for found in homework.report().findings if found.file == BOOK]
    assert "homework.call" in said


def test_a_cell_that_nbgrader_knows_by_another_name(homework: TinyCourse) -> None:
    homework.edit(BOOK, '"grade_id": "ex-say"', '"grade_id": "ex-tell"')
    homework.finds(BOOK, '"id": "ex-say"', "homework.metadata", id="ex-say", schema=3)


def test_a_code_cell_that_nbgrader_does_not_know(homework: TinyCourse) -> None:
    homework.change(BOOK, put(6, code("ex-say", 'exercise("hw-say")')))
    homework.finds(BOOK, '"id": "ex-say"', "homework.metadata", id="ex-say", schema=3)


def test_a_cell_that_learners_could_edit(homework: TinyCourse) -> None:
    homework.change(BOOK, put(6, known(code("ex-say", 'exercise("hw-say")'), locked=False)))
    homework.finds(BOOK, '"id": "ex-say"', "homework.locked", id="ex-say")


def test_an_assignment_without_a_reflection(homework: TinyCourse) -> None:
    homework.edit(BOOK, "およそ6分", "およそ1分")
    homework.edit(BOOK, "6点", "4点")
    homework.change(BOOK, lambda cells: cells.pop())
    homework.finds(BOOK, 1, "homework.reflection", count=0)


def test_a_reflection_without_a_rubric(homework: TinyCourse) -> None:
    homework.change(BOOK, put(7, known(text("ask", "## ふりかえり"))))
    homework.finds(BOOK, '"id": "ask"', "homework.rubric", id="answer")


def test_a_model_answer_that_learners_would_get(homework: TinyCourse) -> None:
    answer = known(text("answer", "三回"), grade=True, locked=False, solution=True, points=2)
    homework.change(BOOK, put(8, answer))
    homework.finds(BOOK, '"id": "answer"', "homework.model", id="answer")


def test_feedback_in_what_learners_read(homework: TinyCourse) -> None:
    asked = text("ask-first", "## 問い\n\nこたえは、青い傘 でした。")
    homework.change(BOOK, lambda cells: cells.insert(2, asked))
    homework.finds(BOOK, "## 問い", "homework.leak", id="ask-first", found="青い傘でした")


def test_feedback_in_the_rubric_is_for_graders(homework: TinyCourse) -> None:
    rubric = RUBRIC.replace("数があれば", "青い傘でした。")
    homework.change(BOOK, put(7, known(text("ask", f"## ふりかえり\n\n{rubric}"))))
    homework.finds_nothing()


def test_outputs_of_a_run(homework: TinyCourse) -> None:
    ran = {**known(code("ex-say", 'exercise("hw-say")')), "execution_count": 3}
    homework.change(BOOK, put(6, ran))
    homework.finds(BOOK, '"id": "ex-say"', "notebooks.outputs", id="ex-say")


def test_an_id_that_a_machine_gave(homework: TinyCourse) -> None:
    homework.change(BOOK, put(6, known(code("3f2a9c01", 'exercise("hw-say")'))))
    homework.finds(BOOK, '"id": "3f2a9c01"', "notebooks.machine", id="3f2a9c01")
