"""The same submissions by our preprocessors and by nbgrader's own Execute: equal, cell for cell."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from support.homework import HW, Homework
from support.submissions import REFUSED, SORTS, hand_in_many

STOCK = """
from nbgrader.converters import Autograde
c.Autograde.autograde_preprocessors = Autograde.autograde_preprocessors.default_args[0]
c.Execute.timeout = 300  # a busy machine takes more than the usual half a minute to import
"""
WAITS = {"auto_score": None, "score": 0.0, "needs_manual_grade": True}


def graded_both_ways(released: Homework, folder: Path, number: int) -> None:
    ours = Homework(shutil.copytree(released.root, folder / "ours"))
    sorts = hand_in_many(ours, number)
    stock = Homework(shutil.copytree(ours.root, folder / "stock"))
    with (stock.root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(STOCK)
    said = ours.run("autograde", HW, ok=False)
    stock.run("autograde", HW)
    for student, sort in sorts.items():
        mine, theirs = ours.grades(student), stock.grades(student)
        if sort in REFUSED:
            # No score is given, by neither; ours has no autograded copy, says why, and goes on.
            assert not ours.autograded(student).exists()
            assert f"{student}: answers.jsonl" in said
            tests = {name: grade for name, grade in mine.items() if name.startswith("test-")}
            assert {grade["auto_score"] for grade in tests.values()} == {None}
            mine = {name: {**grade, "auto_score": 0.0} for name, grade in tests.items()}
            mine = {name: {**grade, "needs_manual_grade": False} for name, grade in mine.items()}
            theirs = {name: theirs[name] for name in tests}
        elif sort == "cells changed":
            # A text beside the cells: nbgrader gives the reflection 0 unread, ours to a person.
            assert theirs["reflection"] == {**WAITS, "auto_score": 0.0, "needs_manual_grade": False}
            theirs = {**theirs, "reflection": WAITS}
        assert mine == theirs, (student, sort)
    assert len({str(ours.scores(student)) for student in sorts}) > number // 3


def test_a_dozen(released: Homework, tmp_path: Path) -> None:
    graded_both_ways(released, tmp_path, len(SORTS))


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a_hundred(released: Homework, tmp_path: Path) -> None:
    graded_both_ways(released, tmp_path, 100)
