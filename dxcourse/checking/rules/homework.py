"""Assignments: the notebook shows and grades what `exercises.yaml` has, as nbgrader reads it.

The bank of their exercises practises every objective anew, and says what it rests on and takes.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import dxcourse
from dxcourse.assignment import hidden, leak
from dxcourse.authored import did_you_mean, finding
from dxcourse.checking.content import keyed
from dxcourse.checking.rules.minutes import FLOOR, PACE, SLACK, characters
from dxcourse.checking.rules.notebooks import IMPORT
from dxcourse.checking.rules.outline import unpractised
from dxcourse.checking.rules.questions import said_when_right
from dxcourse.text import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dxcourse.authored import Cell, Notebook
    from dxcourse.checking.content import Assigned, Content
    from dxcourse.errors import Finding
    from dxcourse.exercises import AnyExercise


SCHEME = re.compile(r"^#+ BEGIN MARK SCHEME$.*?^#+ END MARK SCHEME$", re.MULTILINE | re.DOTALL)
SOLUTION = re.compile(r"^#+ BEGIN SOLUTION$.*?^#+ END SOLUTION$", re.MULTILINE | re.DOTALL)
SCHEMA = 3  # of nbgrader's metadata


def one_notebook(content: Content) -> Iterator[Finding]:
    """Hold that an assignment has one notebook, of its folder's name."""
    for assigned in content.homework:
        wanted = f"{assigned.folder}/{assigned.folder.rpartition('/')[2]}.ipynb"
        names = [book.name for book in assigned.books]
        if names != [wanted]:
            there = "、".join(names) or say("check.none")
            blanks = {"wanted": wanted, "there": there}
            yield finding(assigned.file, 1, "homework.one_notebook", **blanks)


def shown_once(content: Content) -> Iterator[Finding]:
    """Hold that the notebook shows each exercise of the assignment once, and no other."""
    for assigned, book in _books(content):
        calls = [call for call in book.calls("exercise") if call.arguments]
        known = assigned.bank.exercises
        times = Counter(call.arguments[0] for call in calls)
        for call in calls:
            name = call.arguments[0]
            if name not in known:
                cure = did_you_mean(name, known)
                blanks = {"id": name, "file": assigned.file}
                yield finding(book.name, call.line, "homework.no_exercise", cure, **blanks)
        for name, entry in assigned.entries.items():
            if times[name] != 1:
                entry_of = {"id": name, "times": times[name], "book": book.name}
                yield entry.finding("homework.shown", **entry_of)


def graded_once(content: Content) -> Iterator[Finding]:
    """Hold that each marked exercise is graded once, for the points it has, and no other is."""
    for assigned, book in _books(content):
        tests = [(cell, _exercise_of(cell)) for cell in book.cells if is_test(cell)]
        times = Counter(name for _, name in tests)
        for name, exercise in assigned.bank.exercises.items():
            if times[name] != int(exercise.max_points > 0):
                code = "homework.graded" if exercise.max_points else "homework.unmarked"
                blanks = {"id": name, "times": times[name], "book": book.name}
                yield assigned.entries[name].finding(code, **blanks)
        for cell, name in tests:
            known = assigned.bank.exercises.get(name)
            points = cell.nbgrader.get("points")
            if known is None:
                yield finding(book.name, cell.line_at(0), "homework.test", id=cell.id)
            elif known.max_points and points != known.max_points:
                blanks = {"id": cell.id, "points": points, "wanted": known.max_points}
                yield finding(book.name, cell.line, "homework.points", **blanks)


PRAISE = re.compile(
    r"(?:大?正解|正しい(?:答え)?です|その(?:とお|通)り|お?見事|よく(?:でき|気づ|わか|分か)"
    r"|すばらし|素晴らし|さすが)"
)
"""What a sentence begins with that speaks to somebody who was right."""


def explained_keys(content: Content) -> Iterator[Finding]:
    """Hold that no explanation of a key is praise: whoever was wrong is given it back, too."""
    for assigned in content.homework:
        for name, exercise in assigned.bank.exercises.items():
            for item, place in keyed(exercise):
                shown = {remark.text for remark in exercise.explanation(item)}
                for note, step in said_when_right(item):
                    if note.text in shown and PRAISE.match(note.text):
                        entry, blanks = assigned.entries[name], {"text": note.text}
                        yield entry.finding("homework.praise", *place, *step, **blanks)


def single_calls(content: Content) -> Iterator[Finding]:
    """Hold that code cells are the import and single calls: then none need be run for a grade."""
    for _, book in _books(content):
        for index, cell in enumerate(book.cells):
            if index == 0:
                if cell.source.strip() != IMPORT:
                    yield finding(book.name, cell.line_at(0), "notebooks.setup", wanted=IMPORT)
            elif cell.code and (cell.call is None or cell.call.name not in dxcourse.__all__):
                yield finding(book.name, cell.line_at(0), "homework.call")


def nbgrader_metadata(content: Content) -> Iterator[Finding]:
    """Hold that nbgrader knows each code cell by its id, and that learners cannot edit it."""
    for _, book in _books(content):
        for cell in book.cells:
            known = cell.nbgrader
            if not known and not cell.code:
                continue
            if known.get("grade_id") != cell.id or known.get("schema_version") != SCHEMA:
                blanks = {"id": cell.id, "schema": SCHEMA}
                yield finding(book.name, cell.line, "homework.metadata", **blanks)
            elif bool(known.get("locked")) is bool(known.get("solution")):
                yield finding(book.name, cell.line, "homework.locked", id=cell.id)


def reflection(content: Content) -> Iterator[Finding]:
    """Hold that one answer is graded by hand, with a rubric before it and a model answer in it."""
    for _, book in _books(content):
        answers = [index for index, cell in enumerate(book.cells) if by_hand(cell)]
        if len(answers) != 1:
            yield finding(book.name, 1, "homework.reflection", count=len(answers))
        for index in answers:
            cell, before = book.cells[index], book.cells[index - 1]
            if not SCHEME.search(before.source) or not before.nbgrader.get("locked"):
                yield finding(book.name, before.line, "homework.rubric", id=cell.id)
            if SOLUTION.sub("", cell.source).strip() or not cell.source.strip():
                yield finding(book.name, cell.line, "homework.model", id=cell.id)


def given_away(content: Content) -> Iterator[Finding]:
    """Hold that what a learner reads in the notebook says no sentence of the feedback."""
    for assigned, book in _books(content):
        secrets = hidden(assigned.bank.exercises.values())
        for cell in book.cells:
            found = "" if cell.code else leak(released_text(cell), secrets)
            if found:
                blanks = {"id": cell.id, "found": found}
                yield finding(book.name, cell.line_at(0), "homework.leak", **blanks)


def released_text(cell: Cell) -> str:
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


REFLECTION = 5.0  # minutes to write one
LONG = 12  # characters: shorter texts, such as names and bins, are the subject's own
MINUTES = re.compile(r"およそ(\d+)分")
POINTS = re.compile(r"(\d+)点")
GROUND = re.compile(r"スライド\d|\d枚目|\d章|架空")


def homework_objectives(content: Content) -> Iterator[Finding]:
    """Hold that homework, where there is any, practises each objective of a written module."""
    practised = {
        objective
        for assigned in content.homework
        for exercise in assigned.bank.exercises.values()
        for objective in exercise.objectives
    }
    if content.homework:
        yield from unpractised(content, practised, "outline.unpractised_homework")


def own_questions(content: Content) -> Iterator[Finding]:
    """Hold that homework has ids of its own, and repeats no question of a lesson."""
    seen = dict.fromkeys(content.course.exercises, "exercises/bank/")
    asked = {text for e in content.course.exercises.values() for text in _texts(e)}
    for assigned in content.homework:
        for name, exercise in assigned.bank.exercises.items():
            entry = assigned.entries[name]
            if name in seen:
                yield entry.finding("homework.id_taken", "id", id=name, where=seen[name])
            for text in _texts(exercise):
                if len(text) > LONG and text in asked:
                    yield entry.finding("homework.asked", text=text)
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
                yield assigned.entries[name].finding("homework.ground", id=name)


def head_cells(content: Content) -> Iterator[Finding]:
    """Hold that the second cell says how long the assignment takes and how many points it gives."""
    for assigned in content.homework:
        for book in assigned.books:
            first = book.cells[1] if len(book.cells) > 1 else None
            source = first.source if first and not first.code else ""
            line = first.line_at(0) if first else 1
            if not source.startswith("# "):
                yield finding(book.name, line, "homework.title")
                continue
            minutes, points = MINUTES.search(source), POINTS.search(source)
            counted, worth = assignment_length(assigned, book), _points(book)
            said = int(minutes[1]) if minutes else 0
            if abs(said - counted) > max(FLOOR, SLACK * counted):
                told = say("check.homework.said", minutes=said) if said else say("check.none")
                blanks = {"said": told, "counted": counted}
                yield finding(book.name, line, "homework.minutes", **blanks)
            if not points or float(points[1]) != worth:
                yield finding(book.name, line, "homework.points_told", worth=worth)


def assignment_length(assigned: Assigned, book: Notebook) -> float:
    """Count an assignment's minutes: its text, its items by their kinds, and its reflections."""
    read = sum(characters(released_text(cell)) for cell in book.cells if not cell.code)
    exercises = assigned.bank.exercises.values()
    do = sum(exercise.seconds_of(item) for exercise in exercises for item in exercise.items)
    return read / PACE + do / 60 + REFLECTION * sum(map(by_hand, book.cells))


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
