"""The commands, thin: each collects its settings and calls what does the work."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec

import click

if TYPE_CHECKING:
    from dxcourse.answers import Store
    from dxcourse.homework import HomeworkCourse

P = ParamSpec("P")
DEFAULT_PORT = 8840


def readable(command: Callable[P, None]) -> Callable[P, None]:
    """Show an error that we foresaw as its message; anything else keeps its traceback."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        from dxcourse.answers import StoreError
        from dxcourse.course import CourseError
        from dxcourse.exercises import ExerciseError
        from dxcourse.facts import FactsError

        try:
            command(*args, **kwargs)
        except (CourseError, ExerciseError, FactsError, StoreError) as error:
            raise click.ClickException(str(error)) from error

    return run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dxcourse")
def main() -> None:
    """An interactive DX course for Japanese municipal managers."""


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), help="The port; 8840 or a free one near it.")
@click.option("--no-browser", is_flag=True, help="Open no browser.")
@readable
def study(port: int | None, *, no_browser: bool) -> None:
    """Serve the course to one learner, on this machine; answers go to a file."""
    from dxcourse import course, settings
    from dxcourse.answers import FileStore
    from dxcourse.serving import Learners, Site, Writer, kept_secret, server

    found = course.current()
    answers = settings.answers_file(found.root)
    store = FileStore(answers)
    learners = Learners(kept_secret(answers.parent / "secret"), settings.local_learner())
    site = Site(
        root=found.root,
        store=store,
        writer=Writer(store),
        learners=learners,
        hosts=frozenset({"127.0.0.1", "localhost", "[::1]"}),
    )
    server(
        site,
        host="127.0.0.1",
        port=DEFAULT_PORT if port is None else port,
        search_port=port is None,
        open_browser=not no_browser,
        announce=lambda url: click.echo(f"{url}\n{answers}"),
    ).start()


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), help="The port; 8888 or a free one near it.")
@click.option("--no-browser", is_flag=True, help="Open no browser.")
@readable
def lab(port: int | None, *, no_browser: bool) -> None:
    """Open JupyterLab on the course, in Japanese, without its calls to the outside."""
    from dxcourse import course
    from dxcourse.lab import launch

    launch(course.current().root, port=port, open_browser=not no_browser)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Counts and findings as JSON.")
@click.option(
    "--coverage",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    help="Write to this file what covers what, from slide to homework.",
)
@readable
def check(coverage: Path | None, *, as_json: bool) -> None:
    """Check the course's own files: each finding with file and line; exit 1 on any."""
    from dxcourse import checking, course

    root = course.find_root(Path.cwd())
    if coverage is not None:
        coverage.write_text(checking.coverage(root), encoding="utf-8", newline="\n")
    report = checking.check(root)
    click.echo(report.json() if as_json else report.text())
    raise SystemExit(bool(report.findings))


@main.group()
def answers() -> None:
    """Move and mend the record of answers."""


def _store(address: str | None, *, there: bool = False) -> Store:
    from dxcourse import course, settings
    from dxcourse.answers import FileStore, SqlStore, StoreError

    if address is None:
        return FileStore(settings.answers_file(course.current().root))
    if "://" in address:
        return SqlStore(address)
    if there and not Path(address).is_file():
        raise StoreError(f"{address}: there is no such file; name one that is there")
    return FileStore(Path(address))


STORE = click.option(
    "--store", "address", help="A file, or a database address; the course's own answers."
)


@answers.command("export")
@STORE
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@readable
def export_answers(address: str | None, file: Path) -> None:
    """Write all records to FILE, as JSON lines."""
    from dxcourse.answers import export_file

    with _store(address, there=True) as store:
        click.echo(export_file(store, file))


@answers.command("import")
@STORE
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@readable
def import_answers(address: str | None, file: Path) -> None:
    """Take over the records of FILE; those that are here already are left."""
    from dxcourse.answers import import_file

    with _store(address) as store:
        click.echo(import_file(store, file))


@answers.command("repair")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@readable
def repair_answers(file: Path | None) -> None:
    """Set the damaged lines of an answers file aside."""
    from dxcourse import course, settings
    from dxcourse.answers import repair

    path = file or settings.answers_file(course.current().root)
    for line in repair(path):
        click.echo(f"{path}:{line}: set aside in {path.name}.damaged")


@main.group()
def homework() -> None:
    """Release, collect and grade homework: nbgrader's steps, with our settings held in force."""


COURSE = click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="The nbgrader course; the working folder, or exercises/homework in the course around it.",
)
ASSIGNMENT = click.argument("assignment")


def _homework(folder: Path | None) -> HomeworkCourse:
    from dxcourse import course
    from dxcourse.homework import HomeworkCourse

    if folder is None and not Path("nbgrader_config.py").is_file():
        folder = course.find_root(Path.cwd()) / "exercises/homework"
    return HomeworkCourse.open(folder or Path.cwd())


@homework.command("release")
@COURSE
@ASSIGNMENT
@click.option("--due", help='When it is due, in Japan time: "2026-12-25 17:00".')
@click.option("--exchange", is_flag=True, help="Give it to learners through nbgrader's exchange.")
@readable
def release_homework(folder: Path | None, assignment: str, due: str | None, *, exchange: bool) -> None:
    """Make what learners get of ASSIGNMENT, without keys."""
    from dxcourse.homework import set_due

    found = _homework(folder)
    found.generate(assignment)
    if due is not None:
        click.echo(set_due(found, assignment, due))
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
    help="A folder of answer files: STUDENT.jsonl, or STUDENT/answers.jsonl.",
)
@click.option("--add", is_flag=True, help="Take students whom the gradebook does not know, too.")
@readable
def collect_homework(folder: Path | None, assignment: str, files: Path | None, *, add: bool) -> None:
    """Take in what was handed in: from nbgrader's exchange, or from files; exit 1 on a refusal."""
    from dxcourse.homework import collect_from

    found = _homework(folder)
    if files is None:
        for warning in found.exchange("Collect", assignment):
            click.echo(warning, err=True)
        return
    taken = collect_from(found, assignment, files, add=add)
    for each in taken:
        outcome = f"refused: {each.refused}" if each.refused else "taken"
        click.echo(f"{each.file}: {'as before' if each.unchanged else outcome}")
        for note in each.notes:
            click.echo(f"    {note}")
    refused = sum(bool(each.refused) for each in taken)
    click.echo(f"{len(taken) - refused} taken, {refused} refused")
    raise SystemExit(bool(refused))


@homework.command("grade")
@COURSE
@ASSIGNMENT
@click.option("--workers", "number", type=click.IntRange(1), default=1, help="Processes; 1.")
@readable
def grade_homework(folder: Path | None, assignment: str, number: int) -> None:
    """Grade what is new or changed of ASSIGNMENT; exit 1 if a submission could not be graded."""
    from dxcourse.homework import grade_all, progress_line, workers

    found = _homework(folder)
    with workers(number) as executor:
        done = grade_all(found, assignment, executor=executor, report=progress_line(sys.stderr))
    for student, notes in sorted(done.notes.items()):
        for note in notes:
            click.echo(f"{student}: {note}")
    for message in done.failed.values():
        click.echo(message, err=True)
    click.echo(f"{done.graded} graded, {done.unchanged} as before, {len(done.failed)} failed")
    raise SystemExit(bool(done.failed))


@homework.command("feedback")
@COURSE
@ASSIGNMENT
@click.option("--student", default="*", help="One student; all.")
@click.option("--exchange", is_flag=True, help="Give it to learners through nbgrader's exchange.")
@readable
def feedback_homework(folder: Path | None, assignment: str, student: str, *, exchange: bool) -> None:
    """Write what each learner is given back."""
    found = _homework(folder)
    found.feedback(assignment, student)
    if exchange:
        found.exchange("ReleaseFeedback", assignment)
    click.echo(found.folder("feedback", assignment, student))


@homework.command("export")
@COURSE
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--assignment", "assignments", multiple=True, help="One assignment; all.")
@click.option("--moodle", is_flag=True, help="As Moodle's gradebook imports it.")
@readable
def export_homework(
    folder: Path | None, file: Path, assignments: tuple[str, ...], *, moodle: bool
) -> None:
    """Write the grades to FILE: a table (.csv), Excel (.xlsx), or for Moodle."""
    from dxcourse.homework import export

    click.echo(export(_homework(folder), file, assignments, moodle=moodle))
