"""What is sent to the server and what it replies: the models that check it and describe it.

`_openapi` makes the description of the API of the same models.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

EntryId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{8,64}$")]  # as in `Record.id`


class RequestMessage(BaseModel):
    """What is sent: more fields than are known do no harm."""

    model_config = ConfigDict(strict=True, hide_input_in_errors=True)


class AnswerSent(RequestMessage):
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
    where: Literal["page", "notebook"] = "page"
    """On which surface it was given."""
    over: Annotated[int, Field(ge=1)] | None = None
    """Of one that is sent again: the attempt that its giver knew as the last, if any."""


class EmptyMessage(RequestMessage):
    """Nothing more needs to be said."""


class SavedMessage(BaseModel):
    """The answer is on disk; this is said of it."""

    state: Literal["saved"]
    reply: dict[str, Any]


class Refusal(BaseModel):
    """Why not. `waiting` is worth sending again later, the others are not."""

    state: Literal["refused", "spent", "waiting"]
    error: str
    message: str = ""
    """What a person is told, where they have to know."""


class TokenMessage(BaseModel):
    """What the browser keeps and sends with every request."""

    token: str
    name: str = ""
