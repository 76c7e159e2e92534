"""Files of a submission, looked at as what they are: they come from outside."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from nbgrader.utils import find_all_files, parse_utc, rmtree

from dxcourse.homework.errors import SubmissionError


def check_no_link(submitted: Path, student: str) -> None:
    """Hold that a submission lies in the course's folder itself.

    Raises
    ------
    SubmissionError
        It is a link.
    """
    if submitted.is_symlink() or submitted.parent.is_symlink():
        raise SubmissionError(f"{student}: the submission is a link; copy it in its place")


def read_timestamp(submitted: Path) -> datetime | None:
    """When it was handed in, as nbgrader keeps it: in UTC, without a zone; None where unsaid.

    Raises
    ------
    SubmissionError
        What is said is no time.
    """
    path = submitted / "timestamp.txt"
    if not is_plain_file(path) or path.stat().st_size > 200:  # noqa: PLR2004  -- a line
        return None
    text = path.read_text(encoding="utf-8", errors="replace").strip()
    try:
        when: datetime | None = parse_utc(text) if text else None
    except (ValueError, OverflowError) as error:
        raise SubmissionError(f"{submitted}: timestamp.txt is no time ({text[:40]!r})") from error
    return when


def files_below(folder: Path, ignore: tuple[str, ...]) -> Iterator[Path]:
    """What lies in a folder and is not ignored, in a fixed order; links are not followed."""
    yield from sorted(Path(path) for path in find_all_files(str(folder), list(ignore)))


def is_plain_file(path: Path) -> bool:
    """Whether it is a file: no link (it may lead anywhere), no pipe (it may never end)."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def remove_folder(folder: Path) -> None:
    """Remove a folder that may not be there."""
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        rmtree(folder)  # nbgrader's, which can remove what is read-only on Windows, too
