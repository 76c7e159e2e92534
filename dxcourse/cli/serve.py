"""The course for visitors, from one small process or several."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dxcourse.cli.readable import readable
from dxcourse.cli.server_settings import config_option, settings_to_serve


class _WithFlags(click.Command):
    """A flag for each setting, made when the command runs: the other commands start fast."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        from dxcourse.web.settings import ServerSettings

        flags = [
            click.Option([f"--{name.replace('_', '-')}"], help=field.description)
            for name, field in ServerSettings.model_fields.items()
            if name not in ServerSettings.secret_names()
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
    from dxcourse.web.worker import this_worker

    chosen = settings_to_serve(flags, config)
    worker = this_worker()
    if chosen.processes > 1 and worker is None:
        from dxcourse.web.supervisor import supervise

        supervise(chosen, announce=click.echo)
        return
    from dxcourse import course
    from dxcourse.pages.app import serve_course

    said = (lambda _: worker.say_ready()) if worker else click.echo
    serve_course(course.current().root, chosen, announce=said)
