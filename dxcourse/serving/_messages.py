"""What is sent to the server and what it replies: the models that check it and describe it.

`_openapi` makes the description of the API of the same models.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from dxcourse.serving._learners import NAME_LENGTH

EntryId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{8,64}$")]  # as in `Record.id`


class Message(BaseModel):
    """What is sent: more fields than are known do no harm."""

    model_config = ConfigDict(strict=True, hide_input_in_errors=True)


class AnswerSent(Message):
    """An answer to an exercise. The same `id` sent twice is stored once."""

    id: EntryId
    answer: JsonValue = Field(
        json_schema_extra={
            "type": "object",
            "required": ["items"],
            "properties": {"items": {"type": "object"}},
            "additionalProperties": False,
        }
    )


class NameSent(Message):
    """What someone who shares this machine calls themselves."""

    name: str = Field(max_length=NAME_LENGTH)


class Empty(Message):
    """Nothing more needs to be said."""


class Saved(BaseModel):
    """The answer is on disk; this is said of it."""

    state: Literal["saved"]
    reply: dict[str, Any]


class Afresh(BaseModel):
    """So many exercises are begun afresh."""

    state: Literal["saved"]
    exercises: int


class Told(BaseModel):
    """Why not. `waiting` is worth sending again later, the others are not."""

    state: Literal["refused", "spent", "waiting"]
    error: str


class Token(BaseModel):
    """What the browser keeps and sends with every request."""

    token: str
    name: str = ""


class Count(BaseModel):
    """How many of a module's exercises are answered in full."""

    done: int
    of: int


class LearnerState(BaseModel):
    """What a page shows of its learner."""

    seed: str
    name: str
    replies: dict[str, dict[str, Any]]
    progress: dict[str, Count]


class Row(BaseModel):
    """How many chose this."""

    text: str
    count: int


class CountedItem(BaseModel):
    """How an item was answered, by how many."""

    ref: str
    text: str
    answers: int
    rows: list[Row]


class Counted(BaseModel):
    """How others answered; an item of fewer than `least` answers has no rows."""

    least: int
    items: list[CountedItem]


class OwnRecords(BaseModel):
    """Everything that is stored of a visitor, in the order it was stored."""

    records: list[dict[str, Any]]


class Forgotten(BaseModel):
    """So many records were deleted."""

    state: Literal["saved"]
    records: int
