"""All commands under one name."""

from __future__ import annotations

import sys
from typing import Any

import click

from dxcourse.cli._homework import homework
from dxcourse.cli._workshop import workshop
from dxcourse.cli.answers import answers
from dxcourse.cli.course import check, init
from dxcourse.cli.serve import lab, serve, study


class _Commands(click.Group):
    def main(self, *args: Any, **extra: Any) -> Any:  # noqa: ANN401  -- click's own signature
        """Run; a sign that the terminal or a file's encoding lacks (cp932) ends no command."""
        for stream in (sys.stdout, sys.stderr):
            getattr(stream, "reconfigure", lambda **_: None)(errors="replace")
        return super().main(*args, **extra)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dxcourse")
def main() -> None:
    """An interactive DX course for Japanese municipal managers."""


for command in (init, study, lab, serve, workshop, check, answers, homework):
    main.add_command(command)
