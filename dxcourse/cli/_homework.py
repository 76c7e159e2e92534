"""Homework: nbgrader's steps, with our settings held in force."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dxcourse.cli._homework_desk import (
    homework_todo,
    lms_grades,
    mail_feedback,
    mail_links,
    score_log,
    second_look,
    similar_homework,
)
from dxcourse.cli._homework_options import (
    ASSIGNMENT,
    COURSE,
    SERVER,
    ask_before_giving,
    open_homework,
)
from dxcourse.cli.readable import readable
from dxcourse.cli.serve import settings_to_serve
from dxcourse.text import say

if TYPE_CHECKING:
    from dxcourse.homework import Collected, HomeworkCourse, Progress


DASK = click.option(
    "--dask",
    metavar="ADDRESS",
    help="A Dask scheduler, tcp://HOST:8786, whose workers do it; they share the course's folder.",
)


@click.group()
def homework() -> None:
    """Release, collect and grade homework; nbgrader's own commands work in the same folder."""


@homework.command("release")
@COURSE
@ASSIGNMENT
@click.option("--due", help='When it is due, in Japan time: "2026-12-25 17:00".')
@click.option("--exchange", is_flag=True, help="Give it to learners through nbgrader's exchange.")
@readable
def release_homework(
    folder: Path | None, assignment: str, due: str | None, *, exchange: bool
) -> None:
    """Make what learners get, without keys."""
    from dxcourse.homework.deadlines import release

    found = open_homework(folder)
    told = release(found, assignment, due)
    if told:
        click.echo(told)
    if exchange:
        found.exchange("ReleaseAssignment", assignment)
    click.echo(found.folder("release", assignment))


@homework.command("collect")
@COURSE
@ASSIGNMENT
@click.option(
    "--from",
    "files",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="A folder of what was handed in: by mail, zipped, from Moodle, a folder a learner.",
)
@click.option("--take", multiple=True, help="Take this file or folder of it; where it was asked.")
@click.option(
    "--as",
    "named",
    multiple=True,
    metavar="PATH=STUDENT",
    help="Whose a file or folder of it is.",
)
@click.option("--add", is_flag=True, help="Take students whom the gradebook does not know, too.")
@click.option("--pages", is_flag=True, help="Take what was answered on pages (`serve`).")
@SERVER
@readable
def collect_homework(  # noqa: PLR0913, PLR0917
    folder: Path | None,
    assignment: str,
    files: Path | None,
    take: tuple[str, ...],
    named: tuple[str, ...],
    config: Path | None,
    *,
    add: bool,
    pages: bool,
) -> None:
    """Take in what was handed in.

    From nbgrader's exchange, a folder of files, or pages: says of each whether it was taken, and
    if not, why. Exit 1 on a refusal.
    """
    from dxcourse.homework import collect_from, progress_line

    found = open_homework(folder)
    report = progress_line(sys.stderr)
    if pages:
        from dxcourse.homework.pages import collect_pages, homework_links, pages_folder
        from dxcourse.web.setting_sources import read_settings
        from dxcourse.web.storage import open_store

        chosen = read_settings({}, config)
        links = homework_links(found, chosen)
        with open_store(chosen, pages_folder(found)) as store:
            taken = collect_pages(found, assignment, links=links, store=store, report=report)
    elif files is not None:
        who = dict(_named(each) for each in named)
        taken = collect_from(found, assignment, files, add=add, take=take, named=who, report=report)
    else:
        for warning in found.exchange("Collect", assignment):
            click.echo(warning, err=True)
        click.echo(say("homework.counts.here", n=len(found.students(assignment))))
        return
    _tell_collected(taken)


@homework.command("roster")
@COURSE
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@readable
def enter_homework_roster(folder: Path | None, file: Path) -> None:
    """Enter who may hand in.

    FILE is a table as Excel saves it (.xlsx, .csv) with a column of ids; names and e-mail
    addresses are taken where they are there.
    """
    from dxcourse.homework.roster import enter_roster, read_roster_file

    found = open_homework(folder)
    rows = read_roster_file(file)
    enter_roster(found, rows)
    click.echo(say("homework.roster.entered", n=len(rows)))


@homework.command("grade")
@COURSE
@ASSIGNMENT
@click.option(
    "--workers",
    "number",
    type=click.IntRange(1),
    help="Processes that score; one a core where many were handed in, else 1.",
)
@DASK
@readable
def grade_homework(
    folder: Path | None, assignment: str, number: int | None, dask: str | None
) -> None:
    """Grade what is new or changed.

    Exit 1 if a submission could not be graded; the others are.
    """
    from dxcourse.homework import grade_all, progress_line, workers
    from dxcourse.homework.parallel import dask_workers, workers_for
    from dxcourse.homework.score_log import watching_scores

    found = open_homework(folder)
    number = number or workers_for(len(found.students(assignment)))
    made = dask_workers(dask, found.root) if dask else workers(number)
    with watching_scores(found, "grade"), made as executor:
        done = grade_all(found, assignment, executor=executor, report=progress_line(sys.stderr))
    _note(found, "grade", assignment, done.made)
    _tell(done, "graded")


@homework.command("extend")
@COURSE
@ASSIGNMENT
@click.argument("student")
@click.option("--until", default="", help='In Japan time: "2026-12-28 17:00".')
@click.option("--days", type=click.IntRange(0, 365), default=0, help="Days after the deadline; 0.")
@readable
def extend_homework(
    folder: Path | None, assignment: str, student: str, until: str, days: int
) -> None:
    """Give a student more time.

    Without --until and --days they have the time that all have.
    """
    from dxcourse.homework.deadlines import extend

    found = open_homework(folder)
    click.echo(extend(found, assignment, student, until=until, days=days))
    _note(found, "extend", assignment, 1)


@homework.command("feedback")
@COURSE
@ASSIGNMENT
@click.option("--student", help="One student; all.")
@click.option("--exchange", is_flag=True, help="Give it to learners through nbgrader's exchange.")
@click.option("--pages", is_flag=True, help="Give it to learners under their links (`serve`).")
@DASK
@click.option("--yes", is_flag=True, help="Give it though it is early, or something is unread.")
@SERVER
@readable
def feedback_homework(  # noqa: PLR0913
    folder: Path | None,
    assignment: str,
    student: str | None,
    config: Path | None,
    dask: str | None,
    *,
    exchange: bool,
    pages: bool,
    yes: bool,
) -> None:
    """Write what each learner is given back.

    With --exchange or --pages they get it: asks first where that is early. Exit 1 if a page could
    not be written; the others are.
    """
    from dxcourse.homework import give_back, progress_line, workers
    from dxcourse.homework.parallel import dask_workers, workers_for
    from dxcourse.homework.score_log import note_event, watching_scores

    found = open_homework(folder)
    if (exchange or pages) and not yes:
        ask_before_giving(found, assignment, student)
    number = workers_for(1 if student else len(found.students(assignment, "autograded")))
    made = dask_workers(dask, found.root) if dask else workers(number)
    with watching_scores(found, "feedback"), made as executor:
        report = progress_line(sys.stderr)
        done = give_back(found, assignment, student, executor=executor, report=report)
    _note(found, "feedback", assignment, done.made)
    if exchange and not done.failed:
        found.exchange("ReleaseFeedback", assignment, student)
        _note(found, "give-back", assignment, done.made + done.unchanged)
    if pages and not done.failed:
        from dxcourse.homework.pages import homework_links, publish_feedback
        from dxcourse.web.setting_sources import read_settings

        links = homework_links(found, read_settings({}, config))
        publish_feedback(found, assignment, links, student)
        _note(found, "give-back", assignment, done.made + done.unchanged)
    if (exchange or pages) and not done.failed:
        given = found.students(assignment, "feedback") if student is None else [student]
        note_event(found, "given", assignment, given, datetime.now(UTC))
    _tell(done, "written")


@homework.command("withdraw")
@COURSE
@ASSIGNMENT
@click.option("--student", help="One student; all.")
@click.option("--exchange", is_flag=True, help="From nbgrader's exchange, in place of the pages.")
@SERVER
@readable
def withdraw_homework(
    folder: Path | None,
    assignment: str,
    student: str | None,
    config: Path | None,
    *,
    exchange: bool,
) -> None:
    """Take feedback back, so that answers on pages may change again.

    What a learner has saved or fetched of it stays with them.
    """
    from dxcourse.homework.pages import homework_links, withdraw_feedback
    from dxcourse.homework.score_log import note_event, watching_scores
    from dxcourse.web.setting_sources import read_settings

    found = open_homework(folder)
    with watching_scores(found, "withdraw"):
        if exchange:
            gone = sorted(found.withdraw_from_exchange(assignment, student))
        else:
            links = homework_links(found, read_settings({}, config))
            gone = withdraw_feedback(found, assignment, links, student)
        note_event(found, "withdraw", assignment, gone, datetime.now(UTC))
    _note(found, "withdraw", assignment, len(gone))
    if exchange:
        click.echo(say("homework.feedback.withdrawn_exchange", n=len(gone)))
    else:
        click.echo(say("homework.feedback.withdrawn", n=len(gone)))


@homework.command("revoke")
@COURSE
@ASSIGNMENT
@click.argument("student")
@SERVER
@readable
def revoke_homework_link(
    folder: Path | None, assignment: str, student: str, config: Path | None
) -> None:
    """Make one learner's link void; `links` makes them a new one, with their answers."""
    from dxcourse.homework.pages import homework_links
    from dxcourse.homework.score_log import note_event
    from dxcourse.web.setting_sources import read_settings

    found = open_homework(folder)
    homework_links(found, read_settings({}, config)).revoke(assignment, student)
    note_event(found, "revoke", assignment, [student], datetime.now(UTC))
    click.echo(say("homework.feedback.revoked", student=student))


@homework.command("export")
@COURSE
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--assignment", "assignments", multiple=True, help="One assignment; all.")
@click.option("--moodle", is_flag=True, help="As Moodle's gradebook imports it.")
@click.option("--pending", is_flag=True, help="For Moodle: points so far of what is to be read.")
@click.option("--questions", is_flag=True, help="For Moodle: a column for each question, too.")
@click.option("--items", is_flag=True, help="Each item's first and last attempt; one assignment.")
@readable
def export_homework(  # noqa: PLR0913
    folder: Path | None,
    file: Path,
    assignments: tuple[str, ...],
    *,
    moodle: bool,
    pending: bool,
    questions: bool,
    items: bool,
) -> None:
    """Write the grades to a file.

    FILE ends with .csv (a table; with --moodle for its gradebook import) or .xlsx (Excel).
    """
    from dxcourse.homework import export
    from dxcourse.homework.item_export import export_items
    from dxcourse.homework.score_log import watching_scores

    found = open_homework(folder)
    if items:
        if len(assignments) != 1 or moodle:
            raise click.UsageError(say("homework.items.which"))
        for line in export_items(found, file, assignments[0]):
            click.echo(line, err=True)
        click.echo(str(file))
        return
    with watching_scores(found, "export"):
        lines = export(
            found, file, assignments, moodle=moodle, pending=pending, questions=questions
        )
    _note(found, "export", " ".join(assignments), lines)
    click.echo(say("homework.counts.exported", file=file, n=lines))


@homework.command("log")
@COURSE
@readable
def show_homework_operations(folder: Path | None) -> None:
    """Say what was done to scores by command: when, by which account, of how many."""
    from dxcourse.facts import JAPAN
    from dxcourse.homework.score_log import operations_of

    for each in operations_of(open_homework(folder)):
        kind, _, assignment = each.done.partition(" ")
        time = f"{each.time.astimezone(JAPAN):%Y-%m-%d %H:%M}"
        done = f"{say(f'homework.audit.done.{kind}')} {assignment}".strip()
        told = {"time": time, "account": each.account, "done": done, "n": each.count}
        click.echo(say("homework.audit.line", **told))


def _note(found: HomeworkCourse, done: str, assignment: str, count: int) -> None:
    """Write down what was done to scores."""
    from dxcourse.homework.score_log import note_operation

    note_operation(found, done, assignment, count)


@homework.command("links")
@COURSE
@ASSIGNMENT
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--roster",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    required=True,
    help="A table (CSV): id, and first_name, last_name, email where they are known.",
)
@click.option("--address", required=True, help="Where pages are served: https://dx.example.jp.")
@click.option("--days", type=click.IntRange(1, 730), default=90, help="How long links work; 90.")
@SERVER
@readable
def link_homework(  # noqa: PLR0913, PLR0917
    folder: Path | None,
    assignment: str,
    file: Path,
    roster: Path,
    address: str,
    days: int,
    config: Path | None,
) -> None:
    """Write a link for each learner of a roster.

    FILE (CSV) says for each of them where their page of the assignment is.
    """
    from dxcourse.homework.pages import end_after, homework_links, write_links
    from dxcourse.web.setting_sources import read_settings

    found = open_homework(folder)
    links = homework_links(found, read_settings({}, config))
    until = end_after(datetime.now(UTC), days)
    count = write_links(found, assignment, roster, file, links=links, address=address, until=until)
    click.echo(say("homework.counts.links", file=file, n=count))


@homework.command("serve")
@COURSE
@SERVER
@click.option("--host", help="The address to listen at; 127.0.0.1.")
@click.option("--port", type=int, help="The port; 8850. 0 takes a free one.")
@click.option("--public-url", help="The address that learners know.")
@click.option("--base-path", help="The folder all addresses are under, as /homework-course.")
@readable
def serve_homework(folder: Path | None, config: Path | None, **flags: object) -> None:
    """Serve released homework as pages, each learner's under their link."""
    from dxcourse.homework import pages

    found = open_homework(folder)
    chosen = settings_to_serve(flags, config)
    pages.serve_homework(found, chosen, announce=click.echo)


def _named(text: str) -> tuple[str, str]:
    """A place, and the student whose it is."""
    place, equals, student = text.rpartition("=")
    if not equals or not place or not student:
        raise click.BadParameter(say("homework.table.bad_as", text=text), param_hint="--as")
    return place, student


def _tell_collected(collected: Collected) -> None:
    """Say what became of everybody and everything; exit 1 where something was refused."""
    from dxcourse.homework.collect import collected_lines
    from dxcourse.homework.hand_in import HandInState

    for line in collected_lines(collected):
        click.echo(line)
    raise SystemExit(bool(collected.count(HandInState.REFUSED)))


def _tell(done: Progress, what: str) -> None:
    """Say what became of each submission; exit 1 where something failed."""
    for student, notes in sorted(done.notes.items()):
        for note in notes:
            click.echo(f"{student}: {note}")
    for message in done.failed.values():
        click.echo(message, err=True)
    seconds = f"{done.seconds(time.monotonic()):.2f}"
    counts = {"made": done.made, "unchanged": done.unchanged, "failed": len(done.failed)}
    click.echo(say(f"homework.counts.{what}", seconds=seconds, **counts))
    raise SystemExit(bool(done.failed))


for command in (
    mail_links,
    mail_feedback,
    lms_grades,
    homework_todo,
    second_look,
    score_log,
    similar_homework,
):
    homework.add_command(command)
