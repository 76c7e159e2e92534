"""The record: one line an attempt, never changed; removed by purging and forgetting alone."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, TypeAdapter

if TYPE_CHECKING:
    Json = Any  # what an exercise makes of it is the exercise's business
else:
    Json = JsonValue

VERSION: Literal[1] = 1
# PostgreSQL's text holds no NUL. Refused here, where it concerns one learner alone.
Name = Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[^\x00]+$")]
_TIME = TypeAdapter(AwareDatetime)


class Record(BaseModel):
    """One attempt of a learner at an exercise.

    `answer` is None where the learner began the exercise afresh, or a purge took what was there.
    `id` is made by whoever gives the answer: the same one sent twice is stored once. `attempt`
    counts from 1 for each learner and exercise, over fresh beginnings too.
    """

    # What a learner typed is not repeated in an error message, which may end in a log.
    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, hide_input_in_errors=True
    )

    version: Literal[1] = VERSION
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
    time: AwareDatetime
    learner: Name
    exercise: Name
    attempt: Annotated[int, Field(ge=1)]
    answer: dict[str, Json] | None
    where: Annotated[str, Field(max_length=64, pattern=r"^[^\x00]*$")]

    def as_read_back(self) -> Record:
        """Give the record that a store reads after it has stored this one.

        Raises
        ------
        ValueError
            It cannot be stored: it is no JSON, or not in UTF-8.
        """
        return Record.model_validate_json(self.model_dump_json())


@dataclass(frozen=True)
class Entry:
    """A record before it has its number.

    Where it comes `once`, it is not stored where the learner's last answer there is the same. Of
    one that is sent again, `over` is the attempt that its giver knew as the last: where the same
    has been stored since, it may have come then, and is not stored over what was given later.

    Raises
    ------
    ValueError
        It cannot be a record. That is said here, where it concerns one learner, and not by a store
        that writes many entries together.
    """

    id: str
    time: datetime
    learner: str
    exercise: str
    answer: dict[str, Any] | None
    where: str
    once: bool = False
    over: int | None = None

    def __post_init__(self) -> None:
        self.numbered(1)

    def numbered(self, attempt: int) -> Record:
        """Give the record that is stored."""
        return Record(
            id=self.id,
            time=self.time,
            learner=self.learner,
            exercise=self.exercise,
            attempt=attempt,
            answer=self.answer,
            where=self.where,
        ).as_read_back()


def as_text(time: datetime) -> str:
    """Write a time as a record does."""
    text: str = _TIME.dump_python(time, mode="json")
    return text


def new_id() -> str:
    """Make an id for an entry: 128 random bits, as base64url."""
    return secrets.token_urlsafe(16)


def since_fresh(history: Sequence[Record]) -> list[Record]:
    """Give the records that count: those after the learner last began afresh."""
    fresh = [i for i, record in enumerate(history) if record.answer is None]
    return list(history[fresh[-1] + 1 :] if fresh else history)
