"""nbgrader's exchange: what leaves for the learners is looked at once more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbgrader.exchange.default import (
    ExchangeCollect,
    ExchangeReleaseAssignment,
    ExchangeSubmit,
)
from nbgrader.utils import find_owner

from dxcourse.assignment import ANSWERS, EXERCISES
from dxcourse.homework.errors import HomeworkError, SubmissionError
from dxcourse.homework.release import check_released
from dxcourse.homework.submission_files import links_below
from dxcourse.homework.submitted_answers import read_answers, read_records
from dxcourse.text import say


class ReleaseKeyless(ExchangeReleaseAssignment):  # type: ignore[misc]  # nbgrader has no types
    """Releases a release, and nothing with keys, however it came to lie there."""

    def copy_files(self) -> None:
        """Copy the release to where learners fetch it."""
        try:
            check_released(Path(self.src_path))
        except HomeworkError as error:
            self.fail(str(error))
        super().copy_files()


def names_told(folder: Path, student: str, owner: str = "") -> list[str]:
    """Hold the names of a hand-in against each other; what does not fit, in words.

    Parameters
    ----------
    folder
        What is handed in.
    student
        Under which name: nbgrader's, or the hub's.
    owner
        The user of the system whose files they are; "" where that says nothing.
    """
    told = []
    if owner and owner != student:
        told.append(say("homework.exchange.owner", student=student, owner=owner))
    if not (folder / EXERCISES).is_file():
        return told  # an assignment without exercises of ours
    try:
        records, _ = read_records(read_answers(folder / ANSWERS, student), student)
    except SubmissionError as error:
        return [*told, str(error)]
    others = sorted({record.learner for record in records} - {student})
    if not records:
        told.append(say("homework.exchange.no_answers", student=student, file=ANSWERS))
    elif others:
        shown = "、".join(name[:40] for name in others[:3])
        told.append(say("homework.exchange.name", student=student, names=shown, file=ANSWERS))
    return told


class SubmitOwn(ExchangeSubmit):  # type: ignore[misc]
    """Hands in, and says where what is handed in is not its learner's."""

    def copy_files(self) -> None:
        """Copy the work to the exchange."""
        for text in names_told(Path(self.src_path), self.coursedir.student_id):
            self.log.warning(text)
        super().copy_files()


class CollectWithoutLinks(ExchangeCollect):  # type: ignore[misc]
    """Collects what was handed in, follows no link, and tells where names do not fit.

    A link may lead to anybody's files. The name of a hand-in (the hub's), the owner of its files
    and the name in its answers have to be the same; what does not fit is collected, and told.
    """

    src_records: list[dict[str, Any]]
    check_owner: bool

    def copy_files(self) -> None:
        """Copy the submissions that consist of files; those with a link are named and left."""
        sound: list[dict[str, Any]] = []
        found: list[dict[str, Any]] = self.src_records
        for record in found:
            folder = Path(self.inbound_path) / record["filename"]
            links = links_below(folder)
            student = record["username"]
            if links:
                name = "" if links[0].name == record["filename"] else links[0].name
                self.log.warning(say("homework.exchange.link", student=student, name=name))
                continue
            sound.append(record)
            owner = find_owner(str(folder)) if self.check_owner else ""
            for text in names_told(folder, student, owner):
                self.log.warning(text)
        self.src_records = sound
        checked, self.check_owner = self.check_owner, False  # said already, and in words
        super().copy_files()
        self.check_owner = checked
