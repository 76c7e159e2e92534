"""What is sent as it is kept: a body, compressed once, with its ETag."""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass

from tornado.httputil import HTTPServerRequest
from tornado.web import GZipContentEncoding


@dataclass(frozen=True)
class Representation:
    """A page as it is sent; kept as nearly everybody asks for it, which is a third of its size."""

    gzipped: bytes
    etag: str

    @classmethod
    def of(cls, body: bytes) -> Representation:
        """A page from its HTML."""
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        return cls(gzip.compress(body, compresslevel=9, mtime=0), etag)

    @property
    def body(self) -> bytes:
        """It as it is, for whoever cannot unpack gzip."""
        return gzip.decompress(self.gzipped)


GZIP_REFUSED = re.compile(r"(?:gzip|\*)\s*;\s*q=0(?:\.0*)?\s*(?:,|$)")


def accepts_gzip(request: HTTPServerRequest) -> bool:
    """Whether the client says that it can unpack gzip; a quality of 0 says that it cannot."""
    accepted = request.headers.get("Accept-Encoding", "").lower()
    return "gzip" in accepted and not GZIP_REFUSED.search(accepted)


class GzipTransform(GZipContentEncoding):
    """Tornado's, which takes ``gzip;q=0`` for a yes."""

    def __init__(self, request: HTTPServerRequest) -> None:
        super().__init__(request)
        self._gzipping = accepts_gzip(request)
