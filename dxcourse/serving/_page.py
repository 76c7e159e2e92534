"""A page as it is sent, and that it could not be made."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass


class PageFailed(RuntimeError):  # noqa: N818  -- what happened to the page
    """A page could not be made; the message names the notebook, the cell and the cause."""


@dataclass(frozen=True)
class Page:
    """A page as it is sent."""

    body: bytes
    gzipped: bytes
    etag: str

    @classmethod
    def of(cls, body: bytes) -> Page:
        """A page from its HTML."""
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        return cls(body, gzip.compress(body, compresslevel=9, mtime=0), etag)
