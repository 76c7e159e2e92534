"""nbgrader only logs a mistake in its configuration: its commands, too, must do nothing then."""

from __future__ import annotations

import pytest

from support.homework import HW, Homework, make_homework, right_answers


@pytest.fixture(scope="module", params=["import no_such_module", "c.Oops(", "if True:\nx = 1"])
def homework(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Homework:
    """A course with a submission, whose settings were broken since: F8, by a lost bracket, too."""
    mistake = request.param
    made = make_homework(tmp_path_factory.mktemp("lost") / "course")
    made.run("generate_assignment", HW)
    made.hand_in("alice", right_answers(made.source))
    config = made.root / "nbgrader_config.py"
    config.write_text(f"{config.read_text(encoding='utf-8')}\n{mistake}\n", "utf-8")
    return made


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
