from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dxcourse.homework.course import HomeworkCourse
from support.homework import HW, Homework, make_homework


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Homework:
    """A course whose assignment is released; made once, in this process: see `test_release`."""
    homework = make_homework(tmp_path_factory.mktemp("homework") / "course")
    HomeworkCourse.open(homework.root).generate(HW)
    return homework


@pytest.fixture
def homework(released: Homework, tmp_path: Path) -> Homework:
    """A released course of one's own."""
    shutil.copytree(released.root, tmp_path / "course")
    return Homework(tmp_path / "course")


@pytest.fixture
def course(homework: Homework) -> HomeworkCourse:
    return HomeworkCourse.open(homework.root)
