"""The sources that a module rests on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from dxcourse._notebook import calls
from dxcourse.course import Course, Module
from dxcourse.exercises import Note
from dxcourse.facts import Source


def facts_used(course: Course, module: Module) -> list[str]:
    """The ids of the facts a module cites: in its cells and in its exercises, in order."""
    used: dict[str, None] = {}
    for call in calls(course.notebook(module)):
        if call.name == "evidence":
            used.update(dict.fromkeys(call.arguments))
        elif call.name == "exercise" and call.arguments:
            exercise = course.exercise(call.arguments[0])
            used.update(dict.fromkeys(note.fact for note in notes(exercise) if note.fact))
    return list(used)


def cited_in(course: Course, module: Module) -> list[Source]:
    """The sources behind the facts a module cites, the slides first."""
    sources = {source.id: source for source in course.facts.rows(Source)}
    used = dict.fromkeys(course.facts[fact].source for fact in facts_used(course, module))
    return [sources[name] for name in dict.fromkeys(["slides", *used])]


def notes(part: Any) -> Iterator[Note]:  # noqa: ANN401  -- walks whatever an exercise is made of
    """Every note within an exercise: feedback, cards, closing."""
    if isinstance(part, Note):
        yield part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from notes(getattr(part, name))
    elif isinstance(part, dict):
        for value in part.values():
            yield from notes(value)
    elif isinstance(part, (list, tuple)):
        for value in part:
            yield from notes(value)
