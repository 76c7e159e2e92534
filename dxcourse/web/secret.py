"""The secret that signs tokens and links: given, or made once and kept in a file."""

from __future__ import annotations

import os
import secrets
import time
from pathlib import Path

from dxcourse.errors import ReadableError
from dxcourse.text import say
from dxcourse.web.settings import SECRET_LENGTH, ServerSettings

MADE_WITHIN = 5.0  # seconds another process takes to write the secret it has just made a file for


class SecretError(ReadableError, RuntimeError):
    """The secret that signs tokens cannot be had; the message names the file and the cure."""


def secrets_of(settings: ServerSettings, folder: Path) -> tuple[str, ...]:
    """What signs tokens, first, and what signed them before it was changed.

    Parameters
    ----------
    folder
        Where a secret is kept where none was given.

    Raises
    ------
    SecretError
        There is none to be had.
    """
    old = tuple(each.get_secret_value() for each in settings.old_secrets)
    if settings.secret is not None:
        return (settings.secret.get_secret_value(), *old)
    return (*read_secrets(settings.secret_file or folder / "secret"), *old)


def read_secrets(path: Path) -> tuple[str, ...]:
    """The secrets of a file, a line each, the newest first; where it is not there it is made.

    The file is readable by this user only. Processes that start together on it have one secret.

    Raises
    ------
    SecretError
        It cannot be read or made, or a line is too short to be a secret.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _there(path)
    except OSError as error:
        raise SecretError(say("server.secret.no_place", file=path, cause=error.strerror)) from error
    with os.fdopen(handle, "w", encoding="ascii") as file:
        secret = secrets.token_urlsafe(SECRET_LENGTH)
        file.write(secret)
    return (secret,)


def _there(path: Path) -> tuple[str, ...]:
    deadline = time.monotonic() + MADE_WITHIN
    while True:
        try:
            found = tuple(path.read_text(encoding="ascii").split())
        except (OSError, UnicodeDecodeError) as error:
            cause = error.strerror if isinstance(error, OSError) else type(error).__name__
            raise SecretError(say("server.secret.unreadable", file=path, cause=cause)) from error
        if found and min(map(len, found)) >= SECRET_LENGTH:
            return found
        if time.monotonic() > deadline:
            text = say("server.secret.too_short", file=path, least=SECRET_LENGTH)
            raise SecretError(text)
        time.sleep(0.05)
