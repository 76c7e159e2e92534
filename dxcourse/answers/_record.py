"""The record: one line an attempt, never changed, never removed."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

VERSION: Literal[1] = 1
Name = Annotated[str, Field(min_length=1, max_length=128)]


class Record(BaseModel):
    """One attempt of a learner at an exercise.

    `answer` is None where the learner began the exercise afresh. `id` is made by whoever gives the
    answer: the same one sent twice is stored once. `attempt` counts from 1 for each learner and
    exercise, over fresh beginnings too.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1] = VERSION
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
    time: AwareDatetime
    learner: Name
    exercise: Name
    attempt: Annotated[int, Field(ge=1)]
    answer: dict[str, Any] | None
    where: Annotated[str, Field(max_length=64)]


@dataclass(frozen=True)
class Entry:
    """A record before it has its number."""

    id: str
    time: datetime
    learner: str
    exercise: str
    answer: dict[str, Any] | None
    where: str

    def numbered(self, attempt: int) -> Record:
        """The record that is stored."""
        return Record(
            id=self.id,
            time=self.time,
            learner=self.learner,
            exercise=self.exercise,
            attempt=attempt,
            answer=self.answer,
            where=self.where,
        )


def new_id() -> str:
    """An id for an entry: 128 random bits, as base64url."""
    return secrets.token_urlsafe(16)


def since_fresh(history: Sequence[Record]) -> list[Record]:
    """The records that count: those after the learner last began afresh."""
    fresh = [i for i, record in enumerate(history) if record.answer is None]
    return list(history[fresh[-1] + 1 :] if fresh else history)
