"""The record of answers, moved, mended and deleted."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dxcourse.cli.readable import readable
from dxcourse.cli.serve import config_option
from dxcourse.text import say

if TYPE_CHECKING:
    from dxcourse.answers import Store


@click.group()
def answers() -> None:
    """Move, mend and delete in the record of answers."""


def _place(address: str | None, config: Path | None) -> tuple[Path | str, Path | None]:
    """Where answers are, and the other place of this machine that nobody asked for.

    As said; else where the server's settings say; else where `serve` keeps them when it is told
    nothing; else the file that pages and notebooks of this machine's own user share.

    Raises
    ------
    SettingsError
        The server's settings cannot be read.
    """
    import os

    from dxcourse import course, settings
    from dxcourse.web.setting_sources import read_with_notices
    from dxcourse.web.storage import default_address, default_database

    chosen = address or read_with_notices({}, config)[0].store
    if chosen:
        return (chosen if "://" in chosen else Path(chosen)), None
    root = course.current().root
    folder, own = settings.served_folder(root), settings.answers_file(root)
    served = default_database(folder)
    if os.environ.get(settings.ANSWERS_VARIABLE) or (own.is_file() and not served.is_file()):
        return own, served
    return default_address(folder), own


def _store(address: str | None, config: Path | None, *, there: bool = False) -> Store:
    """Open the store, and say which it is: on the error stream, so that output stays output.

    Raises
    ------
    StoreError
        It has to be there already, and is not.
    """
    from dxcourse.answers import FileStore, SqlStore, StoreError
    from dxcourse.answers.database import sqlite_file, without_password

    place, other = _place(address, config)
    shown = without_password(place) if isinstance(place, str) else place
    click.echo(say("answers.command.store", place=shown), err=True)
    if other is not None and other.is_file():
        option = f"sqlite:///{other}" if other.suffix == ".sqlite" else other
        click.echo(say("answers.command.other", place=other, option=option), err=True)
    file = sqlite_file(place) if isinstance(place, str) else place
    if there and file is not None and not file.is_file():
        raise StoreError(say("answers.command.not-there", place=shown))
    if isinstance(place, str):
        if file is not None and not there and address is None:
            file.parent.mkdir(parents=True, exist_ok=True)
        return SqlStore(place, there=there)
    return FileStore(place)


def _store_options(command: click.decorators.FC) -> click.decorators.FC:
    """Let a command be told which store: the options that `serve` is told it by, too."""
    told = "A file, or a database address; else as `serve` finds it, else this user's own answers."
    return click.option("--store", "address", help=told)(
        config_option("The server's file of settings, which may say where answers are.")(command)
    )


@answers.command("export")
@_store_options
@click.option("--learner", help="Only what this learner has answered.")
@click.option("--space", help="Only what was answered in this space (spaces_file).")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@readable
def export_answers(
    address: str | None, config: Path | None, learner: str | None, space: str | None, file: Path
) -> None:
    """Write all records, or those of a learner or a space, to FILE.

    JSON lines, compressed where FILE ends in .gz.

    Of all records, who was forgotten is noted beside FILE, in forgotten.jsonl: keep it with the
    backups.
    """
    from dxcourse.answers import export_file, export_marks, operation
    from dxcourse.answers.forgotten import LIST
    from dxcourse.web.site import surface_of

    if learner and space:
        raise click.UsageError(say("answers.command.one-of", options="--learner, --space"))
    begins = surface_of(space) if space else ""
    with _store(address, config, there=True) as store:
        count = export_file(store, file, learner=learner, begins=begins)
        part = "export-one" if learner else "export-space" if space else "export"
        store.note(operation(part, count))
        click.echo(count)
        if part == "export" and store.forgotten():
            export_marks(store, file.with_name(LIST))


@answers.command("verify")
@_store_options
@click.option("--note", is_flag=True, help="Write into the store's log that this was checked.")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@readable
def verify_answers(address: str | None, config: Path | None, file: Path, *, note: bool) -> None:
    """Hold a backup to be whole: every line, and no two that contradict each other."""
    from dxcourse.answers import operation, read_export

    count, learners, newest = 0, set(), None
    for record in read_export(file):
        count += 1
        learners.add(record.learner)
        newest = max(newest or record.time, record.time)
    day = f"{newest:%Y-%m-%d %H:%M %z}" if newest else say("answers.command.never")
    told = {"records": count, "learners": len(learners), "newest": day}
    click.echo(say("answers.command.whole", file=file, **told))
    if note:
        with _store(address, config, there=True) as store:
            store.note(operation("verify", count))


@answers.command("import")
@_store_options
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@readable
def import_answers(address: str | None, config: Path | None, file: Path) -> None:
    """Take over the records of FILE, compressed or not; those that are here already are left.

    Who was forgotten stays so, by the store's own note and by forgotten.jsonl beside FILE.
    """
    from dxcourse.answers import import_file, operation

    with _store(address, config) as store:
        count = import_file(store, file)
        store.note(operation("import", count))
        click.echo(count)


@answers.command("log")
@_store_options
@readable
def show_operations(address: str | None, config: Path | None) -> None:
    """Say what was exported, taken over and deleted by command: when, and by which account."""
    from dxcourse.facts import JAPAN

    with _store(address, config, there=True) as store:
        operations = store.operations()
    for each in operations:
        time = f"{each.time.astimezone(JAPAN):%Y-%m-%d %H:%M}"
        done = say(f"answers.done.{each.done}")
        told = {"time": time, "account": each.account, "done": done, "n": each.count}
        click.echo(say("answers.command.operation", **told))
    if not operations:
        click.echo(say("answers.command.no-operations"))


@answers.command("repair")
@config_option("The server's file of settings, which may say where answers are.")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@readable
def repair_answers(config: Path | None, file: Path | None) -> None:
    """Set the damaged lines of an answers file aside.

    A database has no lines: it is looked through, row by row.
    """
    from dxcourse.answers import FileStore, operation, repair

    if file is not None:
        path = file
    else:
        with _store(None, config, there=True) as store:
            if not isinstance(store, FileStore):
                count = sum(1 for _ in store.records())
                click.echo(say("answers.command.sound", n=count))
                return
            path = store.path
    found = repair(path)
    for line in found:
        aside = f"{path.name}.damaged"
        click.echo(say("answers.command.set-aside", file=path, line=line, aside=aside))
    if found:
        with FileStore(path) as mended:
            mended.note(operation("repair", len(found)))


DRY_RUN = click.option("--dry-run", is_flag=True, help="Say what would be deleted, delete nothing.")


@answers.command("purge")
@_store_options
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
def purge_answers(
    address: str | None, config: Path | None, day: datetime, *, dry_run: bool
) -> None:
    """Delete what was answered before DATE.

    Of each learner and exercise the number of the last attempt stays, without its answer. What was
    deleted cannot be brought back; export it before.
    """
    from dxcourse.answers import operation
    from dxcourse.facts import JAPAN

    before = day.replace(tzinfo=JAPAN)
    with _store(address, config, there=True) as store:
        old = sum(each.time < before and each.answer is not None for each in store.records())
        click.echo(say("answers.command.old", n=old, day=f"{before:%Y-%m-%d}"))
        if dry_run:
            click.echo(say("answers.command.nothing"))
            return
        count = store.purge(before)
        store.note(operation("purge", count))
    click.echo(say("answers.command.purged", n=count))
    _mind_the_rest(address, config)


@answers.command("forget")
@_store_options
@click.option("--learner", required=True, help="The learner, as their own export names them.")
@DRY_RUN
@readable
def forget_learner(
    address: str | None, config: Path | None, learner: str, *, dry_run: bool
) -> None:
    """Delete all that a learner has answered, at their own wish; no backup brings it back.

    What was deleted is gone; the learner may want an export before.
    """
    from dxcourse.answers import operation

    with _store(address, config, there=True) as store:
        click.echo(say("answers.command.theirs", n=len(store.history(learner)), learner=learner))
        if dry_run:
            click.echo(say("answers.command.nothing"))
            return
        count = store.forget(learner)
        store.note(operation("forget", count))
    click.echo(say("answers.command.forgotten", n=count))
    _mind_the_rest(address, config)


def _mind_the_rest(address: str | None, config: Path | None) -> None:
    """Name the files beside an answers file that may hold answers, and are no record."""
    path, _ = _place(address, config)
    if isinstance(path, str):
        return
    for what in ("torn", "damaged"):
        aside = path.with_name(f"{path.name}.{what}")
        if aside.exists():
            click.echo(say("answers.command.look-through", file=aside))
