from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

from dxcourse.homework import HomeworkCourse, grade_all
from support.homework import HW, Homework, cell_of, editing, right_answers


def beside(notebook: Any, how: str) -> None:
    """Write a reflection, but not into its cell."""
    cells = notebook.cells
    at = next(n for n, cell in enumerate(cells) if cell.id == "reflection")
    if how == "new cell":
        cells.insert(at + 1, new_markdown_cell("窓口が変わる", id="mine"))
    elif how == "raw cell":
        cells.insert(0, new_raw_cell("窓口が変わる", id="mine"))
    elif how == "code cell":
        cells.append(new_code_cell("# 窓口が変わる", id="mine"))
    elif how == "prompt":
        cell_of(notebook, "reflection-prompt")["source"] += "\n\n窓口が変わる"
    elif how == "first copy":
        copy = type(cells[at])({**cells[at], "id": "a-copy"})
        cells[at]["source"] = "窓口が変わる"
        cells.append(copy)
    elif how == "title":
        next(cell for cell in cells if cell.id == "head")["source"] = "## 宿題\n窓口が変わる"


@pytest.mark.parametrize(
    "how", ["new cell", "raw cell", "code cell", "prompt", "first copy", "title"]
)
def test_a_text_beside_its_cell_waits_for_a_person(
    course: HomeworkCourse, homework: Homework, how: str
) -> None:
    """E: no automatic zero, and a note that names the place."""
    folder = homework.hand_in("alice", right_answers(homework.source))
    homework.hand_in("bob", right_answers(homework.source))
    with editing(folder / f"{HW}.ipynb") as notebook:
        beside(notebook, how)
    done = grade_all(course, HW)
    assert homework.grades("alice")["reflection"]["needs_manual_grade"]
    assert homework.grades("alice")["reflection"]["auto_score"] is None
    assert homework.grades("bob")["reflection"]["auto_score"] == 0.0
    if how != "first copy":
        assert any("0点にせず" in note for note in done.notes["alice"])
    assert "窓口が変わる" in (homework.autograded("alice") / f"{HW}.ipynb").read_text("utf-8")


def test_graders_see_what_was_answered(course: HomeworkCourse, homework: Homework) -> None:
    """F12."""
    homework.hand_in("alice", right_answers(homework.source, "why"))
    grade_all(course, HW)
    text = (homework.autograded("alice") / f"{HW}.ipynb").read_text(encoding="utf-8")
    assert "進め方を示すため（1 / 1）" in text
    assert "（答えていません）" in text


def test_half_a_sign_and_a_mark_at_the_beginning(
    course: HomeworkCourse, homework: Homework
) -> None:
    folder: Path = homework.hand_in("alice", right_answers(homework.source))
    path = folder / f"{HW}.ipynb"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    other = homework.hand_in("bob", right_answers(homework.source), reflection="半分")
    text = (other / f"{HW}.ipynb").read_text(encoding="utf-8")
    (other / f"{HW}.ipynb").write_text(text.replace("半分", "\\ud800"), encoding="utf-8")
    done = grade_all(course, HW)
    assert "壊れた文字" in done.failed.pop("bob")
    assert done.failed == {}
