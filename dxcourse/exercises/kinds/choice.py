"""`choice`: one of several options. A poll has no right option, and is not marked."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import model_validator
from typing_extensions import override

from dxcourse.authored import field_error
from dxcourse.exercises.base import Exercise, ItemResult, Mark, Remark, explained, flat
from dxcourse.exercises.parts import Json, OptionsItem, find, option_faces
from dxcourse.exercises.shapes import Part, Shape, option_choices


class ChoiceItem(OptionsItem):
    """A question of which one option is right; of a poll, which only asks, none is."""

    poll: bool = False

    @model_validator(mode="after")
    def _one_is_right(self) -> Self:
        if len(self.right) > 1:
            names = "".join(f"「{option.id}」" for option in self.right)
            raise field_error("exercises.two_right", about=self.right[1].id, names=names)
        if self.poll and self.right:
            name = f"「{self.right[0].id}」"
            raise field_error("exercises.poll_with_key", about=self.right[0].id, names=name)
        return self


class SingleChoice(Exercise[ChoiceItem]):
    """A question answered with one option. Value: the option's ref."""

    kind: ClassVar[str] = "choice"
    shape: ClassVar[Shape] = Shape.CHOICE
    seconds: ClassVar[int] = 20

    @override
    def face(self, item: ChoiceItem) -> dict[str, Json]:
        return {"options": option_faces(item)}

    @override
    def parts(self, item: ChoiceItem) -> tuple[Part, ...]:
        return (Part("", Shape.CHOICE, option_choices(item)),)

    @override
    def check(self, item: ChoiceItem, value: Json) -> Json:
        return find(item.options, value, f"{self.id}/{item.ref}").ref

    @override
    def key(self, item: ChoiceItem) -> Json | None:
        return next((option.ref for option in item.right), None)

    @override
    def explanation(self, item: ChoiceItem) -> tuple[Remark, ...]:
        return explained(item)

    @override
    def judge(self, item: ChoiceItem, value: Json) -> ItemResult:
        option = find(item.options, value, f"{self.id}/{item.ref}")
        if not item.right:
            remarks = Remark.of(option.feedback, Mark.TAKEN, option.ref)
            return ItemResult(points=0, max_points=0, mark=Mark.TAKEN, remarks=remarks)
        mark = Mark.RIGHT if option.correct else Mark.WRONG
        return flat(item, float(option.correct), Remark.of(option.feedback, mark, option.ref))
