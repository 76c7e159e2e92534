"""`match`: each item on the left has one answer on the right."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import Field, model_validator
from typing_extensions import override

from dxcourse.exercises.base import Exercise, ItemResult, Mark, Remark, flat, mark_of
from dxcourse.exercises.parts import (
    Item,
    Json,
    Named,
    Note,
    Strict,
    by_ref,
    find,
    hold_known,
    unique,
)
from dxcourse.exercises.shapes import Choice, Part, Shape


class Answer(Named):
    """What stands on the right; it may belong to several items, to one, or to none."""


class MatchVerdicts(Strict):
    """What is said of a match: when right, for an answer that is not, for any other."""

    right: Note | None = None
    answers: dict[str, Note] = Field(default_factory=dict)
    wrong: Note | None = None


class MatchItem(Item):
    """What stands on the left, and the id of its answer."""

    answer: str
    feedback: MatchVerdicts = MatchVerdicts()


class Match(Exercise[MatchItem]):
    """Items to match with answers. Value: the answer's ref."""

    kind: ClassVar[str] = "match"
    shape: ClassVar[Shape] = Shape.MATCHING
    seconds: ClassVar[int] = 15

    answers: tuple[Answer, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _answers_exist(self) -> Self:
        unique(self.answers, "answer")
        known = [answer.id for answer in self.answers]
        for item in self.items:
            hold_known(item.id, "answer", (*item.feedback.answers, item.answer), known)
        return self

    @override
    def common(self) -> dict[str, Json]:
        return {"answers": [{"ref": a.ref, "text": a.text} for a in by_ref(self.answers)]}

    @override
    def face(self, item: MatchItem) -> dict[str, Json]:
        return {}

    @override
    def parts(self, item: MatchItem) -> tuple[Part, ...]:
        choices = tuple(Choice(a.ref, a.text) for a in by_ref(self.answers))
        return (Part("", Shape.MATCHING, choices),)

    @override
    def check(self, item: MatchItem, value: Json) -> Json:
        return find(self.answers, value, f"{self.id}/{item.ref}").ref

    @override
    def key(self, item: MatchItem) -> Json:
        return next(answer.ref for answer in self.answers if answer.id == item.answer)

    @override
    def explanation(self, item: MatchItem) -> tuple[Remark, ...]:
        return Remark.of(item.feedback.right, Mark.TAKEN, self.key(item))

    @override
    def missing_feedback(self, item: MatchItem) -> tuple[str, ...]:
        said = {item.answer, *item.feedback.answers}
        left = tuple(answer.id for answer in self.answers if answer.id not in said)
        return () if item.feedback.wrong else left

    @override
    def judge(self, item: MatchItem, value: Json) -> ItemResult:
        chosen = find(self.answers, value, f"{self.id}/{item.ref}")
        share = float(chosen.id == item.answer)
        said = item.feedback
        note = said.right if share else said.answers.get(chosen.id, said.wrong)
        return flat(item, share, Remark.of(note, mark_of(share), chosen.ref))
