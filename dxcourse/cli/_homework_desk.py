"""What a grader does besides grading: what is left to do, who changed a score, what is alike."""

from __future__ import annotations

from pathlib import Path

import click

from dxcourse.cli._homework_options import ASSIGNMENT, COURSE, open_homework
from dxcourse.cli.readable import readable
from dxcourse.text import say


@click.command("todo")
@COURSE
@ASSIGNMENT
@readable
def homework_todo(folder: Path | None, assignment: str) -> None:
    """Say what waits for a person, question by question."""
    from dxcourse.homework.score_log import watching_scores
    from dxcourse.homework.todo import todo_lines

    found = open_homework(folder)
    with watching_scores(found, "todo"):
        lines = todo_lines(found, assignment)
    for line in lines or [say("homework.todo.nothing")]:
        click.echo(line)


@click.command("second-look")
@COURSE
@ASSIGNMENT
@click.argument("student")
@click.option("--note", default="", help="What is to be looked at, and why.")
@click.option("--reader", default="", help="Who is asked: a second grader.")
@click.option("--done", is_flag=True, help="It has been looked at; take it off the list.")
@readable
def second_look(  # noqa: PLR0913
    folder: Path | None, assignment: str, student: str, note: str, reader: str, *, done: bool
) -> None:
    """Ask for another look at a submission.

    A learner asked, or a grader asks a second one. `todo` lists it; scores stay as they are.
    """
    from datetime import UTC, datetime

    from dxcourse.homework.score_log import note_event, watching_scores
    from dxcourse.homework.second_looks import ask_second_look, end_second_look

    found, now = open_homework(folder), datetime.now(UTC)
    with watching_scores(found, "second_look"):
        if done:
            end_second_look(found, assignment, student)
            note_event(found, "second_done", assignment, [student], now)
            click.echo(say("homework.second.ended", student=student))
        else:
            ask_second_look(found, assignment, student, note=note, reader=reader, now=now)
            note_event(found, "second_look", assignment, [student], now)
            click.echo(say("homework.second.asked", student=student, assignment=assignment))


@click.command("scores")
@COURSE
@click.argument("assignment", default="")
@click.option("--student", default="", help="One student; all.")
@click.option(
    "--to",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write it to a file: .csv, or .xlsx (Excel).",
)
@readable
def score_log(folder: Path | None, assignment: str, student: str, file: Path | None) -> None:
    """Say who changed which score, and when.

    Changes by formgrader and nbgrader's own commands are seen by the next command of ours.
    """
    from dxcourse.homework.score_log import COLUMNS, read_score_log, watching_scores
    from dxcourse.homework.tables import table_lines, write_table

    found = open_homework(folder)
    with watching_scores(found, "log"):
        entries, damaged = read_score_log(found, assignment, student)
    headings = [say(f"homework.log.columns.{name}") for name in COLUMNS]
    rows = [entry.cells for entry in entries]
    if file is not None:
        write_table(file, say("homework.log.title"), headings, rows)
        click.echo(say("homework.log.written", file=file, n=len(rows)))
    else:
        for line in table_lines(headings, rows):
            click.echo(line)
    if damaged:
        click.echo(say("homework.log.damaged", n=damaged), err=True)


@click.command("similar")
@COURSE
@ASSIGNMENT
@readable
def similar_homework(folder: Path | None, assignment: str) -> None:
    """Point at texts that are alike and at equal wrong answers; judge nothing."""
    from dxcourse.homework.similar import alike_pairs

    pairs = alike_pairs(open_homework(folder), assignment)
    for pair in pairs:
        one, other = pair.students
        click.echo(say("homework.similar.pair", one=one, other=other))
        if pair.text:
            click.echo("  " + say("homework.similar.text", percent=round(pair.text * 100)))
        if pair.answers:
            click.echo("  " + say("homework.similar.answers", n=pair.answers, of=pair.wrong))
    click.echo(say("homework.similar.end") if pairs else say("homework.similar.none"))
