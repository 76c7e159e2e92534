"""How often each may ask: buckets that fill up again, in memory only, never logged or stored."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from tornado.web import HTTPError

from dxcourse.web.settings import ServerSettings

MINUTE, DAY = 60.0, 86_400.0  # seconds
MOST = 10_000  # keys held at once: a stranger with many addresses costs some 2 MB
WRONG_SECRETS = 10  # a minute, of an address, at the administrator's page
ADMIN_FILES = 6  # a minute, of all administrators of a site or of a space: each is made anew
VISITORS = 100_000  # keys held at once where everyone may come: about 20 MB


class TooManyRequests(HTTPError):  # noqa: N818  -- HTTP's own name of it
    """Someone asks more often than anyone needs to; `wait` is in seconds."""

    def __init__(self, wait: float) -> None:
        super().__init__(429, reason="too many requests; wait a moment")
        self.wait = max(1, math.ceil(wait))


class QuotaExceeded(TooManyRequests):
    """Someone has stored as much as one may in a day; `told` says so to a person."""

    def __init__(self, wait: float, told: str) -> None:
        super().__init__(wait)
        self.told = told


@dataclass(slots=True)
class _Bucket:
    left: float
    seen: float


class RateLimit:
    """So many at once, so many a second from then on, for each key.

    Parameters
    ----------
    burst, rate
        How many at once, 0 for no limit; how many more with every second.
    clock
        Seconds, going forward.
    most
        Keys held at once. The one that has been quiet longest is forgotten first.
    """

    def __init__(
        self,
        burst: float,
        rate: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        most: int = MOST,
    ) -> None:
        self._burst, self._rate, self._clock, self._most = burst, rate, clock, most
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    @classmethod
    def a_minute(cls, count: int, *, clock: Callable[[], float] = time.monotonic) -> RateLimit:
        """A minute's worth at once, which flows in evenly; 0 is no limit."""
        return cls(count, count / MINUTE, clock=clock, most=VISITORS)

    @classmethod
    def a_day(cls, count: int, *, clock: Callable[[], float] = time.monotonic) -> RateLimit:
        """A day's worth at once, which flows in evenly; 0 is no limit."""
        return cls(count, count / DAY, clock=clock, most=VISITORS)

    def take(self, key: str) -> bool:
        """Take one, or learn that there is none."""
        if not self._burst:
            return True
        bucket = self._filled(key)
        if bucket.left < 1:
            return False
        bucket.left -= 1
        return True

    def has(self, key: str) -> bool:
        """Whether one could be taken."""
        return not self._burst or self._filled(key).left >= 1

    def wait(self, key: str) -> float:
        """Seconds until one can be taken."""
        return 0.0 if self.has(key) else (1 - self._filled(key).left) / self._rate

    def _filled(self, key: str) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.pop(key, None) or _Bucket(self._burst, now)
        bucket.left = min(self._burst, bucket.left + (now - bucket.seen) * self._rate)
        bucket.seen = now
        self._buckets[key] = bucket
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return bucket

    def __len__(self) -> int:
        return len(self._buckets)


@dataclass(frozen=True)
class RequestLimits:
    """How often anyone may ask, and how much they may store."""

    by_address: RateLimit
    by_learner: RateLimit
    new_tokens: RateLimit
    answers_of_learner: RateLimit
    answers_of_address: RateLimit
    wrong_secrets: RateLimit
    admin_files: RateLimit

    @classmethod
    def of(cls, settings: ServerSettings) -> RequestLimits:
        """The limits that are set."""
        return cls(
            RateLimit.a_minute(settings.address_rate),
            RateLimit.a_minute(settings.learner_rate),
            RateLimit.a_minute(settings.token_rate),
            RateLimit.a_day(settings.learner_daily),
            RateLimit.a_day(settings.address_daily),
            RateLimit.a_minute(WRONG_SECRETS),
            RateLimit.a_minute(ADMIN_FILES),
        )
