"""What goes in: the room's present answers, the hands that were counted, what was moderated."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dxcourse.exercises import AnyExercise
from dxcourse.exercises.parts import Named
from dxcourse.workshop.moderation import Moderation

AnyItem = Any
"""An item of any kind: what a surface asks of it, it asks by shape."""

Tally = Mapping[str, Mapping[str, int]]
"""Hands and paper: item ref to value ref to a count.

A value ref is the ref of an option, bin, answer or the number of a level or month as text; for an
order all refs joined by commas; for a number the number as text; for an opinion a theme's id.
"""


@dataclass(frozen=True)
class GivenAnswer:
    """One participant's present answer to one exercise.

    Parameters
    ----------
    who
        Opaque; never shown. No two answers of a room have the same.
    items
        Values by item ref, as the exercise's `read` gives them.
    pair
        Whether a pair answered together: one 組, which counts as one answer.
    consent
        Whether what was typed may stand word for word in a report.
    """

    who: str
    items: Mapping[str, Any]
    pair: bool = False
    consent: bool = False


FEW = 5
"""In a room with fewer answers nothing is shown that would point at one of them."""


@dataclass(frozen=True)
class ResultInput:
    """The answers of a room to one exercise, revealed."""

    exercise: AnyExercise
    given: Sequence[GivenAnswer]
    tallies: Tally
    moderation: Moderation
    before: Sequence[GivenAnswer] | None
    consented: bool
    seed: str
    nods: Mapping[str, int] = field(default_factory=dict)
    words: bool = True

    @property
    def few(self) -> bool:
        """Whether the room is so small that a breakdown would point at someone."""
        return count_answers(self.given, self.tallies) < FEW

    def values(self, ref: str) -> list[Any]:
        """List what was answered to an item. The order says nothing."""
        return [each.items[ref] for each in self.given if ref in each.items]

    def values_before(self, ref: str) -> list[Any] | None:
        """List what was answered to an item the first time; None where it was asked once."""
        if self.before is None:
            return None
        return [each.items[ref] for each in self.before if ref in each.items]

    def hands(self, ref: str) -> Mapping[str, int]:
        """Give the hands that were counted for an item."""
        return self.tallies.get(ref, {})

    def title(self, item: Any) -> str:  # noqa: ANN401  -- an item of any kind
        """Give an item's heading: none where it is the whole exercise."""
        return "" if self.exercise.single else item.text

    def name(self, item: Any) -> str:  # noqa: ANN401  -- an item of any kind
        """Give what an item is called where it stands without its exercise."""
        return self.title(item) or self.exercise.title


def count_answers(given: Iterable[GivenAnswer], tallies: Tally) -> int:
    """Count the answers of phones and hands."""
    return sum(1 for each in given if each.items) + count_hands(tallies)


def count_hands(tallies: Tally) -> int:
    """Count the hands: those of the item that most answered."""
    return max((sum(max(0, n) for n in by.values()) for by in tallies.values()), default=0)


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


def carry_over(
    earlier: AnyExercise, later: AnyExercise, given: Iterable[GivenAnswer]
) -> tuple[GivenAnswer, ...]:
    """Give answers to the earlier exercise as if they were to the later one.

    Items, options, bins and the like belong together by the id that the author gave them; what
    the later exercise does not have is left out.
    """
    there = dict(_named(later))
    refs = {ref: there[path] for path, ref in _named(earlier) if path in there}
    return tuple(
        GivenAnswer(each.who, _carried_items(each.items, refs), each.pair, each.consent)
        for each in given
    )


def _named(exercise: AnyExercise) -> Iterable[tuple[tuple[str, ...], str]]:
    """List everything that an answer can point at: the path of ids to it, and its ref."""
    for _, value in exercise:
        for thing in _things(value):
            yield (type(thing).__name__, thing.id), thing.ref
            for _, part in thing:
                for inner in _things(part):
                    yield (type(inner).__name__, thing.id, inner.id), inner.ref


def _things(value: Any) -> Sequence[Named]:  # noqa: ANN401  -- a field of any kind
    return [each for each in value if isinstance(each, Named)] if isinstance(value, tuple) else []


def _carried_items(items: Any, refs: dict[str, str]) -> dict[str, Any]:  # noqa: ANN401
    translated: dict[str, Any] = {}
    for ref, value in items.items():
        found = _carried_value(value, refs)
        if ref in refs and found is not None:
            translated[refs[ref]] = found
    return translated


def _carried_value(value: Any, refs: dict[str, str]) -> Any:  # noqa: ANN401  -- plain JSON
    if isinstance(value, dict):
        return {name: _carried_value(part, refs) for name, part in value.items()}
    if isinstance(value, list):
        return [refs[part] for part in value if part in refs]
    if isinstance(value, str):
        return refs.get(value, value)
    return value
