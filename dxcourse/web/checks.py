"""What is checked before a request is answered: a list on each handler, in its order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from itsdangerous import BadSignature
from tornado.httputil import split_host_and_port
from tornado.web import HTTPError

from dxcourse.web.identity import HEADER
from dxcourse.web.rate_limit import RateLimit, TooManyRequests

if TYPE_CHECKING:
    from dxcourse.web.handlers import Handler, JsonHandler, LearnerHandler


def check_host(handler: Handler) -> None:
    """Refuse another site's name that resolves to this machine (DNS rebinding).

    Raises
    ------
    HTTPError
        The Host is not ours.
    """
    if handler.request.host_name not in handler.site.hosts:
        raise HTTPError(421, reason="unknown host")


def check_origin(handler: Handler) -> None:
    """Refuse a request that another site's page makes.

    Raises
    ------
    HTTPError
        The Origin is another.
    """
    origin = handler.request.headers.get("Origin")
    if origin is None or origin == handler.site.settings.origin:
        return
    protocol, hosts = handler.client.protocol, [handler.request.host]
    forwarded = handler.forwarded_host
    if forwarded and split_host_and_port(forwarded)[0] in handler.site.hosts:
        hosts.append(forwarded)
    if origin not in {f"{protocol}://{host}" for host in hosts}:
        raise HTTPError(403, reason="other origin")


def check_signed_in(handler: Handler) -> None:
    """Let nobody in who has not signed in, where people have to.

    A browser that asks for a page is sent to where it can; a script is told.

    Raises
    ------
    HTTPError
        Nobody has signed in.
    """
    sign_in = handler.site.sign_in
    if sign_in is None or handler.user is not None:
        return
    if handler.speaks_json or handler.request.method not in {"GET", "HEAD"}:
        raise HTTPError(401, reason="sign in first")
    sign_in.begin(handler)


def check_same_site(handler: Handler) -> None:
    """Refuse what a browser says that another site asks, where no Origin is sent.

    Raises
    ------
    HTTPError
        It says so.
    """
    if handler.request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise HTTPError(403, reason="other origin")


def limit_by_address(handler: JsonHandler) -> None:
    """Let nobody ask more often than an address may."""
    enforce(handler.site.limits.by_address, handler.client.group)


def identify_learner(handler: LearnerHandler) -> None:
    """Tell who asks by their token.

    Raises
    ------
    HTTPError
        It was not made here.
    """
    if handler.user is not None:
        handler.learner = handler.user.learner
        return
    try:
        handler.learner = handler.site.learners.of(handler.request.headers.get(HEADER))
    except BadSignature as error:
        raise HTTPError(401, reason="unknown learner token") from error


def limit_by_learner(handler: LearnerHandler) -> None:
    """Let nobody ask more often than a learner may."""
    enforce(handler.site.limits.by_learner, handler.learner)


def enforce(limit: RateLimit, key: str) -> None:
    """Let nobody ask more often than a limit allows.

    Raises
    ------
    TooManyRequests
        They did.
    """
    if not limit.take(key):
        raise TooManyRequests(limit.wait(key))
