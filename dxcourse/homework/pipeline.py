"""Grading one submission without nbgrader's converters: for many, and in a process of its own.

It does to a submission what nbgrader's `autograde` with our preprocessors does to it, in one pass,
and touches no gradebook: what belongs there is given back. A test holds the two to each other.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4.rwbase import strip_transient
from nbgrader.utils import compute_checksum, determine_grade, is_task

from dxcourse.assignment import Assignment
from dxcourse.homework.errors import HomeworkError
from dxcourse.homework.repair import restore_released_cells, write_points
from dxcourse.homework.scoring import ScoredExercise, score_exercise
from dxcourse.homework.source_notebook import Cell, SourceNotebook, nbgrader_of
from dxcourse.homework.submission_files import (
    check_no_link,
    files_below,
    is_plain_file,
    read_timestamp,
    remove_folder,
)
from dxcourse.homework.submitted_answers import WRITTEN, SubmittedAnswers, read_submitted_answers
from dxcourse.text import say


def score_notebook(
    notebook: Cell, sheet: SourceNotebook, assignment: Assignment, given: SubmittedAnswers
) -> dict[str, ScoredExercise]:
    """Write the points of every test cell into a submitted notebook, in place; give the scores.

    Raises
    ------
    HomeworkError
        Something could not be scored: see `scored` and `write_points`.
    """
    found = {name: score_exercise(assignment, name, given) for name in sheet.tests.values()}
    points = {cell: found[exercise].points for cell, exercise in sheet.tests.items()}
    write_points(notebook, sheet, points)
    return found


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


STAMP = ".dxcourse-graded.json"
MAX_NOTEBOOK = 20_000_000  # bytes; ours have some 20 kB


@dataclass(frozen=True)
class ReleasedNotebook:
    """A notebook as the gradebook has it: what it gave out, and what is graded in it."""

    kernelspec: str | None
    cells: Mapping[str, Mapping[str, Any]]
    """By grade id: cell_type, source, checksum, locked."""


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
        check_no_link(job.submitted, job.student)
        for name in job.notebooks:
            _hold_notebook(job.submitted / f"{name}.ipynb", job.student)
        graded.digest = digest(job)
        graded.unchanged = job.known and stamped(job.autograded) == graded.digest
        graded.timestamp = read_timestamp(job.submitted)
        if job.score and not graded.unchanged:
            _grade(job, graded)
    except Exception as error:  # noqa: BLE001  -- one submission must not end the others
        kept = error if isinstance(error, HomeworkError) else f"{job.student}: {error!r}"
        graded.error = str(kept)
        remove_folder(job.autograded)
    return graded


def run_pack(jobs: Sequence[GradingJob]) -> list[GradingResult]:
    """Grade several submissions that were sent to a worker together."""
    return [run(job) for job in jobs]


def digest(job: GradingJob) -> str:
    """The digest of everything a submission's score depends on."""
    made = sha256(job.origin.encode())
    for path in files_below(job.submitted, job.ignore):
        made.update(f"\0{path.relative_to(job.submitted).as_posix()}\0".encode())
        if is_plain_file(path):
            made.update(_content(path, job.max_file))
    return made.hexdigest()


def _content(path: Path, limit: int) -> bytes:
    """What is new in a file when it changes: its content, or of a huge one its size and time."""
    found = path.stat()
    if found.st_size > max(limit, MAX_NOTEBOOK):
        return f"{found.st_size} {found.st_mtime_ns}".encode()
    return sha256(path.read_bytes()).digest()


def stamped(autograded: Path) -> str:
    """The digest that a submission was graded at; "" where it was not, or not to the end."""
    try:
        return str(json.loads((autograded / STAMP).read_text(encoding="utf-8"))["digest"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def stamp(autograded: Path, graded: GradingResult) -> None:
    """Note that a submission is graded, and in the gradebook."""
    text = json.dumps({"digest": graded.digest, "notes": graded.notes}, ensure_ascii=False)
    part = autograded / f"{STAMP}.part"
    part.write_text(text, encoding="utf-8")
    part.replace(autograded / STAMP)


def _grade(job: GradingJob, graded: GradingResult) -> None:
    assignment = Assignment.load(job.source)
    given = read_submitted_answers(job.submitted, job.student, job.submitted.parent.parent)
    texts = {}
    for name, released in job.notebooks.items():
        path = job.submitted / f"{name}.ipynb"
        if not path.exists():
            continue
        sheet = SourceNotebook.read(job.source / f"{name}.ipynb")
        notebook = _read_notebook(path, job.student)
        known = {cell: str(each["source"]) for cell, each in released.cells.items()}
        graded.notes += restore_released_cells(notebook, sheet, known)
        _as_released(notebook, released)
        scores = score_notebook(notebook, sheet, assignment, given)
        graded.notes += notes_of(scores, assignment, given)
        graded.grades[name], graded.comments[name] = _verdicts(notebook)
        texts[name] = _written(notebook)
    if not texts:
        raise HomeworkError(f"{job.student}: no notebook of the assignment was handed in")
    _write(job, texts, graded)


def _hold_notebook(path: Path, student: str) -> None:
    """Hold that a notebook, where there is one, can be read to its end."""
    if os.path.lexists(path) and (not is_plain_file(path) or path.stat().st_size > MAX_NOTEBOOK):
        raise HomeworkError(f"{student}: {path.name}: no file, or too large; ask for it anew")


def _read_notebook(path: Path, student: str) -> Cell:
    wrong: dict[str, Exception] = {}
    try:
        notebook = nbformat.read(path, as_version=4, capture_validation_error=wrong)
    except Exception as error:  # noqa: BLE001  -- whatever a learner wrote into it
        wrong["unreadable"] = error
    for found in wrong.values():
        cause = str(found).splitlines()[0][:200] if str(found) else type(found).__name__
        raise HomeworkError(
            f"{student}: {path.name}: not a notebook ({cause}); ask for it anew"
        ) from found
    return notebook


def _written(notebook: Cell) -> str:
    """A notebook's text, as nbformat reads it; on one line, which takes a tenth of the time.

    It is valid: it was read so, and what is new in it is ours.
    """
    return json.dumps(strip_transient(notebook), ensure_ascii=False, sort_keys=True) + "\n"


def _as_released(notebook: Cell, released: ReleasedNotebook) -> None:
    """Put what was given out in place of what came back, as nbgrader's OverwriteCells does."""
    if released.kernelspec:
        notebook["metadata"]["kernelspec"] = json.loads(released.kernelspec)
    for cell in notebook["cells"]:
        original = released.cells.get(nbgrader_of(cell).get("grade_id", ""))
        if original is None:
            continue
        if cell["cell_type"] != original["cell_type"]:
            cell["cell_type"] = original["cell_type"]
            for field_ in ("outputs", "execution_count"):
                cell.pop(field_, None)
            if original["cell_type"] == "code":
                cell["outputs"], cell["execution_count"] = [], None
            else:
                cell.setdefault("metadata", {})
        if original["locked"]:
            cell["source"] = original["source"]
        cell["metadata"]["nbgrader"]["checksum"] = original["checksum"]
        if original["locked"] and compute_checksum(cell) != original["checksum"]:
            name = cell["metadata"]["nbgrader"]["grade_id"]
            raise HomeworkError(f"cell {name} of the source was changed; release it again")


def _verdicts(notebook: Cell) -> tuple[dict[str, float | None], dict[str, str | None]]:
    """The automatic scores and comments, by nbgrader's own rules (SaveAutoGrades)."""
    grades: dict[str, float | None] = {}
    comments: dict[str, str | None] = {}
    for cell in notebook["cells"]:
        meta = nbgrader_of(cell)
        if meta.get("grade"):
            score, _ = determine_grade(cell)
            grades[meta["grade_id"]] = None if score is None else float(score)
        if meta.get("solution") or meta.get("task"):
            same = meta.get("checksum") == compute_checksum(cell) and not is_task(cell)
            comments[meta["grade_id"]] = "No response." if same else None
    return grades, comments


def _write(job: GradingJob, texts: Mapping[str, str], graded: GradingResult) -> None:
    """Make the autograded folder: the submission's files, the source's over them, the notebooks."""
    part = job.autograded.with_name(f".{job.autograded.name}.part")
    remove_folder(part)
    part.mkdir(parents=True)
    for folder in (job.submitted, job.source):
        for path in files_below(folder, (*job.ignore, "*.ipynb")):
            if not is_plain_file(path) or path.stat().st_size > job.max_file:
                graded.notes.append(f"{path.name}: not copied (a link, or too large)")
                continue
            to = part / path.relative_to(folder)
            to.parent.mkdir(parents=True, exist_ok=True)
            to.unlink(missing_ok=True)
            shutil.copy(path, to)
    for name, text in texts.items():
        (part / f"{name}.ipynb").write_text(text, encoding="utf-8")
    for path in part.rglob("*"):
        if path.is_file():
            path.chmod(job.permissions)
    remove_folder(job.autograded)
    part.rename(job.autograded)
