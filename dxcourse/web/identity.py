"""Who is learning: a signed token in a header, kept by the browser; no cookie."""

from __future__ import annotations

import os
import secrets
import time
import unicodedata
from pathlib import Path
from typing import Protocol

from itsdangerous import BadSignature, URLSafeSerializer

from dxcourse.errors import ReadableError

HEADER = "X-Dxcourse-Learner"
NAME_LENGTH = 40  # characters
SECRET_LENGTH = 32  # characters of a secret, at least
TOKEN_LENGTH = 512  # characters; one of ours has far fewer
MADE_WITHIN = 5.0  # seconds another process takes to write the secret it has just made a file for


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

    def __init__(self, secret: str, default: str) -> None:
        self._serializer = URLSafeSerializer(secret, salt="learner")
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
    """

    def __init__(self, secret: str) -> None:
        self._serializer = URLSafeSerializer(secret, salt="visitor")

    def of(self, token: str | None) -> str:
        """See `Tokens.of`; without a token there is no learner."""
        if not token:
            raise BadSignature("no token")
        return _read(self._serializer, token)

    def mint(self) -> str:
        """A token for someone who has just come."""
        return str(self._serializer.dumps(f"visitor-{secrets.token_hex(12)}"))

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


class SecretError(ReadableError, RuntimeError):
    """The secret that signs tokens cannot be had; the message names the file and the cure."""


def kept_secret(path: Path) -> str:
    """The secret that signs tokens: made once, readable by this user only.

    Processes that start together on one file have one secret.

    Raises
    ------
    SecretError
        It cannot be read or made, or is too short to be one.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _there(path)
    except OSError as error:
        raise SecretError(
            f"{path}: no secret can be kept here ({error.strerror}); name another file"
        ) from error
    with os.fdopen(handle, "w", encoding="ascii") as file:
        secret = secrets.token_urlsafe(SECRET_LENGTH)
        file.write(secret)
    return secret


def _there(path: Path) -> str:
    deadline = time.monotonic() + MADE_WITHIN
    while True:
        try:
            secret = path.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SecretError(
                f"{path}: the secret cannot be read ({type(error).__name__}); let this user read "
                "it, or remove it: then a new one is made, and tokens given before are void"
            ) from error
        if len(secret) >= SECRET_LENGTH:
            return secret
        if time.monotonic() > deadline:
            raise SecretError(
                f"{path}: {len(secret)} characters are no secret; write at least {SECRET_LENGTH} "
                "random ones, or remove the file: then one is made"
            )
        time.sleep(0.05)
