"""The course for visitors, or for one learner on this machine; what commands that serve share."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from dxcourse.cli.readable import readable

if TYPE_CHECKING:
    from dxcourse.web.settings import ServerSettings

# -- What commands that serve have in common: a file of settings, and what is read of it -----------

C = TypeVar("C", bound=Callable[..., object])


def config_option(told: str) -> Callable[[C], C]:
    """Let a command take a file of settings; `told` is its line of help."""
    return click.option(
        "--config",
        type=click.Path(path_type=Path, dir_okay=False),
        envvar="DXCOURSE_CONFIG",
        help=told,
    )


def settings_to_serve(flags: Mapping[str, object], config: Path | None) -> ServerSettings:
    """The settings of a server that starts now; from here on it logs as they say.

    What two places say differently is the first that it logs.

    Raises
    ------
    SettingsError
        One of them is unknown or wrong.
    """
    from dxcourse.web.logs import log_as_json
    from dxcourse.web.setting_sources import read_with_notices

    given = {name: value for name, value in flags.items() if value is not None}
    chosen, notices = read_with_notices(given, config)
    log_as_json(chosen.log_level)
    for notice in notices:
        logging.getLogger(__name__).warning("%s", notice)
    return chosen


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


# -- The course for one learner, on this machine: as pages, or in JupyterLab -----------------------

DEFAULT_PORT = 8840


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help="The port; 8840 or a free one near it.")
@click.option("--no-browser", is_flag=True, help="Open no browser.")
@click.option(
    "--public-url", default="", help="The address it is reached by, where a proxy is in front."
)
@readable
def study(port: int | None, public_url: str, *, no_browser: bool) -> None:
    """Serve the course to one learner, on this machine; answers go to a file."""
    from dxcourse import course
    from dxcourse.pages.app import study_course
    from dxcourse.web.setting_sources import local_settings

    chosen = local_settings(port=DEFAULT_PORT if port is None else port, public_url=public_url)
    study_course(
        course.current().root,
        chosen,
        click.echo,
        search_port=port is None,
        open_browser=not no_browser,
    )


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help="The port; 8888 or a free one near it.")
@click.option("--no-browser", is_flag=True, help="Open no browser.")
@readable
def lab(port: int | None, *, no_browser: bool) -> None:
    """Open JupyterLab on the course, in Japanese, without its calls to the outside."""
    from dxcourse import course
    from dxcourse.lab import launch

    launch(course.current().root, port=port, open_browser=not no_browser)
