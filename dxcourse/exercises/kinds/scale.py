"""`scale`: a self-check on levels; no points and no total, but a radar picture."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import Field, model_validator
from typing_extensions import override

from dxcourse.authored import field_error
from dxcourse.exercises.base import Exercise, ItemResult, Mark, Remark
from dxcourse.exercises.errors import AnswerError
from dxcourse.exercises.parts import Item, Json, Note, Text
from dxcourse.exercises.shapes import Choice, Part, Privacy, Shape

RADAR = 3  # a picture with fewer axes has no area


class ScaleItem(Item):
    """A statement; `feedback` asks back, by level.

    `axis` is where it stands in the picture; several may share one, which then shows their mean.
    """

    axis: str = ""
    feedback: dict[int, Note] = Field(default_factory=dict)


class Scale(Exercise[ScaleItem]):
    """Statements to place on levels. Value: the number of the level, from 0."""

    kind: ClassVar[str] = "scale"
    shape: ClassVar[Shape] = Shape.LIKERT
    privacy: ClassVar[Privacy] = Privacy.SENSITIVE
    seconds: ClassVar[int] = 6

    levels: tuple[Text, ...] = Field(min_length=2)
    radar: bool = False

    @model_validator(mode="after")
    def _levels_exist(self) -> Self:
        top = len(self.levels) - 1
        for item in self.items:
            for level in item.feedback:
                if not 0 <= level <= top:
                    blanks = {"item": item.id, "level": level, "top": top}
                    raise field_error("exercises.level", about=str(level), **blanks)
        if self.radar and len({item.axis for item in self.items} - {""}) < RADAR:
            raise field_error("exercises.radar", least=RADAR)
        return self

    @override
    def common(self) -> dict[str, Json]:
        return {"levels": list(self.levels), "radar": self.radar}

    @override
    def face(self, item: ScaleItem) -> dict[str, Json]:
        return {"axis": item.axis}

    @override
    def parts(self, item: ScaleItem) -> tuple[Part, ...]:
        choices = tuple(Choice(n, text) for n, text in enumerate(self.levels))
        return (Part("", Shape.LIKERT, choices, privacy=self.privacy),)

    @override
    def check(self, item: ScaleItem, value: Json) -> Json:
        if type(value) is not int or not 0 <= value < len(self.levels):
            raise AnswerError(
                f"{self.id}/{item.ref}: a value is a whole number below {len(self.levels)}"
            )
        return value

    @override
    def key(self, item: ScaleItem) -> None:
        return None

    @override
    def judge(self, item: ScaleItem, value: Json) -> ItemResult:
        remarks = Remark.of(item.feedback.get(value), Mark.TAKEN)
        return ItemResult(points=0, max_points=0, mark=Mark.TAKEN, remarks=remarks)
