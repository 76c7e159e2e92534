"""Grading many: in parallel, one writer, only what changed, and on after an interruption."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from nbformat import from_dict
from nbgrader.converters import Autograde
from nbgrader.nbgraderformat import MetadataValidator, ValidationError
from nbgrader.nbgraderformat.common import SchemaMismatchError

from dxcourse.assignment import Assignment
from dxcourse.homework.course import HomeworkCourse
from dxcourse.homework.deadlines import read_extensions
from dxcourse.homework.errors import HomeworkError
from dxcourse.homework.gradebook import GradebookLayout, known_students, save, set_lateness
from dxcourse.homework.nbgrader.config import GRADE, SANITIZE
from dxcourse.homework.parallel import Progress, results_of
from dxcourse.homework.pipeline import GradingJob, GradingResult, run_pack, stamp
from dxcourse.homework.release import check_gradable, refuse_answers
from dxcourse.homework.source_notebook import SourceNotebook
from dxcourse.text import say

GROUP = 25  # results that one commit takes
VERSION = 2  # of the way to grade: another one grades everything anew


def grade_all(
    course: HomeworkCourse,
    assignment: str,
    *,
    students: Sequence[str] | None = None,
    executor: Executor | None = None,
    report: Callable[[Progress], None] = lambda _: None,
) -> Progress:
    """Grade the submissions of an assignment that are not graded as they are.

    Killed at any moment, the next run goes on: a submission counts as graded once it is in the
    gradebook, and grading it again gives the same.

    Parameters
    ----------
    executor
        What scores: any executor; None scores here, one after the other.

    Raises
    ------
    HomeworkError
        Nothing can be graded: the assignment is not released, or its source is wrong.
    """
    with course.alone(), course.gradebook() as gradebook:
        layout = GradebookLayout.of(gradebook, assignment)
        fast = _look(course, layout)
        known = known_students(gradebook, layout)
        chosen = course.students(assignment) if students is None else students
        enrolled = {student.id for student in gradebook.students}
        course.set_newcomers(course.newcomers() | (set(chosen) - enrolled))
        progress = Progress(len(chosen))
        jobs = _jobs(course, layout, chosen, known, fast=fast)
        group: list[GradingResult] = []

        def keep() -> None:
            save(gradebook, layout, group)
            for each in group:
                if not each.error:
                    stamp(course.folder("autograded", assignment, each.student), each)
            group.clear()

        try:
            for result in results_of(run_pack, jobs, executor):
                if not (result.unchanged or fast or result.error):
                    _by_nbgrader(course, assignment, result)
                if result.error or (fast and not result.unchanged):
                    group.append(result)
                _count(progress, result)
                if len(group) >= GROUP:
                    keep()
                report(progress)
        finally:
            keep()
        set_lateness(gradebook, layout, read_extensions(course, assignment), course.config)
    report(progress)
    return progress


def _look(course: HomeworkCourse, layout: GradebookLayout) -> bool:
    """Hold that the source can be graded; whether it is scored without nbgrader's converters."""
    source = course.folder("source", layout.assignment)
    refuse_answers(source)
    sheets = [SourceNotebook.read(source / f"{name}.ipynb") for name in layout.notebooks]
    assignment = Assignment.at(source)
    if assignment is None:
        return False
    for sheet in sheets:
        _hold_metadata(sheet, source)
        if assignment.keyed:
            check_gradable(sheet, assignment, source)
        missing = set(sheet.cells) - set(layout.released[sheet.name].cells)
        if missing:
            names = ", ".join(sorted(missing))
            raise HomeworkError(say("homework.source.new_cells", name=sheet.name, cells=names))
    settings = course.config.Autograde
    ours = (
        tuple(settings.sanitize_preprocessors) == SANITIZE
        and tuple(settings.autograde_preprocessors) == GRADE
        and "ClearMetadataPreprocessor" not in course.config
        and "exclude_overwriting" not in settings
    )
    return ours and all(sheet.plain for sheet in sheets)


def _hold_metadata(sheet: SourceNotebook, source: Path) -> None:
    """Hold once what nbgrader would look at in every submission, which has it from here."""
    try:
        MetadataValidator().validate_nb(from_dict({"cells": list(sheet.cells.values())}))
    except (SchemaMismatchError, ValidationError, KeyError) as error:
        cause = str(error).splitlines()[0]
        place = source / f"{sheet.name}.ipynb"
        raise HomeworkError(say("homework.source.metadata", place=place, cause=cause)) from error


def _jobs(
    course: HomeworkCourse,
    layout: GradebookLayout,
    students: Sequence[str],
    known: set[str],
    *,
    fast: bool,
) -> Iterator[GradingJob]:
    name = layout.assignment
    directory = course.directory
    permissions = Autograde(coursedir=directory, config=course.config).permissions
    source = course.folder("source", name)
    origin = _origin(source, layout)
    for student in students:
        yield GradingJob(
            student=student,
            source=source,
            submitted=course.folder("submitted", name, student),
            autograded=course.folder("autograded", name, student),
            notebooks=layout.released,
            origin=origin,
            ignore=tuple(directory.ignore),
            max_file=directory.max_file_size * 1000,
            permissions=int(str(permissions), 8),
            known=student in known,
            score=fast,
        )


def _origin(source: Path, layout: GradebookLayout) -> str:
    """The digest of everything on our side that a score depends on."""
    made = sha256(f"{VERSION} {version('dxcourse')}".encode())
    assignment = Assignment.at(source)
    for exercise in assignment.exercises.values() if assignment else ():
        made.update(exercise.model_dump_json().encode())
    for name in sorted(layout.notebooks):
        made.update((source / f"{name}.ipynb").read_bytes())
        made.update(json.dumps(dict(layout.released[name].cells), sort_keys=True).encode())
    return made.hexdigest()


def _by_nbgrader(course: HomeworkCourse, assignment: str, result: GradingResult) -> None:
    """Grade by nbgrader's own steps: the assignment has other code, or other settings."""
    try:
        result.notes = course.autograde(assignment, result.student)
    except HomeworkError as error:
        result.error = str(error)
        return
    stamp(course.folder("autograded", assignment, result.student), result)


def _count(progress: Progress, result: GradingResult) -> None:
    if result.error:
        progress.failed[result.student] = result.error
    elif result.unchanged:
        progress.unchanged += 1
    else:
        progress.made += 1
    if result.notes:
        progress.notes[result.student] = result.notes
