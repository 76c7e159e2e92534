"""The API described in OpenAPI 3.1, of the same models that check what is sent."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from dxcourse.pages import messages
from dxcourse.web.identity import HEADER
from dxcourse.web.messages import AnswerSent, EmptyMessage, Refusal, SavedMessage, TokenMessage

TITLE, EDITION = "dxcourse", "1"
REFS = "#/components/schemas/{model}"
MODELS: tuple[type[BaseModel], ...] = (
    messages.RestartedMessage,
    AnswerSent,
    messages.AnswerCountsMessage,
    EmptyMessage,
    messages.ForgottenMessage,
    messages.LearnerState,
    messages.OwnRecords,
    SavedMessage,
    TokenMessage,
    Refusal,
)
WHY = {
    400: "what was sent does not fit",
    401: "the token is missing or not ours",
    403: "asked from another site",
    404: "there is no such exercise, or it is not shown",
    409: "it does not fit what is stored",
    413: "too large",
    415: "not JSON",
    421: "another host's name",
    429: "too often; see Retry-After",
    503: "not now; send it again",
}
ALWAYS = (403, 421, 429)
POSTED = (400, 413, 415)
STORED = (401, 503)


def description() -> dict[str, Any]:
    """The description, as JSON's types."""
    _, found = models_json_schema([(m, "validation") for m in MODELS], ref_template=REFS)
    exercise = {
        "name": "exercise",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9_.-]+$"},
    }
    paths = {
        "/api/visitor": {"post": _posted(EmptyMessage, TokenMessage, "A new visitor", free=True)},
        "/api/learner": {"get": _got(messages.LearnerState, "What a page shows of its learner")},
        "/api/answers/{exercise}": {
            "parameters": [exercise],
            "post": _posted(AnswerSent, SavedMessage, "An answer", 404, 409),
        },
        "/api/others/{exercise}": {
            "parameters": [exercise],
            "get": _got(messages.AnswerCountsMessage, "How others answered", 404, 409),
        },
        "/api/afresh": {"post": _posted(EmptyMessage, messages.RestartedMessage, "Begin afresh")},
        "/api/forget": {
            "post": _posted(EmptyMessage, messages.ForgottenMessage, "Delete my answers")
        },
        "/my/answers.json": {"get": _got(messages.OwnRecords, "My answers, to take away")},
    }
    token = {"type": "apiKey", "in": "header", "name": HEADER}
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": EDITION},
        "paths": paths,
        "components": {"schemas": found["$defs"], "securitySchemes": {"learner": token}},
    }


def _got(reply: type[BaseModel], summary: str, *more: int) -> dict[str, Any]:
    return {
        "summary": summary,
        "security": [{"learner": []}],
        "responses": _responses(reply, *ALWAYS, *STORED, *more),
    }


def _posted(
    sent: type[BaseModel], reply: type[BaseModel], summary: str, *more: int, free: bool = False
) -> dict[str, Any]:
    stored = () if free else STORED
    return {
        "summary": summary,
        "security": [] if free else [{"learner": []}],
        "requestBody": {"required": True, "content": _json(sent)},
        "responses": _responses(reply, *ALWAYS, *POSTED, *stored, *more),
    }


def _responses(reply: type[BaseModel], *refused: int) -> dict[str, Any]:
    found: dict[str, Any] = {"200": {"description": "done", "content": _json(reply)}}
    for status in sorted(refused):
        found[str(status)] = {"description": WHY[status], "content": _json(Refusal)}
    return found


def _json(model: type[BaseModel]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": REFS.format(model=model.__name__)}}}
