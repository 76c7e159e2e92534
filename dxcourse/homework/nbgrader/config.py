"""The settings that make an nbgrader course ours, and the check that they are in force.

nbgrader only logs an error in its configuration and goes on with its own settings: releasing keys,
running learners' code. So `exercises/homework/nbgrader_config.py` ends the program where this
module cannot be imported, and our commands look at the settings before they begin.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.preprocessors import Execute

from dxcourse.homework.errors import HomeworkError
from dxcourse.homework.nbgrader.exchange import CollectWithoutLinks, ReleaseKeyless
from dxcourse.homework.nbgrader.exporter import FeedbackExporter, configure_pages
from dxcourse.homework.nbgrader.preprocessors import (
    CheckKeyless,
    FeedbackFiles,
    RestoreReleasedCells,
    ScoreAnswers,
    StateDeadline,
    StripKeys,
)
from dxcourse.homework.nbgrader.watch import MARK, watch_converters
from dxcourse.text import say

GRADEBOOK = "DXCOURSE_GRADEBOOK"
Config = Any  # traitlets' Config, which has no types
RELEASE = (
    StripKeys,
    *GenerateAssignment.preprocessors.default_args[0],
    StateDeadline,
    CheckKeyless,
)
SANITIZE = (RestoreReleasedCells, *Autograde.sanitize_preprocessors.default_args[0])
GRADE = tuple(
    ScoreAnswers if step is Execute else step
    for step in Autograde.autograde_preprocessors.default_args[0]
)
FEEDBACK = (FeedbackFiles, *GenerateFeedback.preprocessors.default_args[0])


def configure(c: Config, environ: Mapping[str, str] = os.environ) -> None:
    """Set everything that homework of this course needs; what follows may change the rest.

    The gradebook is a file beside the configuration, unless `$DXCOURSE_GRADEBOOK` has an address,
    as ``postgresql://name:password@host/database``: a password belongs into no file.
    """
    find_alembic()
    watch_converters()
    c[MARK].configured = True
    if environ.get(GRADEBOOK):
        c.CourseDirectory.db_url = address(environ[GRADEBOOK])
    c.GenerateAssignment.preprocessors = list(RELEASE)
    c.Autograde.sanitize_preprocessors = list(SANITIZE)
    c.Autograde.autograde_preprocessors = list(GRADE)
    c.ExchangeFactory.release_assignment = ReleaseKeyless
    c.ExchangeFactory.collect = CollectWithoutLinks
    c.GenerateFeedback.preprocessors = list(FEEDBACK)
    c.GenerateFeedback.exporter_class = FeedbackExporter
    configure_pages(c)
    c.ClearSolutions.text_stub = say("homework.answer_here")
    # The rubric of a reflection stands in the locked cell above the answer; nbgrader by itself
    # wants it in a cell of kind task only, and takes it out of the release in either case.
    c.ClearMarkScheme.enforce_metadata = False


def address(text: str) -> str:
    """Give a gradebook's address with the driver that we have, where it names none."""
    return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", text)


def find_alembic() -> None:
    """Let nbgrader find `alembic`, which it starts by name when it makes a gradebook.

    It lies beside this Python, which is not on the path where a venv is used without activating.
    """
    if shutil.which("alembic") is None:
        here = str(Path(sys.executable).parent)
        os.environ["PATH"] = os.pathsep.join([here, os.environ.get("PATH", os.defpath)])


def check_in_force(config: Config) -> None:
    """Hold that an nbgrader configuration does what this course relies on.

    Raises
    ------
    HomeworkError
        A step of ours is missing, or is not where it must be.
    """
    release = list(config.GenerateAssignment.get("preprocessors", []))
    sanitize = list(config.Autograde.get("sanitize_preprocessors", []))
    grade = list(config.Autograde.get("autograde_preprocessors", []))
    feedback = list(config.GenerateFeedback.get("preprocessors", []))
    exchange = config.ExchangeFactory.get("release_assignment")
    collect = config.ExchangeFactory.get("collect")
    exporter = config.GenerateFeedback.get("exporter_class")
    wanted = (
        ("GenerateAssignment.preprocessors begins with StripKeys", release[:1] == [StripKeys]),
        ("GenerateAssignment.preprocessors ends with CheckKeyless", release[-1:] == [CheckKeyless]),
        (
            "Autograde.sanitize_preprocessors begins with RestoreReleasedCells",
            sanitize[:1] == [RestoreReleasedCells],
        ),
        ("Autograde.autograde_preprocessors begins with ScoreAnswers", grade[:1] == [ScoreAnswers]),
        ("Autograde.autograde_preprocessors is without Execute", Execute not in grade),
        (
            "GenerateFeedback.preprocessors begins with FeedbackFiles",
            feedback[:1] == [FeedbackFiles],
        ),
        ("ExchangeFactory.release_assignment is ReleaseKeyless", exchange is ReleaseKeyless),
        ("ExchangeFactory.collect is CollectWithoutLinks", collect is CollectWithoutLinks),
        ("GenerateFeedback.exporter_class is FeedbackExporter", exporter is FeedbackExporter),
        *(
            (f"{step.__name__} is enabled", config[step.__name__].get("enabled", True) is True)
            for step in (StripKeys, CheckKeyless, RestoreReleasedCells, ScoreAnswers, FeedbackFiles)
        ),
    )
    missing = [what for what, there in wanted if not there]
    if missing:
        raise HomeworkError(say("homework.config.not_in_force", missing="; ".join(missing)))
