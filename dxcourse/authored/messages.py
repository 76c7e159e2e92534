"""What pydantic finds wrong in content, said to its author: the cause and the cure."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, get_args

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import ValidationError

Place = tuple[int | str, ...]

# By pydantic's name for a mistake. What is not here is said in pydantic's words.
CURES = {
    "missing": "missing; add it here",
    "extra_forbidden": "no such field (docs/authoring.md lists them); mend its name or delete it",
    "string_type": "not a text; put it in quotes",
    "string_too_short": "empty; write a text",
    "string_too_long": "too long; at most {max_length} characters",
    "string_pattern_mismatch": "holds other signs than {pattern} allows; write it anew",
    "invalid_key": "a field's name is a text; put it in quotes",
    "bool_type": "write true or false",
    "bool_parsing": "write true or false",
    "int_type": "write a whole number",
    "int_parsing": "write a whole number",
    "int_from_float": "write a whole number",
    "float_type": "write a number, without quotes",
    "float_parsing": "write a number, without quotes",
    "greater_than": "write a number above {gt:g}",
    "greater_than_equal": "write a number from {ge:g} on",
    "less_than_equal": "write a number up to {le:g}",
    "finite_number": "write a finite number",
    "too_short": "has {actual_length}, needs {min_length} or more; add to the list",
    "tuple_type": "write a list, each entry after '- '",
    "list_type": "write a list, each entry after '- '",
    "dict_type": "write fields, each with its name and ': '",
    "model_type": "write fields, each with its name and ': '",
    "model_attributes_type": "write fields, each with its name and ': '",
}


@dataclass(frozen=True)
class Mistake:
    """A mistake at a place; `ours` are those whose words come from our own models."""

    place: Place
    cause: str
    ours: bool
    missing: bool


def mistakes(error: ValidationError, model: type[BaseModel] | None = None) -> list[Mistake]:
    """List the mistakes, without those that only follow from another one.

    A field is not missing if it is misspelt, and a list is not too short if an entry of it could
    not be read.
    """
    found = error.errors(include_url=False, include_input=False)
    places = [each["loc"] for each in found]
    meant = {
        each["loc"]: _meant(model, each["loc"])
        for each in found
        if each["type"] == "extra_forbidden" and model is not None
    }
    there = {(*_as_written(place[:-1]), name) for place, name in meant.items()}
    told = []
    for each in found:
        place, kind = each["loc"], each["type"]
        within = any(other[: len(place)] == place != other for other in places)
        if (kind == "too_short" and within) or (kind == "missing" and _as_written(place) in there):
            continue
        ours = kind == "value_error"
        cause = each["msg"].removeprefix("Value error, ")
        if meant.get(place):
            cause = f'no such field; did you mean "{meant[place]}"?'
        elif kind in CURES:
            cause = CURES[kind].format(**each.get("ctx", {}))
        told.append(Mistake(place, cause, ours, missing=kind == "missing"))
    return told


def _as_written(place: Place) -> Place:
    """Give the place in an exercise that has the fields of its only item at its top."""
    return place[2:] if place[:2] == ("items", 0) else place


def _meant(model: type[BaseModel], place: Place) -> str:
    """Name the field that was meant by the misspelt one that `place` ends with, or ""."""
    *above, wrong = place
    here = [model]
    for step in above:
        inner = [found for outer in here for found in _inner(outer, str(step))]
        here = inner or here
    if not above:  # an exercise may have the fields of its only item at its top
        here += _inner(model, "items")
    known = {name for found in here for name in found.model_fields} - {wrong}
    return next(iter(get_close_matches(str(wrong), known, n=1)), "")


def _inner(model: type[BaseModel], field: str) -> list[type[BaseModel]]:
    known = model.model_fields
    return list(_models(known[field].annotation)) if field in known else []


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)
