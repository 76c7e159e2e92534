"""What commands that serve have in common: a file of settings, and what is read of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from dxcourse.web.settings import ServerSettings

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
