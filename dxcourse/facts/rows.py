"""What a line of each file in ``data/`` holds: these models are the files' schema.

A field is a column, under the same name (its alias, where the name is a Python keyword).
``data/README.md`` says what each means.
"""

import datetime as dt
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    FiniteFloat,
    PositiveInt,
    StringConstraints,
)

from dxcourse.authored import field_error
from dxcourse.facts.dates import Month, OptionalDate, OptionalMonth, PartialDate


@dataclass(frozen=True)
class Ref:
    """A column's value is found in another table, unless it is empty."""

    table: str
    column: str = "id"
    group: str = ""
    """The legend's group, where the table is the legend."""
    many: bool = False
    """The value is a list, parted by ``|``."""


def _code(text: str) -> str:
    if not re.fullmatch(r"[1-9]-[1-9]\d?", text):
        raise field_error("facts.code", value=text)
    return text


def _none_if_empty(value: object) -> object:
    return None if value == "" else value


Text = Annotated[str, StringConstraints(min_length=1)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Code = Annotated[str, AfterValidator(_code)]
Number = Annotated[PositiveInt | None, BeforeValidator(_none_if_empty)]

FactRef = Annotated[Text, Ref("facts")]
FactRefOrNone = Annotated[str, Ref("facts")]
LawRefOrNone = Annotated[str, Ref("laws")]
ItemRefOrNone = Annotated[str, Ref("plan_items", "code")]
EditionRef = Annotated[Text, Ref("plan_editions")]
Provenance = Annotated[Text, Ref("legend", group="provenance")]
Certainty = Annotated[Text, Ref("legend", group="certainty")]


class Row(BaseModel):
    """A line of a file: immutable, with exactly the file's columns."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", str_strip_whitespace=True, validate_by_name=True
    )


class LegendEntry(Row):
    """A mark, a name of an id that learners see, or a template of a short sentence."""

    group: Id
    id: Id
    mark: str
    name: Text
    meaning: Text


class Source(Row):
    """Where facts come from."""

    id: Id
    title: Text
    short: Text
    publisher: Text
    published: OptionalDate
    provenance: Provenance
    seen_in: Annotated[str, Ref("sources")]
    address: str
    note: str


class Fact(Row):
    """One sentence the course may state, with its source and how sure it is."""

    id: Id
    statement: Text
    source: Annotated[Text, Ref("sources")]
    locator: str
    as_of: PartialDate
    provenance: Provenance
    certainty: Certainty
    note: str


class PlanEdition(Row):
    """An edition of the promotion plan."""

    id: Text
    name: Text
    date: PartialDate
    fact: FactRef
    note: str


class PlanSection(Row):
    """A heading of the promotion plan."""

    edition: EditionRef
    section: PositiveInt
    name: Text
    short: Text
    fact: FactRef


class PlanItem(Row):
    """An item of the promotion plan, and what is known of it."""

    edition: EditionRef
    code: Code
    name: Text
    short: Text
    name_fact: FactRef
    section: PositiveInt
    class_: Annotated[Text, Ref("legend", group="class")] = Field(alias="class")
    class_certainty: Certainty
    class_scored: bool
    class_fact: FactRef
    basis: LawRefOrNone
    basis_fact: FactRefOrNone
    handbook: Annotated[Text, Ref("legend", group="handbook")]
    handbook_fact: FactRef
    result: Annotated[Number, Ref("results", "number")]
    result_fact: FactRefOrNone
    deadline: OptionalMonth
    deadline_fact: FactRefOrNone
    binding: Annotated[Text, Ref("legend", group="binding")]
    binding_fact: FactRef


class Deadline(Row):
    """A month that something is due, begins, or is laid down for."""

    id: Id
    item: ItemRefOrNone
    date: Month
    kind: Literal["due", "start", "date"]
    what: Text
    fact: FactRef


class Law(Row):
    """A law the course names."""

    id: Id
    name: Text
    short: Text
    number: str
    in_force: OptionalDate
    fact: FactRef
    note: str


class ChainLink(Row):
    """A link of the chain from the Basic Act down to a municipality."""

    order: PositiveInt
    id: Id
    name: Text
    kind: Text
    maker: Text
    law: LawRefOrNone
    link: str
    fact: FactRef


class Society(Row):
    """One of the five societies; era and trigger are the trainer's illustration."""

    order: PositiveInt
    id: Id
    name: Text
    society: Text
    era: Text
    trigger: str
    fact: FactRef
    era_fact: FactRef
    trigger_fact: FactRef


class PlanResult(Row):
    """One of slide 18's five results."""

    number: PositiveInt
    name: Text
    includes: str
    items: Annotated[str, Ref("plan_items", "code", many=True)]
    fact: FactRef

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the plan's items that the result answers to."""
        return split(self.items)


class Change(Row):
    """Something that changed after the slides were made."""

    date: PartialDate
    item: ItemRefOrNone
    kind: Literal["event", "due", "start", "date"]
    what: Text
    fact: FactRef
    modules: str
    """The ids of the modules that open with it, parted by ``|``."""

    def known(self, today: dt.date) -> bool:
        """Whether it may be told on a day: what happened, from its day on; a deadline, always."""
        return self.kind != "event" or self.date <= today.isoformat()[: len(self.date)]


class FigureSeries(Row):
    """What a series of figures counts."""

    series: Id
    name: Text
    short: Text
    note: str


class Figure(Row):
    """One value of a series."""

    series: Annotated[Id, Ref("figure_series", "series")]
    group: Text
    as_of: PartialDate
    value: FiniteFloat
    unit: Text
    fact: FactRef


class OpinionTerm(Row):
    """A word that shows which side of DX an opinion speaks of."""

    theme: Id
    theme_name: Text
    term: Text
    aliases: str

    @property
    def words(self) -> tuple[str, ...]:
        """The term and its aliases."""
        return (self.term, *split(self.aliases))


class ShelfLife(Row):
    """How long facts of a kind stay as they were looked up; the first kind that fits counts."""

    kind: Id
    name: Text
    provenance: Annotated[str, Ref("legend", group="provenance")]
    facts: str
    months: Number
    note: str

    def covers(self, fact: Fact) -> bool:
        """Whether a fact is of the kind: by its provenance and by patterns of its id."""
        patterns = split(self.facts) or ("*",)
        of = not self.provenance or fact.provenance == self.provenance
        return of and any(fnmatchcase(fact.id, pattern) for pattern in patterns)


class GlossaryTerm(Row):
    """A term, how it is read, and what it means in plain words."""

    id: Id
    term: Text
    reading: Text
    definition: Text
    fact: Annotated[Text, Ref("facts", many=True)]
    """The facts that the definition rests on, parted by ``|``."""

    @property
    def facts(self) -> tuple[str, ...]:
        """The ids of the facts that the definition rests on."""
        return split(self.fact)


def split(values: str) -> tuple[str, ...]:
    """Part a ``|``-separated cell into its values."""
    return tuple(part.strip() for part in values.split("|") if part.strip())


def columns(model: type[Row]) -> list[str]:
    """List a file's columns, in order."""
    return [field.alias or name for name, field in model.model_fields.items()]
