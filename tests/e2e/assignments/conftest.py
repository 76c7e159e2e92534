from __future__ import annotations

from pathlib import Path

import pytest

from support.assignments import ASSIGNMENTS, REFLECTED, Handing


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Handing:
    """The course with its homework, in a folder of its own, all three assignments released."""
    handing = Handing.make(tmp_path_factory.mktemp("dx") / "course")
    for name in ASSIGNMENTS:
        handing.course.generate(name)
    return handing


@pytest.fixture(scope="session")
def graded(released: Handing) -> Handing:
    """All three, handed in by one who knows everything and by one who answered nothing."""
    for name in ASSIGNMENTS:
        released.hand_in(name, "shiru", released.right_answers(name), REFLECTED)
        released.hand_in(name, "kara", {})
        for student in ("shiru", "kara"):
            released.course.autograde(name, student)
    return released


@pytest.fixture(params=ASSIGNMENTS)
def name(request: pytest.FixtureRequest) -> str:
    """Each assignment in turn."""
    return str(request.param)


@pytest.fixture
def source(name: str) -> Path:
    """The folder of an assignment as its author has it."""
    return Handing.SOURCE / name
