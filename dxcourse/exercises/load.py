"""Exercises from YAML: a list a file, every mistake with its line and the cure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from dxcourse.authored import Document, YamlError, read_yaml
from dxcourse.exercises.base import Exercise
from dxcourse.exercises.errors import ExerciseError
from dxcourse.exercises.parts import context
from dxcourse.exercises.registry import kinds_by_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from dxcourse.facts import Facts

AnyExercise = Exercise[Any]


@dataclass(frozen=True)
class Place:
    """Where an exercise is written."""

    file: Path
    line: int


@dataclass(frozen=True)
class Bank:
    """Exercises by id, in the order of their files, and where each is written."""

    exercises: Mapping[str, AnyExercise]
    places: Mapping[str, Place]


def parse(raw: Mapping[str, Any], facts: Facts | None = None) -> AnyExercise:
    """One exercise from plain data.

    Raises
    ------
    ValueError
        There is no such kind, or (pydantic's `ValidationError`) a field is wrong.
    """
    known = kinds_by_name()
    kind = raw.get("kind")
    if not isinstance(kind, str) or kind not in known:
        raise ValueError(f'kind "{kind}" is not known; kinds are {", ".join(sorted(known))}')
    fields = {name: value for name, value in raw.items() if name != "kind"}
    scope = context(str(raw.get("id", "")), facts)
    return known[kind].model_validate(fields, context=scope)


def load_bank(files: Sequence[Path], facts: Facts | None, root: Path) -> Bank:
    """All exercises of some files.

    Raises
    ------
    ExerciseError
        With every mistake found, a line each: ``exercises/bank/04_plan.yaml:31: …``.
    """
    loading = _Loading(facts, root)
    for file in files:
        loading.read(file)
    loading.check_waits()
    if loading.mistakes:
        raise ExerciseError("\n".join(loading.mistakes))
    return Bank(loading.exercises, loading.places)


@dataclass
class _Loading:
    """The exercises read so far, and the mistakes."""

    facts: Facts | None
    root: Path
    exercises: dict[str, AnyExercise] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    waits: dict[str, int] = field(default_factory=dict)  # the line of each `reveal_after`
    mistakes: list[str] = field(default_factory=list)

    def name(self, file: Path) -> str:
        """Name a file as its author does: from the course's folder."""
        inside = file.is_relative_to(self.root)
        return file.relative_to(self.root).as_posix() if inside else file.name

    def read(self, file: Path) -> None:
        """Read a file, and keep what is right and what is wrong in it."""
        name = self.name(file)
        try:
            document = read_yaml(file)
        except YamlError as error:
            self.mistakes.append(f"{name}:{error.line}: {error}")
            return
        if not isinstance(document.data, list):
            cause = "a file of exercises is a list; begin each with '- kind:'"
            self.mistakes.append(f"{name}:1: {cause}")
            return
        for index in range(len(document.data)):
            found = self.take(file, document, index)
            self.mistakes += [f"{name}:{line}: {what}" for line, what in found]

    def take(self, file: Path, document: Document, index: int) -> list[tuple[int, str]]:
        """Take one exercise, or give its mistakes: line, and cause with cure."""
        raw = document.data[index]
        line = document.line((index,))
        if not isinstance(raw, dict):
            return [
                (line, "an exercise is a mapping with kind, id and title; begin with '- kind:'")
            ]
        try:
            exercise = parse(raw, self.facts)
        except ValidationError as error:
            model = kinds_by_name()[raw["kind"]]
            return list(document.explain(error, within=(index,), model=model))
        except ValueError as error:
            return [(document.line((index, "kind")), str(error))]
        if exercise.id in self.places:
            at = self.places[exercise.id]
            first = f"{at.file.name}:{at.line}"
            cure = "give each an id of its own"
            return [(line, f'exercise "{exercise.id}" is already at {first}; {cure}')]
        self.exercises[exercise.id] = exercise
        self.places[exercise.id] = Place(file, line)
        if exercise.reveal_after is not None:
            self.waits[exercise.id] = document.line((index, "reveal_after"))
        return []

    def check_waits(self) -> None:
        """Look whether the feedback that waits will ever come. Only where all else is in order."""
        if self.mistakes:
            return
        for name, line in self.waits.items():
            chain = [name]
            while (after := self.exercises[chain[-1]].reveal_after) is not None:
                if after not in self.exercises:
                    cause = f'reveal_after "{after}" is no exercise; mend the id or write it'
                elif after in chain:
                    cause = f'reveal_after "{after}" leads back to it; take one of them out'
                else:
                    chain.append(after)
                    continue
                self.mistakes.append(f"{self.name(self.places[name].file)}:{line}: {cause}")
                break
