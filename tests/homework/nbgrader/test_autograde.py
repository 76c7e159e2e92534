from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from dxcourse.homework import HomeworkError, grade_all
from dxcourse.homework.course import HomeworkCourse
from dxcourse.homework.grade_export import rows
from dxcourse.homework.source_notebook import SourceNotebook
from support.homework import (
    FULL,
    HW,
    POINTS,
    RUBRIC,
    Homework,
    cell_of,
    editing,
    give,
    meta,
    right_answers,
    source_notebook,
)

TRAP = "import pathlib; pathlib.Path({path!r}).write_text('run')"


def autograded(homework: Homework, student: str) -> Any:
    return nbformat.read(homework.autograded(student) / f"{HW}.ipynb", as_version=4)


def test_no_cell_of_a_learner_is_run(
    course: HomeworkCourse, homework: Homework, tmp_path: Path
) -> None:
    trap = TRAP.format(path=str(tmp_path / "sprung"))
    folder = homework.hand_in("mallory", right_answers(homework.source, "why"))
    with editing(folder / f"{HW}.ipynb") as notebook:
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.source = trap
        notebook.cells.insert(0, new_code_cell(trap))
        notebook.cells.append(new_code_cell("while True: pass"))
    course.autograde(HW, "mallory")
    assert not (tmp_path / "sprung").exists()
    assert homework.scores("mallory")["test-why"] == 1.0
    cells = autograded(homework, "mallory").cells
    added = [cell for cell in cells if cell.source == trap and cell.cell_type == "code"]
    assert added
    assert all(not cell.outputs for cell in added)


def test_a_learner_cannot_have_it_run_by_saying_so(
    course: HomeworkCourse, homework: Homework, tmp_path: Path
) -> None:
    """What an assignment is, is seen in the source, whatever was handed in under its names."""
    trap = TRAP.format(path=str(tmp_path / "sprung"))
    folder = homework.hand_in("mallory", right_answers(homework.source))
    (folder / "exercises.yaml").write_text("[]", encoding="utf-8")
    with editing(folder / f"{HW}.ipynb") as notebook:
        notebook.cells.append(new_code_cell(trap, metadata=meta("mine", solution=True)))
        notebook.cells.append(new_code_cell("100.0", metadata=meta("x", grade=True, points=100)))
        notebook.cells.append(new_code_cell("1", metadata={"nbgrader": "nonsense"}))
        notebook.cells.append(new_code_cell("1", metadata={"nbgrader": {"grade": True}}))
    course.autograde(HW, "mallory")
    assert not (tmp_path / "sprung").exists()
    assert sum(score or 0 for score in homework.scores("mallory").values()) == FULL


def test_real_code_in_a_source_is_executed(homework: Homework, tmp_path: Path) -> None:
    notebook = source_notebook(points={"why": 1.0})
    notebook.cells[1:1] = [
        new_code_cell(
            "### BEGIN SOLUTION\nx = 1\n### END SOLUTION",
            id="write",
            metadata=meta("write", solution=True, locked=False),
        ),
        new_code_cell("y = 1"),
        new_code_cell("assert x == y", id="check", metadata=meta("check", grade=True, points=2)),
    ]
    nbformat.write(notebook, homework.source / f"{HW}.ipynb")
    assert not SourceNotebook.read(homework.source / f"{HW}.ipynb").plain
    course = HomeworkCourse.open(homework.root)
    course.generate(HW)
    folder = homework.hand_in("alice", right_answers(homework.source, "why"))
    sprung, added = tmp_path / "sprung", TRAP.format(path=str(tmp_path / "added"))
    with editing(folder / f"{HW}.ipynb") as submitted:
        submitted.cells[1:1] = [new_code_cell(added), new_code_cell("helper = lambda: 1")]
        cell_of(submitted, "write")["source"] = f"{TRAP.format(path=str(sprung))}\nx = helper()"
    course.autograde(HW, "alice")
    assert sprung.exists()
    assert (tmp_path / "added").exists()  # F4: as under stock, where answers lean on such cells
    kept = autograded(homework, "alice").cells[1]
    assert (kept.cell_type, kept.source) == ("code", added)
    assert homework.scores("alice") == {"check": 2.0, "test-why": 1.0, "reflection": None}


@pytest.mark.parametrize(
    ("code", "plain"),
    [
        ("from dxcourse import *", True),
        ("from dxcourse import exercise\n# nothing else", True),
        ('evidence("a", "b")', True),
        ("", True),
        ('exercise("why");', True),
        ("import os", False),
        ("from os import *", False),
        ("from dxcourse.cli import main", False),
        ('exercise(open("x").read())', False),
        ('exercise(name=open("x"))', False),
        ('eval("1")', False),
        ('x = exercise("why")', False),
        ("%matplotlib inline", False),
        ("!ls", False),
        ("while True: pass", False),
    ],
)
def test_whether_a_source_is_ours_alone(tmp_path: Path, code: str, *, plain: bool) -> None:
    notebook = source_notebook()
    notebook.cells.append(new_code_cell(code))
    nbformat.write(notebook, tmp_path / "hw.ipynb")
    assert SourceNotebook.read(tmp_path / "hw.ipynb").plain is plain


def test_what_a_learner_deleted_copied_or_changed_is_as_in_the_source(
    course: HomeworkCourse, homework: Homework
) -> None:
    folder = homework.hand_in("alice", right_answers(homework.source), reflection="わたしの答え")
    with editing(folder / f"{HW}.ipynb") as notebook:
        cells = {cell.id: cell for cell in notebook.cells}
        cells["test-why"].source = "0.0"
        cells["test-why"].cell_type = "markdown"
        cells["reflection"].cell_type = "raw"
        notebook.cells.append({**cells["test-ages"], "id": "copy"})
        notebook.cells.remove(cells["test-ticks"])
        notebook.cells.remove(cells["ex-items"])
        notebook.cells.remove(cells["reflection-prompt"])
    notes = course.autograde(HW, "alice")
    scores = homework.scores("alice")
    assert scores == {
        **{f"test-{name}": float(p) for name, p in POINTS.items()},
        "reflection": None,
    }
    assert any("test-ticks" in note for note in notes)
    graded = autograded(homework, "alice")
    assert cell_of(graded, "reflection").source == "わたしの答え"
    assert RUBRIC in cell_of(graded, "reflection-prompt").source


def test_a_deleted_reflection_is_no_answer(course: HomeworkCourse, homework: Homework) -> None:
    folder = homework.hand_in("alice", {})
    with editing(folder / f"{HW}.ipynb") as notebook:
        notebook.cells = [cell for cell in notebook.cells if cell.id != "reflection"]
    course.autograde(HW, "alice")
    assert homework.scores("alice")["reflection"] == 0.0
    assert "模範" not in cell_of(autograded(homework, "alice"), "reflection").source


def test_the_grader_sees_the_rubric_above_the_reflection(
    course: HomeworkCourse, homework: Homework
) -> None:
    homework.hand_in("alice", {}, reflection="書いた")
    course.autograde(HW, "alice")
    assert RUBRIC in cell_of(autograded(homework, "alice"), "reflection-prompt").source
    assert homework.grades("alice")["reflection"]["needs_manual_grade"]


def test_one_damaged_file_fails_alone(homework: Homework) -> None:
    """With nbgrader's own command: what is wrong is said, and the others are graded."""
    for student in ("alice", "bob", "carol"):
        homework.hand_in(student, right_answers(homework.source))
    (homework.submitted("bob") / "answers.jsonl").write_bytes(b"{}\n")
    said = homework.run("autograde", HW, ok=False)
    assert "bob: answers.jsonl:1: 壊れた行" in said
    assert not homework.autograded("bob").exists()
    for student in ("alice", "carol"):
        assert sum(s or 0 for s in homework.scores(student).values()) == FULL


@pytest.mark.skipif(os.name == "nt", reason="there are no pipes, and links need rights")
def test_what_is_no_file_is_refused_on_nbgraders_road_too(
    homework: Homework,
) -> None:
    """F14: no 0 in silence; each is named, and waits in the table of grades and in `todo`."""
    right = right_answers(homework.source)
    homework.hand_in("alice", right)
    for student in ("empty", "full"):
        answers = homework.hand_in(student, right) / "answers.jsonl"
        answers.unlink()
        answers.mkdir()
    (answers / "x.txt").write_text("x", encoding="utf-8")
    linked = homework.hand_in("linked", right) / f"{HW}.ipynb"
    linked.unlink()
    linked.symlink_to(homework.submitted("alice") / f"{HW}.ipynb")
    with (homework.hand_in("large", right) / f"{HW}.ipynb").open("ab") as file:
        file.write(b" " * 25_000_000)
    (homework.hand_in("when", right) / "timestamp.txt").write_text("きのう", encoding="utf-8")
    pipe = homework.hand_in("pipe", right) / "answers.jsonl"
    pipe.unlink()
    os.mkfifo(pipe)
    said = homework.run("autograde", HW, ok=False)
    for told in (
        "empty: answers.jsonl: ふつうのファイル",
        "full: answers.jsonl: ふつうのファイル",
        f"linked: {HW}.ipynb: ふつうのファイル",
        f"large: {HW}.ipynb: 大きすぎます",
        "when/hw1/timestamp.txt: ",
        "for student 'pipe'",
    ):
        assert told in said
    assert "has no attribute" not in said
    course = HomeworkCourse.open(homework.root)
    with course.gradebook() as gradebook:
        found = {row.student: row for row in rows(gradebook, [HW], course.students)}
    states = {student: row.state for student, row in found.items()}
    assert states.pop("alice") == "done"
    assert states == {
        **dict.fromkeys(("empty", "full", "linked", "large"), "failed"),
        **dict.fromkeys(("when", "pipe"), "new"),
    }
    assert all(found[student].score is None for student in states)
    assert set(grade_all(course, HW).failed) == set(states)


def test_mended_it_is_graded(course: HomeworkCourse, homework: Homework) -> None:
    path = homework.hand_in("bob", right_answers(homework.source)) / "answers.jsonl"
    with path.open("ab") as file:
        file.write(b"{}\n")
    with pytest.raises(HomeworkError, match=r"^bob: answers\.jsonl:8: 壊れた行"):
        course.autograde(HW, "bob")
    path.write_bytes(path.read_bytes().removesuffix(b"{}\n"))
    course.autograde(HW, "bob")
    assert homework.scores("bob")["test-why"] == 1.0


def test_answers_in_the_source_are_refused_at_grading(
    course: HomeworkCourse, homework: Homework
) -> None:
    """nbgrader would lay them over every learner's own."""
    homework.hand_in("alice", right_answers(homework.source))
    give(homework.source / "answers.jsonl", right_answers(homework.source, "why"), "author")
    with pytest.raises(HomeworkError, match="書く人のフォルダーに答えがあります"):
        course.autograde(HW, "alice")


def test_a_missing_key_is_an_error_and_no_full_marks(
    course: HomeworkCourse, homework: Homework
) -> None:
    homework.hand_in("alice", right_answers(homework.source))
    shutil.copy(homework.release / "exercises.yaml", homework.source)
    with pytest.raises(HomeworkError, match="「why」の正解がありません"):
        course.autograde(HW, "alice")


def test_a_notebook_that_is_none_is_a_readable_error(
    course: HomeworkCourse, homework: Homework
) -> None:
    folder = homework.hand_in("alice", right_answers(homework.source))
    for text in ("not json", "[]", json.dumps({"cells": 3, "metadata": {}, "nbformat": 4})):
        (folder / f"{HW}.ipynb").write_text(text, encoding="utf-8")
        with pytest.raises(HomeworkError):
            course.autograde(HW, "alice")
