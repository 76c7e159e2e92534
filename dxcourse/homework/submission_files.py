"""Files of a submission, looked at as what they are: they come from outside."""

from __future__ import annotations

import json
import os
import shutil
import stat
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.utils import find_all_files, parse_utc, rmtree

from dxcourse.homework.errors import SubmissionError
from dxcourse.text import say

Cell = Any  # nbformat's NotebookNode, which has no types


MAX_NOTEBOOK = 20_000_000  # bytes; ours have some 20 kB


def check_submission(submitted: Path, student: str, notebooks: Iterable[str]) -> None:
    """Hold that a submission lies in the course's folder itself, and can be read to its end.

    Raises
    ------
    SubmissionError
        It is a link, or a notebook of it is no file or too large.
    """
    if submitted.is_symlink() or submitted.parent.is_symlink():
        raise SubmissionError(_say(student, "link"))
    for name in notebooks:
        path = submitted / f"{name}.ipynb"
        if not os.path.lexists(path):
            continue
        if not is_plain_file(path):
            raise SubmissionError(_say(f"{student}: {path.name}", "no_file"))
        if path.stat().st_size > MAX_NOTEBOOK:
            raise SubmissionError(_say(f"{student}: {path.name}", "large"))


def read_notebook(data: bytes, student: str, name: str) -> Cell:
    """Read a submitted notebook, whatever a learner's programs made of it.

    Raises
    ------
    SubmissionError
        It is no notebook.
    """
    wrong: dict[str, Exception] = {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of repeated cell ids, once a cell
            text = data.removeprefix(b"\xef\xbb\xbf").decode()
            notebook = nbformat.reads(text, as_version=4, capture_validation_error=wrong)
            json.dumps(notebook, ensure_ascii=False).encode()  # half a sign cannot be written
    except UnicodeEncodeError as error:
        raise SubmissionError(_say(f"{student}: {name}", "half_sign")) from error
    except Exception as error:  # noqa: BLE001  -- whatever a learner wrote into it
        wrong["unreadable"] = error
    for found in wrong.values():
        cause = str(found).splitlines()[0][:200] if str(found) else type(found).__name__
        raise SubmissionError(_say(f"{student}: {name}", "no_notebook", cause=cause)) from found
    return notebook


def links_below(folder: Path) -> list[Path]:
    """Every link in a folder, itself included; none is followed. See `is_link`."""
    if folder.is_symlink():
        return [folder]
    return sorted(
        Path(above) / name
        for above, folders, files in os.walk(folder)
        for name in (*folders, *files)
        if is_link((Path(above) / name).lstat())
    )


def _say(place: str, name: str, /, **blanks: object) -> str:
    return f"{place}: {say(f'homework.submission.{name}', **blanks)}"


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
        raise SubmissionError(_say(str(path), "no_time", text=text[:40])) from error
    return when


def files_below(folder: Path, ignore: tuple[str, ...]) -> Iterator[Path]:
    """What lies in a folder and is not ignored, in a fixed order; links are not followed."""
    yield from sorted(Path(path) for path in find_all_files(str(folder), list(ignore)))


def digest_of(folder: Path, origin: str, ignore: tuple[str, ...], max_file: int) -> str:
    """Give the digest of everything that a submission's score depends on.

    Parameters
    ----------
    origin
        The digest of what lies on our side.
    max_file
        Bytes of a file that is copied; of a larger one its size and time stand for its content.
    """
    made = sha256(origin.encode())
    for path in files_below(folder, ignore):
        made.update(f"\0{path.relative_to(folder).as_posix()}\0".encode())
        if is_plain_file(path):
            made.update(_content(path, max_file))
    return made.hexdigest()


def _content(path: Path, limit: int) -> bytes:
    found = path.stat()
    if found.st_size > max(limit, MAX_NOTEBOOK):
        return f"{found.st_size} {found.st_mtime_ns}".encode()
    return sha256(path.read_bytes()).digest()


def copy_files(
    folder: Path, to: Path, ignore: tuple[str, ...], limit: int, *, shared: bool = False
) -> list[str]:
    """Copy what lies in a folder and is not ignored; give the names of what was left out.

    Parameters
    ----------
    limit
        Bytes of a file that is copied.
    shared
        See `is_plain_file`.
    """
    left = []
    for path in files_below(folder, ignore):
        if not is_plain_file(path, shared=shared) or path.stat().st_size > limit:
            left.append(path.name)
            continue
        copy = to / path.relative_to(folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.unlink(missing_ok=True)
        shutil.copy(path, copy)
    return left


def is_link(state: os.stat_result) -> bool:
    """Whether a path's own state (lstat) is a link's: a symbolic one, or a file of several names.

    A hard link may be another name of a file that whoever made it was not to read.
    """
    return stat.S_ISLNK(state.st_mode) or (stat.S_ISREG(state.st_mode) and state.st_nlink > 1)


def is_plain_file(path: Path, *, shared: bool = False) -> bool:
    """Whether it is a file: no link (it may lead anywhere), no pipe (it may never end).

    Parameters
    ----------
    shared
        Whether it may have other names, too: an author's own may.
    """
    try:
        state = path.lstat()
    except OSError:
        return False
    return stat.S_ISREG(state.st_mode) and (shared or not is_link(state))


def remove_folder(folder: Path) -> None:
    """Remove a folder that may not be there."""
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        rmtree(folder)  # nbgrader's, which can remove what is read-only on Windows, too


@contextmanager
def replacing_folder(target: Path) -> Iterator[Path]:
    """Give an empty folder that takes the place of another at the end of the block, whole.

    Where the block fails the other stays as it was, and nothing stands beside it.
    """
    part = target.with_name(f".{target.name}.part")
    remove_folder(part)  # of a program that was killed
    part.mkdir(parents=True)
    try:
        yield part
        remove_folder(target)
        part.rename(target)
    except BaseException:
        remove_folder(part)
        raise


def remove_path(path: Path) -> None:
    """Remove a file or folder that may not be there."""
    if path.is_dir() or path.is_symlink():
        remove_folder(path)
    else:
        path.unlink(missing_ok=True)
