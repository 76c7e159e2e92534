"""nbgrader's exchange: what leaves for the learners is looked at once more."""

from __future__ import annotations

from collections.abc import Iterator
from glob import escape
from pathlib import Path
from typing import Any

from nbgrader.exchange.default import (
    ExchangeCollect,
    ExchangeReleaseAssignment,
    ExchangeReleaseFeedback,
    ExchangeSubmit,
)
from nbgrader.utils import find_owner, notebook_hash

from dxcourse.assignment import ANSWERS, EXERCISES
from dxcourse.homework.errors import HomeworkError, SubmissionError
from dxcourse.homework.release import check_released
from dxcourse.homework.submission_files import is_plain_file, links_below
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


class WithdrawFeedback(ExchangeReleaseFeedback):  # type: ignore[misc]
    """Takes released feedback out of the exchange; what a learner has fetched stays with them.

    A page lies there under a number made of the submission's secret: every submission of a learner
    that is still to be found, handed in again or not, is looked for.
    """

    withdrawn: frozenset[str] = frozenset()
    """The students whose feedback was there."""

    def copy_files(self) -> None:
        """Remove the pages."""
        name = self.coursedir.assignment_id
        source = Path(self.coursedir.format_path(self.coursedir.source_directory, ".", name))
        books = [path.stem for path in source.glob("*.ipynb")]
        found = set()
        for student, secret in self._secrets():
            for book in books:
                number = notebook_hash(secret=secret, notebook_id=book)
                page = Path(self.dest_path) / f"{number}.html"
                if page.is_file():
                    page.unlink()
                    found.add(student)
        self.withdrawn = frozenset(found)

    def _secrets(self) -> Iterator[tuple[str, str]]:
        """Whose each secret is, of what was handed in and of what lies in the course."""
        directory, name = self.coursedir, self.coursedir.assignment_id
        chosen = directory.student_id or "*"
        inbound = Path(self.course_path) / "inbound"
        places = [
            (folder.name.rsplit("+", 3)[0], folder)
            for folder in inbound.glob(f"{escape(chosen) if chosen != '*' else '*'}+{name}+*")
        ]
        for step in (directory.submitted_directory, directory.feedback_directory):
            pattern = Path(directory.format_path(step, "*", name))
            at = pattern.parts.index("*")
            root = Path(*pattern.parts[:at])
            places += [
                (folder.parts[at], folder)
                for folder in root.glob(str(Path(*pattern.parts[at:])))
                if chosen in {"*", folder.parts[at]}
            ]
        for student, folder in places:
            secret = folder / "submission_secret.txt"
            if is_plain_file(secret):
                yield student, secret.read_text(encoding="utf-8", errors="replace")


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
