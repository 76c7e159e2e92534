"""What differs between `study` and `serve`. Everything else is the same code, run the same way."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from urllib.parse import urlsplit

Network = IPv4Network | IPv6Network


@dataclass(frozen=True)
class ServerLimits:
    """How much anyone may ask for. A rate of 0 is no limit.

    Rates are requests a minute; times are seconds. `connections` counts open connections.
    """

    learner_rate: int = 0
    address_rate: int = 0
    token_rate: int = 0
    connections: int = 10_000
    idle: float = 75.0
    body: float = 20.0
    reading: float = 60.0
    stop: float = 15.0


@dataclass(frozen=True)
class ServerProfile:
    """How a course is served: as here to one learner on their own machine, or to visitors.

    Parameters
    ----------
    visitors
        Every browser is a learner of its own, without a name; else the machine's user is.
    public_url
        The address that visitors know, without a slash at its end; "" where it is this machine's.
    embed_from
        Origins whose pages may show our stand-alone pages in a frame.
    trusted
        Where proxies ask from whose `X-Forwarded-…` headers are believed.
    results_from
        From how many answers on others' answers are shown, as counts; 0 shows none.
    keep_days
        After how many days answers are deleted; None keeps them.
    metrics_port, metrics_secret
        Where the numbers are: at a port of this machine's, or at /metrics to who has the secret.
    access_log
        Whether each request is logged: its kind, status and time.
    operator, contact
        Who runs the server and how they are reached, as the privacy page says it.
    stale_pages
        Whether a page of today whose files have changed is shown until the new one is made. An
        author on their own machine wants to see the change at once.
    """

    visitors: bool = False
    public_url: str = ""
    embed_from: tuple[str, ...] = ()
    trusted: tuple[Network, ...] = ()
    results_from: int = 0
    keep_days: int | None = None
    operator: str = ""
    contact: str = ""
    stale_pages: bool = False
    metrics_port: int | None = None
    metrics_secret: str = field(default="", repr=False)
    access_log: bool = False
    limits: ServerLimits = field(default_factory=ServerLimits)

    @property
    def frame(self) -> str:
        """What of this is on a course page: pages of manners with the same frame are the same."""
        embedded, counted = bool(self.embed_from), bool(self.results_from)
        return f"{self.visitors} {self.public_url} {embedded} {counted}"

    @property
    def origin(self) -> str:
        """Scheme, host and port of the public address; "" where there is none."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
