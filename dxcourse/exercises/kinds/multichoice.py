"""`multichoice`: every right option among several; each false tick cancels a hit, or all counts."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import model_validator
from typing_extensions import override

from dxcourse.authored import field_error
from dxcourse.exercises.base import (
    Exercise,
    ItemResult,
    Mark,
    Remark,
    explained,
    flat,
    ticked_share,
)
from dxcourse.exercises.errors import AnswerError
from dxcourse.exercises.parts import Json, OptionsItem, find, option_faces
from dxcourse.exercises.shapes import Part, Shape, option_choices


class MultichoiceItem(OptionsItem):
    """A question with one right option or more.

    `scoring` says whether each right tick counts, or only all of them and no other.
    """

    scoring: Literal["each", "all-or-nothing"] = "each"

    @model_validator(mode="after")
    def _some_are_right(self) -> Self:
        if not self.right:
            raise field_error("exercises.none_right")
        return self


class Multichoice(Exercise[MultichoiceItem]):
    """A question answered with options to tick. Value: their refs, sorted; no tick is no answer.

    What is said is said of the ticked options only: a remark on one that was left out would name
    the key.
    """

    kind: ClassVar[str] = "multichoice"
    shape: ClassVar[Shape] = Shape.MULTIPLE_CHOICE
    seconds: ClassVar[int] = 40

    @override
    def face(self, item: MultichoiceItem) -> dict[str, Json]:
        return {"options": option_faces(item)}

    @override
    def parts(self, item: MultichoiceItem) -> tuple[Part, ...]:
        return (Part("", Shape.MULTIPLE_CHOICE, option_choices(item)),)

    @override
    def check(self, item: MultichoiceItem, value: Json) -> Json:
        place = f"{self.id}/{item.ref}"
        if not isinstance(value, list):
            raise AnswerError(f"{place}: a value is a list of option refs")
        return sorted({find(item.options, tick, place).ref for tick in value}) or None

    @override
    def key(self, item: MultichoiceItem) -> Json:
        return sorted(option.ref for option in item.right)

    @override
    def explanation(self, item: MultichoiceItem) -> tuple[Remark, ...]:
        return explained(item)

    @override
    def judge(self, item: MultichoiceItem, value: Json) -> ItemResult:
        wrong = [option.ref for option in item.options if not option.correct]
        remarks: tuple[Remark, ...] = ()
        for option in item.options:
            if option.ref in value:
                mark = Mark.RIGHT if option.correct else Mark.WRONG
                remarks += Remark.of(option.feedback, mark, option.ref)
        share = ticked_share(value, self.key(item), wrong)
        if item.scoring == "all-or-nothing":
            share = float(share == 1)
        return flat(item, share, remarks)
