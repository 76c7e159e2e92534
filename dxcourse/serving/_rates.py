"""How often each may ask: token buckets, in memory only, never logged and never stored."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

MINUTE = 60.0  # seconds
MOST = 100_000  # keys held at once: about 20 MB


class Rates:
    """A bucket for each key that holds a minute's worth and fills up evenly.

    Parameters
    ----------
    per_minute
        Requests; 0 is no limit.
    clock
        Seconds, going forward.
    most
        Keys held at once. The one that has been quiet longest is forgotten first.
    """

    def __init__(
        self,
        per_minute: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        most: int = MOST,
    ) -> None:
        self._per_minute, self._clock, self._most = per_minute, clock, most
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, key: str) -> float:
        """Take one request of a key's; 0 when it may go on, else the seconds until it may."""
        if not self._per_minute:
            return 0.0
        now = self._clock()
        left, then = self._buckets.pop(key, (float(self._per_minute), now))
        pace = self._per_minute / MINUTE
        left = min(float(self._per_minute), left + (now - then) * pace)
        wait = 0.0 if left >= 1 else (1 - left) / pace
        self._buckets[key] = (left if wait else left - 1, now)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return wait

    def __len__(self) -> int:
        return len(self._buckets)
