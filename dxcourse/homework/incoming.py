"""What lies below a folder of hand-ins: every file of it once, archives looked into.

It comes from outside, as mail, learning platforms and synchronised folders leave it. Links are not
followed, pipes are not opened, and an archive may not unpack to more than it should.
"""

from __future__ import annotations

import io
import json
import os
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path, PurePosixPath

from dxcourse.facts import JAPAN
from dxcourse.homework.submission_files import is_link
from dxcourse.text import say

MAX_FILE = 20_000_000  # bytes of a notebook; ours have some 20 kB
MAX_FILES = 50_000  # below a folder
MAX_DEPTH = 12  # folders and archives in each other
MAX_UNPACKED = 400_000_000  # bytes of all archives of one hand-in folder
MAX_RATIO = 300  # of an entry's size to its packed size, from which it is no work but a trap
MEGA = 1_000_000
ARCHIVES = (".7z", ".rar", ".lzh", ".tar", ".gz", ".tgz", ".bz2", ".xz")
WORK = (".ipynb", ".jsonl")
JUNK = frozenset({"thumbs.db", "desktop.ini", "icon\r"})
LEFTOVERS = (".lock", ".torn", ".part", ".tmp", "~")  # of programs, ours among them
RECORD = {"learner", "exercise", "answer", "attempt"}


class FileKind(Enum):
    """What a file or a folder is, by its content."""

    ANSWERS = "answers"
    NOTEBOOK = "notebook"
    OTHER = "other"
    JUNK = "junk"
    """What systems leave by themselves; nobody's work."""
    EMPTY = "empty"
    """A folder in which nothing lies: prepared for somebody, or its files got lost on the way."""
    BLOCKED = "blocked"
    """May be somebody's work, and cannot be looked at."""


@dataclass(frozen=True)
class FoundFile:
    """A file below the folder, or a folder that is empty.

    Parameters
    ----------
    place
        The names from the folder down to it; an archive's name is one of them.
    data
        Its content in UTF-8 without a mark, where it is answers or a notebook.
    modified
        When it was last changed, as far as is known.
    told
        Why it cannot be taken, or what was done to read it.
    """

    place: tuple[str, ...]
    kind: FileKind
    data: bytes = field(default=b"", repr=False)
    modified: datetime | None = None
    told: str = ""

    @property
    def path(self) -> str:
        """Its place as one line."""
        return "/".join(self.place)


def find_files(folder: Path) -> list[FoundFile]:
    """Everything below a folder, in a fixed order."""
    budget = _Budget()
    return list(_walk(folder, (), budget))


@dataclass
class _Budget:
    files: int = MAX_FILES
    bytes: int = MAX_UNPACKED


def _walk(folder: Path, place: tuple[str, ...], budget: _Budget) -> Iterator[FoundFile]:
    if len(place) > MAX_DEPTH:
        yield _blocked(place, "too_deep")
        return
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        yield _blocked(place or (folder.name,), "unreadable", cause=error.strerror or "?")
        return
    if not found and place:
        yield FoundFile(place, FileKind.EMPTY, told=_say("empty_folder"))
    for entry in found:
        here = (*place, _printable(entry.name))
        budget.files -= 1
        if budget.files < 0:
            yield _blocked(here, "too_many", most=MAX_FILES)
            return
        yield from _look(Path(entry.path), here, budget)


def _look(path: Path, place: tuple[str, ...], budget: _Budget) -> Iterator[FoundFile]:
    try:
        state = path.lstat()
        if stat.S_ISDIR(state.st_mode):
            if _is_hidden(place[-1]):
                yield FoundFile(place, FileKind.JUNK, told=_say("hidden"))
            else:
                yield from _walk(path, place, budget)
            return
        if is_link(state):
            yield _blocked(place, "link")
            return
        if not stat.S_ISREG(state.st_mode):
            yield _blocked(place, "no_file")
            return
        modified = datetime.fromtimestamp(state.st_mtime, UTC)
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | _FLAGS)
        with os.fdopen(handle, "rb") as file:
            yield from _sniff(file, state.st_size, place, modified, budget)
    except OSError as error:
        yield _blocked(place, "unreadable", cause=error.strerror or "?")
    except (OverflowError, ValueError):
        yield _blocked(place, "unreadable", cause="?")


_FLAGS = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def _sniff(
    file: io.BufferedIOBase,
    size: int,
    place: tuple[str, ...],
    modified: datetime | None,
    budget: _Budget,
) -> Iterator[FoundFile]:
    """Say what a file is, by its beginning first: a photo is not read whole."""
    name = place[-1].casefold()
    if name in JUNK or name.endswith(LEFTOVERS) or _is_hidden(place[-1]):
        yield FoundFile(place, FileKind.JUNK, told=_say("system"))
        return
    head = file.read(4096)
    if head.startswith(b"PK\x05\x06"):
        yield _blocked(place, "empty_archive")
        return
    if head.startswith(b"PK\x03\x04") and (name.endswith(".zip") or not _is_office(name)):
        data = head + file.read(MAX_UNPACKED - len(head) + 1)
        if len(data) > MAX_UNPACKED:
            yield _blocked(place, "archive_large", mega=MAX_UNPACKED // MEGA)
        else:
            yield from _unpack(data, place, budget)
        return
    if name.endswith((".zip", *ARCHIVES)):
        yield _blocked(place, "archive_broken" if name.endswith(".zip") else "archive_other")
        return
    is_work = any(suffix in name for suffix in WORK)
    if size > MAX_FILE or not (is_work or _may_be_text(head)):
        kind = FileKind.BLOCKED if is_work else FileKind.OTHER
        told = "large" if size > MAX_FILE and is_work else "other"
        yield FoundFile(place, kind, modified=modified, told=_say(told, mega=_mega(size)))
        return
    data = head + file.read(MAX_FILE - len(head) + 1)
    if len(data) > MAX_FILE:
        yield _blocked(place, "large", mega=_mega(len(data)))
        return
    yield classify(place, data, modified)


def classify(place: tuple[str, ...], data: bytes, modified: datetime | None = None) -> FoundFile:
    """Say whether a file is answers, a notebook, or neither, whatever it is called."""
    name = place[-1].casefold()
    text, told = _text(data)
    if text is None:
        if any(suffix in name for suffix in WORK):
            return _blocked(place, "no_text")
        return FoundFile(place, FileKind.OTHER, modified=modified, told=_say("other"))
    body = text.encode("utf-8", "surrogatepass")
    if _is_record(text) or ".jsonl" in name:
        return FoundFile(place, FileKind.ANSWERS, body, modified, told)
    if ".ipynb" in name or ('"cells"' in text and text.lstrip().startswith("{")):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict) and ("cells" in found or "worksheets" in found):
            return FoundFile(place, FileKind.NOTEBOOK, body, modified, told)
        if ".ipynb" in name:
            return _blocked(place, "no_notebook")
    return FoundFile(place, FileKind.OTHER, modified=modified, told=_say("other"))


def _text(data: bytes) -> tuple[str | None, str]:
    """The text of a file in whatever encoding a program saved it; what was done to read it."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        codes = [("utf-16", "UTF-16")]
    else:
        codes = [("utf-8-sig", ""), ("cp932", "Shift_JIS")]
    for code, name in codes:
        try:
            return data.decode(code), _say("recoded", code=name) if name else ""
        except UnicodeDecodeError:
            continue
    return None, ""


def _is_record(text: str) -> bool:
    first = next((line for line in text.split("\n") if line.strip()), "")
    if not first.lstrip().startswith("{") or not all(f'"{name}"' in first for name in RECORD):
        return False
    try:
        found = json.loads(first)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and found.keys() >= RECORD


def _unpack(data: bytes, place: tuple[str, ...], budget: _Budget) -> Iterator[FoundFile]:
    """Look into an archive; what it holds is read within limits and never written by its names."""
    if len(place) > MAX_DEPTH:
        yield _blocked(place, "too_deep")
        return
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = _files_and_empty_folders(archive)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        yield _blocked(place, "archive_broken")
        return
    hidden: set[tuple[str, ...]] = set()
    for entry in entries:
        names = PurePosixPath(_entry_name(entry)).parts
        here = (*place, *map(_printable, names))
        if not names or names[0] == "/" or ".." in names or ":" in names[0]:
            yield _blocked((*place, _printable("/".join(names))), "path")
            continue
        folders = names if entry.is_dir() else names[:-1]
        at = next((n for n, folder in enumerate(folders) if _is_hidden(folder)), None)
        if at is not None:
            folder = here[: len(place) + at + 1]
            if folder not in hidden:
                hidden.add(folder)
                yield FoundFile(folder, FileKind.JUNK, told=_say("hidden"))
            continue
        budget.files -= 1
        if budget.files < 0 or len(here) > MAX_DEPTH:
            yield _blocked(here, "too_many" if budget.files < 0 else "too_deep", most=MAX_FILES)
            return
        yield from _entry(archive, entry, here, budget)


def _files_and_empty_folders(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    entries = sorted(archive.infolist(), key=_entry_name)
    filled = {above for entry in entries for above in PurePosixPath(_entry_name(entry)).parents}
    return [e for e in entries if not (e.is_dir() and PurePosixPath(_entry_name(e)) in filled)]


def _entry(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, place: tuple[str, ...], budget: _Budget
) -> Iterator[FoundFile]:
    if entry.is_dir():
        yield FoundFile(place, FileKind.EMPTY, told=_say("empty_folder"))
        return
    if (is_a_link := stat.S_ISLNK(entry.external_attr >> 16)) or entry.flag_bits & 1:
        yield _blocked(place, "link" if is_a_link else "archive_locked")
        return
    packed = max(entry.compress_size, 1)
    if entry.file_size > MEGA and entry.file_size / packed > MAX_RATIO:
        yield _blocked(place, "archive_trap")
        return
    budget.bytes -= min(entry.file_size, MAX_FILE)
    if budget.bytes < 0:
        yield _blocked(place, "archive_large", mega=MAX_UNPACKED // MEGA)
        return
    try:
        modified: datetime | None = datetime(*entry.date_time, tzinfo=JAPAN).astimezone(UTC)
    except ValueError:
        modified = None
    try:
        with archive.open(entry) as file:
            limit = MAX_UNPACKED if place[-1].casefold().endswith(".zip") else MAX_FILE
            data = file.read(limit + 1)
        found = list(_sniff(io.BytesIO(data), entry.file_size, place, modified, budget))
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
        yield _blocked(place, "archive_broken")
        return
    except Exception as error:  # noqa: BLE001  -- zlib's own errors have no common class
        yield _blocked(place, "unreadable", cause=type(error).__name__)
        return
    yield from found


def _entry_name(entry: zipfile.ZipInfo) -> str:
    """A name as it was meant: Windows in Japan writes Shift_JIS and does not say so."""
    name = entry.filename.replace("\\", "/")
    if entry.flag_bits & 0x800:
        return name
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    for code in ("utf-8", "cp932"):
        try:
            return raw.decode(code).replace("\\", "/")
        except UnicodeDecodeError:
            continue
    return name


def _is_office(name: str) -> bool:
    return name.endswith((".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".jar", ".epub"))


def _is_hidden(name: str) -> bool:
    return name == "__MACOSX" or (name.startswith(".") and name not in {".", ".."})


def _may_be_text(head: bytes) -> bool:
    return head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" not in head


def _printable(name: str) -> str:
    """A name that can be written anywhere: what stands for undecodable bytes is replaced."""
    return name.encode("utf-8", "replace").decode()


def _mega(size: int) -> str:
    return f"{size / MEGA:.0f}"


def _say(name: str, /, **blanks: object) -> str:
    return say(f"homework.incoming.{name}", **blanks)


def _blocked(place: tuple[str, ...], name: str, /, **blanks: object) -> FoundFile:
    return FoundFile(place, FileKind.BLOCKED, told=_say(name, **blanks))
