"""Who is learning: a signed token in a header, kept by the browser; no cookie."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Sequence
from typing import Protocol

from itsdangerous import BadSignature, URLSafeSerializer

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
