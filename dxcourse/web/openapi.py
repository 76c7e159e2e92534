"""The API described in OpenAPI 3.1: of the routes, and the models that check what is sent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from dxcourse.web import checks
from dxcourse.web.identity import HEADER
from dxcourse.web.messages import Refusal

TITLE, EDITION = "dxcourse", "1"
REFS = "#/components/schemas/{model}"
GROUP = re.compile(r"\([^)]*\)")
PARAMETER = {"type": "string", "pattern": "^[A-Za-z0-9_.-]+$"}
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
REFUSED_BY = {
    checks.check_host: (421,),
    checks.check_origin: (403,),
    checks.check_same_site: (403,),
    checks.limit_by_address: (429,),
    checks.identify_learner: (401, 503),  # who has a token has something stored
    checks.limit_by_learner: (429,),
}
BODY_REFUSED = (400, 413, 415)


@dataclass(frozen=True)
class Operation:
    """What one method of an address does.

    Parameters
    ----------
    summary
        In a few words.
    reply
        What it answers.
    sent
        What it takes; None for a GET.
    errors
        How it refuses, beside what every handler with the same checks does.
    """

    summary: str
    reply: type[BaseModel]
    sent: type[BaseModel] | None = None
    errors: tuple[int, ...] = ()


def describe(routes: Iterable[tuple[str, type[Any]]], *, base: str = "") -> dict[str, Any]:
    """The description of the routes whose handlers describe themselves, as JSON's types.

    Such a handler has `operations`, and `parameters` that name the groups of its address.

    Parameters
    ----------
    base
        What all addresses are under.
    """
    told = [(pattern, handler) for pattern, handler in routes if handler.operations]
    models = {Refusal} | {
        model
        for _, handler in told
        for operation in handler.operations.values()
        for model in (operation.reply, operation.sent)
        if model is not None
    }
    named = sorted(models, key=lambda model: model.__name__)
    _, found = models_json_schema([(m, "validation") for m in named], ref_template=REFS)
    token = {"type": "apiKey", "in": "header", "name": HEADER}
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": EDITION},
        "servers": [{"url": base or "/"}],
        "paths": {_path(pattern, handler): _methods(handler) for pattern, handler in told},
        "components": {"schemas": found["$defs"], "securitySchemes": {"learner": token}},
    }


def _path(pattern: str, handler: type[Any]) -> str:
    names = iter(handler.parameters)
    return GROUP.sub(lambda _: f"{{{next(names)}}}", pattern).replace("\\", "")


def _methods(handler: type[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        method.lower(): _operation(handler, operation)
        for method, operation in handler.operations.items()
    }
    if handler.parameters:
        found["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": PARAMETER}
            for name in handler.parameters
        ]
    return found


def _operation(handler: type[Any], operation: Operation) -> dict[str, Any]:
    identified = checks.identify_learner in handler.checks
    refused = {*operation.errors, *_refusals(handler.checks)}
    found: dict[str, Any] = {
        "summary": operation.summary,
        "security": [{"learner": []}] if identified else [],
    }
    if operation.sent is not None:
        refused |= {*BODY_REFUSED}
        found["requestBody"] = {"required": True, "content": _json(operation.sent)}
    found["responses"] = {"200": {"description": "done", "content": _json(operation.reply)}} | {
        str(status): {"description": WHY[status], "content": _json(Refusal)}
        for status in sorted(refused)
    }
    return found


def _refusals(used: Iterable[Any]) -> Iterator[int]:
    for check in used:
        yield from REFUSED_BY.get(check, ())


def _json(model: type[BaseModel]) -> Mapping[str, Any]:
    return {"application/json": {"schema": {"$ref": REFS.format(model=model.__name__)}}}
