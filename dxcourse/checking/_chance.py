"""How likely it is by chance alone: exact, for questions of different size."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def counts(chances: Iterable[float]) -> list[float]:
    """Give the probability of each number of hits among independent trials (Poisson binomial).

    Parameters
    ----------
    chances
        The probability of a hit in each trial.

    Returns
    -------
    list of float
        The probabilities of 0, 1, 2 … hits: ``P_n(k) = P_{n-1}(k) (1 - p) + P_{n-1}(k-1) p``.
    """
    spread = [1.0]
    for p in chances:
        shifted = [0.0, *spread]
        spread = [a * (1 - p) + b * p for a, b in zip([*spread, 0.0], shifted, strict=True)]
    return spread


def at_least(hits: int, chances: Iterable[float]) -> float:
    """Give the probability of that many hits or more."""
    return math.fsum(counts(chances)[hits:])


def as_far(hits: int, chances: Iterable[float]) -> float:
    """Give the two-sided probability: twice that of the smaller tail, at most 1."""
    spread = counts(chances)
    tails = math.fsum(spread[: hits + 1]), math.fsum(spread[hits:])
    return min(1.0, 2 * min(tails))
