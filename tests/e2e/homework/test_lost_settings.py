"""nbgrader only logs a mistake in its configuration: its commands, too, must do nothing then."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from support.homework import HW, Homework, make_homework, right_answers

if TYPE_CHECKING:
    from pathlib import Path


BRACKET = "c.Oops("


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Homework:
    """A course with a submission."""
    made = make_homework(tmp_path_factory.mktemp("lost") / "course")
    made.run("generate_assignment", HW)
    made.hand_in("alice", right_answers(made.source))
    return made


@pytest.fixture(
    params=[
        BRACKET,
        pytest.param("import no_such_module", marks=pytest.mark.soak),
        pytest.param("if True:\nx = 1", marks=pytest.mark.soak),
    ]
)
def homework(sound: Homework, request: pytest.FixtureRequest, tmp_path: Path) -> Homework:
    """The course, whose settings were broken since: F8, by a lost bracket, too."""
    made = Homework(shutil.copytree(sound.root, tmp_path / "course"))
    config = made.root / "nbgrader_config.py"
    config.write_text(f"{config.read_text(encoding='utf-8')}\n{request.param}\n", "utf-8")
    return made


@pytest.mark.parametrize("homework", [BRACKET], indirect=True)
@pytest.mark.parametrize(
    ("command", "made"),
    [("autograde", "autograded"), ("generate_feedback", "feedback")],
)
def test_nbgraders_own_commands_stop(homework: Homework, command: str, made: str) -> None:
    said = homework.run(command, HW, "--force", ok=False)
    assert "設定が効いていません。何もしませんでした" in said
    assert not (homework.root / made).exists()


def test_a_release_is_not_made_anew_with_its_keys(homework: Homework) -> None:
    before = (homework.release / "exercises.yaml").read_bytes()
    said = homework.run("generate_assignment", HW, "--force", ok=False)
    assert "設定が効いていません。何もしませんでした" in said
    assert (homework.release / "exercises.yaml").read_bytes() == before
