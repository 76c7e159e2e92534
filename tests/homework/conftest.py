from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dxcourse.homework.course import HomeworkCourse
from support.homework import HW, Homework, make_homework


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Homework:
    """A course whose assignment is released; made once, with nbgrader's own program."""
    homework = make_homework(tmp_path_factory.mktemp("homework") / "course")
    homework.run("generate_assignment", HW)
    return homework


@pytest.fixture
def homework(released: Homework, tmp_path: Path) -> Homework:
    """A released course of one's own."""
    shutil.copytree(released.root, tmp_path / "course")
    return Homework(tmp_path / "course")


@pytest.fixture
def course(homework: Homework) -> HomeworkCourse:
    return HomeworkCourse.open(homework.root)
