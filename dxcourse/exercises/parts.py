"""The pieces that exercises are written from in YAML, and how they are pointed at."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated, Any, Self, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationInfo,
    model_validator,
)

from dxcourse.authored import did_you_mean, field_error
from dxcourse.exercises.errors import AnswerError, shown
from dxcourse.facts import Citation
from dxcourse.text import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dxcourse.facts import Facts

Json = Any  # what `json.loads` returns; values are checked by the kind that reads them
Text = Annotated[str, Field(min_length=1)]
ONLY = "only"  # the id of an exercise's only item, whose fields stand at the exercise's top
Part = TypeVar("Part")
Slug = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=60)]


class Strict(BaseModel):
    """A piece of YAML: unknown fields are errors, and nothing changes after it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Note(Strict):
    """What a learner is told, with the fact it rests on. In YAML a plain string will do."""

    text: Text
    fact: str | None = None
    _citation: Citation | None = PrivateAttr(default=None)

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, raw: Json) -> Json:
        return {"text": raw} if isinstance(raw, str) else raw

    @model_validator(mode="after")
    def _cite(self, info: ValidationInfo) -> Self:
        facts = (info.context or {}).get("facts")
        if facts is None or self.fact is None:
            return self
        if self.fact not in facts:
            cure = did_you_mean(self.fact, facts)
            raise field_error("exercises.fact", cure, about=self.fact, fact=self.fact)
        self._citation = facts.cite(self.fact)
        return self

    @property
    def citation(self) -> Citation | None:
        """Source, date and certainty of the fact, where there is one."""
        return self._citation

    def face(self) -> dict[str, Json]:
        """Show the note as a learner may read it before answering."""
        return {
            "text": self.text,
            "citation": self.citation.model_dump() if self.citation else None,
        }


def within(part: Json, kind: type[Part]) -> Iterator[Part]:
    """Give all of a kind in an exercise, in a part of one, or in plain data: its notes, say."""
    if isinstance(part, kind):
        yield part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from within(getattr(part, name), kind)
    elif isinstance(part, dict):
        for value in part.values():
            yield from within(value, kind)
    elif isinstance(part, (list, tuple)):
        for value in part:
            yield from within(value, kind)


class Named(Strict):
    """Something in an exercise that an answer can point at."""

    id: Slug
    text: Text
    ref: str = ""

    @model_validator(mode="before")
    @classmethod
    def _code(cls, raw: Json, info: ValidationInfo) -> Json:
        if not isinstance(raw, dict) or raw.get("ref") or "id" not in raw:
            return raw
        # The class is part of it: an item and its answer may have the same id in YAML, and the same
        # code on a page would give the key away.
        scope = (info.context or {}).get("exercise", "")
        digest = hashlib.sha256(f"{scope}/{cls.__name__}/{raw['id']}".encode()).hexdigest()
        return {**raw, "ref": f"r{digest[:7]}"}


class Item(Named):
    """One part of an exercise with a value of its own (QTI's item).

    `points` of 0 make it practice: a learner is told what is right, and nothing counts it.
    """

    points: float = Field(default=1.0, ge=0, allow_inf_nan=False)


N = TypeVar("N", bound=Named)


def by_ref(things: Iterable[N]) -> list[N]:
    """In the order of their codes: the same for everyone, and never the order of the YAML."""
    return sorted(things, key=lambda thing: thing.ref)


def unique(things: Iterable[Named], what: str) -> None:
    """Refuse things that share an id (or, by a rare chance, its code).

    Raises
    ------
    ValueError
        Two have the same.
    """
    seen: set[str] = set()
    for thing in things:
        for name in (thing.id, thing.ref):
            if name in seen:
                kind = say(f"check.things.{what}")
                raise field_error("exercises.twice", about=thing.id, name=thing.id, what=kind)
        seen |= {thing.id, thing.ref}


def hold_known(item: str, what: str, names: Iterable[str], known: Sequence[str]) -> None:
    """Refuse names of things that are not there: `what` is one of `check.things`.

    Raises
    ------
    FieldError
        Of the first name that is not known.
    """
    for name in names:
        if name not in known:
            raise field_error(
                "exercises.unknown_name",
                did_you_mean(name, known),
                about=name,
                item=item,
                what=say(f"check.things.{what}"),
                name=name,
                known="、".join(known) or say("check.none"),
            )


def find(things: Iterable[N], ref: Json, place: str) -> N:
    """Find the thing that a value points at.

    Raises
    ------
    AnswerError
        There is none with that code.
    """
    for thing in things:
        if isinstance(ref, str) and thing.ref == ref:
            return thing
    raise AnswerError(f"{place}: there is no choice {shown(ref)}")


def context(
    exercise_id: str, facts: Facts | None, edition: Json = None, *, broken: bool = False
) -> dict[str, Json]:
    """Give what the fields of an exercise need to know while they are read.

    `edition` is the plan's edition that it pins; `broken` says that there are facts, which cannot
    be read: what rests on them is then no mistake.
    """
    return {"exercise": exercise_id, "facts": facts, "edition": edition, "broken": broken}


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


# -- What a question begins with where it is read together: a picture, a few words, amounts --------


class SceneCard(Strict):
    """A card of a scene: what, and how much of it (「呼ばれるのを待つ」, 9)."""

    text: Annotated[str, Field(min_length=1, max_length=24)]
    amount: Annotated[float, Field(ge=0, le=100_000)]


class Scene(Strict):
    """What a question begins with, on the wall and on the phones.

    Parameters
    ----------
    picture
        One of ours by its name (`PICTURES`), or a file beside the agenda.
    when, lines, note
        A small line first, what is said or seen, and a small line last.
    cards, unit
        Amounts that stand side by side, as wide as they are large, and what they are counted in.
    """

    picture: Annotated[str, Field(max_length=100)] = ""
    when: Annotated[str, Field(max_length=60)] = ""
    lines: tuple[Annotated[str, Field(min_length=1, max_length=120)], ...] = ()
    note: Annotated[str, Field(max_length=120)] = ""
    cards: Annotated[tuple[SceneCard, ...], Field(max_length=6)] = ()
    unit: Annotated[str, Field(max_length=6)] = ""
