"""The record of answers, moved and mended."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dxcourse.cli._readable import readable

if TYPE_CHECKING:
    from dxcourse.answers import Store


@click.group()
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
