"""The sources that a module rests on."""

from __future__ import annotations

from dxcourse._notebook import calls
from dxcourse.course import Course, Module
from dxcourse.exercises import Note, within
from dxcourse.facts import Source


def facts_used(course: Course, module: Module) -> list[str]:
    """The ids of the facts a module cites: in its cells and in its exercises, in order."""
    used: dict[str, None] = {}
    for call in calls(course.notebook(module)):
        if call.name == "evidence":
            used.update(dict.fromkeys(call.arguments))
        elif call.name == "exercise" and call.arguments:
            exercise = course.exercise(call.arguments[0])
            used.update(dict.fromkeys(note.fact for note in within(exercise, Note) if note.fact))
    return list(used)


def cited_in(course: Course, module: Module) -> list[Source]:
    """The sources behind the facts a module cites, the slides first."""
    sources = {source.id: source for source in course.facts.rows(Source)}
    used = dict.fromkeys(course.facts[fact].source for fact in facts_used(course, module))
    return [sources[name] for name in dict.fromkeys(["slides", *used])]
