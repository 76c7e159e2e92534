"""How often somebody may do a thing: buckets that fill up again with time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class _Bucket:
    left: float
    seen: float


class Limit:
    """So many at once, so many a second from then on, for each key.

    Parameters
    ----------
    burst, rate
        How many at once; how many more with every second.
    most
        How many keys are remembered, the latest: a stranger with many addresses costs no memory.
    clock
        Seconds that only grow.
    """

    def __init__(
        self, burst: float, rate: float, *, clock: Callable[[], float], most: int = 10_000
    ) -> None:
        self._burst, self._rate, self._most, self._clock = burst, rate, most, clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, key: str) -> bool:
        """Take one, or learn that there is none."""
        bucket = self._filled(key)
        if bucket.left < 1:
            return False
        bucket.left -= 1
        return True

    def has(self, key: str) -> bool:
        """Whether one could be taken."""
        return self._filled(key).left >= 1

    def wait(self, key: str) -> float:
        """Seconds until one can be taken."""
        return max(0.0, (1 - self._filled(key).left) / self._rate)

    def _filled(self, key: str) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.pop(key, None) or _Bucket(self._burst, now)
        bucket.left = min(self._burst, bucket.left + (now - bucket.seen) * self._rate)
        bucket.seen = now
        self._buckets[key] = bucket
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return bucket
