"""The course itself: copied to where it is to be used, and checked."""

from __future__ import annotations

from pathlib import Path

import click

from dxcourse.cli.readable import readable
from dxcourse.text import say


@click.command()
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


# -- The course, copied to where it is to be used: the first command after ``pip install`` ---------


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@readable
def init(folder: Path) -> None:
    """Copy the course into FOLDER, which is made: chapters, exercises, homework, data, deploy."""
    from dxcourse.shipped import copy_course

    copy_course(folder)
    click.echo(say("cli.init.done", folder=folder))
