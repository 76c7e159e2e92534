"""Signing in, where a server is not for everyone: who has come, and where to send who has not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from itsdangerous import BadSignature

if TYPE_CHECKING:
    from tornado.web import RequestHandler


@dataclass(frozen=True)
class User:
    """Someone who has signed in: `learner` is their name in the record."""

    learner: str


class SignIn(Protocol):
    """A way to sign in; `web.hub_sign_in` is one."""

    @property
    def routes(self) -> list[tuple[str, type[Any]]]:
        """The addresses that it needs of the server."""

    @property
    def tornado_settings(self) -> dict[str, Any]:
        """What tornado's application has to know for it."""

    async def user(self, handler: RequestHandler) -> User | None:
        """Who makes a request; None where nobody has signed in, or may not come in."""

    def begin(self, handler: RequestHandler) -> None:
        """Send a browser to where its user signs in, and then back."""


class SignedInIdentity:
    """Names those who have signed in; their requests carry no token of ours."""

    def of(self, token: str | None) -> str:  # noqa: ARG002  -- see `Identity`
        """Nobody: see `Identity.of`."""
        raise BadSignature("tokens are not taken where people sign in")

    def name_of(self, learner: str) -> str:
        """What they are called where they signed in."""
        return learner
