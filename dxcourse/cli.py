"""The commands, thin: each collects its settings and calls what does the work."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import click

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
@click.option("--port", type=click.IntRange(0, 65535), default=8888, show_default=True)
@click.option("--no-browser", is_flag=True, help="Open no browser.")
@readable
def lab(port: int, *, no_browser: bool) -> None:
    """Open JupyterLab on the course, in Japanese, without its calls to the outside."""
    from dxcourse import course

    found = course.current()
    settings_dir = Path(__file__).parent / "lab"
    command = [
        *(sys.executable, "-m", "jupyterlab"),
        f"--ServerApp.root_dir={found.root / 'notebooks'}",
        f"--ServerApp.port={port}",
        f"--ServerApp.open_browser={not no_browser}",
        "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
        f"--LabServerApp.app_settings_dir={settings_dir}",
    ]
    environment = os.environ | {course.COURSE_VARIABLE: str(found.root)}
    raise SystemExit(subprocess.call(command, env=environment))  # noqa: S603  -- our own command


@main.group()
def answers() -> None:
    """Move and mend the record of answers."""


def _store(address: str | None) -> object:
    from dxcourse import course, settings
    from dxcourse.answers import FileStore, SqlStore

    if address is None:
        return FileStore(settings.answers_file(course.current().root))
    return SqlStore(address) if "://" in address else FileStore(Path(address))


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

    click.echo(export_file(_store(address), file))


@answers.command("import")
@STORE
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@readable
def import_answers(address: str | None, file: Path) -> None:
    """Take over the records of FILE; those that are here already are left."""
    from dxcourse.answers import import_file

    click.echo(import_file(_store(address), file))


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
