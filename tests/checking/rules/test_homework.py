"""What is held of the homework, its bank and its notebooks: each test plants one mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.tiny_course import FIRST_BANK, OUTLINE, SOURCE

if TYPE_CHECKING:
    from support.tiny_course import TinyCourse
from typing import TYPE_CHECKING, Any

from support.tiny_course import RUBRIC, code, known, text

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


def put(place: int, cell: Raw) -> Callable[[list[Raw]], Any]:
    """Put a cell in place of another."""
    return lambda cells: cells.__setitem__(place, cell)


def test_homework_without_a_mistake(homework: TinyCourse) -> None:
    homework.finds_nothing()


def test_a_notebook_of_another_name(homework: TinyCourse) -> None:
    (homework.root / BOOK).rename(homework.root / SOURCE / "other.ipynb")
    message = f"an assignment has one notebook, {BOOK}; there is {SOURCE}/other.ipynb"
    homework.finds(YAML, 1, message)


def test_exercises_without_a_notebook(homework: TinyCourse) -> None:
    (homework.root / BOOK).unlink()
    homework.finds(YAML, 1, f"an assignment has one notebook, {BOOK}; there is none")


def test_an_exercise_that_is_not_shown(homework: TinyCourse) -> None:
    homework.change(BOOK, lambda cells: cells.pop(6))
    homework.finds(YAML, "kind: opinion", f'exercise "hw-say" is shown 0 times by {BOOK}; once')


def test_an_exercise_that_is_not_there(homework: TinyCourse) -> None:
    wrong = known(code("ex-more", 'exercise("hw-more")'))
    homework.change(BOOK, lambda cells: cells.insert(6, wrong))
    homework.finds(BOOK, "hw-more", f'exercise "hw-more" is not in {YAML}; mend the name')


def test_a_marked_exercise_that_nobody_grades(homework: TinyCourse) -> None:
    homework.edit(BOOK, "6点", "3点")
    homework.change(BOOK, lambda cells: cells.pop(5))
    homework.finds(YAML, "kind: number", f'{BOOK} has 0 cells grade("hw-count"); one grades it')


def test_an_exercise_graded_that_is_not_marked(homework: TinyCourse) -> None:
    more = known(code("test-say", 'grade("hw-say")'), grade=True, points=0)
    homework.change(BOOK, lambda cells: cells.insert(7, more))
    message = f'{BOOK} has 1 cells grade("hw-say"); it is not marked: take it out'
    homework.finds(YAML, "kind: opinion", message)


def test_other_points_than_the_exercise_has(homework: TinyCourse) -> None:
    homework.edit(BOOK, "6点", "5点")
    homework.edit(BOOK, '"points": 3', '"points": 2')
    message = 'cell "test-count" gives 2 points; its exercise has 3'
    homework.finds(BOOK, '"id": "test-count"', message)


def test_a_test_cell_of_another_kind(homework: TinyCourse) -> None:
    homework.edit(BOOK, "6点", "7点")
    more = known(code("test-more", 'heading("00")'), grade=True, points=1)
    homework.change(BOOK, lambda cells: cells.insert(6, more))
    message = 'test cell "test-more" is not grade("its-id") of an exercise; mend it'
    homework.finds(BOOK, 'heading(\\"00\\")', message)


@pytest.mark.parametrize("source", ["print(1)", 'exercise("hw-say"); x = 1', "import os"])
def test_code_that_would_have_to_be_run(homework: TinyCourse, source: str) -> None:
    homework.change(BOOK, lambda cells: cells.insert(6, known(code("own", source))))
    message = 'a code cell is one call, exercise("its-id") or grade("its-id"); mend it'
    said = [found.message for found in homework.report().findings if found.file == BOOK]
    assert message in said


def test_a_cell_that_nbgrader_knows_by_another_name(homework: TinyCourse) -> None:
    homework.edit(BOOK, '"grade_id": "ex-say"', '"grade_id": "ex-tell"')
    message = 'nbgrader\'s metadata of cell "ex-say" want its id as grade_id, and schema_version 3'
    homework.finds(BOOK, '"id": "ex-say"', message)


def test_a_code_cell_that_nbgrader_does_not_know(homework: TinyCourse) -> None:
    homework.change(BOOK, put(6, code("ex-say", 'exercise("hw-say")')))
    message = 'nbgrader\'s metadata of cell "ex-say" want its id as grade_id, and schema_version 3'
    homework.finds(BOOK, '"id": "ex-say"', message)


def test_a_cell_that_learners_could_edit(homework: TinyCourse) -> None:
    homework.change(BOOK, put(6, known(code("ex-say", 'exercise("hw-say")'), locked=False)))
    message = 'cell "ex-say" is locked, or it is the learner\'s to answer; not both'
    homework.finds(BOOK, '"id": "ex-say"', message)


def test_an_assignment_without_a_reflection(homework: TinyCourse) -> None:
    homework.edit(BOOK, "およそ6分", "およそ1分")
    homework.edit(BOOK, "6点", "4点")
    homework.change(BOOK, lambda cells: cells.pop())
    message = "an assignment has one reflection that is graded by hand; 0 are"
    homework.finds(BOOK, 1, message)


def test_a_reflection_without_a_rubric(homework: TinyCourse) -> None:
    homework.change(BOOK, put(7, known(text("ask", "## ふりかえり"))))
    message = (
        'the cell before "answer" is locked, and has the rubric '
        "between BEGIN MARK SCHEME and END MARK SCHEME; write it"
    )
    homework.finds(BOOK, '"id": "ask"', message)


def test_a_model_answer_that_learners_would_get(homework: TinyCourse) -> None:
    answer = known(text("answer", "三回"), grade=True, locked=False, solution=True, points=2)
    homework.change(BOOK, put(8, answer))
    message = (
        'cell "answer" has a model answer between BEGIN SOLUTION and END SOLUTION, '
        "and nothing else: learners get what stands outside"
    )
    homework.finds(BOOK, '"id": "answer"', message)


def test_feedback_in_what_learners_read(homework: TinyCourse) -> None:
    asked = text("ask-first", "## 問い\n\nこたえは、青い傘 でした。")
    homework.change(BOOK, lambda cells: cells.insert(2, asked))
    message = 'cell "ask-first" gives feedback away (青い傘でした); take it out'
    homework.finds(BOOK, "## 問い", message)


def test_feedback_in_the_rubric_is_for_graders(homework: TinyCourse) -> None:
    rubric = RUBRIC.replace("数があれば", "青い傘でした。")
    homework.change(BOOK, put(7, known(text("ask", f"## ふりかえり\n\n{rubric}"))))
    homework.finds_nothing()


def test_outputs_of_a_run(homework: TinyCourse) -> None:
    ran = {**known(code("ex-say", 'exercise("hw-say")')), "execution_count": 3}
    homework.change(BOOK, put(6, ran))
    message = 'cell "ex-say" keeps outputs of a run; clear all outputs and save'
    homework.finds(BOOK, '"id": "ex-say"', message)


def test_an_id_that_a_machine_gave(homework: TinyCourse) -> None:
    homework.change(BOOK, put(6, known(code("3f2a9c01", 'exercise("hw-say")'))))
    message = 'cell id "3f2a9c01" is a machine\'s; choose one that says what it is'
    homework.finds(BOOK, '"id": "3f2a9c01"', message)
