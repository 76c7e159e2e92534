"""Grading one submission, in named steps: read, restore, score, set aside, write.

nbgrader's own `autograde` with our preprocessors takes the same steps, and writes by its own
converter. Here they are taken in one pass, for many and in a process of its own, and no gradebook
is touched: what belongs there is given back. A test holds the two to each other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from nbformat.v4.rwbase import strip_transient

from dxcourse.assignment import Assignment
from dxcourse.files import write_atomically
from dxcourse.homework.errors import HomeworkError, SubmissionError
from dxcourse.homework.repair import (
    ReleasedNotebook,
    automatic_scores,
    overwrite_cells,
    restore_released_cells,
    set_aside_for_a_person,
    show_answers,
    write_points,
)
from dxcourse.homework.scoring import ScoredExercise, review_exercise, score_exercise
from dxcourse.homework.source_notebook import Cell, SourceNotebook
from dxcourse.homework.submission_files import (
    check_submission,
    copy_files,
    digest_of,
    read_notebook,
    read_timestamp,
    remove_folder,
    replacing_folder,
)
from dxcourse.homework.submitted_answers import WRITTEN, SubmittedAnswers, read_submitted_answers
from dxcourse.text import say

STAMP = ".dxcourse-graded.json"


@dataclass(frozen=True)
class GradingJob:
    """A submission to grade, with all there is to know; it may be sent to another process."""

    student: str
    source: Path
    submitted: Path
    autograded: Path
    notebooks: Mapping[str, ReleasedNotebook]
    origin: str
    """The digest of everything on our side that a score depends on."""
    ignore: tuple[str, ...]
    max_file: int
    permissions: int
    known: bool
    """Whether the gradebook has the submission."""
    score: bool = True
    """Whether it is scored here; else nbgrader's own steps are to do it."""


@dataclass
class GradingResult:
    """What became of a job."""

    student: str
    digest: str = ""
    unchanged: bool = False
    error: str = ""
    timestamp: datetime | None = None
    grades: dict[str, dict[str, float | None]] = field(default_factory=dict)
    """Automatic scores by notebook and grade id; a notebook that was not handed in has none."""
    comments: dict[str, dict[str, str | None]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def run(job: GradingJob) -> GradingResult:
    """Grade a submission, if it is not graded as it is; never raises for what a learner did."""
    graded = GradingResult(job.student)
    try:
        check_submission(job.submitted, job.student, job.notebooks)
        graded.digest = digest_of(job.submitted, job.origin, job.ignore, job.max_file)
        graded.unchanged = job.known and stamped(job.autograded) == graded.digest
        graded.timestamp = read_timestamp(job.submitted)
        if job.score and not graded.unchanged:
            _grade(job, graded)
    except HomeworkError as error:
        graded.error = str(error)
    except OSError as error:
        name = Path(error.filename).name if error.filename else job.submitted.name
        why = say("homework.submission.unreadable", cause=error.strerror)
        graded.error = f"{job.student}: {name}: {why}"
    except Exception as error:  # noqa: BLE001  -- one submission must not end the others
        graded.error = f"{job.student}: {error!r}"
    if graded.error:
        remove_folder(job.autograded)
    return graded


def run_pack(jobs: Sequence[GradingJob]) -> list[GradingResult]:
    """Grade several submissions that were sent to a worker together."""
    return [run(job) for job in jobs]


def stamped(autograded: Path) -> str:
    """The digest that a submission was graded at; "" where it was not, or not to the end."""
    try:
        return str(json.loads((autograded / STAMP).read_text(encoding="utf-8"))["digest"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def stamp(autograded: Path, graded: GradingResult) -> None:
    """Note that a submission is graded, and in the gradebook."""
    text = json.dumps({"digest": graded.digest, "notes": graded.notes}, ensure_ascii=False)
    write_atomically(autograded / STAMP, text, lasting=False)  # without it, it is graded again


def score_notebook(
    notebook: Cell, sheet: SourceNotebook, assignment: Assignment, given: SubmittedAnswers
) -> list[str]:
    """Score a restored notebook, in place: points, what was answered, and what a person must read.

    Returns
    -------
    list of str
        What a grader should know.

    Raises
    ------
    HomeworkError
        Something could not be scored: see `score_exercise` and `write_points`.
    """
    counting = given.counting()
    found = {name: score_exercise(assignment, name, counting) for name in sheet.tests.values()}
    write_points(notebook, sheet, {cell: found[name].points for cell, name in sheet.tests.items()})
    reviewed = found | {
        name: review_exercise(assignment.exercise(name), counting)
        for name in sheet.shown
        if name in assignment.exercises and name not in found
    }
    show_answers(notebook, sheet, {name: _in_lines(each) for name, each in reviewed.items()})
    return [*set_aside_for_a_person(notebook), *notes_of(found, assignment, given)]


def _in_lines(scored: ScoredExercise) -> list[str]:
    """What was answered, a line an item, for whoever grades."""
    exercise = scored.exercise
    lines = []
    for item in exercise.items:
        value = exercise.words_of(item.ref, scored.answer["items"].get(item.ref))
        result = scored.result.items.get(item.ref)
        points = (
            f"（{result.points:g} / {result.max_points:g}）" if result and result.max_points else ""
        )
        text = "" if exercise.single else f"{item.text}："
        lines.append(f"{text}{value or say('homework.not_answered')}{points}")
    return lines


def notes_of(
    scores: dict[str, ScoredExercise], assignment: Assignment, given: SubmittedAnswers
) -> list[str]:
    """What a grader should know of the answers that were handed in."""
    strange = [
        name
        for name in given.records
        if name not in assignment.exercises and not name.startswith(WRITTEN)
    ]
    return [
        *given.notes,
        *(say("homework.note_exercise", exercise=name[:40]) for name in strange),
        *(note for each in scores.values() for note in each.notes),
    ]


def _grade(job: GradingJob, graded: GradingResult) -> None:
    """Take every step with a submission's notebooks, and write what came of it."""
    handed_in = _read_notebooks(job)
    if not handed_in:
        raise SubmissionError(f"{job.student}: {say('homework.submission.none')}")
    assignment = Assignment.load(job.source)
    given = read_submitted_answers(job.submitted, job.student, job.submitted.parent.parent)
    sheets = {name: SourceNotebook.read(job.source / f"{name}.ipynb") for name in handed_in}
    for name, notebook in handed_in.items():
        released = job.notebooks[name]
        known = {cell: str(each["source"]) for cell, each in released.cells.items()}
        graded.notes += restore_released_cells(notebook, sheets[name], known)
        overwrite_cells(notebook, released)
    for name, notebook in handed_in.items():
        graded.notes += score_notebook(notebook, sheets[name], assignment, given)
        graded.grades[name], graded.comments[name] = automatic_scores(notebook)
    _write(job, {name: _written(each) for name, each in handed_in.items()}, graded)


def _read_notebooks(job: GradingJob) -> dict[str, Cell]:
    """The notebooks that were handed in, by name."""
    paths = {name: job.submitted / f"{name}.ipynb" for name in job.notebooks}
    return {
        name: read_notebook(path.read_bytes(), job.student, path.name)
        for name, path in paths.items()
        if path.exists()
    }


def _written(notebook: Cell) -> str:
    """A notebook's text, as nbformat reads it; on one line, which takes a tenth of the time.

    It is valid: it was read so, and what is new in it is ours.
    """
    return json.dumps(strip_transient(notebook), ensure_ascii=False, sort_keys=True) + "\n"


def _write(job: GradingJob, texts: Mapping[str, str], graded: GradingResult) -> None:
    """Make the autograded folder: the submission's files, the source's over them, the notebooks."""
    with replacing_folder(job.autograded) as part:
        ignored = (*job.ignore, "*.ipynb")
        left = copy_files(job.submitted, part, ignored, job.max_file)
        left += copy_files(job.source, part, ignored, job.max_file, shared=True)
        graded.notes += [f"{name}: {say('homework.submission.not_copied')}" for name in left]
        for name, text in texts.items():
            (part / f"{name}.ipynb").write_text(text, encoding="utf-8")
        for path in part.rglob("*"):
            if path.is_file():
                path.chmod(job.permissions)
