"""Assignments: the notebook shows and grades what `exercises.yaml` has, as nbgrader reads it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import dxcourse
from dxcourse.assignment import hidden, leak
from dxcourse.checking._finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dxcourse.checking._content import Assigned, Content
    from dxcourse.checking._notebooks import Cell, Notebook

SCHEME = re.compile(r"^#+ BEGIN MARK SCHEME$.*?^#+ END MARK SCHEME$", re.MULTILINE | re.DOTALL)
SOLUTION = re.compile(r"^#+ BEGIN SOLUTION$.*?^#+ END SOLUTION$", re.MULTILINE | re.DOTALL)
SCHEMA = 3  # of nbgrader's metadata


def notebooks(content: Content) -> Iterator[Finding]:
    """Hold that an assignment has one notebook, of its folder's name."""
    for assigned in content.homework:
        wanted = f"{assigned.folder}/{assigned.folder.rpartition('/')[2]}.ipynb"
        names = [book.name for book in assigned.books]
        if names != [wanted]:
            there = ", ".join(names) or "none"
            message = f"an assignment has one notebook, {wanted}; there is {there}"
            yield Finding(assigned.file, 1, message)


def shown(content: Content) -> Iterator[Finding]:
    """Hold that the notebook shows each exercise of the assignment once, and no other."""
    for assigned, book in _books(content):
        calls = [call for call in book.calls("exercise") if call.arguments]
        known = assigned.bank.exercises
        times = Counter(call.arguments[0] for call in calls)
        for call in calls:
            name = call.arguments[0]
            if name not in known:
                message = f'exercise "{name}" is not in {assigned.file}; mend the name'
                yield Finding(book.name, call.line, message)
        for name, entry in assigned.entries.items():
            if times[name] != 1:
                message = f'exercise "{name}" is shown {times[name]} times by {book.name}; once'
                yield entry.finding(message)


def graded(content: Content) -> Iterator[Finding]:
    """Hold that each marked exercise is graded once, for the points it has, and no other is."""
    for assigned, book in _books(content):
        tests = [(cell, _exercise_of(cell)) for cell in book.cells if is_test(cell)]
        times = Counter(name for _, name in tests)
        for name, exercise in assigned.bank.exercises.items():
            if times[name] != int(exercise.max_points > 0):
                wanted = "one grades it" if exercise.max_points else "it is not marked: take it out"
                message = f'{book.name} has {times[name]} cells grade("{name}"); {wanted}'
                yield assigned.entries[name].finding(message)
        for cell, name in tests:
            known = assigned.bank.exercises.get(name)
            points = cell.nbgrader.get("points")
            if known is None:
                message = f'test cell "{cell.id}" is not grade("its-id") of an exercise; mend it'
                yield Finding(book.name, cell.line_at(0), message)
            elif known.max_points and points != known.max_points:
                message = f'cell "{cell.id}" gives {points} points; its exercise has '
                yield Finding(book.name, cell.line, f"{message}{known.max_points:g}")


def calls(content: Content) -> Iterator[Finding]:
    """Hold that code cells are the import and single calls: then none need be run for a grade."""
    for _, book in _books(content):
        for index, cell in enumerate(book.cells):
            if index == 0:
                if cell.source.strip() != "from dxcourse import *":
                    message = "the first cell is `from dxcourse import *` and nothing else; mend it"
                    yield Finding(book.name, cell.line_at(0), message)
            elif cell.code and (cell.call is None or cell.call.name not in dxcourse.__all__):
                message = 'a code cell is one call, exercise("its-id") or grade("its-id"); mend it'
                yield Finding(book.name, cell.line_at(0), message)


def metadata(content: Content) -> Iterator[Finding]:
    """Hold that nbgrader knows each code cell by its id, and that learners cannot edit it."""
    for _, book in _books(content):
        for cell in book.cells:
            known = cell.nbgrader
            if not known and not cell.code:
                continue
            if known.get("grade_id") != cell.id or known.get("schema_version") != SCHEMA:
                message = (
                    f'nbgrader\'s metadata of cell "{cell.id}" want its id as grade_id, '
                    f"and schema_version {SCHEMA}"
                )
                yield Finding(book.name, cell.line, message)
            elif bool(known.get("locked")) is bool(known.get("solution")):
                message = f'cell "{cell.id}" is locked, or it is the learner\'s to answer; not both'
                yield Finding(book.name, cell.line, message)


def reflection(content: Content) -> Iterator[Finding]:
    """Hold that one answer is graded by hand, with a rubric before it and a model answer in it."""
    for _, book in _books(content):
        answers = [index for index, cell in enumerate(book.cells) if by_hand(cell)]
        if len(answers) != 1:
            message = f"an assignment has one reflection that is graded by hand; {len(answers)} are"
            yield Finding(book.name, 1, message)
        for index in answers:
            cell, before = book.cells[index], book.cells[index - 1]
            if not SCHEME.search(before.source) or not before.nbgrader.get("locked"):
                message = (
                    f'the cell before "{cell.id}" is locked, and has the rubric '
                    "between BEGIN MARK SCHEME and END MARK SCHEME; write it"
                )
                yield Finding(book.name, before.line, message)
            if SOLUTION.sub("", cell.source).strip() or not cell.source.strip():
                message = (
                    f'cell "{cell.id}" has a model answer between BEGIN SOLUTION and END SOLUTION, '
                    "and nothing else: learners get what stands outside"
                )
                yield Finding(book.name, cell.line, message)


def told(content: Content) -> Iterator[Finding]:
    """Hold that what a learner reads in the notebook says no sentence of the feedback."""
    for assigned, book in _books(content):
        secrets = hidden(assigned.bank.exercises.values())
        for cell in book.cells:
            found = "" if cell.code else leak(read(cell), secrets)
            if found:
                message = f'cell "{cell.id}" gives feedback away ({found}); take it out'
                yield Finding(book.name, cell.line_at(0), message)


def read(cell: Cell) -> str:
    """Give of a cell's text what a learner gets: without rubric and model answer."""
    return SOLUTION.sub("", SCHEME.sub("", cell.source))


def is_test(cell: Cell) -> bool:
    """Whether a cell is an autograded test, or means to be one."""
    known = cell.nbgrader
    named = cell.call is not None and cell.call.name == "grade"
    return named or (cell.code and bool(known.get("grade")) and not known.get("solution"))


def by_hand(cell: Cell) -> bool:
    """Whether a person gives a cell's points."""
    return bool(cell.nbgrader.get("grade") and cell.nbgrader.get("solution"))


def _exercise_of(test: Cell) -> str:
    """Name the exercise that a test cell grades, "" for none."""
    call = test.call
    return call.arguments[0] if call and call.name == "grade" and call.arguments else ""


def _books(content: Content) -> Iterator[tuple[Assigned, Notebook]]:
    for assigned in content.homework:
        for book in assigned.books:
            yield assigned, book
