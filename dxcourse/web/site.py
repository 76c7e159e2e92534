"""What every server's handlers ask of what they serve; it knows no course."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from functools import cached_property

from dxcourse.answers import Store
from dxcourse.answers.writer import AnswerWriter
from dxcourse.web.identity import Identity
from dxcourse.web.metrics import ServerMetrics
from dxcourse.web.rate_limit import RequestLimits
from dxcourse.web.settings import ServerSettings
from dxcourse.web.sign_in import SignIn
from dxcourse.web.static_files import StaticFiles
from dxcourse.web.storage import StoreProbe


@dataclass(kw_only=True)
class WebSite(ABC):
    """What is served: under which names, by which settings, with which scripts and sheets.

    Parameters
    ----------
    hosts
        The names under which this server is asked for; others get nothing (DNS rebinding).
    sign_in
        Where people sign in before they see anything; None where nobody has to.
    """

    settings: ServerSettings
    hosts: frozenset[str]
    sign_in: SignIn | None = None
    busy: set[object] = field(default_factory=set)
    """The requests that have begun and not ended."""

    @abstractmethod
    def error_page(self, status: int) -> str:
        """What a person reads when something is not there or went wrong."""

    @property
    @abstractmethod
    def static(self) -> StaticFiles:
        """Scripts and sheets by name."""

    @cached_property
    def version(self) -> str:
        """The part of a static address that changes when any of the files does."""
        etags = "".join(page.etag for _, page in self.static.values())
        return hashlib.sha256(etags.encode()).hexdigest()[:12]


@dataclass(kw_only=True)
class LearnerSite(WebSite):
    """A site whose learners answer: it has a store, and knows who asks by a token."""

    store: Store
    learners: Identity

    def __post_init__(self) -> None:
        self.writer = AnswerWriter(self.store, most=self.settings.max_waiting)
        self.limits = RequestLimits.of(self.settings)
        self.metrics = ServerMetrics(lambda: self.writer.waiting)
        self.probe = StoreProbe(self.store)

    @property
    def surface(self) -> str:
        """How the names of its surfaces begin, where it is not the only site of its store."""
        return ""

    def close(self) -> None:
        """Store what waits, and let go of the store."""
        self.writer.close()
        self.store.close()
