"""A participant's token: a random number, signed. It says nothing of who they are."""

from __future__ import annotations

import secrets

from itsdangerous import BadSignature, URLSafeSerializer


class Tokens:
    """Makes and reads the tokens of one workshop."""

    def __init__(self, secret: str) -> None:
        self._serializer = URLSafeSerializer(secret, salt="participant")

    def new(self) -> tuple[str, str]:
        """A new participant, and the token that proves them."""
        who = secrets.token_hex(8)
        return who, str(self._serializer.dumps(who))

    def of(self, token: str | None) -> str:
        """The participant of a token.

        Raises
        ------
        BadSignature
            It was not made for this workshop.
        """
        who = self._serializer.loads(token or "")
        if not isinstance(who, str):
            raise BadSignature("not a participant")
        return who
