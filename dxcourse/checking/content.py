"""What the rules read: the course, loaded part by part, so that one broken part hides no other."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from dxcourse import settings
from dxcourse.authored import (
    Notebook,
    NotebookError,
    YamlError,
    finding,
    read_files,
    read_notebook,
    read_yaml,
)
from dxcourse.course import OUTLINE, Course, Outline, read_outline
from dxcourse.errors import ContentError, Finding
from dxcourse.exercises import Bank, load_bank
from dxcourse.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from dxcourse.authored import Document
    from dxcourse.course import Module
    from dxcourse.exercises import AnyExercise, Item, SourcePlace

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


# -- Loads a course part by part, so that one broken part does not hide what is wrong in another ---

P = ParamSpec("P")
R = TypeVar("R")

NOTEBOOKS = (
    "notebooks/*.ipynb",
    "notebooks/apps/*.ipynb",
    "exercises/homework/source/**/*.ipynb",
)


@dataclass
class Loaded:
    """What could be read of a course, and what was wrong with the rest."""

    files: Files
    facts: Facts | None = None
    bank: Bank | None = None
    outline: Outline | None = None
    homework: dict[Path, Bank] = field(default_factory=dict)
    content: Content | None = None
    findings: list[Finding] = field(default_factory=list)

    def attempt(self, load: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R | None:
        """Load a part; None, and its mistakes as findings, where that fails."""
        try:
            return load(*args, **kwargs)
        except ContentError as error:
            self.findings += error.findings
            return None


def load(root: Path, today: date | None = None) -> Loaded:
    """Load everything that can be loaded of a course folder, on a day."""
    books: dict[str, Notebook] = {}
    loaded = Loaded(Files(root, books))
    for path in loaded.files.find(*NOTEBOOKS):
        name = loaded.files.name(path)
        try:
            books[name] = read_notebook(path, name)
        except NotebookError as error:
            loaded.findings.append(error.finding(name))
    loaded.facts = loaded.attempt(Facts.load, root / "data")
    broken = loaded.facts is None
    entries = read_files(root.glob("exercises/bank/*.yaml"))
    loaded.bank = loaded.attempt(load_bank, entries, loaded.facts, root, broken=broken)
    for path in loaded.files.find("exercises/homework/source/**/exercises.yaml"):
        bank = loaded.attempt(load_bank, [path], loaded.facts, root, broken=broken)
        if bank is not None:
            loaded.homework[path] = bank
    for bank in (loaded.bank, *loaded.homework.values()):
        loaded.findings += bank.outdated.values() if bank is not None else ()
    loaded.outline = loaded.attempt(read_outline, root / OUTLINE)
    if loaded.outline is not None:
        loaded.findings += _missing(root, loaded.outline)
    loaded.content = _content(loaded, today or settings.today())
    return loaded


def _missing(root: Path, outline: Outline) -> Iterator[Finding]:
    written = _document(root, OUTLINE)
    listed = [
        *(("modules", i, m.notebook) for i, m in enumerate(outline.modules) if not m.coming),
        *(("appendices", i, a.notebook) for i, a in enumerate(outline.appendices)),
    ]
    for group, index, notebook in listed:
        if not (root / "notebooks" / notebook).is_file():
            code = "course.unlisted" if group == "modules" else "course.unlisted_appendix"
            yield written.finding(code, group, index, "notebook", name=notebook)


def _content(loaded: Loaded, today: date) -> Content | None:
    """Put the parts together, if each is whole."""
    files, facts, bank, outline = loaded.files, loaded.facts, loaded.bank, loaded.outline
    if facts is None or bank is None or outline is None:
        return None
    books = [(m.id, files.notebooks.get(f"notebooks/{m.notebook}")) for m in outline.written]
    shown = {
        module: tuple(call.arguments[0] for call in book.calls("exercise") if call.arguments)
        for module, book in books
        if book is not None
    }
    if len(shown) < len(outline.written):
        return None
    deeper = frozenset(name for _, book in books if book is not None for name in _only_deeper(book))
    # What is outdated is reported once; the other rules take it as it is.
    course = Course(files.root, outline, facts, replace(bank, outdated={}), shown, deeper)
    homework = tuple(_assigned(files, path, of_it) for path, of_it in loaded.homework.items())
    outline_written = _document(files.root, OUTLINE)
    return Content(files, course, outline_written, _where(files, bank), homework, today)


def _only_deeper(book: Notebook) -> set[str]:
    """Name the exercises that a notebook shows only in cells for going deeper."""
    cells = [(cell.call, cell.deeper) for cell in book.cells]
    named = [(call.arguments[0], deeper) for call, deeper in cells if call and call.arguments]
    return {name for name, deeper in named if deeper} - {
        name for name, deeper in named if not deeper
    }


def _assigned(files: Files, path: Path, bank: Bank) -> Assigned:
    folder = files.name(path.parent)
    beside = [book for name, book in files.notebooks.items() if name.rpartition("/")[0] == folder]
    return Assigned(folder, bank, _where(files, bank), tuple(beside))


def _where(files: Files, bank: Bank) -> dict[str, WrittenPart]:
    """Find where each exercise of a bank is written."""
    names = {files.name(place.file) for place in bank.places.values()}
    entries: dict[str, WrittenPart] = {}
    for written in (_document(files.root, name) for name in sorted(names)):
        entries.update(_entries(written))
    return entries


def _document(root: Path, name: str) -> WrittenPart:
    try:
        return WrittenPart(name, read_yaml(root / name))
    except YamlError as error:  # it was read before, and changed since
        raise ContentError([error.finding(name)]) from error


def _entries(written: WrittenPart) -> Iterable[tuple[str, WrittenPart]]:
    for index, node in enumerate(written.document.node.value):
        fields = {key.value: value.value for key, value in node.value}
        yield fields["id"], WrittenPart(written.name, written.document, (index,))
