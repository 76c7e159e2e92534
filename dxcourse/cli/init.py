"""The course, copied to where it is to be used: the first command after ``pip install``."""

from __future__ import annotations

from pathlib import Path

import click

from dxcourse.cli.readable import readable
from dxcourse.text import say


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@readable
def init(folder: Path) -> None:
    """Copy the course into FOLDER, which is made: chapters, exercises, homework, data, deploy."""
    from dxcourse.shipped import copy_course

    copy_course(folder)
    click.echo(say("cli.init.done", folder=folder))
