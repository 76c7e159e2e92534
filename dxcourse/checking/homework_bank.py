"""The homework bank: it practises every objective anew, and says what it rests on and takes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dxcourse.checking import homework
from dxcourse.checking._finding import Finding
from dxcourse.checking._prose import characters
from dxcourse.checking.minutes import FLOOR, PACE, SLACK
from dxcourse.checking.outline import unpractised

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dxcourse.checking._content import Assigned, Content
    from dxcourse.checking._notebooks import Notebook
    from dxcourse.exercises import AnyExercise

REFLECTION = 5.0  # minutes to write one
LONG = 12  # characters: shorter texts, such as names and bins, are the subject's own
MINUTES = re.compile(r"およそ(\d+)分")
POINTS = re.compile(r"(\d+)点")
GROUND = re.compile(r"\d枚目|\d章|架空")


def objectives(content: Content) -> Iterator[Finding]:
    """Hold that homework, where there is any, practises each objective of a written module."""
    practised = {
        objective
        for assigned in content.homework
        for exercise in assigned.bank.exercises.values()
        for objective in exercise.objectives
    }
    if content.homework:
        yield from unpractised(content, practised, "in the homework")


def own(content: Content) -> Iterator[Finding]:
    """Hold that homework has ids of its own, and repeats no question of a lesson."""
    seen = dict.fromkeys(content.course.exercises, "exercises/bank/")
    asked = {text for e in content.course.exercises.values() for text in _texts(e)}
    for assigned in content.homework:
        for name, exercise in assigned.bank.exercises.items():
            entry = assigned.entries[name]
            if name in seen:
                message = f'exercise "{name}" stands in {seen[name]}, too; give it its own id'
                yield entry.finding(message, "id")
            for text in _texts(exercise):
                if len(text) > LONG and text in asked:
                    yield entry.finding(f"a lesson asks this already ({text}); ask something new")
        seen.update(dict.fromkeys(assigned.bank.exercises, assigned.file))


def grounds(content: Content) -> Iterator[Finding]:
    """Hold that every marked exercise says on what its key rests.

    It cites a fact, names a slide (…枚目) or a module (…章), or says that it is made up (架空).
    """
    for assigned in content.homework:
        for name, exercise in assigned.bank.exercises.items():
            said = exercise.model_dump_json()
            cited = re.search(r'"fact":"', said)
            if exercise.max_points and not cited and not GROUND.search(said):
                message = (
                    f'exercise "{name}" does not say what its key rests on: cite a fact, name a '
                    "slide (…枚目) or a module (…章), or say that it is made up (架空)"
                )
                yield assigned.entries[name].finding(message)


def head(content: Content) -> Iterator[Finding]:
    """Hold that the second cell says how long the assignment takes and how many points it gives."""
    for assigned in content.homework:
        for book in assigned.books:
            first = book.cells[1] if len(book.cells) > 1 else None
            source = first.source if first and not first.code else ""
            line = first.line_at(0) if first else 1
            if not source.startswith("# "):
                message = "the second cell is text that begins with the title (# …); mend it"
                yield Finding(book.name, line, message)
                continue
            minutes, points = MINUTES.search(source), POINTS.search(source)
            counted, worth = length(assigned, book), _points(book)
            said = int(minutes[1]) if minutes else 0
            if abs(said - counted) > max(FLOOR, SLACK * counted):
                message = f"it takes およそ{counted:.0f}分 by count, and says {said or 'nothing'}"
                yield Finding(book.name, line, f"{message}; say what is counted, or mend it")
            if not points or float(points[1]) != worth:
                message = f"its cells give {worth:g}点 in all, and the head does not say so first"
                yield Finding(book.name, line, f"{message}; mend one of them")


def length(assigned: Assigned, book: Notebook) -> float:
    """Count an assignment's minutes: its text, its items by their kinds, and its reflections."""
    read = sum(characters(homework.read(cell)) for cell in book.cells if not cell.code)
    exercises = assigned.bank.exercises.values()
    do = sum(exercise.seconds_of(item) for exercise in exercises for item in exercise.items)
    return read / PACE + do / 60 + REFLECTION * sum(map(homework.by_hand, book.cells))


def _points(book: Notebook) -> float:
    return sum(float(c.nbgrader.get("points", 0)) for c in book.cells if c.nbgrader.get("grade"))


def _texts(exercise: AnyExercise) -> Iterator[str]:
    """Give the questions of an exercise and what may be answered, as a learner reads them."""
    for item in exercise.items:
        if not exercise.single:
            yield item.text
        for group in ("options", "things"):
            yield from (each.text for each in getattr(item, group, ()))
    for group in ("answers", "bins"):
        yield from (each.text for each in getattr(exercise, group, ()))
