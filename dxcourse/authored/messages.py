"""What is wrong in content, said to its author: the cause and the cure, from `text/ja/check.yaml`.

A finding's code is its name there: ``yaml.wide_colon``.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel

from dxcourse.errors import FieldError, Finding
from dxcourse.text import say, say_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic import ValidationError

Place = tuple[int | str, ...]

# Pydantic fills the blanks of these texts: ge, gt, le, expected, actual_length, min_length,
# max_length, pattern. It has many names for what an author mends in one way.
ALIKE = {
    "bool_parsing": "bool_type",
    "int_parsing": "int_type",
    "int_from_float": "int_type",
    "float_parsing": "float_type",
    "list_type": "tuple_type",
    "model_type": "dict_type",
    "model_attributes_type": "dict_type",
    "mapping_type": "dict_type",
}
TOLD = {
    "missing",
    "extra_forbidden",
    "string_type",
    "string_too_short",
    "string_too_long",
    "string_pattern_mismatch",
    "invalid_key",
    "bool_type",
    "int_type",
    "float_type",
    "greater_than",
    "greater_than_equal",
    "less_than_equal",
    "finite_number",
    "literal_error",
    "too_short",
    "too_long",
    "tuple_type",
    "dict_type",
}
# Of these the value itself says nothing, or is too long to be shown.
UNQUOTED = {"extra_forbidden", "string_too_long", "string_too_short", "dict_type", "tuple_type"}
# What a pattern allows is said in words where there are words for it.
PATTERNS = {
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "id",
    r"^[a-z0-9-]+$": "id",
    r"^[a-z-]+$": "id",
    r"^[a-z0-9-]{1,64}$": "id",
    r"^[A-Za-z0-9][A-Za-z0-9_.-]*$": "exercise_id",
    r"^\d\d$": "module",
    r"^[0-9a-z_]+\.ipynb$": "notebook",
    r"^appendix_[a-z_]+\.ipynb$": "appendix",
}


def finding(file: str, line: int, code: str, cure: str = "", /, **blanks: object) -> Finding:
    """Make a finding from the texts of its code; with a `cure` of its own where there is one.

    A code begins with a group of `check.yaml`, such as ``notebooks.no_id``.
    """
    message, usual = say_all(f"check.{code}", **blanks)
    return Finding(file, line, message, cure or usual, code)


def field_error(code: str, cure: str = "", /, **blanks: object) -> FieldError:
    """Make the error of a validator from the texts of its code, as `finding` does.

    A blank `about` is the value whose line is meant.
    """
    about = str(blanks.pop("about", ""))
    message, usual = say_all(f"check.{code}", **blanks)
    return FieldError(message, cure or usual, code, about)


def did_you_mean(wrong: object, known: Iterable[object]) -> str:
    """Name what was meant by a misspelt name, or ""."""
    near = get_close_matches(str(wrong), [str(each) for each in known], n=1)
    return say("check.near", near=near[0]) if near else ""


@dataclass(frozen=True)
class Mistake:
    """A mistake at a place, found by a model."""

    place: Place
    message: str
    cure: str
    code: str
    about: str = ""
    """The value that is meant, where that is known better than its field."""
    missing: bool = False

    def finding(self, file: str, line: int, field: str = "") -> Finding:
        """Make it a finding; `field` says which of the fields on the line is meant."""
        said = say("check.fields.named", field=field, what=self.message) if field else self.message
        return Finding(file, line, said, self.cure, self.code)


def mistakes(error: ValidationError, model: type[BaseModel] | None = None) -> list[Mistake]:
    """List the mistakes, without those that only follow from another one.

    A field is not missing if it is misspelt, and a list is not too short if an entry of it could
    not be read.
    """
    found = error.errors(include_url=False)
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
        told.append(_mistake(each, meant.get(place, "")))
    return told


def _mistake(error: Any, meant: str) -> Mistake:  # noqa: ANN401  -- pydantic's ErrorDetails
    """Say one of pydantic's errors in the author's words."""
    place, kind, context = error["loc"], error["type"], error.get("ctx", {})
    raised = context.get("error")
    if isinstance(raised, FieldError):
        return Mistake(place, raised.message, raised.cure, raised.code, raised.about)
    name = ALIKE.get(kind, kind)
    if name not in TOLD:
        message, cure = say_all("check.fields.other", detail=error["msg"])
        return Mistake(place, message, cure, "fields.other")
    expected = str(context.get("expected", "")).replace("'", "")
    listed = expected.replace(" or ", "、").replace(", ", "、")
    blanks = {**context, "expected": listed, "allowed": _allowed(context.get("pattern", ""))}
    message, cure = say_all(f"check.fields.{name}", **blanks)
    value = error["input"]
    if isinstance(value, str) and name not in UNQUOTED:
        shown = value if value.strip() else say("check.empty")
        message = say("check.fields.valued", value=shown, what=message)
    if meant:
        cure = say("check.near", near=meant)
    return Mistake(place, message, cure, f"fields.{name}", missing=kind == "missing")


def _allowed(pattern: str) -> str:
    return say(f"check.allowed.{PATTERNS.get(pattern, 'other')}", pattern=pattern)


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
    return next(iter(get_close_matches(str(wrong), known, n=1, cutoff=0.75)), "")


def _inner(model: type[BaseModel], field: str) -> list[type[BaseModel]]:
    known = model.model_fields
    return list(_models(known[field].annotation)) if field in known else []


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)
