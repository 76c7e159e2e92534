"""`number`: a number with its unit, right within a tolerance, or among other values and ranges."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import ClassVar, Self

from pydantic import Field, model_validator
from typing_extensions import override

from dxcourse.authored import field_error
from dxcourse.exercises.base import Exercise, ItemResult, Mark, Remark, flat, mark_of
from dxcourse.exercises.errors import AnswerError, shown
from dxcourse.exercises.parts import Item, Json, Note, Strict
from dxcourse.exercises.shapes import Part, Shape

MAX_TYPED = 40  # characters
MAX = 1e15  # beyond, a float is no longer exact to the unit
NEAR = 3  # tolerances
# What a Japanese keyboard gives for a point, a comma and a minus, which NFKC leaves alone.
TYPED = str.maketrans("。、−‐–ー", ".,----")
WRITTEN = re.compile(r"[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?")


class NumberVerdicts(Strict):
    """What is said of a number: right, near (within three tolerances), or wrong."""

    right: Note | None = None
    near: Note | None = None
    wrong: Note | None = None


class NumberCase(Strict):
    """Another value, or a range with both its ends, and what is said of a number in it.

    Parameters
    ----------
    value, tolerance
        A number, and how far from it counts.
    least, most
        The ends of a range; one may be left out.
    correct
        Whether a number in it is right.
    """

    value: float | None = Field(default=None, ge=-MAX, le=MAX, strict=True, allow_inf_nan=False)
    tolerance: float = Field(default=0.0, ge=0, strict=True, allow_inf_nan=False)
    least: float | None = Field(default=None, ge=-MAX, le=MAX, strict=True, allow_inf_nan=False)
    most: float | None = Field(default=None, ge=-MAX, le=MAX, strict=True, allow_inf_nan=False)
    correct: bool = True
    feedback: Note | None = None

    @model_validator(mode="after")
    def _value_or_range(self) -> Self:
        ranged = self.least is not None or self.most is not None
        if ranged is (self.value is not None):
            raise field_error("exercises.value_or_range")
        if ranged and self.tolerance:
            raise field_error("exercises.range_tolerance")
        if self.least is not None and self.most is not None and self.least > self.most:
            raise field_error("exercises.range_turned")
        return self

    def takes(self, number: float) -> bool:
        """Whether a number is this one, or lies in the range."""
        if self.value is not None:
            return away(number, self.value) <= Decimal(repr(self.tolerance))
        return (self.least is None or number >= self.least) and (
            self.most is None or number <= self.most
        )


class NumberItem(Item):
    """A question for a number; `tolerance` is absolute, in the unit.

    `also` are other values and ranges, right or foreseen: the first that a number is in counts.
    """

    value: float = Field(ge=-MAX, le=MAX, strict=True, allow_inf_nan=False)
    tolerance: float = Field(default=0.0, ge=0, strict=True, allow_inf_nan=False)
    unit: str = ""
    also: tuple[NumberCase, ...] = ()
    feedback: NumberVerdicts = NumberVerdicts()


class Number(Exercise[NumberItem]):
    """A number to type. Value: a finite float; it may come as typed: ``１，７４１団体``."""

    kind: ClassVar[str] = "number"
    shape: ClassVar[Shape] = Shape.NUMERIC
    seconds: ClassVar[int] = 30

    @override
    def face(self, item: NumberItem) -> dict[str, Json]:
        return {"unit": item.unit}

    @override
    def parts(self, item: NumberItem) -> tuple[Part, ...]:
        return (Part("", Shape.NUMERIC, unit=item.unit),)

    @override
    def check(self, item: NumberItem, value: Json) -> Json:
        place = f"{self.id}/{item.ref}"
        if isinstance(value, str) and not value.strip():
            return None
        number = typed(value, item.unit) if isinstance(value, str) else plain(value)
        if number is None:
            raise AnswerError(f"{place}: a value is a number, not {shown(value)}")
        return number

    @override
    def key(self, item: NumberItem) -> Json:
        return item.value + 0.0

    @override
    def explanation(self, item: NumberItem) -> tuple[Remark, ...]:
        return Remark.of(item.feedback.right, Mark.TAKEN)

    @override
    def missing_feedback(self, item: NumberItem) -> tuple[str, ...]:
        return () if item.feedback.wrong else ("",)

    @override
    def judge(self, item: NumberItem, value: Json) -> ItemResult:
        said, far = item.feedback, away(value, item.value)
        tolerance = Decimal(repr(item.tolerance))
        case = next((case for case in item.also if case.takes(value)), None)
        share = float(far <= tolerance or (case is not None and case.correct))
        if far <= tolerance:
            note = said.right
        elif case is not None:
            note = case.feedback or (said.right if case.correct else said.wrong)
        else:
            note = said.near if said.near and far <= NEAR * tolerance else said.wrong
        return flat(item, share, Remark.of(note, mark_of(share)))


def away(number: float, value: float) -> Decimal:
    """How far two numbers are apart as written, not as stored: 0.4 is within 0.1 of 0.3."""
    return abs(Decimal(repr(number)) - Decimal(repr(value)))


def plain(value: Json) -> float | None:
    """Read a JSON number; None for what is none, for NaN, and for what is beyond `MAX`."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) + 0.0 if abs(value) <= MAX else None  # + 0.0: no minus zero


def typed(text: str, unit: str) -> float | None:
    """Read a number as a learner types it, with the unit or without; None for what is none.

    Full-width characters are read (Unicode's NFKC), and thousands may be set apart by commas. A
    comma anywhere else is refused rather than guessed at.
    """
    if len(text) > MAX_TYPED:
        return None
    text = _folded(text).removesuffix(_folded(unit)).strip().translate(TYPED)
    return plain(float(text.replace(",", ""))) if WRITTEN.fullmatch(text) else None


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()
