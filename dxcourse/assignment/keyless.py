"""Exercises without their keys: as a release has them, as they work there, and what only keys say.

A keyless exercise is made of nothing but what `Exercise.public` shows, and so cannot know more. It
is of its own kind, and checks a value as the kind does. It has no key (`Exercise.keyless`), so
nothing is worth anything, and it says nothing of a value but that it was taken.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args, get_origin

import yaml
from pydantic import BaseModel

from dxcourse.assignment.errors import AssignmentError
from dxcourse.exercises import AnyExercise, Note, kinds_by_name, within
from dxcourse.text import say

VERSION = 1
MARKER = "keyless"  # the field that tells a keyless file from an author's
SHOWN = {"attempts": None, "judged": False, "deferred": True, "homework": True}
"""What is public in another way here: answers may be changed until they are handed in."""
GRADING = "graded-homework"
"""What feedback waits for: no exercise, and so never answered on a learner's machine."""


def keyless_copy(exercises: Iterable[AnyExercise]) -> dict[str, Any]:
    """Give what a release may know of exercises, as data for YAML."""
    return {MARKER: VERSION, "exercises": [{**each.public(), **SHOWN} for each in exercises]}


def write_keyless(exercises: Iterable[AnyExercise]) -> str:
    """Give the keyless copy as the text of a YAML file."""
    plain = json.loads(json.dumps(keyless_copy(exercises)))  # shapes and the like are words in it
    return yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=100)


def keyless(public: Mapping[str, Any]) -> AnyExercise:
    """Make a keyless exercise from its public data.

    Raises
    ------
    AssignmentError
        It is not such data.
    """
    kind = public.get("kind")
    if not isinstance(kind, str) or kind not in kinds_by_name():
        raise AssignmentError(say("homework.assignment.kind", kind=kind))
    try:
        made: AnyExercise = _built(kinds_by_name()[kind], {**public, "reveal_after": GRADING})
        for item in made.items:
            made.read({"items": {item.ref: None}})
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        told = say("homework.assignment.unreadable", exercise=public.get("id"), error=error)
        raise AssignmentError(told) from error
    made.release_as(public)
    return made


def _built(model: Any, raw: Mapping[str, Any]) -> Any:  # noqa: ANN401  -- any part of an exercise
    """Make a part of an exercise without validating it: what is a key is not there to validate."""
    fields: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        if name in raw:
            fields[name] = _value(field.annotation, raw[name])
        elif name == "id":
            fields[name] = raw["ref"]
    return model.model_construct(**fields)


def _value(annotation: Any, raw: Any) -> Any:  # noqa: ANN401
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _built(annotation, raw)
    if get_origin(annotation) is tuple:
        inner = get_args(annotation)[0]
        return tuple(_value(inner, each) for each in raw)
    return raw


# -- What only the key may say: its sentences, and whether a text has one of them ------------------

SHORTEST = 6  # characters; a shorter note may well stand in a text by chance


def hidden(exercises: Iterable[AnyExercise]) -> list[str]:
    """Give every sentence of keyed exercises that a learner must not read before grading."""
    known = list(exercises)
    public = "\n".join(within([each.public() for each in known], str))
    found = {note.text for each in known for note in within(each, Note)}
    return sorted(text for text in found if len(text) >= SHORTEST and text not in public)


def leak(text: str, secrets: Sequence[str]) -> str:
    """Give the first of the hidden sentences that a text has, however it is broken; "" for none."""
    flat = "".join(text.split())
    return next((each for each in secrets if "".join(each.split()) in flat), "")
