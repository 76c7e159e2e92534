"""What the rules read: the files, and the course with the lines that things are written on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from dxcourse.authored import finding
from dxcourse.exercises import Bank

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from dxcourse.authored import Document, Notebook
    from dxcourse.course import Course, Module
    from dxcourse.errors import Finding
    from dxcourse.exercises import AnyExercise, Item, SourcePlace

OUTLINE = "notebooks/course.yaml"
Step = int | str


@dataclass(frozen=True)
class Files:
    """The course's folder, and those of its notebooks that can be read, by their names."""

    root: Path
    notebooks: Mapping[str, Notebook]

    def name(self, path: Path) -> str:
        """Name a file as its author does: from the course's folder."""
        return path.relative_to(self.root).as_posix()

    def find(self, *patterns: str) -> list[Path]:
        """List the files that fit a pattern, without what tools leave behind."""
        found = {path for pattern in patterns for path in self.root.glob(pattern)}
        left = {".ipynb_checkpoints", "__pycache__"}
        return sorted(path for path in found if path.is_file() and not left & set(path.parts))


@dataclass(frozen=True)
class WrittenPart:
    """A part of a YAML file: what is found in it is told with its line."""

    name: str
    document: Document
    within: tuple[Step, ...] = ()

    def finding(self, code: str, *place: Step, **blanks: object) -> Finding:
        """Tell something of a place in the part, such as ``"items", 0, "text"``.

        A blank `cure` takes the place of the usual one.
        """
        cure = str(blanks.pop("cure", ""))
        line = self.document.line((*self.within, *place))
        return finding(self.name, line, code, cure, **blanks)


@dataclass(frozen=True)
class Assigned:
    """An assignment of the homework: its exercises, and the notebooks beside them."""

    folder: str
    bank: Bank
    entries: Mapping[str, WrittenPart]
    """Where each exercise is written, by its id."""
    books: tuple[Notebook, ...]

    @property
    def file(self) -> str:
        """The file of the exercises, as its author names it."""
        return f"{self.folder}/exercises.yaml"


@dataclass(frozen=True)
class Content:
    """A course that could be loaded, as the rules read it."""

    files: Files
    course: Course
    outline: WrittenPart
    entries: Mapping[str, WrittenPart]
    """Where each exercise of the bank is written, by its id."""
    homework: tuple[Assigned, ...] = ()
    today: date = date.min
    """The day on which the course is checked."""

    @property
    def of_homework(self) -> Content:
        """The homework bank in place of the lessons': rules about questions read it alike."""
        exercises: dict[str, AnyExercise] = {}
        places: dict[str, SourcePlace] = {}
        entries: dict[str, WrittenPart] = {}
        for assigned in self.homework:
            exercises.update(assigned.bank.exercises)
            places.update(assigned.bank.places)
            entries.update(assigned.entries)
        course = replace(self.course, bank=Bank(exercises, places), shown={})
        return replace(self, course=course, entries=entries)

    @property
    def modules(self) -> Iterator[tuple[Module, Notebook]]:
        """The written modules with their notebooks."""
        for module in self.course.modules:
            yield module, self.files.notebooks[f"notebooks/{module.notebook}"]

    @property
    def besides(self) -> list[Notebook]:
        """The notebooks beside the modules: stand-alone pages and appendices."""
        modules = {f"notebooks/{module.notebook}" for module in self.course.outline.modules}
        books = self.files.notebooks.items()
        return [
            book for name, book in books if name.startswith("notebooks/") and name not in modules
        ]


def keyed(exercise: AnyExercise) -> Iterator[tuple[Item, tuple[Step, ...]]]:
    """Give the items that have a right answer, marked or practice, each with its place."""
    for index, item in enumerate(exercise.items):
        if exercise.key(item) is not None:
            yield item, () if exercise.single else ("items", index)


def marked(exercise: AnyExercise) -> Iterator[tuple[Item, tuple[Step, ...]]]:
    """Give the items of an exercise that are marked, each with its place in the entry."""
    yield from ((item, place) for item, place in keyed(exercise) if exercise.worth(item) > 0)
