"""nbgrader's partial credit fails open: what gives full marks by mistake, and ours does not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from nbformat.v4 import new_output
from nbgrader.utils import determine_grade

from dxcourse.homework import HomeworkError
from dxcourse.homework.course import HomeworkCourse
from dxcourse.homework.repair import write_points
from dxcourse.homework.source_notebook import SourceNotebook, exercise_of
from support.homework import HW, Homework, editing, right_answers

RESULT = new_output("execute_result", data={"text/plain": "0.5"}, execution_count=1)
WAYS: dict[str, tuple[list[Any], float]] = {
    "no output": ([], 2.0),
    "display_data": ([new_output("display_data", data={"text/plain": "0.5"})], 2.0),
    "np.float64": (
        [new_output("execute_result", data={"text/plain": "np.float64(0.5)"}, execution_count=1)],
        2.0,
    ),
    "an object's repr": (
        [new_output("execute_result", data={"text/plain": "<Score 0.5>"}, execution_count=1)],
        2.0,
    ),
    "stderr first": ([new_output("stream", name="stderr", text="careful"), RESULT], 0.0),
}


@pytest.fixture
def sheet(homework: Homework) -> SourceNotebook:
    return SourceNotebook.read(homework.source / f"{HW}.ipynb")


def points(sheet: SourceNotebook, **some: Any) -> dict[str, Any]:
    return {name: some.get(exercise, 0.0) for name, exercise in sheet.tests.items()}


@pytest.mark.parametrize("way", WAYS)
def test_nbgrader_reads_it_so_and_not_as_ours_writes_it(
    way: str, homework: Homework, sheet: SourceNotebook
) -> None:
    outputs, read_as = WAYS[way]
    with editing(homework.release / f"{HW}.ipynb") as notebook:
        cell = next(cell for cell in notebook.cells if cell.id == "test-ticks")
        cell.outputs = outputs
        assert determine_grade(cell) == (read_as, 2.0)
        write_points(notebook, sheet, points(sheet, ticks=0.5))
        assert determine_grade(cell) == (0.5, 2.0)
        assert cell.outputs == [{**RESULT, "execution_count": cell.execution_count}]


@pytest.mark.parametrize("way", WAYS)
def test_a_submission_that_brings_its_outputs_gains_and_loses_nothing(
    way: str, homework: Homework, course: HomeworkCourse
) -> None:
    answers = right_answers(homework.source, "ticks")
    for values in answers.values():
        values["items"] = {ref: right[:1] for ref, right in values["items"].items()}
    folder = homework.hand_in("alice", answers)
    with editing(folder / f"{HW}.ipynb") as notebook:
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs = WAYS[way][0]
    course.autograde(HW, "alice")
    scores = homework.scores("alice")
    assert scores.pop("test-ticks") == 1.0
    assert set(scores.values()) == {0.0}


@pytest.mark.parametrize(
    "value",
    [np.float64(0.5), 1, True, "0.5", None, -0.5, 2.5, float("nan"), float("inf")],
    ids=str,
)
def test_what_is_no_score_is_not_written(
    value: object, homework: Homework, sheet: SourceNotebook
) -> None:
    with (
        editing(homework.release / f"{HW}.ipynb") as notebook,
        pytest.raises(HomeworkError, match="test-ticks に点が付いていません"),
    ):
        write_points(notebook, sheet, points(sheet, ticks=value))


def test_a_cell_that_was_not_scored_or_is_not_there_raises(
    homework: Homework, sheet: SourceNotebook
) -> None:
    some = points(sheet)
    del some["test-why"]
    with editing(homework.release / f"{HW}.ipynb") as notebook:
        with pytest.raises(HomeworkError, match="test-why に点が付いていません"):
            write_points(notebook, sheet, some)
        notebook.cells = [cell for cell in notebook.cells if cell.id != "test-why"]
        with pytest.raises(HomeworkError, match="test-why に点が付いていません"):
            write_points(notebook, sheet, points(sheet))


@pytest.mark.parametrize(
    ("source", "exercise"),
    [
        ('grade("why")', "why"),
        ("grade('a-b.c')\n", "a-b.c"),
        ('# 採点\n\ngrade("why")', "why"),
        ('grade("why");', None),
        ('x = grade("why")', None),
        ('print(grade("why"))', None),
        ('grade("why"), 1', None),
        ('grade("why") or 1', None),
        ("grade(why)", None),
        ('grade("why")\ngrade("ticks")', None),
        ('display(1)\ngrade("why")', None),
        ("", None),
    ],
)
def test_a_test_cell_is_one_call(source: str, exercise: str | None) -> None:
    assert exercise_of(source) == exercise
