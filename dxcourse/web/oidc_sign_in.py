"""Sign-in by OpenID Connect: learners are the users of an organisation's own identity provider.

The authorization code flow with PKCE. What a sign-in that is under way needs is in a signed cookie
of the browser's, so that it may begin at one process and end at another.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import re
from typing import TYPE_CHECKING, Any, cast

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.base_client import BaseApp
from authlib.integrations.base_client.async_app import AsyncOAuth2Mixin
from authlib.integrations.base_client.async_openid import AsyncOpenIDMixin
from authlib.integrations.httpx_client import AsyncOAuth2Client
from httpx2 import HTTPError as ProviderError
from joserfc.errors import JoseError
from tornado.httputil import url_concat
from tornado.web import HTTPError

from dxcourse.text import say
from dxcourse.web.handlers import Handler
from dxcourse.web.sign_in import User

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tornado.web import RequestHandler

    from dxcourse.web.settings import ServerSettings

log = logging.getLogger(__name__)

SESSION, UNDER_WAY = "dxcourse-user", "dxcourse-signing-in"
MINUTES = 15.0  # that a sign-in may take
PROVIDER_SECONDS = 10.0
NAME_LENGTH = 200  # characters of a learner's name in the record
SIGNED = frozenset(f"{way}{bits}" for way in ("RS", "ES", "PS") for bits in (256, 384, 512))
"""Signatures that only the provider can make: HS… and none are left out."""

_OWN_ADDRESS = re.compile(r"/(?![/\\])[^\s\\]*")


class _Provider(AsyncOAuth2Mixin, AsyncOpenIDMixin, BaseApp):  # type: ignore[misc]  # no types
    """Authlib's client of a provider, without a web framework."""

    client_cls = AsyncOAuth2Client


class OidcSignIn:
    """Asks an OpenID provider who someone is, and remembers it in a signed cookie.

    Parameters
    ----------
    secret
        Signs the cookies.
    """

    def __init__(self, settings: ServerSettings, secret: str) -> None:
        self._settings = settings
        self._secret = hashlib.sha256(f"oidc {secret}".encode()).hexdigest()
        self._days = settings.oidc_hours / 24
        self._issuer = settings.oidc_issuer.rstrip("/")
        password = settings.oidc_client_secret
        self._provider = _Provider(
            None,
            name="oidc",
            client_id=settings.oidc_client_id,
            client_secret=password.get_secret_value() if password else None,
            server_metadata_url=f"{self._issuer}/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid profile email",
                "code_challenge_method": "S256",
                "timeout": PROVIDER_SECONDS,
            },
        )

    @property
    def routes(self) -> list[tuple[str, type[Any]]]:
        """See `SignIn`."""
        return [
            (r"/sign-in", OidcSignInHandler),
            (r"/oidc_callback", OidcCallbackHandler),
            (r"/sign-out", OidcSignOutHandler),
        ]

    @property
    def tornado_settings(self) -> dict[str, Any]:
        """See `SignIn`."""
        return {"cookie_secret": self._secret}

    async def user(self, handler: RequestHandler) -> User | None:
        """See `SignIn`."""
        kept = handler.get_signed_cookie(SESSION, max_age_days=self._days)
        return User(kept.decode()) if kept else None

    def begin(self, handler: RequestHandler) -> None:
        """See `SignIn`."""
        base, wanted = self._settings.base, handler.request.uri or "/"
        # A proxy may have taken the folder off.
        if not f"{handler.request.path}/".startswith(f"{base}/"):
            wanted = f"{base}{wanted}"
        handler.redirect(url_concat(f"{base}/sign-in", {"next": wanted}))

    async def address(self, handler: RequestHandler, back_to: str) -> str:
        """Where the provider signs in whoever asks; what it needs later is put into a cookie.

        Parameters
        ----------
        back_to
            The address of ours that they wanted.

        Raises
        ------
        HTTPError
            The provider does not answer as one (502).
        """
        await self._know()
        asked = await self._provider.create_authorization_url(self._callback)
        kept = {name: asked[name] for name in ("state", "nonce", "code_verifier")}
        wanted = back_to if _OWN_ADDRESS.fullmatch(back_to) else f"{self._settings.base}/"
        self._keep(handler, _name_of(asked["state"]), json.dumps({**kept, "next": wanted}))
        return str(asked["url"])

    async def finish(self, handler: RequestHandler) -> str:
        """Take whom the provider names as the browser's user; the address that they wanted.

        Raises
        ------
        HTTPError
            They did not sign in, or this browser did not ask (403); the provider does not answer
            as one (502).
        """
        state = handler.get_query_argument("state", "")
        name = _name_of(state)
        kept = handler.get_signed_cookie(name, max_age_days=MINUTES / (24 * 60))
        handler.clear_cookie(name, path=self._path)
        asked: Mapping[str, str] = json.loads(kept) if kept else {}
        if not state or asked.get("state") != state:
            raise HTTPError(403, reason="this browser did not begin this sign-in")
        if refused := handler.get_query_argument("error", ""):
            log.warning("%s", say("server.sign_in.refused", cause=repr(refused[:80])))
            raise HTTPError(403, reason="the provider refused")
        learner = await self._named(handler.get_query_argument("code", ""), asked)
        self._keep(handler, SESSION, learner)
        return asked["next"]

    async def end(self, handler: RequestHandler) -> str:
        """Forget who the browser's user is; where the provider forgets it, too, or ``""``."""
        handler.clear_cookie(SESSION, path=self._path)
        with contextlib.suppress(HTTPError):  # away: it is done here all the same
            await self._know()
        if not self._provider.server_metadata.get("end_session_endpoint"):
            return ""
        made = await self._provider.create_logout_url(
            post_logout_redirect_uri=f"{self._settings.address}/",
            client_id=self._settings.oidc_client_id,
        )
        return str(made["url"])

    async def _know(self) -> None:
        """Read once what the provider says of itself."""
        try:
            said = await self._provider.load_server_metadata()
        except (ProviderError, ValueError) as error:
            raise self._away(error) from error
        if str(said.get("issuer", "")).rstrip("/") != self._issuer:
            told = say("server.sign_in.other_issuer", named=self._issuer, found=said.get("issuer"))
            log.error("%s", told)
            self._provider.server_metadata.clear()
            raise HTTPError(502, reason="the provider is another one")
        ways = [*SIGNED.intersection(said.get("id_token_signing_alg_values_supported", ()))]
        said["id_token_signing_alg_values_supported"] = ways or ["RS256"]

    async def _named(self, code: str, asked: Mapping[str, str]) -> str:
        """The learner for whom the provider gave a code."""
        await self._know()
        issuer = self._provider.server_metadata["issuer"]
        demands = {"iss": {"values": [issuer]}, "aud": {"values": [self._provider.client_id]}}
        try:
            token = await self._provider.fetch_access_token(
                self._callback, code=code, code_verifier=asked["code_verifier"]
            )
            claims = await self._provider.parse_id_token(
                token, asked["nonce"], claims_options=demands
            )
            if claims is None:
                raise HTTPError(403, reason="the provider sent no ID token")
            claims = {**claims}
            if self._settings.oidc_claim not in claims and token.get("access_token"):
                more = await self._provider.userinfo(token=token)
                if more.get("sub") == claims["sub"]:
                    claims = {**more, **claims}
        except (AuthlibBaseError, JoseError) as error:
            log.warning("%s", say("server.sign_in.refused", cause=type(error).__name__))
            raise HTTPError(403, reason="the provider's word does not hold") from error
        except (ProviderError, ValueError) as error:
            raise self._away(error) from error
        return self._learner(claims)

    def _learner(self, claims: Mapping[str, Any]) -> str:
        claim = self._settings.oidc_claim
        name = claims.get(claim)
        sound = isinstance(name, str) and 0 < len(name) <= NAME_LENGTH and name.isprintable()
        if claim == "email" and claims.get("email_verified") is not True:
            sound = False  # anyone could say that it is theirs
        if not sound:
            log.error("%s", say("server.sign_in.no_claim", claim=claim))
            raise HTTPError(403, reason="the provider gives no name that can be used")
        return str(name)

    def _away(self, error: Exception) -> HTTPError:
        cause = type(error).__name__
        log.error("%s", say("server.sign_in.away", issuer=self._issuer, cause=cause))
        return HTTPError(502, reason="the provider does not answer")

    def _keep(self, handler: RequestHandler, name: str, value: str) -> None:
        handler.set_signed_cookie(
            name,
            value,
            expires_days=None,  # the browser's session, at most; `max_age_days` bounds it here
            path=self._path,
            httponly=True,
            samesite="Lax",  # it has to come along when the provider sends the browser back
            secure=self._settings.public_url.startswith("https:"),
        )

    @property
    def _path(self) -> str:
        return self._settings.base or "/"

    @property
    def _callback(self) -> str:
        return f"{self._settings.address}/oidc_callback"


def _name_of(state: str) -> str:
    """The cookie of one sign-in: two tabs may each have begun one."""
    return f"{UNDER_WAY}-{hashlib.sha256(state.encode()).hexdigest()[:12]}"


class OidcHandler(Handler):
    """What speaks with a browser on its way to the provider and back."""

    checks = Handler.open_checks

    @property
    def oidc(self) -> OidcSignIn:
        """How people sign in here."""
        return cast("OidcSignIn", self.site.sign_in)


class OidcSignInHandler(OidcHandler):
    """Send a browser to the provider."""

    async def get(self) -> None:
        """Begin a sign-in."""
        self.redirect(await self.oidc.address(self, self.get_query_argument("next", "/")))


class OidcCallbackHandler(OidcHandler):
    """Where the provider sends a browser back to."""

    async def get(self) -> None:
        """End a sign-in."""
        self.redirect(await self.oidc.finish(self))


class OidcSignOutHandler(OidcHandler):
    """Sign out, here and at the provider."""

    async def get(self) -> None:
        """Forget the browser's user; without a provider that can, say that it is done here."""
        if address := await self.oidc.end(self):
            self.redirect(address)
        else:
            self.send_html(self.site.error_page(200))
