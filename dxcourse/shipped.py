"""The course that comes with the package: a wheel carries it, a checkout is it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from dxcourse.errors import ReadableError
from dxcourse.text import say

PACKAGE = Path(__file__).parent
IN_WHEEL = PACKAGE / "_course"
"""Where a wheel has it; ``pyproject.toml`` names the same parts."""

PARTS = (
    "notebooks",
    "exercises/bank",
    "exercises/homework/nbgrader_config.py",
    "exercises/homework/source",
    "data",
    "deploy",
)
USED = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "answers.jsonl*", "*.db")
"""What use leaves in a course's folders; it is nobody else's."""


class ShippedError(ReadableError):
    """The course cannot be copied; the message names the folder and the cure."""


def root() -> Path:
    """Give the folder that holds the parts."""
    return IN_WHEEL if IN_WHEEL.is_dir() else PACKAGE.parent


def parts() -> Iterator[tuple[str, Path]]:
    """Give each part's path within a course, and where it lies now."""
    for part in PARTS:
        yield part, root() / part


def copy_course(folder: Path) -> None:
    """Copy the course into a new folder, which is there whole or not at all.

    Parameters
    ----------
    folder
        Not there yet, or empty.

    Raises
    ------
    ShippedError
        Something is there already, or the folder cannot be written.
    """
    try:
        if folder.exists() and any(folder.iterdir()):
            raise ShippedError(say("cli.init.not-empty", folder=folder))
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".dxcourse-", dir=folder.parent) as work:
            draft = Path(work) / "course"
            for part, source in parts():
                target = draft / part
                target.parent.mkdir(parents=True, exist_ok=True)
                if source.is_dir():
                    shutil.copytree(source, target, ignore=USED)
                else:
                    shutil.copyfile(source, target)
            if folder.exists():
                folder.rmdir()
            draft.rename(folder)
    except OSError as error:
        cause = error.strerror or type(error).__name__
        raise ShippedError(say("cli.init.cannot-write", folder=folder, cause=cause)) from error
