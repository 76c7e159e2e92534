"""The answers file that a learner handed in: whose it is, and what in it counts.

It comes from outside, so nothing of it is trusted: not its size, not its lines, not its names.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from dxcourse.answers import Record, since_fresh
from dxcourse.assignment import ANSWERS
from dxcourse.homework.errors import SubmissionError
from dxcourse.text import say

WRITTEN = "written-"
"""Begins the id of a record that holds a text graded by hand, as pages take it."""
MAX_BYTES = 8_000_000  # a diligent learner writes some 20 kB


@dataclass(frozen=True)
class SubmittedAnswers:
    """The records of one learner by exercise, in the order of attempts, and what was noted."""

    student: str
    records: Mapping[str, tuple[Record, ...]]
    notes: tuple[str, ...] = ()

    def last(self, exercise: str) -> Record | None:
        """Give the answer that counts: the last one, unless the exercise was begun afresh since."""
        counting = since_fresh(self.records.get(exercise, ()))
        return counting[-1] if counting else None

    @classmethod
    def read(cls, path: Path, student: str, known: Callable[[str], bool]) -> SubmittedAnswers:
        """Read what a student handed in; without a file, they answered nothing.

        Parameters
        ----------
        known
            Whether a name is that of another student of the course. On their own machine learners
            answer under that machine's user name, which need not be their id here: a file of one
            learner is taken for the student's unless its name is another student's.

        Raises
        ------
        SubmissionError
            The file is damaged, too large, or not this student's.
        """
        who = f"{student}: {path.name}"
        data = _bytes(path, who)
        *lines, torn = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
        notes = [say("homework.note_torn", n=len(torn))] if torn.strip() else []
        records = [_record(raw, f"{who}:{n}") for n, raw in enumerate(lines, 1) if raw.strip()]
        own = _own(records, student, who, known, notes)
        found: dict[str, list[Record]] = {}
        for record in own:
            found.setdefault(record.exercise, []).append(record)
        by_attempt = {
            name: tuple(sorted(each, key=lambda record: record.attempt))
            for name, each in found.items()
        }
        return cls(student, by_attempt, tuple(notes))


def _bytes(path: Path, who: str) -> bytes:
    try:
        # Neither a link (it may lead anywhere) nor a pipe (it may never end) is followed.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | _NONBLOCK)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise SubmissionError(
            f"{who}: cannot be read ({error.strerror}); ask for it anew"
        ) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise SubmissionError(f"{who}: is not a file; ask for it anew")
    with os.fdopen(handle, "rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        size = MAX_BYTES // 1_000_000
        raise SubmissionError(f"{who}: larger than {size} MB, which no answers are; look into it")
    return data


_NONBLOCK = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def _record(raw: bytes, place: str) -> Record:
    try:
        return Record.model_validate_json(raw)
    except (ValidationError, RecursionError) as error:
        cause = "nested too deeply"
        if isinstance(error, ValidationError):
            cause = error.errors(include_url=False, include_input=False)[0]["msg"]
        cure = "`dxcourse answers repair FILE` sets it aside; then do this again"
        raise SubmissionError(f"{place}: damaged line ({cause}); {cure}") from error


def _own(
    records: list[Record], student: str, who: str, known: Callable[[str], bool], notes: list[str]
) -> list[Record]:
    """Give the records that are the student's, or refuse them."""
    names = sorted({record.learner for record in records})
    others = [name for name in names if name != student]
    shown = ", ".join(name[:40] for name in others[:3])
    if student in names:
        if others:
            notes.append(say("homework.note_others", names=shown, student=student))
        return [record for record in records if record.learner == student]
    if len(others) > 1:
        cure = "ask whose it is, and keep the lines of one"
        raise SubmissionError(f"{who}: has answers of several people ({shown}); {cure}")
    if others and known(others[0]):
        cure = "ask both, and have the right one handed in"
        raise SubmissionError(f"{who}: has the answers of another student ({shown}); {cure}")
    if others:
        notes.append(say("homework.note_name", name=shown, student=student))
    return records


def roster(submitted: Path) -> Callable[[str], bool]:
    """Give what tells a student of the course: one that has a folder among the submitted ones."""

    def known(name: str) -> bool:
        plain = name == Path(name).name and name not in {"", ".", ".."} and "\0" not in name
        return plain and (submitted / name).is_dir()

    return known


def read_submitted_answers(folder: Path, student: str, submitted: Path) -> SubmittedAnswers:
    """Read the answers file in a submission's folder.

    Raises
    ------
    SubmissionError
        It cannot be scored as the student's.
    """
    return SubmittedAnswers.read(folder / ANSWERS, student, roster(submitted))
