"""What a picture draws from: the facts, its words, and the day it is drawn on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dxcourse.figures._picture import Drawing, FigureError
from dxcourse.figures._words import FILE, PictureWords, Words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from dxcourse.facts import Fact, Facts, Figure
    from dxcourse.figures._sheet import Sheet


@dataclass(frozen=True)
class Scene:
    """The facts, the words and the day of one picture."""

    name: str
    facts: Facts
    all_words: Words
    today: date

    @property
    def _own(self) -> PictureWords:
        try:
            return self.all_words.pictures[self.name]
        except KeyError:
            raise FigureError(f'{FILE}:1: no words for the picture "{self.name}"') from None

    def say(self, word: str, **fields: object) -> str:
        """Give a word of the picture, or else one that all share, with its fields filled.

        Raises
        ------
        FigureError
            There is no such word, or it asks for a field that this picture does not have.
        """
        template = self._own.words.get(word, self.all_words.common.get(word))
        if template is None:
            raise FigureError(f'{FILE}: the picture "{self.name}" has no word "{word}"; add it')
        return self._fill(template, fields)

    def columns(
        self, words: Sequence[str], numbers: Sequence[str]
    ) -> tuple[list[list[str]], list[list[int]]]:
        """Give words and whole numbers that stand side by side, each parted by ``|``.

        Raises
        ------
        FigureError
            They are not as many as the first of the words, or a number is none.
        """
        said = [self.say(word).split("|") for word in words]
        counted = [self._numbers(word) for word in numbers]
        if {len(said[0])} != {*map(len, said), *map(len, counted)}:
            *others, last = (*words[1:], *numbers)
            wanted = f"{', '.join(others)} and {last} as {words[0]} ({len(said[0])})"
            raise FigureError(f"{FILE}: {self.name} needs as many {wanted}")
        return said, counted

    def _numbers(self, word: str) -> list[int]:
        try:
            return [int(value) for value in self.say(word).split("|")]
        except ValueError as error:
            msg = f'{FILE}: {self.name} has whole numbers in "{word}", parted by |; {error}'
            raise FigureError(msg) from error

    def fact(self, key: str) -> Fact:
        """Give a fact that the picture quotes, by the picture's own name for it.

        Raises
        ------
        FigureError
            The picture's words name no such fact.
        """
        if key not in self._own.facts:
            raise FigureError(f'{FILE}: the picture "{self.name}" names no fact "{key}"; add it')
        return self.facts[self._own.facts[key]]

    def quoted(self) -> dict[str, Fact]:
        """List all facts that the picture quotes, by the picture's own names for them."""
        return {key: self.facts[fact_id] for key, fact_id in self._own.facts.items()}

    def mark(self, fact_id: str) -> str:
        """Say how sure a fact is, as its mark."""
        return self.facts.cite(fact_id).mark

    def quote(self, key: str) -> str:
        """Say what a quoted fact states, with its mark before it."""
        fact = self.fact(key)
        return f"{self.mark(fact.id)} {fact.statement}"

    def sources(self, fact_ids: list[str]) -> str:
        """Say where facts come from, each source once, in the order given."""
        texts = dict.fromkeys(
            f"{self.mark(fact_id)} {self.facts.cite(fact_id).text}" for fact_id in fact_ids
        )
        return self.say("sources", sources=self.say("and").join(texts))

    def shares(self, series: str, group: str = "") -> list[Figure]:
        """List a series' percentages, of one group if it is named, the earliest first.

        Raises
        ------
        FigureError
            The data has none.
        """
        found = [
            row
            for row in self.facts.figures(series)
            if row.unit == "%" and row.group == (group or row.group)
        ]
        if not found:
            wanted = f'"{series}" of "{group}"' if group else f'"{series}"'
            raise FigureError(f'data/figures_*.csv: no row of {wanted} has the unit "%"; add one')
        return sorted(found, key=lambda row: row.as_of)

    def date_of(self, partial: str) -> str:
        """Say an ISO date in Japanese, as far as it goes: year, month or day."""
        units = ("year", "month", "day")
        parts = [int(part) for part in partial.split("-")]
        return self.say(units[len(parts) - 1], **dict(zip(units, parts, strict=False)))

    def month(self, partial: str) -> str:
        """Say an ISO date's month in Japanese, or its year if it says no more."""
        return self.date_of(partial[: len("2026-03")])

    def done(self, sheet: Sheet, **fields: object) -> Drawing:
        """Finish the drawing: its alternative text and caption, filled from the facts."""
        own = self._own
        return Drawing(sheet, self._fill(own.alt, fields), self._fill(own.caption, fields))

    def _fill(self, template: str, fields: dict[str, object]) -> str:
        try:
            return template.format(**fields)
        except (KeyError, IndexError) as error:
            known = ", ".join(sorted(fields)) or "none"
            msg = f'{FILE}: "{template}" asks for {error}; fields of "{self.name}" are {known}'
            raise FigureError(msg) from error
