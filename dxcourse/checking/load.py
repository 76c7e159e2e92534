"""Loads a course part by part, so that one broken part does not hide what is wrong in another."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from dxcourse import settings
from dxcourse.authored import (
    Notebook,
    NotebookError,
    YamlError,
    read_files,
    read_notebook,
    read_yaml,
)
from dxcourse.checking.content import Assigned, Content, Files, WrittenPart
from dxcourse.course import OUTLINE, Course, Outline, read_outline
from dxcourse.errors import ContentError, Finding
from dxcourse.exercises import Bank, load_bank
from dxcourse.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date
    from pathlib import Path

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
