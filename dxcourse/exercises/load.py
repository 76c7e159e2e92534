"""Exercises from YAML: a list a file, every mistake with its line and the cure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from dxcourse.authored import (
    Document,
    YamlError,
    did_you_mean,
    field_error,
    finding,
    read_yaml,
)
from dxcourse.errors import FieldError, Finding
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
class SourcePlace:
    """Where an exercise is written."""

    file: Path
    line: int


@dataclass(frozen=True)
class Bank:
    """Exercises by id, in the order of their files, and where each is written."""

    exercises: Mapping[str, AnyExercise]
    places: Mapping[str, SourcePlace]
    outdated: Mapping[str, Finding] = field(default_factory=dict)
    """Those that were written for an edition of the plan which is no longer the newest."""


def parse(
    raw: Mapping[str, Any], facts: Facts | None = None, *, broken: bool = False
) -> AnyExercise:
    """One exercise from plain data.

    Raises
    ------
    FieldError, pydantic.ValidationError
        There is no such kind, or a field is wrong.
    """
    known = kinds_by_name()
    kind = raw.get("kind")
    if not isinstance(kind, str) or kind not in known:
        names = ", ".join(sorted(known))
        cure = did_you_mean(kind, known)
        raise field_error("exercises.kind", cure, kind=kind or "", known=names)
    fields = {name: value for name, value in raw.items() if name != "kind"}
    scope = context(str(raw.get("id", "")), facts, raw.get("edition"), broken=broken)
    return known[kind].model_validate(fields, context=scope)


def load_bank(
    files: Sequence[Path], facts: Facts | None, root: Path, *, broken: bool = False
) -> Bank:
    """All exercises of some files; `broken` where there are facts, which cannot be read.

    Raises
    ------
    ExerciseError
        With every mistake found.
    """
    loading = _Loading(facts, root, broken)
    for file in files:
        loading.read(file)
    loading.check_waits()
    if loading.findings:
        raise ExerciseError(loading.findings)
    for exercise in loading.exercises.values():
        if exercise.reveal_after is not None:
            exercise.wait_for(loading.exercises[exercise.reveal_after])
    return Bank(loading.exercises, loading.places, loading.outdated)


@dataclass
class _Loading:
    """The exercises read so far, and the mistakes."""

    facts: Facts | None
    root: Path
    broken: bool = False
    exercises: dict[str, AnyExercise] = field(default_factory=dict)
    places: dict[str, SourcePlace] = field(default_factory=dict)
    waits: dict[str, int] = field(default_factory=dict)  # the line of each `reveal_after`
    outdated: dict[str, Finding] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

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
            self.findings.append(error.finding(name))
            return
        if not isinstance(document.data, list):
            looking = document.look(1)
            code, blanks = looking or ("exercises.not_a_list", {})
            self.findings.append(finding(name, 1, code, **blanks))
            return
        for index in range(len(document.data)):
            self.findings += self.take(file, document, index)

    def take(self, file: Path, document: Document, index: int) -> list[Finding]:
        """Take one exercise, or give what is wrong in it."""
        name, raw, line = self.name(file), document.data[index], document.line((index,))
        if not isinstance(raw, dict):
            code, blanks = document.look(line) or ("exercises.not_a_mapping", {})
            return [finding(name, line, code, **blanks)]
        try:
            exercise = parse(raw, self.facts, broken=self.broken)
        except ValidationError as error:
            model = kinds_by_name()[raw["kind"]]
            return list(document.findings(name, error, within=(index,), model=model))
        except FieldError as error:
            where = document.line((index, "kind"))
            return [Finding(name, where, error.message, error.cure, error.code)]
        if exercise.id in self.places:
            at = self.places[exercise.id]
            place = f"{self.name(at.file)}:{at.line}"
            return [finding(name, line, "exercises.doubled", id=exercise.id, place=place)]
        self.exercises[exercise.id] = exercise
        self.places[exercise.id] = SourcePlace(file, line)
        edition = getattr(exercise, "edition", "")
        if self.facts is not None and edition and edition != self.facts.editions()[-1]:
            at_edition = document.line((index, "edition"))
            blanks = {"edition": edition, "newest": self.facts.editions()[-1]}
            self.outdated[exercise.id] = finding(
                name, at_edition, "exercises.edition_old", **blanks
            )
        if exercise.reveal_after is not None:
            self.waits[exercise.id] = document.line((index, "reveal_after"))
        return []

    def check_waits(self) -> None:
        """Look whether the feedback that waits will ever come. Only where all else is in order."""
        if self.findings:
            return
        for name, line in self.waits.items():
            file = self.name(self.places[name].file)
            chain = [name]
            while (after := self.exercises[chain[-1]].reveal_after) is not None:
                if after not in self.exercises:
                    cure = did_you_mean(after, self.exercises)
                    found = finding(file, line, "exercises.waits_missing", cure, id=after)
                elif after in chain:
                    found = finding(file, line, "exercises.waits_circle", id=after)
                else:
                    chain.append(after)
                    continue
                self.findings.append(found)
                break
