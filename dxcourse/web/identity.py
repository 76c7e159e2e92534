"""Who is learning: a signed token in a header, kept by the browser, no cookie; and its secret."""

from __future__ import annotations

import os
import secrets
import time
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from itsdangerous import BadSignature, URLSafeSerializer

from dxcourse.errors import ReadableError
from dxcourse.text import say
from dxcourse.web.settings import SECRET_LENGTH, ServerSettings

HEADER = "X-Dxcourse-Learner"
NAME_LENGTH = 40  # characters
TOKEN_LENGTH = 512  # characters; one of ours has far fewer


class Identity(Protocol):
    """Tells the learner of a request, and what they are called."""

    def of(self, token: str | None) -> str:
        """The learner of a request.

        Raises
        ------
        BadSignature
            The token was not made here.
        """

    def name_of(self, learner: str) -> str:
        """The name someone gave; "" where there is none."""


class LocalIdentity:
    """Makes and reads learner tokens on one's own machine.

    Without a token the learner is `default`, the user of this machine; on a shared PC each person
    gives a name, and comes back under it.
    """

    def __init__(self, secret: str | Sequence[str], default: str) -> None:
        self._serializer = signer(secret, "learner")
        self.default = default

    def of(self, token: str | None) -> str:
        """See `Tokens.of`."""
        return _read(self._serializer, token) if token else self.default

    def named(self, name: str) -> tuple[str, str]:
        """Learner and token of someone who shares this machine; without a name, of its user.

        However the name is typed (full or half width, spaces), it is the same one.
        """
        seen = unicodedata.normalize("NFKC", name)
        hidden = {"Cc", "Cs"}
        kept = "".join(c for c in seen if c.isspace() or unicodedata.category(c) not in hidden)
        clean = " ".join(kept.split())[:NAME_LENGTH].rstrip()
        if not clean:
            return self.default, ""
        learner = f"{self.default}/{clean}"
        return learner, str(self._serializer.dumps(learner))

    def name_of(self, learner: str) -> str:
        """The name someone gave, or nothing for the machine's own user."""
        return learner.removeprefix(self.default).removeprefix("/")


class VisitorIdentity:
    """Makes and reads the tokens of visitors, each a learner without a name.

    The server remembers none of them: whoever holds the secret can read them, so that any of
    several processes serves any visitor.

    Parameters
    ----------
    surface
        How the names of a space's surfaces begin: its learners' begin so, and its tokens are good
        there alone.
    """

    def __init__(self, secret: str | Sequence[str], surface: str = "") -> None:
        self._serializer = signer(secret, f"visitor{surface}")
        self._surface = surface

    def of(self, token: str | None) -> str:
        """See `Tokens.of`; without a token there is no learner."""
        if not token:
            raise BadSignature("no token")
        return _read(self._serializer, token)

    def mint(self) -> str:
        """A token for someone who has just come."""
        return str(self._serializer.dumps(f"{self._surface}visitor-{secrets.token_hex(12)}"))

    def name_of(self, learner: str) -> str:  # noqa: ARG002
        """Nothing: visitors give no name."""
        return ""


def _read(serializer: URLSafeSerializer, token: str) -> str:
    if len(token) > TOKEN_LENGTH:
        raise BadSignature("longer than any token")
    learner = serializer.loads(token)
    if not isinstance(learner, str):
        raise BadSignature("not a learner")
    return learner


def signer(secret: str | Sequence[str], salt: str) -> URLSafeSerializer:
    """What signs and reads tokens of one use, the `salt`.

    Of several secrets the first signs; what the others signed is read all the same.
    """
    kept = [secret] if isinstance(secret, str) else [*reversed(secret)]
    return URLSafeSerializer(kept, salt=salt)


# -- The secret that signs tokens and links: given, or made once and kept in a file ----------------

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
