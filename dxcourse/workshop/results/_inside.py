"""A room from inside: what each kind's picture is made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dxcourse.exercises import AnyExercise
from dxcourse.workshop.results._given import Given, Moderation, Tally

FEW = 5
"""In a room with fewer answers nothing is shown that would point at one of them."""


@dataclass(frozen=True)
class Room:
    """The answers of a room to one exercise, revealed."""

    exercise: AnyExercise
    given: Sequence[Given]
    tallies: Tally
    moderation: Moderation
    before: Sequence[Given] | None
    consented: bool
    seed: str

    @property
    def few(self) -> bool:
        """Whether the room is so small that a breakdown would point at someone."""
        return answers(self.given, self.tallies) < FEW

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


def answers(given: Iterable[Given], tallies: Tally) -> int:
    """Count the answers of phones and hands."""
    return sum(1 for each in given if each.items) + hands_counted(tallies)


def hands_counted(tallies: Tally) -> int:
    """Count the hands: those of the item that most answered."""
    return max((sum(max(0, n) for n in by.values()) for by in tallies.values()), default=0)
