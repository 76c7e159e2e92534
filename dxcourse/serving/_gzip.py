"""Who can unpack gzip, and tornado's compression for them alone."""

from __future__ import annotations

import re

from tornado.httputil import HTTPServerRequest
from tornado.web import GZipContentEncoding

REFUSED = re.compile(r"(?:gzip|\*)\s*;\s*q=0(?:\.0*)?\s*(?:,|$)")


def accepts_gzip(request: HTTPServerRequest) -> bool:
    """Whether the client says that it can unpack gzip; a quality of 0 says that it cannot."""
    accepted = request.headers.get("Accept-Encoding", "").lower()
    return "gzip" in accepted and not REFUSED.search(accepted)


class Gzip(GZipContentEncoding):
    """Tornado's, which takes ``gzip;q=0`` for a yes."""

    def __init__(self, request: HTTPServerRequest) -> None:
        super().__init__(request)
        self._gzipping = accepts_gzip(request)
