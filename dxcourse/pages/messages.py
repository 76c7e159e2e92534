"""What a course's pages send and are told beside answers: models that check and describe it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from dxcourse.web.identity import NAME_LENGTH
from dxcourse.web.messages import RequestMessage


class RestartedMessage(BaseModel):
    """So many exercises are begun afresh."""

    state: Literal["saved"]
    exercises: int


class ProgressCount(BaseModel):
    """How many of a module's exercises are answered in full."""

    done: int
    of: int


class LearnerState(BaseModel):
    """What a page shows of its learner."""

    seed: str
    name: str
    replies: dict[str, dict[str, Any]]
    progress: dict[str, ProgressCount]


class CountedChoice(BaseModel):
    """How many chose this."""

    text: str
    count: int


class CountedItem(BaseModel):
    """How an item was answered, by how many."""

    ref: str
    text: str
    answers: int
    rows: list[CountedChoice]


class AnswerCountsMessage(BaseModel):
    """How others answered; an item of fewer than `least` answers has no rows."""

    least: int
    items: list[CountedItem]


class OwnRecords(BaseModel):
    """Everything that is stored of a visitor, in the order it was stored."""

    records: list[dict[str, Any]]


class ForgottenMessage(BaseModel):
    """So many records were deleted."""

    state: Literal["saved"]
    records: int


class NameSent(RequestMessage):
    """What someone who shares this machine calls themselves."""

    name: str = Field(max_length=NAME_LENGTH)
