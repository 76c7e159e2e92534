"""A live workshop: started by its name, resumed, copied, ended, deleted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dxcourse.cli.readable import readable

if TYPE_CHECKING:
    from dxcourse.workshop import WorkshopFolder
    from dxcourse.workshop.session import Listen
    from dxcourse.workshop.state import RoomState

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

    Starts one of that name, or goes on with it: phones join by QR code, answers grow on the wall.
    """


_home = click.option(
    "--folder",
    "home",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where workshops are kept; beside the course's answers where it is not said.",
)


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
        click.option(
            "--public-url",
            default="",
            help="What people open where a server stands before this one: https://dx.example.jp",
        ),
        click.option("--wifi", help="The name of the room's Wi-Fi; it stands on the wall."),
        click.option("--wifi-password", default="", help="Its password, for a QR code that joins."),
        click.option(
            "--database",
            envvar="DXCOURSE_DATABASE",
            default="",
            help="A PostgreSQL for events and answers, postgresql://…; kept in the folder's own "
            "file where none is said.",
        ),
        click.option(
            "--processes",
            type=click.IntRange(1, 64),
            default=1,
            show_default=True,
            help="Processes that serve the room at the one port; more than one needs a database.",
        ),
        _home,
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
@click.option("--new", is_flag=True, help="Make another, where one of this name has not ended.")
@_listening
@readable
def start(
    name: str,
    agenda: str,
    *,
    ask_names: bool,
    new: bool,
    **listening: Any,  # noqa: ANN401  -- the options of where it listens
) -> None:
    """Start a workshop NAME, or go on with the one of that name that has not ended."""
    from datetime import UTC, datetime

    from dxcourse import course
    from dxcourse.text import say
    from dxcourse.workshop import create_workshop, read_agenda
    from dxcourse.workshop.agenda import agenda_folder, own_pictures
    from dxcourse.workshop.folder import unfinished
    from dxcourse.workshop.session import check_processes

    found = course.current()
    plan = read_agenda(agenda, found)
    processes = listening["processes"]
    home, database = _workshops(listening.pop("home")), listening.pop("database")

    def find() -> WorkshopFolder:
        known = None if new else unfinished(home, name, database)
        if known is None:
            check_processes(processes, shared=bool(database))
            return create_workshop(
                home,
                name,
                plan,
                now=datetime.now(UTC),
                names=ask_names,
                pictures=own_pictures(plan, agenda_folder(agenda)),
                database=database,
            )
        known.look_in(database)
        state = known.state()
        people = len(state.participants)
        click.echo(say("workshop.terminal.goes_on", name=name, day=state.day, people=people))
        context = click.get_current_context()
        said = context.get_parameter_source("agenda") is not click.core.ParameterSource.DEFAULT
        if said and state.agenda != plan:
            click.echo(say("workshop.terminal.agenda_stays"))
        return known

    _run(find, listening)


@workshop.command()
@click.argument("name")
@_listening
@readable
def resume(name: str, **listening: Any) -> None:  # noqa: ANN401  -- the options of where it listens
    """Go on with a workshop as it was, after a break, a crash or another day."""
    home, database = _workshops(listening.pop("home")), listening.pop("database")
    kept = _find(name, home)
    kept.look_in(database)
    _run(lambda: kept, listening)


@workshop.command("list")
@_home
@readable
def list_command(home: Path | None) -> None:
    """List the workshops that are kept here, the newest first."""
    from dxcourse.text import say
    from dxcourse.workshop import list_workshops

    for kept, state in list_workshops(_workshops(home)):
        if state is None and kept.name_beside:
            click.echo(say("workshop.terminal.away", name=kept.name_beside))
        elif state is None:
            click.echo(say("workshop.terminal.damaged"))
        else:
            click.echo(
                say(
                    "workshop.terminal.row",
                    day=state.day,
                    condition=_condition(state),
                    people=len(state.participants),
                    name=state.name,
                )
            )
        click.echo(say("workshop.terminal.folder", folder=kept.folder.name))


def _condition(state: RoomState) -> str:
    from dxcourse.text import say

    condition = "ended" if state.ended else "begun" if state.began else "new"
    return say(f"workshop.terminal.conditions.{condition}")


@workshop.command()
@click.argument("name")
@click.argument("new_name")
@_home
@readable
def copy(name: str, new_name: str, home: Path | None) -> None:
    """Copy a workshop's agenda, as it was planned last, to a new one; no answer goes with it."""
    from datetime import UTC, datetime

    from dxcourse.text import say
    from dxcourse.workshop.session import copy_workshop

    kept = copy_workshop(_find(name, _workshops(home)), new_name, now=datetime.now(UTC))
    click.echo(say("workshop.terminal.copied", folder=kept.folder.name, name=new_name))


@workshop.command()
@click.argument("name")
@_home
@readable
def close(name: str, home: Path | None) -> None:
    """End a workshop: nobody joins or answers any more; what was given stays."""
    from datetime import UTC, datetime

    from dxcourse.workshop import find_workshop
    from dxcourse.workshop.session import end_workshop

    end_workshop(find_workshop(_workshops(home), name), now=datetime.now(UTC))


@workshop.command()
@click.argument("name")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@_home
@readable
def export(name: str, folder: Path, home: Path | None) -> None:
    """Write the report (HTML, Excel) and all answers (CSV) of a workshop to FOLDER."""
    from dxcourse import course
    from dxcourse.workshop.session import export_workshop as write

    for path in write(_find(name, _workshops(home)), course.current(), folder):
        click.echo(path)


@workshop.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.argument("names", nargs=-1)
@click.option("--year", type=int, help="Those held in this fiscal year (April to March).")
@_home
@readable
def compare(folder: Path, names: tuple[str, ...], year: int | None, home: Path | None) -> None:
    """Write to FOLDER how rooms answered the same questions: those of NAMES, or all."""
    from dxcourse import course
    from dxcourse.workshop import list_workshops
    from dxcourse.workshop.session import compare_workshops

    at = _workshops(home)
    found = [_find(name, at) for name in names]
    # One that is damaged is left out; one whose database is away is told, when it is read.
    found = found or [kept for kept, state in list_workshops(at) if state or kept.name_beside]
    for path in compare_workshops(found, course.current(), folder, year=year):
        click.echo(path)


@workshop.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@_home
@readable
def delete(name: str, home: Path | None, *, yes: bool) -> None:
    """Delete a workshop with every answer in it."""
    from dxcourse.text import say
    from dxcourse.workshop import find_workshop

    kept = find_workshop(_workshops(home), name)
    if not yes:
        click.confirm(say("workshop.terminal.confirm_delete", folder=kept.folder), abort=True)
    kept.delete()


@workshop.command("check")
@click.argument("file")
@readable
def check_agenda(file: str) -> None:
    """Check an agenda FILE: every mistake with its line; exit 1 on any."""
    from dxcourse import course
    from dxcourse.text import say
    from dxcourse.workshop import read_agenda

    agenda = read_agenda(file, course.current())
    asks = len(agenda.asks)
    minutes = agenda.minutes
    click.echo(
        say(
            "workshop.terminal.check_good",
            file=file,
            minutes=minutes,
            stops=len(agenda.stops),
            asks=asks,
        )
    )


def _workshops(home: Path | None) -> Path:
    from dxcourse import course
    from dxcourse.workshop import workshops_folder

    return home or workshops_folder(course.current().root)


def _find(name: str, home: Path) -> WorkshopFolder:
    """Find the workshop of a name; of several, the one with most people, which is said."""
    from dxcourse.text import say
    from dxcourse.workshop.folder import workshops_named

    hits = workshops_named(home, name)
    kept, state = hits[0]
    if len(hits) > 1 and state:
        click.echo(
            say(
                "workshop.terminal.same_name",
                name=name,
                n=len(hits),
                folder=kept.folder.name,
                day=state.day,
                people=len(state.participants),
            ),
            err=True,
        )
    return kept


def _run(find: Any, options: dict[str, Any]) -> None:  # noqa: ANN401  -- finds the folder
    from dxcourse import course
    from dxcourse.workshop.session import run_workshop

    processes = options.pop("processes")
    listening = _listen(**options)
    run_workshop(find, course.current(), listening, processes=processes, tell=click.echo)


def _listen(  # noqa: PLR0913  -- an option each
    *,
    host: str | None,
    port: int | None,
    names: tuple[str, ...],
    public_url: str,
    wifi: str | None,
    wifi_password: str,
) -> Listen:
    from dxcourse.workshop.folder import Wifi
    from dxcourse.workshop.session import Listen

    return Listen(
        host=host,
        port=DEFAULT_PORT if port is None else port,
        search=port is None,
        names=names,
        public_url=public_url,
        wifi=Wifi(wifi, wifi_password) if wifi else None,
    )
