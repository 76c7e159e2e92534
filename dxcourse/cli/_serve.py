"""The course for visitors, from one small process or several."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dxcourse.cli._settings import config_option, settings_to_serve
from dxcourse.cli.readable import readable


class _WithFlags(click.Command):
    """A flag for each setting, made when the command runs: the other commands start fast."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        from dxcourse.web.settings import Settings

        flags = [
            click.Option([f"--{name.replace('_', '-')}"], help=field.description)
            for name, field in Settings.model_fields.items()
            if name not in Settings.secrets()
        ]
        return [*self.params, *flags, *filter(None, [self.get_help_option(ctx)])]


@click.command(cls=_WithFlags)
@config_option("A TOML or YAML file with settings.")
@readable
def serve(config: Path | None, **flags: Any) -> None:  # noqa: ANN401
    """Serve the course and its stand-alone pages to visitors; answers go to a database.

    A flag wins over the environment (DXCOURSE_PORT …), that over the file, and that over what
    docs/hosting says is usual.
    """
    from dxcourse import course
    from dxcourse.pages.app import served

    chosen = settings_to_serve(flags, config)
    served(course.current().root, chosen, announce=click.echo).start()
