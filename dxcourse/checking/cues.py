"""What gives a key away to someone who does not know it: length, and place.

Only marked questions with options count, and of these only the options that compete: one that is
kept last (「わからない」) does not.
"""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from dxcourse.checking._chance import as_far, at_least
from dxcourse.checking._questions import questions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dxcourse.checking._content import Content
    from dxcourse.checking._finding import Finding

LONG = 1.8
LEVEL = 0.05


def lengths(content: Content) -> Iterator[Finding]:
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
                message = (
                    f"the right option has {ratio:.1f} times the length of the others; "
                    "its length gives it away: shorten it, or say more in the others"
                )
                yield question.at_right(index, message)


def longest(content: Content) -> Iterator[Finding]:
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
        message = (
            f"the right option is the longest in {len(hits)} of {len(asked)} questions of the "
            f"bank, by chance it were in {sum(chances):.1f}: shorten some, this one first"
        )
        widest = max(hits, key=lambda q: max(q.lengths) / median(q.lengths))
        yield widest.at_right(widest.lengths.index(max(widest.lengths)), message)


def positions(content: Content) -> Iterator[Finding]:
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
            often = f"in {len(hits)} of {len(reaching)} questions of the bank"
            message = (
                f"the right option stands at place {place + 1} {often}, by chance it were in "
                f"{sum(chances):.1f}: reorder the options of some, as of this one"
            )
            first = (hits if len(hits) > sum(chances) else reaching)[0]
            yield first.at_right(place if place in first.right else first.right[0], message)
