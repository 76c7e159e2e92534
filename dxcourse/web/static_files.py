"""What a server sends as it is kept: bodies, scripts, sheets; read once, compressed once."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tornado.httputil import HTTPServerRequest
from tornado.web import GZipContentEncoding

# -- What is sent as it is kept: a body, compressed once, with its ETag ----------------------------


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


HERE = Path(__file__).parent
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json; charset=utf-8",
}
StaticFiles = Mapping[str, tuple[str, Representation]]
"""Of each file its content type and what is sent, by name."""


def static_files(texts: Mapping[str, str]) -> StaticFiles:
    """Make files of what stands in them; the name's ending says the type."""
    return {
        name: (TYPES[Path(name).suffix], Representation.of(text.encode()))
        for name, text in texts.items()
    }


def read_scripts(folder: Path) -> dict[str, str]:
    """The scripts of a folder, by name."""
    return {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.js"))}


def page_scripts() -> dict[str, str]:
    """The scripts of a page with exercises that are answered over HTTP."""
    return read_scripts(HERE / "static")


def page_style() -> str:
    """The sheet of a page's frame."""
    return (HERE / "static/page.css").read_text("utf-8")
