"""The marked questions with options, as rules about options read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dxcourse.checking._content import marked
from dxcourse.exercises.choice import ChoiceItem
from dxcourse.exercises.multichoice import MultichoiceItem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dxcourse.checking._content import Content, Step, Written
    from dxcourse.checking._finding import Finding

OptionsItem = ChoiceItem | MultichoiceItem


@dataclass(frozen=True)
class Question:
    """A marked item with options, and where it is written."""

    item: OptionsItem
    entry: Written
    place: tuple[Step, ...]

    @property
    def lengths(self) -> list[int]:
        """The characters of the options that compete: 「わからない」, kept last, does not."""
        return [len(option.text) for option in self.item.options if not option.last]

    @property
    def right(self) -> list[int]:
        """Which of those are right, counted from 0."""
        competing = [option for option in self.item.options if not option.last]
        return [index for index, option in enumerate(competing) if option.correct]

    def at_option(self, index: int, message: str, *steps: Step) -> Finding:
        """Tell something of an option, by its index among all."""
        return self.entry.finding(message, *self.place, "options", index, *steps)

    def at_right(self, index: int, message: str) -> Finding:
        """Tell something of a competing option, by its index among those."""
        among = [i for i, option in enumerate(self.item.options) if not option.last]
        return self.at_option(among[index], message)


def questions(content: Content) -> Iterator[Question]:
    """Give the marked questions with options, in the bank's order."""
    for name, exercise in content.course.exercises.items():
        for item, place in marked(exercise):
            if isinstance(item, ChoiceItem | MultichoiceItem):
                yield Question(item, content.entries[name], place)
