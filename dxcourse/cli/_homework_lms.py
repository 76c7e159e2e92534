"""Grades to a learning management system."""

from __future__ import annotations

from pathlib import Path

import click

from dxcourse.cli._homework_options import ASSIGNMENT, COURSE, ask_before_giving, open_homework
from dxcourse.cli.readable import readable
from dxcourse.text import say


@click.command("lms-grades")
@COURSE
@ASSIGNMENT
@click.option(
    "--settings",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="What the LMS gave (TOML); lms.toml in the homework's folder.",
)
@click.option("--label", default="", help="What the LMS calls the column; the assignment.")
@click.option("--yes", is_flag=True, help="Send them though it is early, or something is unread.")
@readable
def lms_grades(
    folder: Path | None, assignment: str, file: Path | None, label: str, *, yes: bool
) -> None:
    """Send an assignment's grades to the LMS (LTI's Assignment and Grade Services).

    Exit 1 where the LMS did not take somebody's; the others are there.
    """
    from datetime import UTC, datetime

    from dxcourse.homework.errors import HomeworkError
    from dxcourse.homework.grade_export import rows
    from dxcourse.homework.score_log import note_event, watching_scores

    try:
        from dxcourse.homework.lms_grades import SETTINGS_FILE, LmsSettings, send_grades
    except ImportError as error:
        raise HomeworkError(say("homework.lms.missing")) from error
    found, now = open_homework(folder), datetime.now(UTC)
    place = file or found.root / SETTINGS_FILE
    settings = LmsSettings.read(place)
    key = settings.key(place.parent)
    if not yes:
        ask_before_giving(found, assignment, None)
    with watching_scores(found, "export"), found.gradebook() as gradebook:
        grades = rows(gradebook, (assignment,), found.students)
    if not grades:
        raise HomeworkError(say("homework.lms.nobody", assignment=assignment))
    done = send_grades(settings, key, label or assignment, grades, now)
    note_event(found, "lms", assignment, done.sent, now)
    for student, status in done.refused:
        click.echo(say("homework.lms.refused", student=student, status=status), err=True)
    counts = {name: len(getattr(done, name)) for name in ("sent", "waiting", "nothing")}
    click.echo(say("homework.lms.sent", assignment=assignment, **counts))
    raise SystemExit(bool(done.refused))
