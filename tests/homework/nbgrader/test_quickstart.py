"""nbgrader's own quickstart course under our configuration: every row as under stock nbgrader."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
import nbgrader
import pytest
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook

from dxcourse.homework import HomeworkCourse
from support.homework import HW, Homework, cell_of, editing, make_homework

PS1 = Path(nbgrader.__file__).parent / "docs/source/user_guide/source/ps1"
STOCK = """
from nbgrader.converters import Autograde
c.Autograde.sanitize_preprocessors = Autograde.sanitize_preprocessors.default_args[0]
c.Autograde.autograde_preprocessors = Autograde.autograde_preprocessors.default_args[0]
"""
PATIENCE = "\nc.Execute.timeout = 300  # a busy machine takes more than half a minute to import\n"
SQUARES = """def squares(n):
    if n < 1:
        raise ValueError("n is less than 1")
    return [i ** 2 for i in range(1, n + 1)]
"""
SUM = "def sum_of_squares(n):\n    return sum(squares(n))\n"
LEANING = SQUARES.replace("i ** 2", "sq(i)")
HELPER = "def sq(i):\n    return i * i\n"
ANSWERS = {
    "right": (SQUARES, SUM),
    "half": (SQUARES, "def sum_of_squares(n):\n    return 0\n"),
    "wrong": ("def squares(n):\n    return []\n", "def sum_of_squares(n):\n    return 0\n"),
    "without-squares": (SQUARES, "def sum_of_squares(n):\n    return n*(n+1)*(2*n+1)//6\n"),
    "no-code": ("'" * 3, SUM),
    "added": (LEANING, SUM),
    "changed": (LEANING, SUM),
}


def hand_in(homework: Homework, student: str) -> None:
    """Hand in the release, with a learner's cells: two lean on some of their own."""
    folder = homework.hand_in(student)
    if student not in ANSWERS:
        return  # as it was given out
    with editing(folder / "problem1.ipynb") as notebook:
        squares, total = ANSWERS[student]
        cell_of(notebook, "squares")["source"] = squares
        cell_of(notebook, "sum_of_squares")["source"] = total
        cell_of(notebook, "sum_of_squares_equation")["source"] = f"the sum, says {student}"
        if student == "added":
            notebook.cells.insert(1, new_code_cell(HELPER))
            del notebook.cells[1]["id"]  # the format of these notebooks has none
        if student == "changed":
            (free,) = [cell for cell in notebook.cells if cell.source == "squares(10)"]
            free.source = f"{HELPER}squares(10)"


def rows_of(homework: Homework, student: str) -> dict[str, Any]:
    with Gradebook(f"sqlite:///{homework.root / 'gradebook.db'}") as gradebook:
        submission = gradebook.find_submission(HW, student)
        return {
            f"{book.name}/{grade.name}": (grade.auto_score, grade.score, grade.needs_manual_grade)
            for book in submission.notebooks
            for grade in book.grades
        }


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_every_row_is_as_under_stock_nbgrader(tmp_path: Path) -> None:
    ours = make_homework(tmp_path / "ours")
    shutil.rmtree(ours.source)
    shutil.copytree(PS1, ours.source)
    for path in ours.source.glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        notebook.metadata.kernelspec.name = "python3"
        nbformat.write(notebook, path)
    HomeworkCourse.open(ours.root).generate(HW)
    students = [*ANSWERS, "as-it-was"]
    for student in students:
        hand_in(ours, student)
    stock = Homework(Path(shutil.copytree(ours.root, tmp_path / "stock")))
    for homework, more in ((ours, ""), (stock, STOCK)):
        with (homework.root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
            config.write(more + PATIENCE)
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda homework: homework.run("autograde", HW), (ours, stock)))
    found = {student: rows_of(ours, student) for student in students}
    assert found == {student: rows_of(stock, student) for student in students}
    full = [found[student]["problem1/correct_squares"][1] for student in ("added", "changed")]
    assert full == [1.0, 1.0]
    assert found["wrong"]["problem1/correct_squares"][1] == 0.0
