"""Counting, and how far apart a room is."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

SPLIT = 2 / 3  # the second is at least this share of the first: neither has convinced the room


def counted(values: Iterable[str], refs: Sequence[str], hands: Mapping[str, int]) -> list[int]:
    """Count the values by ref, and add the hands that were counted; other refs count nowhere."""
    found = Counter(values)
    return [found[ref] + max(0, hands.get(ref, 0)) for ref in refs]


def disagreement(counts: Sequence[int]) -> float:
    """Give the entropy of the counts, 0 (one mind) … 1 (every place alike).

    Shannon's entropy over the logarithm of the number of places, so that rows with the same places
    can be compared.
    """
    total = sum(counts)
    if total == 0 or len(counts) < 2:  # noqa: PLR2004  -- one place leaves nothing to disagree on
        return 0.0
    shares = [count / total for count in counts if count]
    return round(-math.fsum(p * math.log(p) for p in shares) / math.log(len(counts)), 4) + 0.0


def is_split(counts: Sequence[int]) -> bool:
    """Say whether two places are nearly as strong."""
    first, second = sorted((*counts, 0, 0), reverse=True)[:2]
    return second > 0 and second >= SPLIT * first
