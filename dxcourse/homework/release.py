"""Keys kept out of what learners get."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dxcourse.assignment import ANSWERS, EXERCISES, Assignment, hidden, leak, write_keyless
from dxcourse.homework.errors import HomeworkError
from dxcourse.homework.source_notebook import SourceNotebook, is_test, nbgrader_of
from dxcourse.text import say


def refuse_answers(source: Path) -> None:
    """Hold that no answers lie in a source folder.

    nbgrader would put them into the release, and over every learner's when it grades.

    Raises
    ------
    HomeworkError
        There are some.
    """
    for path in sorted(source.glob(f"{ANSWERS}*")):
        raise HomeworkError(say("homework.assignment.authors-answers", path=path))


def check_gradable(sheet: SourceNotebook, assignment: Assignment, source: Path) -> None:
    """Hold that a source notebook can be graded as it is written.

    Raises
    ------
    HomeworkError
        With every mistake found, a line each.
    """
    path = source / f"{sheet.name}.ipynb"
    wrong = [
        say("homework.assignment.at", path=path, what=what) for what in _mistakes(sheet, assignment)
    ]
    if wrong:
        raise HomeworkError("\n".join(wrong))


def _mistakes(sheet: SourceNotebook, assignment: Assignment) -> Iterator[str]:
    graded: set[str] = set()
    for name, cell in sheet.cells.items():
        exercise_id = sheet.tests.get(name)
        if exercise_id is not None:
            if exercise_id in graded:
                yield say("homework.assignment.twice", cell=name, exercise=exercise_id)
            graded.add(exercise_id)
            wrong = _ungradable(assignment, exercise_id, nbgrader_of(cell).get("points"))
            if wrong:
                yield say("homework.assignment.cell", cell=name, what=wrong)
        elif is_test(cell) and "grade(" in cell["source"]:
            yield say("homework.assignment.one-call", cell=name)
    for exercise_id in sheet.shown:
        if exercise_id not in assignment.exercises:
            yield say("homework.assignment.shown-unknown", exercise=exercise_id, file=EXERCISES)
    for exercise_id in sorted(graded - set(sheet.shown)):
        yield say("homework.assignment.not-shown", exercise=exercise_id)


def _ungradable(assignment: Assignment, exercise_id: str, points: object) -> str:
    """Say why an exercise cannot be graded for so many points; "" where it can."""
    exercise = assignment.exercises.get(exercise_id)
    if exercise is None:
        return say("homework.assignment.unknown", file=EXERCISES, exercise=exercise_id)
    if exercise.max_points <= 0:
        return say("homework.assignment.ungradable", exercise=exercise_id)
    if points != exercise.max_points:
        wanted = f"{exercise.max_points:g}"
        blanks = {"points": points, "exercise": exercise_id, "wanted": wanted}
        return say("homework.assignment.points", **blanks)
    return ""


def strip_keys(source: Path, release: Path) -> Assignment | None:
    """Put a keyless copy in place of the keyed file that was copied to a release.

    What was copied is removed before anything else is done, so that it stays nowhere on an error.

    Raises
    ------
    HomeworkError, AssignmentError, ExerciseError
        The source cannot be released; the release has no file of exercises then.
    """
    for path in (release / EXERCISES, *release.glob(f"{ANSWERS}*")):
        path.unlink(missing_ok=True)
    refuse_answers(source)
    assignment = Assignment.at(source)
    if assignment is None:
        return None
    if not assignment.keyed:
        raise HomeworkError(say("homework.assignment.no-keys", place=source / EXERCISES))
    text = write_keyless(assignment.exercises.values())
    (release / EXERCISES).write_text(text, encoding="utf-8")
    return assignment


def check_keyless(release: Path, assignment: Assignment) -> None:
    """Hold that nothing in a release says what only the key may say.

    Raises
    ------
    HomeworkError
        A file has a sentence of the feedback, or has keys; it is named.
    """
    secrets = hidden(assignment.exercises.values())
    for path in sorted(path for path in release.rglob("*") if path.is_file()):
        if path.name.startswith(ANSWERS):
            raise HomeworkError(say("homework.assignment.released-answers", path=path))
        if path.suffix in {".ipynb", ".html"}:
            continue  # notebooks are looked at cell by cell, while they are converted
        text = path.read_bytes().decode("utf-8", "replace")
        found = leak(text, secrets)
        if found:
            blanks = {"place": path, "found": found, "exercises": EXERCISES}
            raise HomeworkError(say("homework.assignment.leaks", **blanks))


def check_released(release: Path) -> None:
    """Hold that a release is one: it may have been left half made.

    Raises
    ------
    HomeworkError
        It has keys, or somebody's answers.
    """
    for path in release.glob(f"{ANSWERS}*"):
        raise HomeworkError(say("homework.assignment.released-answers", path=path))
    found = Assignment.at(release)
    if found is not None and found.keyed:
        raise HomeworkError(say("homework.assignment.released-keys", place=release / EXERCISES))
