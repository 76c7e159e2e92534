"""Answer files that were handed in by any means, made into nbgrader's submissions."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dxcourse.answers import Record
from dxcourse.assignment import ANSWERS, Assignment
from dxcourse.homework.course import HomeworkCourse
from dxcourse.homework.errors import HomeworkError, SubmissionError
from dxcourse.homework.progress import Progress
from dxcourse.homework.release import check_released
from dxcourse.homework.submission_files import remove_folder
from dxcourse.homework.submitted_answers import MAX_BYTES, WRITTEN, SubmittedAnswers

STUDENT = re.compile(r"\w[\w.@-]{0,127}")  # "+" parts names in nbgrader's exchange
STAMP = "timestamp.txt"


@dataclass(frozen=True)
class Taken:
    """A file that was looked at, whose it is, and why it was refused ("" where it was taken)."""

    file: Path
    student: str
    refused: str = ""
    unchanged: bool = False
    notes: tuple[str, ...] = ()


def collect_from(
    course: HomeworkCourse,
    assignment: str,
    folder: Path,
    *,
    add: bool = False,
    report: Callable[[Progress], None] = lambda _: None,
) -> list[Taken]:
    """Take the answer files in a folder: ``<student>.jsonl``, or ``<student>/answers.jsonl``.

    A notebook of the assignment that lies beside a student's ``answers.jsonl`` is taken with it.
    The time of the last answer is the time of handing in.

    Parameters
    ----------
    add
        Whether a student whom the gradebook does not know is taken, too.

    Raises
    ------
    HomeworkError
        Nothing can be collected: the assignment is not released, or there is no such folder.
    """
    release = course.folder("release", assignment)
    exercises = Assignment.at(release)
    if exercises is None:
        raise HomeworkError(f"{release}: not released yet; run `dxcourse homework release`")
    check_released(release)
    if not folder.is_dir():
        raise HomeworkError(f"{folder}: no such folder")
    with course.gradebook() as gradebook:
        roster = {student.id for student in gradebook.students}
    collecting = _Collecting(course, assignment, exercises, release, roster, {}, add)
    collecting.remember()
    files = sorted(path for path in folder.rglob("*.jsonl") if path.is_file())
    progress = Progress(len(files))
    report(progress)
    taken = []
    for path in files:
        taken.append(collecting.look(folder, path))
        progress.made += 1
        report(progress)
    return taken


@dataclass(frozen=True)
class _Collecting:
    course: HomeworkCourse
    assignment: str
    exercises: Assignment
    release: Path
    roster: set[str]
    owners: dict[str, str]
    """Who first handed in an entry: ids are random, so a second one has copied it."""
    add: bool

    def remember(self) -> None:
        """Learn whose the entries are that were handed in before."""
        for student in self.course.students(self.assignment):
            path = self.course.folder("submitted", self.assignment, student) / ANSWERS
            try:
                given = SubmittedAnswers.read(path, student, lambda _: False)
            except SubmissionError:
                continue
            self.owners.update(dict.fromkeys(_ids(given), student))

    def look(self, folder: Path, path: Path) -> Taken:
        """Take a file or refuse it."""
        student = _student(folder, path)
        try:
            given, unchanged = self._check(path, student)
            if not unchanged:
                self._write(path, student, given)
        except HomeworkError as error:
            return Taken(path, student, refused=str(error).removeprefix(f"{student}: "))
        except OSError as error:
            return Taken(path, student, refused=f"cannot be copied ({error.strerror})")
        self.owners.update(dict.fromkeys(_ids(given), student))
        return Taken(path, student, unchanged=unchanged, notes=given.notes)

    def _check(self, path: Path, student: str) -> tuple[SubmittedAnswers, bool]:
        if not STUDENT.fullmatch(student):
            raise SubmissionError(
                "whose is it? Name it <student>.jsonl, or put it in a folder so named"
            )
        if self.roster and student not in self.roster and not self.add:
            raise SubmissionError(
                "no such student in the gradebook; mend the name, or allow new ones with --add"
            )
        given = SubmittedAnswers.read(
            path, student, lambda name: name != student and name in self.roster
        )
        _stamp(given)  # held before anything is moved
        known = self.exercises.exercises
        if not any(name in known or name.startswith(WRITTEN) for name in given.records):
            raise SubmissionError(f"no answer to an exercise of {self.assignment}")
        copied = sorted({self.owners[id_] for id_ in _ids(given) if id_ in self.owners} - {student})
        if copied:
            raise SubmissionError(f"has answers that {copied[0]} handed in; ask both")
        there = self.course.folder("submitted", self.assignment, student) / ANSWERS
        if not there.exists():
            return given, False
        if there.read_bytes() == path.read_bytes():
            return given, True
        try:
            before = SubmittedAnswers.read(there, student, lambda _: False)
        except SubmissionError:
            return given, False  # what is there cannot be scored: anything is better
        if _last(before) >= _last(given):
            raise SubmissionError("what was handed in before is newer; it was kept")
        return given, False

    def _write(self, path: Path, student: str, given: SubmittedAnswers) -> None:
        """Make the submission: the answers, and the notebooks that were there or are released."""
        target = self.course.folder("submitted", self.assignment, student)
        part = target.with_name(f".{target.name}.part")
        remove_folder(part)
        shutil.copytree(self.release, part)
        beside = path.parent if path.name == ANSWERS else None
        for notebook in part.glob("*.ipynb"):
            for place in (beside, target):
                own = place / notebook.name if place else None
                if own and own.is_file() and not own.is_symlink():
                    if own.stat().st_size <= MAX_BYTES:
                        shutil.copy(own, notebook)
                    break
        shutil.copy(path, part / ANSWERS)
        (part / STAMP).write_text(_stamp(given), encoding="utf-8")
        remove_folder(target)
        part.rename(target)


def _student(folder: Path, path: Path) -> str:
    """Whose a file is by its name or its folder's; "" where neither says."""
    if path.stem.casefold() != Path(ANSWERS).stem:
        return path.stem
    return path.parent.name if path.parent != folder else ""


def _records(given: SubmittedAnswers) -> Iterator[Record]:
    records: Mapping[str, tuple[Record, ...]] = given.records
    for each in records.values():
        yield from each


def _ids(given: SubmittedAnswers) -> Iterator[str]:
    return (record.id for record in _records(given))


def _last(given: SubmittedAnswers) -> datetime:
    first = datetime.min.replace(tzinfo=UTC)
    return max((record.time for record in _records(given)), default=first)


def _stamp(given: SubmittedAnswers) -> str:
    """When it was handed in, as nbgrader writes it: the time of the last answer."""
    try:
        return f"{_last(given).astimezone(UTC):%Y-%m-%d %H:%M:%S.%f} UTC"
    except OverflowError as error:
        raise SubmissionError(
            f"answered at {_last(given)}, which is no time; ask for it"
        ) from error
