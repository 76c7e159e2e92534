"""What all answers of the server share: safe headers, who may ask, errors that a person reads."""

from __future__ import annotations

import asyncio
import json
import logging
import traceback
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any, ClassVar, TypeVar

from pydantic import ValidationError
from tornado.web import HTTPError, RequestHandler, stream_request_body

from dxcourse.answers import Refused, StoreError
from dxcourse.text import say
from dxcourse.web.checks import (
    check_host,
    check_origin,
    check_same_site,
    check_signed_in,
    identify_learner,
    limit_by_address,
    limit_by_learner,
)
from dxcourse.web.messages import RequestMessage
from dxcourse.web.openapi import Operation
from dxcourse.web.proxy import ClientAddress, client_address_of, forwarded_host, under_base
from dxcourse.web.rate_limit import QuotaExceeded, TooManyRequests
from dxcourse.web.sign_in import SignIn, User
from dxcourse.web.site import LearnerSite, WebSite
from dxcourse.web.static_files import Representation, accepts_gzip

log = logging.getLogger(__name__)

HTML = "text/html; charset=utf-8"
MAX_BODY = 64 * 1024  # bytes of a request that are kept; an answer has far fewer
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {parents}"
)
T = TypeVar("T")
M = TypeVar("M", bound=RequestMessage)


@stream_request_body
class Handler(RequestHandler):
    """What all answers share: safe headers, the Host and Origin checked, errors in Japanese.

    A body comes in pieces, so that one of many megabytes is told of (413) and never held.
    """

    open_checks: ClassVar[tuple[Callable[[Any], None], ...]] = (check_host, check_origin)
    """The checks of what is shown to those, too, who have not signed in."""
    checks: ClassVar[tuple[Callable[[Any], None], ...]] = (*open_checks, check_signed_in)
    """What is checked before a request is answered, in this order; see `web.checks`."""
    speaks_json: ClassVar[bool] = False
    """Whether a script asks, and no person."""
    user: User | None = None
    """Who has signed in."""
    operations: ClassVar[Mapping[str, Operation]] = {}
    """What the description of the API says of each method; see `web.openapi`."""
    parameters: ClassVar[tuple[str, ...]] = ()
    """What the groups of the address are called there."""
    site: WebSite

    def initialize(self) -> None:
        self.site = self.settings["site"]
        self.received = bytearray()
        self.oversize = False
        self.unread = True  # until what is asked has been read, and let pass

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        # Tornado asks for this before `initialize`.
        parents = self.parents(self.settings["site"])
        self.set_header("Content-Security-Policy", POLICY.format(parents=parents))
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "same-origin")
        self.set_header("Cache-Control", "no-store")

    def parents(self, site: WebSite) -> str:  # noqa: ARG002
        """Which sites' pages may show this one in a frame, as the policy writes it."""
        return "'none'"

    def prepare(self) -> Awaitable[None] | None:
        self.site.busy.add(self)
        if self.site.sign_in is not None and check_signed_in in self.checks:
            return self._prepare_signed_in(self.site.sign_in)
        self._check_unless_sent()
        return None

    async def _prepare_signed_in(self, sign_in: SignIn) -> None:
        self.user = await sign_in.user(self)
        self._check_unless_sent()

    def _check_unless_sent(self) -> None:
        # What has a body is refused when it has been read: a connection that is closed on unread
        # bytes takes the refusal with it.
        if self.request.method in {"GET", "HEAD"}:
            self.check_request()
        self.unread = False

    def on_finish(self) -> None:
        self.site.busy.discard(self)

    def on_connection_close(self) -> None:
        super().on_connection_close()
        self.site.busy.discard(self)

    def data_received(self, chunk: bytes) -> None:
        self.oversize = self.oversize or len(self.received) + len(chunk) > MAX_BODY
        if not self.oversize:
            self.received += chunk

    @cached_property
    def client(self) -> ClientAddress:
        """Who asks."""
        request = self.request
        trusted = self.site.settings.trusted_proxies
        return client_address_of(
            request.remote_ip or "", request.protocol, request.headers, trusted
        )

    @property
    def forwarded_host(self) -> str | None:
        """The host that a trusted proxy was asked for."""
        trusted = self.site.settings.trusted_proxies
        return forwarded_host(self.request.remote_ip or "", self.request.headers, trusted)

    @property
    def path(self) -> str:
        """The address within the site: without the folder that the site may be under."""
        base = self.site.settings.base
        inside = self.request.path.startswith(f"{base}/")
        return self.request.path.removeprefix(base) if inside else self.request.path

    def check_request(self) -> None:
        """Refuse what does not pass the handler's `checks`.

        Raises
        ------
        HTTPError
            It does not.
        """
        for check in self.checks:
            check(self)

    def send_html(self, html: str) -> None:
        """Send a page or a piece of one, its links under the site's base."""
        self.set_header("Content-Type", HTML)
        self.finish(under_base(html, self.site.settings.base))

    def write_error(self, status_code: int, **kwargs: Any) -> None:  # noqa: ANN401
        self._explain(status_code, kwargs)
        self.send_html(self.site.error_page(status_code))

    def _explain(self, status: int, kwargs: Mapping[str, Any]) -> None:
        """Set the headers that say what would have been right."""
        error = (kwargs.get("exc_info") or (None, None, None))[1]
        if isinstance(error, TooManyRequests):
            self.set_header("Retry-After", str(error.wait))
        if status == 405:  # noqa: PLR2004
            self.set_header("Allow", ", ".join(self.methods()))

    def methods(self) -> list[str]:
        """What can be done at this address."""
        names = [name.lower() for name in self.SUPPORTED_METHODS]
        own, none = type(self), RequestHandler
        return [name.upper() for name in names if getattr(own, name) is not getattr(none, name)]

    def log_exception(
        self,
        typ: type[BaseException] | None,
        value: BaseException | None,
        tb: Any,  # noqa: ANN401
    ) -> None:
        """Log what kind it was and where; its words may hold an answer or an address."""
        if isinstance(value, HTTPError) or typ is None:
            return
        places = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(tb)]
        log.error("%s in %s", typ.__name__, type(self).__name__, extra={"at": places[-8:]})

    def finish(self, chunk: Any = None) -> Any:  # noqa: ANN401  -- tornado's own signature
        """End the reply; a client that does not read it is let go after a while."""
        if self.unread:  # Tornado will close: a proxy that keeps connections has to know
            self.set_header("Connection", "close")
        sent = super().finish(chunk)
        if not sent.done() and self.request.connection is not None:
            stream = getattr(self.request.connection, "stream", None)
            if stream is not None and not stream.closed():
                asyncio.get_running_loop().call_later(
                    self.site.settings.read_seconds,
                    lambda: None if sent.done() else stream.close(),
                )
        return sent

    async def off_loop(self, call: Callable[[], T]) -> T:
        """Run what waits for a disk or a lock in a thread."""
        return await asyncio.get_running_loop().run_in_executor(None, call)

    def send(self, page: Representation, content_type: str) -> None:
        """Send something kept: from the browser's own copy, or compressed, or as it is.

        (`Vary: Accept-Encoding` is added by `Gzip`.)
        """
        self.set_header("Content-Type", content_type)
        # Weak: the same page, compressed or not.
        self.set_header("ETag", f"W/{page.etag}")
        if self.check_etag_header():
            self.set_status(304)
            self.finish()
            return
        if accepts_gzip(self.request):
            self.set_header("Content-Encoding", "gzip")
            self.finish(page.gzipped)
        else:
            self.finish(page.body)


class NotFoundHandler(Handler):
    """Everything that is not named."""

    def get(self) -> None:
        raise HTTPError(404)

    def post(self) -> None:
        self.check_request()
        self.get()

    head = get
    put = patch = delete = options = post


class JsonHandler(Handler):
    """What speaks JSON, to anyone: errors do, too."""

    site: LearnerSite

    checks = (*Handler.checks, check_same_site, limit_by_address)
    speaks_json = True

    def methods(self) -> list[str]:
        """See `Handler.methods`: a POST is taken by those that handle it."""
        taken = type(self).handle_post is not JsonHandler.handle_post
        return [name for name in super().methods() if name != "POST" or taken]

    def prepare(self) -> Awaitable[None] | None:
        if self.request.method in {"GET", "HEAD"} and self.request.method not in self.methods():
            self.site.busy.add(self)
            raise HTTPError(405)
        return super().prepare()

    async def post(self, *names: str) -> None:
        if "POST" not in self.methods():
            raise HTTPError(405)
        self.check_request()
        await self.handle_post(self._body(), *names)

    def handle_post(self, body: Mapping[str, Any], *names: str) -> Awaitable[None]:  # noqa: ARG002
        """Answer a POST; `names` come from the address."""
        raise HTTPError(405)

    def read(self, model: type[M], body: Mapping[str, Any]) -> M:
        """Check what was sent.

        Raises
        ------
        HTTPError
            It does not fit the model: which field, and why, without repeating it.
        """
        try:
            return model.model_validate(body)
        except (ValidationError, RecursionError) as error:
            told = "the body is too deep"
            if isinstance(error, ValidationError):
                first = error.errors(include_url=False, include_input=False)[0]
                told = f"{first['loc'][0] if first['loc'] else 'body'}: {first['msg']}"
            raise HTTPError(400, reason=told) from error

    def _body(self) -> Mapping[str, Any]:
        if self.oversize:
            raise HTTPError(413, reason=f"the body is larger than {MAX_BODY} bytes")
        if self.request.headers.get("Content-Type", "").split(";")[0] != "application/json":
            raise HTTPError(415, reason="send application/json")
        try:
            data = json.loads(self.received)
            json.dumps(data, ensure_ascii=False).encode()  # half a character is none
        except (ValueError, RecursionError) as error:
            raise HTTPError(400, reason="the body is not JSON") from error
        if not isinstance(data, dict):
            raise HTTPError(400, reason="the body is not a JSON object")
        return data

    def reply(self, data: Mapping[str, Any], status: int = 200) -> None:
        """Send JSON."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(json.dumps(data, ensure_ascii=False))

    def write_error(self, status_code: int, **kwargs: Any) -> None:  # noqa: ANN401
        self._explain(status_code, kwargs)
        error = (kwargs.get("exc_info") or (None, None, None))[1]
        told = error.reason if isinstance(error, HTTPError) and error.reason else "error"
        # What we did not foresee may pass: the browser keeps the answer and sends it again.
        state = "waiting" if status_code >= 500 or status_code == 429 else "refused"  # noqa: PLR2004
        self.set_header("Content-Type", "application/json; charset=utf-8")
        said = {"state": state, "error": told}
        if isinstance(error, QuotaExceeded):
            said["message"] = error.told
        self.finish(json.dumps(said, ensure_ascii=False))


class NoSuchApiHandler(JsonHandler):
    """An address for programs that is none."""

    def get(self) -> None:
        raise HTTPError(404, reason="there is no such address")

    async def post(self, *_: str) -> None:
        self.check_request()
        self.get()

    head = get
    put = patch = delete = options = post


class LearnerHandler(JsonHandler):
    """What speaks JSON with a learner."""

    checks = (*JsonHandler.checks, identify_learner, limit_by_learner)
    learner: str

    @contextmanager
    def storing(self, told: str = "answers cannot be read now") -> Iterator[None]:
        """Tell the browser to come again later where the store does not answer.

        Raises
        ------
        HTTPError
            It does not (503); an answer that is refused is another matter, and passes.
        """
        try:
            yield
        except Refused:
            raise
        except StoreError as error:
            log.error("%s", say("server.store.fault", cause=error))  # noqa: TRY400  -- says it all
            raise HTTPError(503, reason=told) from error


class StaticFileHandler(Handler):
    """Scripts and sheets, under an address that changes with them."""

    checks = Handler.open_checks

    def get(self, version: str, name: str) -> None:
        found = self.site.static.get(name)
        if found is None:
            raise HTTPError(404)
        content_type, page = found
        if version == self.site.version:
            self.set_header("Cache-Control", "public, max-age=31536000, immutable")
        elif not self.site.settings.visitors:
            raise HTTPError(404)
        # Else: while a new edition comes into service, a page that one process made asks another
        # for its script. It gets the one that is here, and nobody keeps it.
        self.send(page, content_type)

    head = get
