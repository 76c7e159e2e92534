"""What homework's commands share: the options, and the course they are typed in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dxcourse.cli.serve import config_option
from dxcourse.text import say

if TYPE_CHECKING:
    from dxcourse.homework import HomeworkCourse

COURSE = click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="The nbgrader course; the working folder, or exercises/homework in the course around it.",
)
ASSIGNMENT = click.argument("assignment")
SERVER = config_option("The server's file of settings (store, secret), where it has one.")


def open_homework(folder: Path | None) -> HomeworkCourse:
    """The course of homework in a folder, or around the working folder."""
    from dxcourse import course
    from dxcourse.homework import HomeworkCourse

    if folder is None and not Path("nbgrader_config.py").is_file():
        folder = course.find_root(Path.cwd()) / "exercises/homework"
    return HomeworkCourse.open(folder or Path.cwd())


def ask_before_giving(found: HomeworkCourse, assignment: str, student: str | None) -> None:
    """Ask whether to give feedback that may be too early; ends the command on a no."""
    from datetime import UTC, datetime

    from dxcourse.homework.feedback_release import reasons_to_wait

    students = found.students(assignment, "autograded") if student is None else [student]
    reasons = reasons_to_wait(found, assignment, students, datetime.now(UTC))
    for reason in reasons:
        click.echo(reason, err=True)
    if reasons:
        click.confirm(say("homework.feedback.ask"), abort=True, err=True)
