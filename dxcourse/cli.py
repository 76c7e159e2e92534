"""The commands, thin: each collects its settings and calls what does the work."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec

import click

if TYPE_CHECKING:
    from dxcourse.answers import Store

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
