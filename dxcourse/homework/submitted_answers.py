"""The answers file that a learner handed in: whose it is, and what in it counts.

It comes from outside, so nothing of it is trusted: not its size, not its lines, not its names.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping
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

    def counting(self) -> dict[str, Record]:
        """Give the answer that counts of each exercise that has one: see `last`."""
        found = {name: self.last(name) for name in self.records}
        return {name: record for name, record in found.items() if record is not None}

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
        return cls.parse(read_answers(path, f"{student}: {path.name}"), student, known, path.name)

    @classmethod
    def parse(
        cls, data: bytes, student: str, known: Callable[[str], bool], name: str = ANSWERS
    ) -> SubmittedAnswers:
        """Read the content of a file that a student handed in: see `read`.

        Raises
        ------
        SubmissionError
            It is damaged, or not this student's.
        """
        who = f"{student}: {name}"
        records, notes = read_records(data, who)
        own = _own(records, student, who, known, notes)
        found: dict[str, list[Record]] = {}
        for record in own:
            found.setdefault(record.exercise, []).append(record)
        by_attempt = {
            name: tuple(sorted(each, key=lambda record: record.attempt))
            for name, each in found.items()
        }
        return cls(student, by_attempt, tuple(notes))

    def all(self) -> Iterator[Record]:
        """Every record that is the student's."""
        for each in self.records.values():
            yield from each


def read_records(data: bytes, who: str) -> tuple[list[Record], list[str]]:
    """Every record of a file, whoever's; and what a grader should know.

    A last line without its end counts where it is whole: an editor took the end away.

    Raises
    ------
    SubmissionError
        A line in the middle is damaged.
    """
    *lines, last = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    records = [_record(raw, f"{who}:{n}") for n, raw in enumerate(lines, 1) if raw.strip()]
    if not last.strip():
        return records, []
    try:
        return [*records, _record(last, who)], []
    except SubmissionError:
        return records, [say("homework.note_torn", n=len(last))]


def read_answers(path: Path, who: str) -> bytes:
    """The content of a file that was handed in; nothing where there is none.

    Raises
    ------
    SubmissionError
        It is a link, a pipe, or too large.
    """
    try:
        # Neither a link (it may lead anywhere) nor a pipe (it may never end) is followed.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | _NONBLOCK)
    except FileNotFoundError:
        return b""
    except OSError as error:
        told = say("homework.submission.unreadable", cause=error.strerror)
        raise SubmissionError(f"{who}: {told}") from error
    state = os.fstat(handle)
    if not stat.S_ISREG(state.st_mode) or state.st_nlink > 1:  # see `is_link`
        os.close(handle)
        raise SubmissionError(_say(who, "no_file"))
    with os.fdopen(handle, "rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise SubmissionError(_say(who, "large", mega=MAX_BYTES // 1_000_000))
    return data


_NONBLOCK = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def _record(raw: bytes, place: str) -> Record:
    try:
        return Record.model_validate_json(raw)
    except (ValidationError, RecursionError) as error:
        cause = say("homework.answers.deep")
        if isinstance(error, ValidationError):
            cause = error.errors(include_url=False, include_input=False)[0]["msg"]
        raise SubmissionError(_say(place, "damaged", cause=cause)) from error


def _say(place: str, name: str, /, **blanks: object) -> str:
    return f"{place}: {say(f'homework.answers.{name}', **blanks)}"


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
        raise SubmissionError(_say(who, "several", names=shown))
    if others and known(others[0]):
        raise SubmissionError(_say(who, "another", name=shown))
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
