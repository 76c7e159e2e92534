"""Cells as files keep them: ids that stay, and nothing that a run has left."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dxcourse.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dxcourse.checking.content import Files
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dxcourse.authored import Cell
    from dxcourse.checking.content import Content
from difflib import get_close_matches

import dxcourse
from dxcourse import figures
from dxcourse.course import CourseError
from dxcourse.facts import FigureSeries
from dxcourse.learner import pairs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dxcourse.authored import Notebook
    from dxcourse.checking.content import Content


ID = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")
# What nbformat and JupyterLab give to a cell that has no id: eight digits of a UUID, or all of it.
MACHINE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){0,3}(-[0-9a-f]{12})?")


def cell_ids(files: Files) -> Iterator[Finding]:
    """Hold that every cell has an id of its own, which a person chose and which says what it is."""
    for book in files.notebooks.values():
        seen: dict[str, int] = {}
        for cell in book.cells:
            if not cell.id:
                message = "a cell has no id; give it one that says what it is"
            elif cell.id in seen:
                message = (
                    f'cell id "{cell.id}" stands already at line {seen[cell.id]}; choose another'
                )
            elif MACHINE.fullmatch(cell.id):
                message = f'cell id "{cell.id}" is a machine\'s; choose one that says what it is'
            elif not ID.fullmatch(cell.id):
                message = f'cell id "{cell.id}" is not lower-case words joined by hyphens; mend it'
            else:
                seen[cell.id] = cell.line
                continue
            yield Finding(book.name, cell.line, message)


def kept_outputs(files: Files) -> Iterator[Finding]:
    """Hold that no outputs and no counts of runs are kept."""
    for book in files.notebooks.values():
        for cell in book.cells:
            if cell.ran:
                message = f'cell "{cell.id}" keeps outputs of a run; clear all outputs and save'
                yield Finding(book.name, cell.line, message)


def notebook_metadata(files: Files) -> Iterator[Finding]:
    """Hold that a notebook names the kernel that every machine has, and keeps no widget's state."""
    for book in files.notebooks.values():
        if "widgets" in book.metadata:
            message = "the metadata keep the state of widgets; clear all outputs and save"
            yield Finding(book.name, 1, message)
        kernel, language = (book.metadata.get(name) for name in ("kernelspec", "language_info"))
        if not (isinstance(kernel, dict) and kernel.get("name") == "python3"):
            yield Finding(book.name, 1, 'the kernelspec of the metadata is not "python3"; mend it')
        if not (isinstance(language, dict) and language.get("name") == "python"):
            yield Finding(
                book.name, 1, 'the language_info of the metadata is not "python"; mend it'
            )


IMPORT = "from dxcourse import *"
KEY_POINTS = "key-points"
POINT = re.compile(r"^ {0,3}(?:[-*+]|\d+[.)])\s", re.MULTILINE)
FEWEST, MOST = 3, 5


def setup_cells(content: Content) -> Iterator[Finding]:
    """Hold that the first cell of every notebook of the course brings in the calls."""
    for book in (*(book for _, book in content.modules), *content.besides):
        first = book.cells[0] if book.cells else None
        if first is None or not first.code or first.source.strip() != IMPORT:
            line = first.line_at(0) if first else 1
            yield Finding(
                book.name, line, f"the first cell is `{IMPORT}` and nothing else; mend it"
            )


def heading_cells(content: Content) -> Iterator[Finding]:
    """Hold that the second cell is the module's heading, and that there is no other."""
    for module, book in content.modules:
        wanted = ("heading", module.id)
        if not _is(book.cells[1:2], wanted):
            line = book.cells[1].line_at(0) if book.cells[1:] else 1
            yield Finding(book.name, line, f'the second cell is heading("{module.id}"); mend it')
        for call in book.calls("heading")[1:]:
            yield Finding(book.name, call.line, "a module has one heading; take this one out")


def ending_cells(content: Content) -> Iterator[Finding]:
    """Hold that the last cell is the module's ending, and that there is no other."""
    for module, book in content.modules:
        wanted = ("ending", module.id)
        if not _is(book.cells[-1:], wanted):
            line = book.cells[-1].line_at(0) if book.cells else 1
            yield Finding(book.name, line, f'the last cell is ending("{module.id}"); mend it')
        for call in book.calls("ending")[:-1]:
            yield Finding(book.name, call.line, "a module has one ending; take this one out")


def key_points(content: Content) -> Iterator[Finding]:
    """Hold that three to five key points stand right before the ending."""
    for _, book in content.modules:
        found = [(i, cell) for i, cell in enumerate(book.cells) if cell.id == KEY_POINTS]
        if not found:
            line = book.cells[-1].line if book.cells else 1
            message = f'no cell "{KEY_POINTS}" stands before the ending; write three to five points'
            yield Finding(book.name, line, message)
        for index, cell in found[:1]:
            points = len(POINT.findall(cell.source))
            if cell.kind != "markdown" or not FEWEST <= points <= MOST:
                message = f'"{KEY_POINTS}" is text with three to five points; it has {points}'
                yield Finding(book.name, cell.line_at(0), message)
            elif index != len(book.cells) - 2:
                message = f'"{KEY_POINTS}" stands right before the ending; move it there'
                yield Finding(book.name, cell.line_at(0), message)


def _is(cells: tuple[Cell, ...], wanted: tuple[str, str]) -> bool:
    calls = [cell.call for cell in cells]
    return [(c.name, *c.arguments) for c in calls if c is not None] == [wanted]


BOTH = 2  # exercises, of which one was answered before the other


def one_call_a_cell(content: Content) -> Iterator[Finding]:
    """Hold that a code cell after the first is one call, which anyone can read."""
    known = dxcourse.__all__
    for book in _books(content):
        for cell in book.cells[1:]:
            call = cell.call
            if not cell.code or (call and call.name in known):
                continue
            if call:
                message = f'there is no call "{call.name}"{_near(call.name, known)}'
            else:
                message = 'a code cell is one call with its ids in quotes, as exercise("its-id")'
            yield Finding(book.name, cell.line_at(0), message)


def called_names(content: Content) -> Iterator[Finding]:
    """Hold that exercises, facts and pictures that a cell names are there."""
    bank = ("exercise", "exercises/bank/", content.course.exercises)
    series = {row.series for row in content.course.facts.rows(FigureSeries)}
    there = {
        "exercise": (*bank, "one id", 1),
        "before_after": (*bank, "two ids", 2),
        "said": (*bank, "one id", 1),
        "evidence": ("fact", "data/facts.csv", content.course.facts, "ids", None),
        "numbers": ("series", "data/figure_series.csv", series, "ids", None),
        "picture": ("picture", "dxcourse/figures/", figures.names(), "one id", 1),
    }
    for book in _books(content):
        for name, (what, where, known, wanted, number) in there.items():
            for call in book.calls(name):
                if len(call.arguments) != (number or max(1, len(call.arguments))):
                    yield Finding(book.name, call.line, f"{name}() takes {wanted}; name {what}s")
                for id_ in call.arguments:
                    if id_ not in known:
                        message = f'{what} "{id_}" is not in {where}{_near(id_, known)}'
                        yield Finding(book.name, call.line, message)


def compared_exercises(content: Content) -> Iterator[Finding]:
    """Hold that two exercises whose answers stand side by side can be compared."""
    for book in _books(content):
        for call in book.calls("before_after"):
            if len(call.arguments) == BOTH and {*call.arguments} <= {*content.course.exercises}:
                before, after = call.arguments
                try:
                    pairs(content.course, before, after, {})
                except CourseError as error:
                    yield Finding(book.name, call.line, str(error))


def _books(content: Content) -> list[Notebook]:
    return [*(book for _, book in content.modules), *content.besides]


def _near(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), n=1)
    return f'; do you mean "{near[0]}"?' if near else "; mend the name, or add it there"
