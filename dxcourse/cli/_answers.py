"""The record of answers, moved, mended and deleted."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dxcourse.cli.readable import readable

if TYPE_CHECKING:
    from dxcourse.answers import Store


@click.group()
def answers() -> None:
    """Move, mend and delete in the record of answers."""


def _own_file() -> Path:
    from dxcourse import course, settings

    return settings.answers_file(course.current().root)


def _place(address: str | None) -> Path | str:
    """Where answers are: a file, the course's own if none was named, or a database's address."""
    if address is None:
        return _own_file()
    return address if "://" in address else Path(address)


def _store(address: str | None, *, there: bool = False) -> Store:
    from dxcourse.answers import FileStore, SqlStore, StoreError

    place = _place(address)
    if isinstance(place, str):
        return SqlStore(place)
    if there and address is not None and not place.is_file():
        raise StoreError(f"{address}: there is no such file; name one that is there")
    return FileStore(place)


STORE = click.option(
    "--store", "address", help="A file, or a database address; the course's own answers."
)


@answers.command("export")
@STORE
@click.option("--learner", help="Only what this learner has answered.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@readable
def export_answers(address: str | None, learner: str | None, file: Path) -> None:
    """Write all records, or those of one learner, to FILE, as JSON lines."""
    from dxcourse.answers import export_file

    with _store(address, there=True) as store:
        click.echo(export_file(store, file, learner=learner))


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
    from dxcourse.answers import repair

    path = file or _own_file()
    for line in repair(path):
        click.echo(f"{path}:{line}: set aside in {path.name}.damaged")


DRY_RUN = click.option("--dry-run", is_flag=True, help="Say what would be deleted, delete nothing.")


@answers.command("purge")
@STORE
@click.option(
    "--before",
    "day",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The first day that stays, as YYYY-MM-DD; it begins at midnight in Japan.",
)
@DRY_RUN
@readable
def purge_answers(address: str | None, day: datetime, *, dry_run: bool) -> None:
    """Delete what was answered before DATE.

    Of each learner and exercise the number of the last attempt stays, without its answer. What was
    deleted cannot be brought back; export it before.
    """
    from dxcourse.facts import JAPAN

    before = day.replace(tzinfo=JAPAN)
    with _store(address, there=True) as store:
        old = sum(each.time < before and each.answer is not None for each in store.records())
        click.echo(f"{old} answers were given before {before:%Y-%m-%d %H:%M %z}.")
        if dry_run:
            click.echo("Nothing was deleted.")
            return
        count = store.purge(before)
    click.echo(f"Deleted or emptied {count} records.")
    _mind_the_rest(address)


@answers.command("forget")
@STORE
@click.option("--learner", required=True, help="The learner, as their own export names them.")
@DRY_RUN
@readable
def forget_learner(address: str | None, learner: str, *, dry_run: bool) -> None:
    """Delete all that a learner has answered, at their own wish.

    What was deleted cannot be brought back; the learner may want an export before.
    """
    with _store(address, there=True) as store:
        click.echo(f"{len(store.history(learner))} records are of {learner}.")
        if dry_run:
            click.echo("Nothing was deleted.")
            return
        count = store.forget(learner)
    click.echo(f"Deleted {count} records.")
    _mind_the_rest(address)


def _mind_the_rest(address: str | None) -> None:
    """Name the files beside an answers file that may hold answers, and are no record."""
    path = _place(address)
    if isinstance(path, str):
        return
    for what in ("torn", "damaged"):
        aside = path.with_name(f"{path.name}.{what}")
        if aside.exists():
            click.echo(f"{aside}: holds parts of answers, too; look through it, or delete it.")
