"""What gives a key away to someone who does not know it: length, and place.

Only marked questions with options count, and of these only the options that compete: one that is
kept last (「わからない」) does not.
"""

from __future__ import annotations

import math
from statistics import median
from typing import TYPE_CHECKING

from dxcourse.checking.rules.questions import questions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dxcourse.checking.content import Content
    from dxcourse.errors import Finding


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


LONG = 1.8
LEVEL = 0.05


def key_lengths(content: Content) -> Iterator[Finding]:
    """Hold that no right option is much longer than the wrong ones beside it.

    Statistic: its characters over the median of the wrong options' characters. Threshold: above
    1.8 is a finding.
    """
    for question in questions(content):
        found = question.lengths
        wrong = [length for index, length in enumerate(found) if index not in question.right]
        for index in question.right if wrong else []:
            ratio = found[index] / median(wrong)
            if ratio > LONG:
                yield question.at_right(index, "cues.long_key", ratio=ratio)


def longest_options(content: Content) -> Iterator[Finding]:
    """Hold that over the bank the right option is not the longest more often than by chance.

    Statistic: the number of questions whose one longest option is right, among those that have one
    longest option. By chance this is right with probability r/k in a question with r right ones of
    k options, so the number is Poisson binomial. Threshold: a finding where that number or a higher
    one has an exact probability below 0.05.
    """
    asked = [q for q in questions(content) if q.lengths.count(max(q.lengths)) == 1]
    hits = [q for q in asked if q.lengths.index(max(q.lengths)) in q.right]
    chances = [len(q.right) / len(q.lengths) for q in asked]
    if hits and at_least(len(hits), chances) < LEVEL:
        widest = max(hits, key=lambda q: max(q.lengths) / median(q.lengths))
        place = widest.lengths.index(max(widest.lengths))
        blanks = {"hits": len(hits), "asked": len(asked), "chance": sum(chances)}
        yield widest.at_right(place, "cues.longest", **blanks)


def key_positions(content: Content) -> Iterator[Finding]:
    """Hold that over the bank right options do not favour or avoid a place in the YAML's order.

    Statistic: for each place, the number of questions whose option there is right. By chance this
    is so with probability r/k in a question with r right ones of k options (k reaching that far),
    so the number is Poisson binomial. Threshold: a finding where its exact two-sided probability,
    twice the smaller tail, is below 0.05 divided by the number of places (Bonferroni).
    """
    asked = list(questions(content))
    places = max((len(q.lengths) for q in asked), default=0)
    for place in range(places):
        reaching = [q for q in asked if len(q.lengths) > place]
        hits = [q for q in reaching if place in q.right]
        chances = [len(q.right) / len(q.lengths) for q in reaching]
        if as_far(len(hits), chances) < LEVEL / places:
            first = (hits if len(hits) > sum(chances) else reaching)[0]
            yield first.at_right(
                place if place in first.right else first.right[0],
                "cues.place",
                place=place + 1,
                hits=len(hits),
                reaching=len(reaching),
                chance=sum(chances),
            )
