"""Errors that we foresaw, as a person at a terminal reads them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import click

from dxcourse.errors import ReadableError

P = ParamSpec("P")


def readable(command: Callable[P, None]) -> Callable[P, None]:
    """Show an error that we foresaw as its message; anything else keeps its traceback."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except ReadableError as error:
            raise click.ClickException(str(error)) from error

    return run
