"""Sign-in by JupyterHub: the server is a service of a hub, and learners are the hub's users.

A browser signs in by OAuth; a notebook shows the token that its own server got from the hub. The
hub says of both whether they may use this service (scope ``access:services!service=…``).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from jupyterhub.services.auth import HubOAuth, HubOAuthCallbackHandler
from tornado.httputil import url_concat
from tornado.web import HTTPError

from dxcourse.text import say
from dxcourse.web.handlers import HTML, Handler
from dxcourse.web.proxy import under_base
from dxcourse.web.setting_sources import SettingsError
from dxcourse.web.sign_in import User

if TYPE_CHECKING:
    from tornado.web import RequestHandler

NEEDED = ("JUPYTERHUB_API_TOKEN", "JUPYTERHUB_API_URL", "JUPYTERHUB_CLIENT_ID")
"""What a hub tells a service that it starts."""


class HubSignIn:
    """Asks a hub who someone is.

    Parameters
    ----------
    secret
        Signs the cookie that holds a browser's token.

    Raises
    ------
    SettingsError
        No hub has started this server.
    """

    def __init__(self, secret: str, environ: Mapping[str, str] = os.environ) -> None:
        missing = [name for name in NEEDED if not environ.get(name)]
        if missing:
            raise SettingsError(say("server.settings.no_hub", names="、".join(missing)))
        self._auth = HubOAuth.instance()
        self._secret = hashlib.sha256(f"hub {secret}".encode()).hexdigest()

    @property
    def routes(self) -> list[tuple[str, type[Any]]]:
        """See `SignIn`."""
        return [(r"/oauth_callback", HubCallbackHandler), (r"/sign-out", HubSignOutHandler)]

    @property
    def tornado_settings(self) -> dict[str, Any]:
        """See `SignIn`."""
        return {"cookie_secret": self._secret}

    async def user(self, handler: RequestHandler) -> User | None:
        """See `SignIn`.

        Raises
        ------
        HTTPError
            The hub does not let them use this service (403), or does not answer (5xx).
        """
        auth = self._auth
        token = auth.get_token(handler, in_cookie=False)
        if not token:
            kept = handler.get_secure_cookie(auth.cookie_name)
            token = kept.decode("ascii", "replace") if kept else ""
        if not token:
            return None
        session = auth.get_session_id(handler)
        model = await auth.user_for_token(token, session_id=session, sync=False)
        if model is None:
            return None
        if model.get("kind", "user") != "user" or not auth.check_scopes(auth.access_scopes, model):
            raise HTTPError(403, reason="the hub does not let you use this service")
        return User(model["name"])

    def begin(self, handler: RequestHandler) -> None:
        """See `SignIn`."""
        auth = self._auth
        verifier, challenge, method = auth.generate_pkce_code_challenge()
        state = auth.set_state_cookie(handler, next_url=handler.request.uri, code_verifier=verifier)
        asked = {"code_challenge": challenge, "code_challenge_method": method, "state": state}
        handler.redirect(url_concat(auth.login_url, asked))


class HubCallbackHandler(HubOAuthCallbackHandler):  # type: ignore[misc]  # the hub has no types
    """Where the hub sends a browser back to; our page tells what went wrong."""

    def write_error(self, status_code: int, **_: Any) -> None:  # noqa: ANN401
        """Show the page of an error."""
        self.set_header("Content-Type", HTML)
        self.set_header("Cache-Control", "no-store")
        site = self.settings["site"]
        self.finish(under_base(site.error_page(status_code), site.settings.base))


class HubSignOutHandler(Handler):
    """Sign out, here and at the hub."""

    checks = Handler.open_checks

    def get(self) -> None:
        """Forget the browser's token, and let the hub forget the browser."""
        auth = HubOAuth.instance()
        auth.clear_cookie(self)
        self.redirect(f"{auth.hub_host}{auth.hub_prefix}logout")
