"""A live workshop: started by its name, resumed, copied, ended, deleted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dxcourse.cli.readable import readable

if TYPE_CHECKING:
    from dxcourse.workshop import WorkshopFolder

DEFAULT_PORT = 8850
START = "start"


class _NameOrCommand(click.Group):
    """`workshop "函館市 管理職研修"` starts one; a word of ours is a command."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # Options may stand before the name, as with any command.
        known = {"-h", "--help", *self.commands}
        if args and args[0] not in known:
            args = [START, *args]
        return super().parse_args(ctx, args)


@click.group(cls=_NameOrCommand)
def workshop() -> None:
    """Hold a live workshop: dxcourse workshop "函館市 管理職研修 2026-12".

    Starts one of that name: phones join by QR code, answers grow on the wall.
    """


def _listening(command: Any) -> Any:  # noqa: ANN401  -- click's decorators
    options = (
        click.option("--host", help="The address of this machine that phones are to use."),
        click.option(
            "--port", type=click.IntRange(0, 65535), help="The port; 8850 or a free one near it."
        ),
        click.option(
            "--name",
            "names",
            multiple=True,
            help="A name under which the network knows this machine; it is shown to phones.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@workshop.command(START)
@click.argument("name")
@click.option(
    "--agenda", default="60", show_default=True, help="60, 90, 120 (minutes), or a YAML file."
)
@click.option("--ask-names", is_flag=True, help="Let participants say a name; nobody has to.")
@_listening
@readable
def start(  # noqa: PLR0913  -- an option each
    name: str,
    agenda: str,
    host: str | None,
    port: int | None,
    names: tuple[str, ...],
    *,
    ask_names: bool,
) -> None:
    """Start a workshop NAME."""
    from datetime import UTC, datetime

    from dxcourse import course
    from dxcourse.workshop import create_workshop, read_agenda, workshops_folder

    found = course.current()
    plan = read_agenda(agenda, found)
    home = workshops_folder(found.root)
    kept = create_workshop(home, name, plan, now=datetime.now(UTC), names=ask_names)
    _run(kept, host, port, names)


@workshop.command()
@click.argument("name")
@_listening
@readable
def resume(name: str, host: str | None, port: int | None, names: tuple[str, ...]) -> None:
    """Go on with a workshop as it was, after a break, a crash or another day."""
    _run(_find(name), host, port, names)


@workshop.command("list")
@readable
def list_command() -> None:
    """List the workshops that are kept here, the newest first."""
    from dxcourse import course
    from dxcourse.workshop import list_workshops, workshops_folder

    home = workshops_folder(course.current().root)
    for kept, state in list_workshops(home):
        if state is None:
            click.echo(f"{'':10}  damaged\n{'':12}{kept.folder.name}")
            continue
        condition = "ended" if state.ended else "begun" if state.began else "new"
        people = len(state.participants)
        click.echo(f"{state.day}  {condition:5}  {people:4} joined  {state.name}")
        click.echo(f"{'':12}{kept.folder.name}")


@workshop.command()
@click.argument("name")
@click.argument("new_name")
@readable
def copy(name: str, new_name: str) -> None:
    """Copy a workshop's agenda, as it was planned last, to a new one; no answer goes with it."""
    from datetime import UTC, datetime

    from dxcourse.workshop.session import copy_workshop

    kept = copy_workshop(_find(name), new_name, now=datetime.now(UTC))
    click.echo(f'{kept.folder.name}\ndxcourse workshop resume "{new_name}"')


@workshop.command()
@click.argument("name")
@readable
def close(name: str) -> None:
    """End a workshop: nobody joins or answers any more; what was given stays."""
    from datetime import UTC, datetime

    from dxcourse.workshop.session import end_workshop

    end_workshop(_find(name), now=datetime.now(UTC))


@workshop.command()
@click.argument("name")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@readable
def export(name: str, folder: Path) -> None:
    """Write the report (HTML, Excel) and all answers (CSV) of a workshop to FOLDER."""
    from dxcourse import course
    from dxcourse.workshop.session import export_workshop as write

    for path in write(_find(name), course.current(), folder):
        click.echo(path)


@workshop.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@readable
def delete(name: str, *, yes: bool) -> None:
    """Delete a workshop with every answer in it."""
    kept = _find(name)
    if not yes:
        click.confirm(f"{kept.folder}: delete it, with every answer?", abort=True)
    kept.delete()


def _find(name: str) -> WorkshopFolder:
    from dxcourse import course
    from dxcourse.workshop import find_workshop, workshops_folder

    return find_workshop(workshops_folder(course.current().root), name)


def _run(kept: WorkshopFolder, host: str | None, port: int | None, names: tuple[str, ...]) -> None:
    from dxcourse import course
    from dxcourse.workshop.session import run_workshop

    run_workshop(
        kept,
        course.current(),
        host=host,
        port=DEFAULT_PORT if port is None else port,
        search_port=port is None,
        names=names,
        say=click.echo,
    )
