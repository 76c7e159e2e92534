"""Agendas of workshops, the course's and the author's own, and the scenes of what they ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dxcourse.authored import YamlError, read_files, read_yaml
from dxcourse.checking.rules.files import AGENDAS
from dxcourse.errors import ContentError
from dxcourse.workshop import agenda
from dxcourse.workshop.drawings import our_pictures

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dxcourse.checking.content import Content
    from dxcourse.errors import Finding


def fitting_agendas(content: Content) -> Iterator[Finding]:
    """Hold that each agenda can be read, and that the course has what it asks.

    Those of the package are for the course that it ships: they are held to this one where it has
    most of what they ask, so that whoever takes an exercise out of a copy is told before the day.
    """
    root = content.files.root
    shipped = [agenda.HERE / f"{name}.yaml" for name in agenda.SHIPPED]
    own = read_files((root / AGENDAS).glob("*.yaml"))
    for path in [*own, *(path for path in shipped if _is_for(path, content))]:
        name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
        try:
            agenda.load_agenda(path, name, content.course)
        except ContentError as error:
            yield from error.findings


def scene_pictures(content: Content) -> Iterator[Finding]:
    """Hold that the picture of an exercise's scene is one of ours: no folder goes with it."""
    known = our_pictures()
    for name, exercise in content.course.exercises.items():
        if exercise.scene and exercise.scene.picture not in {"", *known}:
            file = exercise.scene.picture
            blanks = {"file": file, "known": "、".join(known)}
            yield content.entries[name].finding("agendas.drawing", "scene", "picture", **blanks)


def _is_for(path: Path, content: Content) -> bool:
    """Whether the course has most of what an agenda asks."""
    try:
        stops = read_yaml(path).data["stops"]
        asked = [
            ask if isinstance(ask, str) else ask["id"]
            for stop in stops
            for ask in stop.get("asks", ())
        ]
    except (YamlError, KeyError, TypeError, AttributeError):
        return path.is_relative_to(content.files.root)
    known = sum(name in content.course.exercises for name in asked)
    return known > len(asked) / 2
