"""What is held of an assignment's notebook: each test plants one mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.tiny_course import RUBRIC, SOURCE, code, known, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.tiny_course import Raw, TinyCourse

YAML, BOOK = f"{SOURCE}/exercises.yaml", f"{SOURCE}/hw1.ipynb"


@pytest.fixture
def homework(course: TinyCourse) -> TinyCourse:
    """Give a course with homework, both without a mistake."""
    course.assign()
    return course


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
