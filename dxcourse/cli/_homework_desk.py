"""What a grader does besides grading: what is left, what is alike, mails, grades to an LMS."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dxcourse.cli._homework_options import (
    ASSIGNMENT,
    COURSE,
    SERVER,
    ask_before_giving,
    open_homework,
)
from dxcourse.cli.readable import readable
from dxcourse.text import say

if TYPE_CHECKING:
    from email.headerregistry import Address

    from dxcourse.homework.mail import Mails


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
@click.argument("student", default="")
@click.option("--note", default="", help="What is to be looked at, and why.")
@click.option("--reader", default="", help="Who is asked, or who read: the second grader.")
@click.option("--points", default="", help='What the second grader gave by criterion: "2 1 2 0".')
@click.option(
    "--settle", default="", help='What counts: first, second, or points as "2 1 2 0".', metavar="…"
)
@click.option("--by", default="", help="Who settled it; the user of this machine.")
@click.option("--cell", default="", help="Which text, where the assignment has several.")
@click.option("--done", is_flag=True, help="It has been looked at; take it off the list.")
@readable
def second_look(  # noqa: PLR0913
    folder: Path | None,
    assignment: str,
    student: str,
    *,
    note: str,
    reader: str,
    points: str,
    settle: str,
    by: str,
    cell: str,
    done: bool,
) -> None:
    """Ask for another look at a submission; keep and settle what a second grader gave.

    A learner asked, or a grader asks a second one. `todo` lists it; scores stay as they are until
    two graders' points are settled. Without a student it lists what both graders gave.
    """
    from datetime import UTC, datetime

    from dxcourse.homework.score_log import note_event, watching_scores
    from dxcourse.homework.second_looks import (
        ask_second_look,
        end_second_look,
        give_second_points,
        settle_readings,
        two_readings,
    )
    from dxcourse.homework.todo import told_points, two_readings_line
    from dxcourse.settings import account

    found, now = open_homework(folder), datetime.now(UTC)
    chosen = [*filter(None, (points, settle, done))]
    if len(chosen) > 1 or (chosen and not student):
        raise click.UsageError(say("homework.second.one_thing"))
    by = by or account()
    with watching_scores(found, "second_settled" if settle else "second_look", who=by):
        if not student:
            lines = [two_readings_line(each) for each in two_readings(found, assignment)]
            for line in lines or [say("homework.second.none")]:
                click.echo(line)
        elif points:
            reader = reader or account()
            each = give_second_points(
                found, assignment, student, points, cell=cell, reader=reader, now=now
            )
            told = say(
                "homework.second.log_points", cell=each.cell, second=told_points(each.second)
            )
            note_event(found, "second_points", assignment, [student], now, who=reader, note=told)
            click.echo(two_readings_line(each))
        elif settle:
            each, agreed = settle_readings(found, assignment, student, settle, cell=cell)
            told = say(
                "homework.second.log_settled",
                cell=each.cell,
                first=told_points(each.first),
                reader=each.reader,
                second=told_points(each.second),
                settled=told_points(agreed),
            )
            note_event(found, "second_settled", assignment, [student], now, who=by, note=told)
            click.echo(
                say(
                    "homework.second.settled",
                    student=student,
                    cell=each.cell,
                    settled=told_points(agreed),
                    by=by,
                )
            )
        elif done:
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


# -- Grades to a learning management system --------------------------------------------------------


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


# -- Mails of homework: personal links and feedback, as a table for mail merge and as drafts -------

FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
TEXT = click.option(
    "--text",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="What the mail says, the subject first; {name} {title} {due} {link} are filled in.",
)
DRAFTS = click.option(
    "--eml",
    "drafts",
    type=click.Path(path_type=Path, file_okay=False),
    help="A folder for a draft (.eml) a learner, too.",
)
SENDER = click.option("--from", "sender", default="", help="Whose drafts they are: an address.")
TABLE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command("mail-links")
@COURSE
@ASSIGNMENT
@FILE
@click.option("--links", "table", type=TABLE, required=True, help="The table that `links` wrote.")
@TEXT
@DRAFTS
@SENDER
@SERVER
@readable
def mail_links(  # noqa: PLR0913, PLR0917
    folder: Path | None,
    assignment: str,
    file: Path,
    table: Path,
    text: Path | None,
    drafts: Path | None,
    sender: str,
    config: Path | None,
) -> None:
    """Write a mail to each learner with their personal link; send none.

    FILE (CSV) is for mail merge. Exit 1 where somebody gets none.
    """
    from dxcourse.homework.mail import MailText, link_mails
    from dxcourse.homework.pages import homework_links
    from dxcourse.web.setting_sources import read_settings

    who = _sender(sender)
    found = open_homework(folder)
    links = homework_links(found, read_settings({}, config))
    made = link_mails(found, assignment, table, links, MailText.of("links", text))
    _write(made, file, drafts, who)


@click.command("mail-feedback")
@COURSE
@ASSIGNMENT
@FILE
@click.option(
    "--links",
    "table",
    type=TABLE,
    help="The table that `links` wrote: the mail has the address; without, the page itself.",
)
@TEXT
@DRAFTS
@SENDER
@click.option("--yes", is_flag=True, help="Write them though it is early, or something is unread.")
@SERVER
@readable
def mail_feedback(  # noqa: PLR0913, PLR0917
    folder: Path | None,
    assignment: str,
    file: Path,
    table: Path | None,
    text: Path | None,
    drafts: Path | None,
    sender: str,
    config: Path | None,
    *,
    yes: bool,
) -> None:
    """Write a mail to each learner who has feedback; send none.

    FILE (CSV) is for mail merge. Exit 1 where somebody gets none.
    """
    from dxcourse.homework.mail import MailText, feedback_mails
    from dxcourse.homework.pages import homework_links
    from dxcourse.web.setting_sources import read_settings

    who = _sender(sender)
    found = open_homework(folder)
    links = homework_links(found, read_settings({}, config)) if table else None
    told = MailText.of("feedback" if table else "feedback_attached", text)
    made = feedback_mails(found, assignment, told, file=table, links=links)
    if table is None and not yes:
        ask_before_giving(found, assignment, None)
    _write(made, file, drafts, who)


def _sender(text: str) -> Address | None:
    from dxcourse.homework.mail import address_of

    if not text:
        return None
    found = address_of(text)
    if found is None:
        raise click.BadParameter(say("homework.mail.bad_sender", address=text), param_hint="--from")
    return found


def _write(made: Mails, file: Path, drafts: Path | None, sender: Address | None) -> None:
    from dxcourse.homework.mail import write_mails

    write_mails(made.mails, file, drafts, sender)
    for line in made.left_out:
        click.echo(line, err=True)
    click.echo(say("homework.mail.written", file=file, n=len(made.mails), out=len(made.left_out)))
    raise SystemExit(bool(made.left_out))
