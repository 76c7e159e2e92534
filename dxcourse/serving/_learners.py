"""Who is learning: a signed token in a header, kept by the browser; no cookie."""

from __future__ import annotations

import os
import secrets
import unicodedata
from pathlib import Path

from itsdangerous import BadSignature, URLSafeSerializer

HEADER = "X-Dxcourse-Learner"
NAME_LENGTH = 40  # characters


class Learners:
    """Makes and reads learner tokens.

    Without a token the learner is `default`, the user of this machine; on a shared PC each person
    gives a name, and comes back under it.
    """

    def __init__(self, secret: str, default: str) -> None:
        self._serializer = URLSafeSerializer(secret, salt="learner")
        self.default = default

    def of(self, token: str | None) -> str:
        """The learner of a request.

        Raises
        ------
        BadSignature
            The token was not made here.
        """
        if not token:
            return self.default
        learner = self._serializer.loads(token)
        if not isinstance(learner, str):
            raise BadSignature("not a learner")
        return learner

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


def kept_secret(path: Path) -> str:
    """The secret that signs tokens: made once, readable by this user only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(handle, "w", encoding="ascii") as file:
        secret = secrets.token_urlsafe(32)
        file.write(secret)
    return secret
