"""`pledge`: what someone will begin, with whom and by when. Never marked."""

from __future__ import annotations

import re
from datetime import date
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator
from typing_extensions import override

from dxcourse.authored import field_error
from dxcourse.exercises.base import Exercise, ItemResult, Mark
from dxcourse.exercises.errors import AnswerError
from dxcourse.exercises.parts import Item, Json, Strict, Text
from dxcourse.exercises.shapes import Part, Privacy, Shape
from dxcourse.exercises.typed_text import kept

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")  # fromisoformat alone takes 2026-W48-2 too
FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)  # outside, a year was mistyped


class Question(Strict):
    """What is asked some days after the pledge's date."""

    days: int = Field(ge=1, le=366)
    text: Text


class PledgeItem(Item):
    """A field of the pledge; `label` is its short name on the plan.

    One that is `optional` may be left empty, and is then answered all the same.
    """

    label: str = ""
    field: Literal["text", "date"] = "text"
    optional: bool = False
    placeholder: str = ""
    max_length: int = Field(default=120, ge=1, le=400)

    @property
    def name(self) -> str:
        """What the plan calls the field."""
        return self.label or self.text


class Pledge(Exercise[PledgeItem]):
    """Fields to fill in. Value: a text, or a day as ``2026-12-01``; "" for one left out."""

    kind: ClassVar[str] = "pledge"
    shape: ClassVar[Shape] = Shape.FIELDS
    privacy: ClassVar[Privacy] = Privacy.SENSITIVE
    seconds: ClassVar[int] = 30

    shuffle: bool = False
    questions: tuple[Question, ...] = ()

    @model_validator(mode="after")
    def _one_day(self) -> Self:
        days = [item for item in self.items if item.field == "date"]
        if len(days) != 1 or days[0].optional:
            raise field_error("exercises.one_day")
        return self

    @property
    def day(self) -> PledgeItem:
        """The field that holds the day."""
        return next(item for item in self.items if item.field == "date")

    @override
    def common(self) -> dict[str, Json]:
        return {"questions": [each.model_dump() for each in self.questions]}

    @override
    def face(self, item: PledgeItem) -> dict[str, Json]:
        return {
            "label": item.label,
            "field": item.field,
            "optional": item.optional,
            "placeholder": item.placeholder,
            "max_length": item.max_length,
        }

    @override
    def parts(self, item: PledgeItem) -> tuple[Part, ...]:
        return (Part("", Shape.FIELDS, privacy=self.privacy),)

    @override
    def check(self, item: PledgeItem, value: Json) -> Json:
        place = f"{self.id}/{item.ref}"
        if item.field == "text":
            text = kept(value, item.max_length, place)
            return text if text or item.optional else None
        if value == "":
            return None
        if not isinstance(value, str) or not DAY.fullmatch(value):
            raise AnswerError(f"{place}: a day is written as 2026-12-01")
        try:
            day = date.fromisoformat(value)
        except ValueError as error:
            raise AnswerError(f"{place}: there is no such day") from error
        if not FIRST <= day <= LAST:
            raise AnswerError(f"{place}: a day lies between {FIRST} and {LAST}")
        return value

    @override
    def key(self, item: PledgeItem) -> None:
        return None

    @override
    def judge(self, item: PledgeItem, value: Json) -> ItemResult:
        return ItemResult(points=0, max_points=0, mark=Mark.TAKEN)
