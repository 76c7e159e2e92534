"""Scoring a submitted notebook without running any of it."""

from __future__ import annotations

from dxcourse.assignment import Assignment
from dxcourse.homework._handed_in import WRITTEN, HandedIn
from dxcourse.homework._mend import write_points
from dxcourse.homework._score import Scored, scored
from dxcourse.homework._sheet import Cell, Sheet
from dxcourse.homework._words import say


def score_notebook(
    notebook: Cell, sheet: Sheet, assignment: Assignment, given: HandedIn
) -> dict[str, Scored]:
    """Write the points of every test cell into a submitted notebook, in place; give the scores.

    Raises
    ------
    HomeworkError
        Something could not be scored: see `scored` and `write_points`.
    """
    found = {name: scored(assignment, name, given) for name in sheet.tests.values()}
    points = {cell: found[exercise].points for cell, exercise in sheet.tests.items()}
    write_points(notebook, sheet, points)
    return found


def notes_of(scores: dict[str, Scored], assignment: Assignment, given: HandedIn) -> list[str]:
    """What a grader should know of the answers that were handed in."""
    strange = [
        name
        for name in given.records
        if name not in assignment.exercises and not name.startswith(WRITTEN)
    ]
    return [
        *given.notes,
        *(say("note_exercise", exercise=name[:40]) for name in strange),
        *(note for each in scores.values() for note in each.notes),
    ]
