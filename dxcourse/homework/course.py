"""The nbgrader course in a folder: its settings, held to what we rely on, and its steps."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from jupyter_core.paths import jupyter_config_path
from nbgrader.api import Gradebook
from nbgrader.auth import Authenticator
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeError, ExchangeFactory
from nbgrader.exchange.abc import ExchangeCollect
from sqlalchemy.exc import DBAPIError
from traitlets.config import Application, Config

from dxcourse.files import write_atomically
from dxcourse.homework.errors import HomeworkError
from dxcourse.homework.nbgrader.config import check_in_force, find_alembic
from dxcourse.homework.nbgrader.exchange import WithdrawFeedback
from dxcourse.text import say

CONFIG = "nbgrader_config"
LOCK = ".dxcourse-grading.lock"
NEWCOMERS = ".dxcourse-newcomers"
LOG = logging.getLogger("dxcourse.homework.nbgrader")
LOG.addHandler(logging.NullHandler())
LOG.propagate = False


@dataclass(frozen=True)
class HomeworkCourse:
    """An nbgrader course whose settings have been loaded and looked at."""

    root: Path
    config: Any

    @classmethod
    def open(cls, root: Path) -> HomeworkCourse:
        """Load the settings as nbgrader does, but take no error for a remark.

        Raises
        ------
        HomeworkError
            They cannot be loaded, or our steps are not in force in them.
        """
        root = root.resolve()
        path = root / f"{CONFIG}.py"
        if not path.is_file():
            raise HomeworkError(say("homework.config.missing", path=path))
        find_alembic()
        config = Config()
        try:
            loaded = Application._load_config_files(  # noqa: SLF001  -- nbgrader has no other way
                CONFIG,
                path=[str(root), *jupyter_config_path()],
                log=LOG,
                raise_config_file_errors=True,
            )
            for part, _ in loaded:
                config.merge(part)
        except (Exception, SystemExit) as error:
            told = say("homework.config.broken", path=path, cause=error)
            raise HomeworkError(told) from error
        check_in_force(config)
        config.CourseDirectory.root = str(root)
        return cls(root, config)

    @cached_property
    def directory(self) -> Any:  # noqa: ANN401  -- nbgrader's CourseDirectory
        """The folder as nbgrader has it."""
        return CourseDirectory(config=self.config)

    def folder(self, step: str, assignment: str, student: str = ".") -> Path:
        """Where something of an assignment is; a step is ``source``, ``release`` and so on."""
        directory = self.directory
        name = getattr(directory, f"{step}_directory")
        return Path(directory.format_path(name, student, assignment))

    @contextmanager
    def gradebook(self) -> Iterator[Any]:
        """The gradebook, open.

        Raises
        ------
        HomeworkError
            It cannot be opened, or what is done with it fails.
        """
        directory = self.directory
        try:
            with Gradebook(directory.db_url, directory.course_id) as gradebook:
                yield gradebook
        except DBAPIError as error:
            cause = str(error.orig).strip().splitlines()[0]
            raise HomeworkError(say("homework.gradebook_away", cause=cause)) from error

    def newcomers(self) -> set[str]:
        """The students who are in the gradebook because they handed in, not on a roster."""
        path = self.root / NEWCOMERS
        return set(path.read_text(encoding="utf-8").splitlines()) if path.is_file() else set()

    def set_newcomers(self, students: set[str]) -> None:
        """Say who is in the gradebook only because they handed in."""
        if students != self.newcomers():
            text = "".join(f"{each}\n" for each in sorted(students))
            write_atomically(self.root / NEWCOMERS, text)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold off a second run of ours in the same folder: no submission is graded twice.

        Raises
        ------
        HomeworkError
            There is one already.
        """
        lock = FileLock(self.root / LOCK, timeout=0)
        try:
            with lock:
                yield
        except Timeout as error:
            raise HomeworkError(say("homework.busy", root=self.root)) from error

    def assignments(self) -> list[str]:
        """The assignments that have a source."""
        return sorted(
            path.parent.name for path in self.folder("source", "*").parent.glob("*/*.ipynb")
        )

    def students(self, assignment: str, step: str = "submitted") -> list[str]:
        """The students of whom there is a folder of that step: handed in, or ``autograded``."""
        pattern = self.folder(step, assignment, "*")
        found = self.root.glob(str(pattern.relative_to(self.root)))
        depth = pattern.parts.index("*")
        return sorted(path.parts[depth] for path in found if path.is_dir())

    def check_assignment(self, assignment: str) -> None:
        """Hold that an assignment has a source.

        Raises
        ------
        HomeworkError
            It has none; those that have are named.
        """
        if assignment not in self.assignments():
            known = ", ".join(self.assignments()) or "-"
            told = say("homework.no_assignment", assignment=assignment, known=known)
            raise HomeworkError(told)

    def generate(self, assignment: str) -> None:
        """Make the release of an assignment anew.

        Raises
        ------
        HomeworkError
            It could not be made; there is none then.
        """
        self.check_assignment(assignment)
        self._convert(GenerateAssignment, assignment, ".")

    def autograde(self, assignment: str, student: str) -> list[str]:
        """Grade one submission with nbgrader's own steps; give what it warned of.

        Raises
        ------
        HomeworkError
            It could not be graded.
        """
        return self._convert(Autograde, assignment, student)

    def feedback(self, assignment: str, student: str) -> None:
        """Write the feedback on one submission anew.

        Raises
        ------
        HomeworkError
            It could not be written.
        """
        self._convert(GenerateFeedback, assignment, student)

    def exchange(self, step: str, assignment: str, student: str | None = None) -> list[str]:
        """Take a step of the exchange: ``ReleaseAssignment``, ``Collect``, ``ReleaseFeedback``.

        Raises
        ------
        HomeworkError
            It could not be taken.
        """
        made = getattr(ExchangeFactory(config=self.config, log=LOG), step)
        return self._exchange(made, assignment, student)[1]

    def withdraw_from_exchange(self, assignment: str, student: str | None = None) -> frozenset[str]:
        """Take released feedback out of the exchange; give the students who had some there.

        Raises
        ------
        HomeworkError
            The exchange cannot be reached.
        """
        factory = ExchangeFactory(config=self.config, log=LOG)
        made = partial(WithdrawFeedback, parent=factory)
        taken, _ = self._exchange(made, assignment, student)
        found: frozenset[str] = taken.withdrawn
        return found

    def _exchange(
        self, made: Callable[..., Any], assignment: str, student: str | None
    ) -> tuple[Any, list[str]]:
        """Take a step of the exchange; give it, and what it warned of."""
        directory = CourseDirectory(config=self.config, assignment_id=assignment)
        if student is not None:
            directory.student_id = student
        who = Authenticator(config=self.config, log=LOG)
        with _listening() as said:
            taken = made(coursedir=directory, authenticator=who)
            if isinstance(taken, ExchangeCollect):
                taken.update = True
            else:
                taken.force = True
            try:
                taken.start()
            except ExchangeError as error:
                raise HomeworkError(said.cause() or str(error)) from error
        return taken, said.warnings

    def _convert(self, converter: type[BaseConverter], assignment: str, student: str) -> list[str]:
        directory = CourseDirectory(config=self.config, assignment_id=assignment)
        directory.student_id = student
        with _listening() as said:
            try:
                converter(coursedir=directory, config=self.config, log=LOG, force=True).start()
            except NbGraderException as error:
                raise HomeworkError(said.cause() or str(error)) from error
        return said.warnings


@contextmanager
def _listening() -> Iterator[_Said]:
    said = _Said()
    LOG.addHandler(said)
    try:
        yield said
    finally:
        LOG.removeHandler(said)


# It puts back every cell whose text is not its source's, and says so of each rubric that was taken
# out of a release: in each submission, whatever the learner did.
RESTORED = "Attribute 'checksum' for cell"


class _Said(logging.Handler):
    """What nbgrader says while it works."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.warnings: list[str] = []
        self.errors: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message that is of use to a grader."""
        message = record.getMessage()
        if message.startswith(RESTORED):
            return
        kept = self.errors if record.levelno >= logging.ERROR else self.warnings
        kept.append(message)

    def cause(self) -> str:
        """The last line of the first traceback: the message of what was raised."""
        for text in self.errors:
            if text.startswith("Traceback"):
                return _message(text)
        return self.errors[0] if self.errors else ""


def _message(traceback: str) -> str:
    """The message at the end of a traceback, without the name of the exception."""
    lines = traceback.rstrip().splitlines()
    start = max(at for at, line in enumerate(lines) if line.startswith((" ", "Traceback"))) + 1
    last = "\n".join(lines[start:])
    name, colon, message = last.partition(": ")
    return message if colon and " " not in name else last
