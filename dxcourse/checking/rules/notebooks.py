"""Cells: ids that stay, no leftovers of a run, one call each, answers behind questions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import dxcourse
from dxcourse import figures
from dxcourse.authored import did_you_mean, finding, narrow
from dxcourse.chapters import REVEAL, heading_of, revealed_by
from dxcourse.checking.content import keyed
from dxcourse.course import CourseError
from dxcourse.exercises import Note, within
from dxcourse.facts import FigureSeries
from dxcourse.learner import pairs
from dxcourse.text import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dxcourse.authored import Cell, Notebook
    from dxcourse.checking.content import Content, Files
    from dxcourse.errors import Finding
    from dxcourse.exercises import AnyExercise

ID = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")
# What nbformat and JupyterLab give to a cell that has no id: eight digits of a UUID, or all of it.
MACHINE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){0,3}(-[0-9a-f]{12})?")
IMPORT = "from dxcourse import *"
KEY_POINTS = "key-points"
POINT = re.compile(r"^ {0,3}(?:[-*+]|\d+[.)])\s", re.MULTILINE)
FEWEST, MOST = 3, 5
BOTH = 2  # exercises, of which one was answered before the other
# Signs that an input method writes in place of those that Python reads.
WIDE_SIGNS = re.compile("[（）“”„‟‘’‛＂＇，、：；＝　]")


def cell_ids(files: Files) -> Iterator[Finding]:
    """Hold that every cell has an id of its own, which a person chose and which says what it is."""
    for book in files.notebooks.values():
        seen: dict[str, int] = {}
        for cell in book.cells:
            if not cell.id:
                yield finding(book.name, cell.line, "notebooks.no_id")
            elif cell.id in seen:
                blanks = {"id": cell.id, "line": seen[cell.id]}
                yield finding(book.name, cell.line, "notebooks.twice", **blanks)
            elif MACHINE.fullmatch(cell.id):
                yield finding(book.name, cell.line, "notebooks.machine", id=cell.id)
            elif not ID.fullmatch(cell.id):
                yield finding(book.name, cell.line, "notebooks.words", id=cell.id)
            else:
                seen[cell.id] = cell.line


def kept_outputs(files: Files) -> Iterator[Finding]:
    """Hold that no outputs and no counts of runs are kept."""
    for book in files.notebooks.values():
        for cell in book.cells:
            if cell.ran:
                yield finding(book.name, cell.line, "notebooks.outputs", id=cell.id)


def notebook_metadata(files: Files) -> Iterator[Finding]:
    """Hold that a notebook names the kernel that every machine has, and keeps no widget's state."""
    for book in files.notebooks.values():
        if "widgets" in book.metadata:
            yield finding(book.name, 1, "notebooks.widgets")
        kernel, language = (book.metadata.get(name) for name in ("kernelspec", "language_info"))
        if not (isinstance(kernel, dict) and kernel.get("name") == "python3"):
            yield finding(book.name, 1, "notebooks.kernel")
        if not (isinstance(language, dict) and language.get("name") == "python"):
            yield finding(book.name, 1, "notebooks.language")


def setup_cells(content: Content) -> Iterator[Finding]:
    """Hold that the first cell of every notebook of the course brings in the calls."""
    for book in _books(content):
        first = book.cells[0] if book.cells else None
        if first is None or not first.code or first.source.strip() != IMPORT:
            line = first.line_at(0) if first else 1
            yield finding(book.name, line, "notebooks.setup", wanted=IMPORT)


def heading_cells(content: Content) -> Iterator[Finding]:
    """Hold that the second cell is the module's heading, and that there is no other."""
    for module, book in content.modules:
        if not _is(book.cells[1:2], ("heading", module.id)):
            line = book.cells[1].line_at(0) if book.cells[1:] else 1
            yield finding(book.name, line, "notebooks.heading", id=module.id)
        for call in book.calls("heading")[1:]:
            yield finding(book.name, call.line, "notebooks.headings")


def ending_cells(content: Content) -> Iterator[Finding]:
    """Hold that the last cell is the module's ending, and that there is no other."""
    for module, book in content.modules:
        if not _is(book.cells[-1:], ("ending", module.id)):
            line = book.cells[-1].line_at(0) if book.cells else 1
            yield finding(book.name, line, "notebooks.ending", id=module.id)
        for call in book.calls("ending")[:-1]:
            yield finding(book.name, call.line, "notebooks.endings")


def key_points(content: Content) -> Iterator[Finding]:
    """Hold that three to five key points stand right before the ending."""
    for _, book in content.modules:
        found = [(i, cell) for i, cell in enumerate(book.cells) if cell.id == KEY_POINTS]
        if not found:
            line = book.cells[-1].line if book.cells else 1
            yield finding(book.name, line, "notebooks.no_key_points", id=KEY_POINTS)
        for index, cell in found[:1]:
            points = len(POINT.findall(cell.source))
            blanks = {"id": KEY_POINTS, "points": points}
            if cell.kind != "markdown" or not FEWEST <= points <= MOST:
                yield finding(book.name, cell.line_at(0), "notebooks.key_points", **blanks)
            elif index != len(book.cells) - 2:
                place = cell.line_at(0)
                yield finding(book.name, place, "notebooks.key_points_place", id=KEY_POINTS)


def one_call_a_cell(content: Content) -> Iterator[Finding]:
    """Hold that a code cell after the first is one call, which anyone can read."""
    known = dxcourse.__all__
    for book in _books(content):
        for cell in book.cells[1:]:
            call, line = cell.call, cell.line_at(0)
            if not cell.code or (call and call.name in known):
                continue
            signs = "".join(dict.fromkeys(WIDE_SIGNS.findall(cell.source)))
            if call:
                cure = did_you_mean(call.name, known)
                yield finding(book.name, line, "notebooks.call", cure, name=call.name)
            elif signs:
                blanks = {"signs": signs, "half": narrow(signs).replace("、", ",")}
                yield finding(book.name, line, "notebooks.wide_signs", **blanks)
            else:
                yield finding(book.name, line, "notebooks.one_call")


def called_names(content: Content) -> Iterator[Finding]:
    """Hold that exercises, facts and pictures that a cell names are there."""
    bank = ("exercise", "exercises/bank/", content.course.exercises)
    series = {row.series for row in content.course.facts.rows(FigureSeries)}
    there = {
        "exercise": (*bank, "one_id", 1),
        "before_after": (*bank, "two_ids", 2),
        "said": (*bank, "one_id", 1),
        "evidence": ("fact", "data/facts.csv", content.course.facts, "some_ids", None),
        "numbers": ("series", "data/figure_series.csv", series, "some_ids", None),
        "picture": ("picture", "dxcourse/figures/", figures.names(), "one_id", 1),
    }
    for book in _books(content):
        for name, (what, where, known, wanted, number) in there.items():
            for call in book.calls(name):
                if len(call.arguments) != (number or max(1, len(call.arguments))):
                    blanks = {"name": name, "wanted": say(f"check.wanted.{wanted}")}
                    yield finding(book.name, call.line, "notebooks.arguments", **blanks)
                for id_ in call.arguments:
                    if id_ not in known:
                        thing = say(f"check.things.{what}")
                        cure = did_you_mean(id_, known)
                        blanks = {"what": thing, "id": id_, "where": where}
                        yield finding(book.name, call.line, "notebooks.unknown", cure, **blanks)


def compared_exercises(content: Content) -> Iterator[Finding]:
    """Hold that two exercises whose answers stand side by side can be compared."""
    for book in _books(content):
        for call in book.calls("before_after"):
            if len(call.arguments) == BOTH and {*call.arguments} <= {*content.course.exercises}:
                before, after = call.arguments
                try:
                    pairs(content.course, before, after, {})
                except CourseError as error:
                    yield finding(book.name, call.line, "notebooks.compare", detail=error)


def _books(content: Content) -> list[Notebook]:
    return [*(book for _, book in content.modules), *content.besides]


def _is(cells: tuple[Cell, ...], wanted: tuple[str, str]) -> bool:
    calls = [cell.call for cell in cells]
    return [(c.name, *c.arguments) for c in calls if c is not None] == [wanted]


# -- What gives an answer away: it stands behind a gate, and the gate behind its question ----------

SHOWS = ("picture", "plan_table")  # what is drawn under a question is drawn of its answer
TELLS = 8  # characters of an answer in words that no text has by chance


def placed_gates(content: Content) -> Iterator[Finding]:
    """Hold that a gate waits for an exercise which the same notebook shows before it."""
    for book in _books(content):
        seen: set[str] = set()
        for cell in book.cells:
            awaited = _awaited(cell)
            if awaited and awaited not in seen:
                blanks = {"cell": cell.id, "tag": REVEAL + awaited}
                yield finding(book.name, cell.line, "reveals.unknown", **blanks)
            seen |= set(_shown(cell))


def open_answers(content: Content) -> Iterator[Finding]:
    """Hold that what answers an exercise with a key stands not open below it, to the next heading.

    A picture or a table answers it, evidence that cites a fact which its feedback cites, and a
    text that has the right answer word for word.
    """
    exercises = content.course.exercises
    for book in _books(content):
        asked: dict[str, set[str]] = {}
        answers: dict[str, set[str]] = {}
        for cell in book.cells:
            if cell.kind == "markdown" and heading_of(cell.source):
                asked, answers = {}, {}
            for name in _shown(cell):
                if name in exercises and any(keyed(exercises[name])):
                    notes = within(exercises[name], Note)
                    asked[name] = {note.fact for note in notes if note.fact}
                    answers[name] = _in_words(exercises[name])
            told = next((name for name in asked if _tells(cell, asked[name], answers[name])), None)
            if told and not _awaited(cell):
                blanks = {"cell": cell.id, "exercise": told, "tag": REVEAL + told}
                yield finding(book.name, cell.line, "reveals.open", **blanks)


def _in_words(exercise: AnyExercise) -> set[str]:
    """The right answers of an exercise, in words long enough to be known again."""
    keys = ((item, exercise.key(item)) for item in exercise.items)
    told = {exercise.words(item, key) for item, key in keys if key is not None}
    return {words for words in told if len(words) >= TELLS}


def _tells(cell: Cell, facts: set[str], answers: set[str]) -> bool:
    if cell.kind == "markdown":
        return any(words in cell.source for words in answers)
    call = cell.call
    if call is None:
        return False
    return call.name in SHOWS or (call.name == "evidence" and not facts.isdisjoint(call.arguments))


def _shown(cell: Cell) -> tuple[str, ...]:
    call = cell.call
    return call.arguments if call and call.name == "exercise" else ()


def _awaited(cell: Cell) -> str:
    return revealed_by({"metadata": cell.metadata})
