"""`order`: things into their order; partial credit by the longest common subsequence."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import Field, model_validator
from typing_extensions import override

from dxcourse.exercises.base import Exercise, ItemResult, Remark, flat, mark_of, order_share
from dxcourse.exercises.errors import AnswerError
from dxcourse.exercises.parts import Item, Json, Named, Note, Strict, by_ref, find, unique
from dxcourse.exercises.shapes import Choice, Part, Shape


class Thing(Named):
    """Something that has its place in the order."""


class OrderVerdicts(Strict):
    """What is said of an order: when all of it is right, and when not."""

    right: Note | None = None
    wrong: Note | None = None


class OrderItem(Item):
    """Things in the right order, which is the order of the YAML."""

    things: tuple[Thing, ...] = Field(min_length=2)
    feedback: OrderVerdicts = OrderVerdicts()

    @model_validator(mode="after")
    def _things_differ(self) -> Self:
        unique(self.things, "thing")
        return self


class Order(Exercise[OrderItem]):
    """Things to put in order. Value: the refs of all of them, each once."""

    kind: ClassVar[str] = "order"
    shape: ClassVar[Shape] = Shape.SEQUENCING
    seconds: ClassVar[int] = 40

    @override
    def face(self, item: OrderItem) -> dict[str, Json]:
        return {"things": [{"ref": t.ref, "text": t.text} for t in by_ref(item.things)]}

    @override
    def parts(self, item: OrderItem) -> tuple[Part, ...]:
        choices = tuple(Choice(t.ref, t.text) for t in by_ref(item.things))
        return (Part("", Shape.SEQUENCING, choices),)

    @override
    def check(self, item: OrderItem, value: Json) -> Json:
        place = f"{self.id}/{item.ref}"
        if not isinstance(value, list) or len(value) != len(item.things):
            raise AnswerError(f"{place}: a value is a list of all {len(item.things)} refs")
        refs = [find(item.things, ref, place).ref for ref in value]
        if len(set(refs)) < len(refs):
            raise AnswerError(f"{place}: a value has each ref once")
        return refs

    @override
    def key(self, item: OrderItem) -> Json:
        return [thing.ref for thing in item.things]

    @override
    def missing_feedback(self, item: OrderItem) -> tuple[str, ...]:
        return () if item.feedback.wrong else ("",)

    @override
    def judge(self, item: OrderItem, value: Json) -> ItemResult:
        share = order_share(value, self.key(item))
        note = item.feedback.right if share == 1 else item.feedback.wrong
        key = self.key(item)
        places = tuple(ref for ref, right in zip(value, key, strict=True) if ref == right)
        told = flat(item, share, Remark.of(note, mark_of(share)))
        return told.model_copy(update={"in_place": places})
