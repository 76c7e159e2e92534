"""Every word that a picture shows, from `data/pictures.yaml`: no Japanese stands in the code."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from dxcourse.authored import YamlError, finding, read_yaml
from dxcourse.figures.svg import FigureError
from dxcourse.text import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from dxcourse.facts import Fact, Facts, Figure
    from dxcourse.figures.canvas import Canvas


FILE = "data/pictures.yaml"
_PACKAGE = Path(__file__).parents[1]


class PictureText(BaseModel):
    """The words of one picture.

    ``alt``, ``caption`` and ``words`` may hold fields such as ``{steps}``, which the picture fills
    from the facts; ``facts`` names the facts that it quotes, under names of its own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    alt: str
    caption: str
    facts: dict[str, str] = {}
    words: dict[str, str] = {}


class PictureTexts(BaseModel):
    """`data/pictures.yaml`: what all pictures share, and each one's own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    common: dict[str, str]
    pictures: dict[str, PictureText]

    @classmethod
    def load(cls, folder: Path) -> PictureTexts:
        """Read the words from a data folder.

        Raises
        ------
        FigureError
            The file is missing or not as described; the message names the line.
        """
        try:
            document = read_yaml(folder / Path(FILE).name)
        except FileNotFoundError as error:
            raise FigureError([finding(FILE, 0, "pictures.missing")]) from error
        except YamlError as error:
            raise FigureError([error.finding(FILE)]) from error
        try:
            return cls.model_validate(document.data)
        except ValidationError as error:
            raise FigureError(document.findings(FILE, error, model=cls)) from error

    @classmethod
    def shipped(cls) -> PictureTexts:
        """Read the words that come with the package: of its checkout, or of its installed copy."""
        for root in (_PACKAGE.parent, _PACKAGE / "_course"):
            if (root / FILE).is_file():
                return cls.load(root / "data")
        raise FigureError([finding(FILE, 0, "pictures.uninstalled")])


@dataclass(frozen=True)
class Drawing:
    """What a picture's module hands back, before it becomes SVG."""

    canvas: Canvas
    alt: str
    caption: str


@dataclass(frozen=True)
class PictureScene:
    """The facts, the words and the day of one picture."""

    name: str
    facts: Facts
    all_words: PictureTexts
    today: date

    @property
    def _own(self) -> PictureText:
        try:
            return self.all_words.pictures[self.name]
        except KeyError:
            told = say("figures.errors.no-words", file=FILE, name=self.name)
            raise FigureError(told) from None

    def say(self, word: str, **fields: object) -> str:
        """Give a word of the picture, or else one that all share, with its fields filled.

        Raises
        ------
        FigureError
            There is no such word, or it asks for a field that this picture does not have.
        """
        template = self._own.words.get(word, self.all_words.common.get(word))
        if template is None:
            blanks = {"file": FILE, "name": self.name, "word": word}
            raise FigureError(say("figures.errors.no-word", **blanks))
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
            names = "・".join([*others, last])
            blanks = {"file": FILE, "name": self.name, "first": words[0], "count": len(said[0])}
            raise FigureError(say("figures.errors.as-many", words=names, **blanks))
        return said, counted

    def _numbers(self, word: str) -> list[int]:
        try:
            return [int(value) for value in self.say(word).split("|")]
        except ValueError as error:
            blanks = {"file": FILE, "name": self.name, "word": word, "error": error}
            raise FigureError(say("figures.errors.numbers", **blanks)) from error

    def fact(self, key: str) -> Fact:
        """Give a fact that the picture quotes, by the picture's own name for it.

        Raises
        ------
        FigureError
            The picture's words name no such fact.
        """
        if key not in self._own.facts:
            blanks = {"file": FILE, "name": self.name, "key": key}
            raise FigureError(say("figures.errors.no-fact", **blanks))
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
            if group:
                raise FigureError(say("figures.errors.percent-of", series=series, group=group))
            raise FigureError(say("figures.errors.percent", series=series))
        return sorted(found, key=lambda row: row.as_of)

    def date_of(self, partial: str) -> str:
        """Say an ISO date in Japanese, as far as it goes: year, month or day."""
        units = ("year", "month", "day")
        parts = [int(part) for part in partial.split("-")]
        return self.say(units[len(parts) - 1], **dict(zip(units, parts, strict=False)))

    def month(self, partial: str) -> str:
        """Say an ISO date's month in Japanese, or its year if it says no more."""
        return self.date_of(partial[: len("2026-03")])

    def done(self, canvas: Canvas, **fields: object) -> Drawing:
        """Finish the drawing: its alternative text and caption, filled from the facts."""
        own = self._own
        return Drawing(canvas, self._fill(own.alt, fields), self._fill(own.caption, fields))

    def _fill(self, template: str, fields: dict[str, object]) -> str:
        try:
            return template.format(**fields)
        except (KeyError, IndexError) as error:
            known = ", ".join(sorted(fields)) or say("check.none")
            blanks = {"file": FILE, "template": template, "name": self.name, "known": known}
            raise FigureError(say("figures.errors.blank", error=error, **blanks)) from error
