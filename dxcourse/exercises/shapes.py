"""The shape of a value: what every surface looks at, so that none has to know a kind.

The names are those of SCORM 2004's and xAPI's interaction types and of QTI's response
declarations, where they have one; `SPAN` and `FIELDS` are the course's own. What an exercise shows
on a wall, counts by hand, exports or protects depends on its shape and its privacy, which its kind
declares; a kind from another package is then shown everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dxcourse.exercises.parts import Json, OptionsItem, option_faces
from dxcourse.text import say


class Shape(StrEnum):
    """What a value is made of."""

    CHOICE = "choice"
    """One of several: a ref."""
    MULTIPLE_CHOICE = "multiple-choice"
    """Some of several: refs, sorted."""
    MATCHING = "matching"
    """One of several for each item, the same several for all: a ref."""
    SEQUENCING = "sequencing"
    """All of several, in an order: refs."""
    NUMERIC = "numeric"
    """A number, in a unit."""
    LIKERT = "likert"
    """A step on a scale: its place, from 0."""
    TEXT = "text"
    """What someone typed."""
    SPAN = "span"
    """Months on end: the place of the first, from 0."""
    FIELDS = "fields"
    """Texts and days that make one thing together, an item each."""


class Privacy(StrEnum):
    """How an answer may be shown to others."""

    PUBLIC = "public"
    """Counted, whoever answered."""
    WRITTEN = "written"
    """In one's own words: shown when looked at, quoted with consent, never counted by letter."""
    SENSITIVE = "sensitive"
    """Of oneself: withheld where few answered."""


TYPED = frozenset({Shape.TEXT, Shape.FIELDS})


@dataclass(frozen=True)
class Choice:
    """Something that can be chosen: what is stored, and its text."""

    value: str | int
    text: str


@dataclass(frozen=True)
class Part:
    """One part of an item's value.

    Parameters
    ----------
    name
        Its key within the value; "" where the part is the whole value.
    shape
        What it is made of.
    choices
        What can be chosen: options, bins, levels, months; in the order in which a learner meets
        them before they are shuffled, which says nothing.
    unit
        Of a number.
    length
        Of a span, in months.
    privacy
        How it may be shown.
    """

    name: str
    shape: Shape
    choices: tuple[Choice, ...] = ()
    unit: str = ""
    length: int = 1
    privacy: Privacy = Privacy.PUBLIC

    def of(self, value: Json) -> Json:
        """Take the part out of an item's value; None where it was left out."""
        if not self.name:
            return value
        return value.get(self.name) if isinstance(value, dict) else None

    @property
    def texts(self) -> dict[str | int, str]:
        """The text of each choice by what is stored."""
        return {choice.value: choice.text for choice in self.choices}

    def words(self, value: Json) -> str:
        """Give the part's value as a reader understands it; "" for none.

        Records outlive editions of an exercise: what is no longer there stands as it was stored.
        """
        if value is None:
            return ""
        return _WORDS.get(self.shape, _text)(self, value)


def option_choices(item: OptionsItem) -> tuple[Choice, ...]:
    """Give the options of an item as choices, in the order in which they are shown."""
    return tuple(Choice(face["ref"], face["text"]) for face in option_faces(item))


def _text(part: Part, value: Json) -> str:
    return part.texts.get(value, str(value)) if isinstance(value, str | int) else str(value)


def _several(part: Part, value: Json) -> str:
    return say("answers.value.and").join(_text(part, each) for each in _list(value))


def _in_order(part: Part, value: Json) -> str:
    return say("answers.value.then").join(_text(part, each) for each in _list(value))


def _number(part: Part, value: Json) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{value:g}{part.unit}" if is_number else str(value)


def _span(part: Part, value: Json) -> str:
    if part.length == 1 or type(value) is not int:
        return _text(part, value)
    last = min(value + part.length, len(part.choices)) - 1
    return say("answers.value.from-to", first=_text(part, value), last=_text(part, last))


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


_WORDS = {
    Shape.CHOICE: _text,
    Shape.MULTIPLE_CHOICE: _several,
    Shape.MATCHING: _text,
    Shape.SEQUENCING: _in_order,
    Shape.NUMERIC: _number,
    Shape.LIKERT: _text,
    Shape.TEXT: _text,
    Shape.SPAN: _span,
    Shape.FIELDS: _text,
}
