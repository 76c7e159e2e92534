"""The folder of an assignment: finds it, loads it, and says where its answers are kept."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from dxcourse.answers import FileStore, Store
from dxcourse.assignment.errors import AssignmentError
from dxcourse.assignment.keyless import MARKER, VERSION, keyless
from dxcourse.authored import YamlError, read_yaml
from dxcourse.course import CourseError, find_root
from dxcourse.exercises import AnyExercise, load_bank
from dxcourse.facts import Facts
from dxcourse.files import cached_by_mtime
from dxcourse.text import say

EXERCISES = "exercises.yaml"
ANSWERS = "answers.jsonl"


@dataclass(frozen=True)
class Assignment:
    """The exercises of one assignment by id, in the order of the file.

    `keyed` tells an author's or a grader's copy from a learner's, which has no keys.
    """

    folder: Path
    exercises: Mapping[str, AnyExercise]
    keyed: bool

    @property
    def answers(self) -> Path:
        """Where a learner's answers are: beside the notebook."""
        return self.folder / ANSWERS

    def exercise(self, exercise_id: str) -> AnyExercise:
        """An exercise by its id.

        Raises
        ------
        AssignmentError
            There is none; the message lists those there are.
        """
        if exercise_id in self.exercises:
            return self.exercises[exercise_id]
        known = "、".join(self.exercises)
        blanks = {"place": self.folder / EXERCISES, "exercise": exercise_id, "known": known}
        raise AssignmentError(say("homework.assignment.no-exercise", **blanks))

    def store(self) -> Store:
        """Where answers go from here.

        Where the keys are, nobody answers in earnest, and a file of answers would be laid over
        every learner's: there, answers are kept aside and forgotten with the kernel.
        """
        return FileStore(_aside(self.folder) if self.keyed else self.answers)

    @classmethod
    def at(cls, folder: Path) -> Assignment | None:
        """The assignment in a folder, loaded anew only when its file changed; None without one.

        Raises
        ------
        AssignmentError, ExerciseError, FactsError
            Its file is wrong.
        """
        path = folder.resolve() / EXERCISES
        if not path.is_file():
            return None
        return _loaded(path)

    @classmethod
    def load(cls, folder: Path) -> Assignment:
        """The assignment in a folder.

        Raises
        ------
        AssignmentError, ExerciseError, FactsError
            There is none, or its file is wrong.
        """
        found = cls.at(folder)
        if found is None:
            place = folder / EXERCISES
            raise AssignmentError(say("homework.assignment.not-there", place=place))
        return found


@cached_by_mtime(maxsize=64)
def _loaded(path: Path) -> Assignment:
    try:
        data = read_yaml(path).data
    except YamlError as error:
        raise AssignmentError([error.finding(str(path))]) from error
    if isinstance(data, dict) and MARKER in data:
        if data[MARKER] != VERSION or not isinstance(data.get("exercises"), list):
            raise AssignmentError(say("homework.assignment.other-version", place=path))
        try:
            found = [keyless(raw) for raw in data["exercises"]]
        except (AssignmentError, AttributeError) as error:
            told = say("homework.assignment.damaged", place=path, error=error)
            raise AssignmentError(told) from error
        exercises = MappingProxyType({each.id: each for each in found})
        return Assignment(path.parent, exercises, keyed=False)
    bank = load_bank([path], _facts(path.parent), path.parent)
    return Assignment(path.parent, bank.exercises, keyed=True)


def _facts(folder: Path) -> Facts | None:
    """The facts of the course around; None where there is no course, and notes go uncited."""
    try:
        root = find_root(folder)
    except CourseError:
        return None
    return _facts_of(root)


@cache
def _facts_of(root: Path) -> Facts:
    return Facts.load(root / "data")


@cache
def _aside(folder: Path) -> Path:
    name = f"dxcourse-preview-{os.getpid()}-"
    return Path(tempfile.mkdtemp(prefix=name)) / folder.name / ANSWERS
