"""What gives an answer away: it stands behind a gate, and the gate behind its question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dxcourse.authored import finding
from dxcourse.chapters import REVEAL, heading_of, revealed_by
from dxcourse.checking.content import keyed
from dxcourse.exercises import Note, within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dxcourse.authored import Cell, Notebook
    from dxcourse.checking.content import Content
    from dxcourse.errors import Finding
    from dxcourse.exercises import AnyExercise

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


def _books(content: Content) -> list[Notebook]:
    return [*(book for _, book in content.modules), *content.besides]
