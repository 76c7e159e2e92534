"""Loads a course part by part, so that one broken part does not hide what is wrong in another."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import yaml

from dxcourse.authored import Document, Notebook, read_notebook
from dxcourse.checking.content import OUTLINE, Assigned, Content, Files, Written
from dxcourse.course import Course, CourseError, Outline, read_outline
from dxcourse.errors import Finding
from dxcourse.exercises import Bank, ExerciseError, load_bank
from dxcourse.facts import Facts, FactsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

P = ParamSpec("P")
R = TypeVar("R")

NOTEBOOKS = (
    "notebooks/*.ipynb",
    "notebooks/apps/*.ipynb",
    "exercises/homework/source/**/*.ipynb",
)
MESSAGE = re.compile(r"(?P<file>[^:]+?)(?::(?P<line>\d+))?: (?P<message>.+)")
# The C loader, where PyYAML has it: the course is read twice here, once only for its lines.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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
        except (CourseError, ExerciseError, FactsError) as error:
            self.findings += told(str(error))
            return None


def load(root: Path) -> Loaded:
    """Load everything that can be loaded of a course folder."""
    books: dict[str, Notebook] = {}
    loaded = Loaded(Files(root, books))
    for path in loaded.files.find(*NOTEBOOKS):
        name = loaded.files.name(path)
        try:
            books[name] = read_notebook(path, name)
        except ValueError as error:
            line = getattr(error, "lineno", 1)  # JSON's own errors know
            loaded.findings.append(Finding(name, line, f"not a notebook: {error}"))
    loaded.facts = loaded.attempt(Facts.load, root / "data")
    entries = sorted(root.glob("exercises/bank/*.yaml"))
    loaded.bank = loaded.attempt(load_bank, entries, loaded.facts, root)
    for path in loaded.files.find("exercises/homework/source/**/exercises.yaml"):
        bank = loaded.attempt(load_bank, [path], loaded.facts, root)
        if bank is not None:
            loaded.homework[path] = bank
    loaded.outline = loaded.attempt(read_outline, root / OUTLINE)
    if loaded.outline is not None:
        loaded.findings += _missing(root, loaded.outline)
    loaded.content = _content(loaded)
    return loaded


def told(text: str) -> Iterator[Finding]:
    """Take an error's ``file:line: message`` lines apart."""
    for line in text.splitlines():
        found = MESSAGE.fullmatch(line)
        if found:
            yield Finding(found["file"], int(found["line"] or 1), found["message"])
        else:
            yield Finding(OUTLINE, 1, line)


def _missing(root: Path, outline: Outline) -> Iterator[Finding]:
    written = _document(root, OUTLINE)
    listed = [
        *(("modules", i, m.notebook) for i, m in enumerate(outline.modules) if not m.coming),
        *(("appendices", i, a.notebook) for i, a in enumerate(outline.appendices)),
    ]
    for group, index, notebook in listed:
        if not (root / "notebooks" / notebook).is_file():
            cure = "write it, or say `coming: true`" if group == "modules" else "write it"
            message = f'notebook "{notebook}" is not in notebooks/; {cure}'
            yield written.finding(message, group, index, "notebook")


def _content(loaded: Loaded) -> Content | None:
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
    course = Course(files.root, outline, facts, bank, shown, deeper)
    homework = tuple(_assigned(files, path, of_it) for path, of_it in loaded.homework.items())
    outline_written = _document(files.root, OUTLINE)
    return Content(files, course, outline_written, _where(files, bank), homework)


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


def _where(files: Files, bank: Bank) -> dict[str, Written]:
    """Find where each exercise of a bank is written."""
    names = {files.name(place.file) for place in bank.places.values()}
    entries: dict[str, Written] = {}
    for written in (_document(files.root, name) for name in sorted(names)):
        entries.update(_entries(written))
    return entries


def _document(root: Path, name: str) -> Written:
    text = (root / name).read_text(encoding="utf-8-sig")
    node = yaml.compose(text, Loader=LOADER)
    if node is None:  # it was read before, and not empty
        raise CourseError(f"{name}:1: the file is empty")
    return Written(name, Document(None, node))


def _entries(written: Written) -> Iterable[tuple[str, Written]]:
    for index, node in enumerate(written.document.node.value):
        fields = {key.value: value.value for key, value in node.value}
        yield fields["id"], Written(written.name, written.document, (index,))
