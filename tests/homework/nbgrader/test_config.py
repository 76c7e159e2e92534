from __future__ import annotations

import pytest

from dxcourse.homework import HomeworkError
from dxcourse.homework.course import HomeworkCourse
from support.homework import HW, Homework

BROKEN = "import no_such_module\n"


def change(homework: Homework, text: str, *, first: bool = False) -> None:
    path = homework.root / "nbgrader_config.py"
    old = path.read_text(encoding="utf-8")
    path.write_text(text + old if first else old + text, encoding="utf-8")


def test_the_courses_own_configuration_is_in_force(homework: Homework) -> None:
    assert HomeworkCourse.open(homework.root).assignments() == [HW]


def test_no_configuration_is_refused(homework: Homework) -> None:
    (homework.root / "nbgrader_config.py").unlink()
    with pytest.raises(HomeworkError, match=r"nbgrader_config\.py：ありません"):
        HomeworkCourse.open(homework.root)


@pytest.mark.parametrize("first", [True, False])
def test_an_error_in_the_configuration_is_refused(homework: Homework, *, first: bool) -> None:
    change(homework, BROKEN, first=first)
    with pytest.raises(HomeworkError, match="no_such_module"):
        HomeworkCourse.open(homework.root)


@pytest.mark.parametrize(
    ("line", "missing"),
    [
        ("del c.Autograde.autograde_preprocessors", "begins with ScoreAnswers"),
        ("c.Autograde.autograde_preprocessors = []", "begins with ScoreAnswers"),
        (
            (
                "from nbgrader.preprocessors import Execute\n"
                "c.Autograde.autograde_preprocessors.append(Execute)"
            ),
            "without Execute",
        ),
        ("c.Autograde.sanitize_preprocessors = []", "begins with RestoreReleasedCells"),
        ("c.GenerateAssignment.preprocessors = []", "begins with StripKeys"),
        ("c.GenerateAssignment.preprocessors.pop()", "ends with CheckKeyless"),
        ("c.ScoreAnswers.enabled = False", "ScoreAnswers is enabled"),
        ("c.StripKeys.enabled = False", "StripKeys is enabled"),
    ],
)
def test_settings_without_our_steps_are_refused(
    homework: Homework, line: str, missing: str
) -> None:
    change(homework, f"\n{line}\n")
    with pytest.raises(HomeworkError, match=missing):
        HomeworkCourse.open(homework.root)


def test_nbgraders_own_command_stops_where_dxcourse_cannot_be_imported(
    homework: Homework,
) -> None:
    """By itself nbgrader logs it, and releases the keys."""
    change(
        homework,
        "import sys\nsys.modules['dxcourse.homework.nbgrader.config'] = None\n",
        first=True,
    )
    said = homework.run("generate_assignment", HW, "--force", ok=False)
    assert "dxcourse cannot be imported" in said
    assert "nothing was done" in said
