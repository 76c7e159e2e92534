"""Options to choose from, as `choice` and `multichoice` have them."""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field, model_validator

from dxcourse.exercises._parts import Item, Named, Note, by_ref, unique


class Option(Named):
    """An answer to choose; `last` keeps it at the end (「わからない」), whatever the order."""

    correct: bool = False
    last: bool = False
    feedback: Note | None = None


class OptionsItem(Item):
    """A question and its options; `ordered` options keep the order of the YAML for everyone."""

    options: tuple[Option, ...] = Field(min_length=2)
    ordered: bool = False

    @model_validator(mode="after")
    def _options_differ(self) -> Self:
        unique(self.options, "option")
        return self

    @property
    def right(self) -> tuple[Option, ...]:
        """The options that are correct."""
        return tuple(option for option in self.options if option.correct)


def option_faces(item: OptionsItem) -> list[dict[str, Any]]:
    """Show what a learner sees of options; `fixed` ones stay where they are when shuffled."""
    if item.ordered:
        options = list(item.options)
    else:
        options = by_ref(o for o in item.options if not o.last)
        options += [o for o in item.options if o.last]
    return [{"ref": o.ref, "text": o.text, "fixed": item.ordered or o.last} for o in options]
