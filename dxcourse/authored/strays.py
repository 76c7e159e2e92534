"""Files that lie where an author's files are read, and are none: copies, locks, other endings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from dxcourse.authored.messages import finding
from dxcourse.errors import Finding

# What file managers name a copy: 「 - コピー」, 「 - コピー (2)」, 「のコピー」, 「 (1)」.
COPY = re.compile(
    r"^(?P<stem>.+?)(?:\s*-\s*(?:コピー|copy)(?:\s*\(\d+\))?|のコピー\s*\d*|\s*\(\d+\)|\s+copy\s*\d*)"
    r"(?P<ending>(?:\.\w+)+)$",
    re.IGNORECASE,
)
LOCKS = ("~$", ".~lock.")
SYSTEM = {"Thumbs.db", "desktop.ini", "README.md"}
RECORDS = {".db", ".sqlite", ".jsonl"}
"""Of answers and grades, which never belong there: another rule names them, with its own cure."""


def original_of(path: Path) -> Path | None:
    """The file that one is a copy of by its name, where that lies beside it."""
    found = COPY.match(path.name)
    original = path.with_name(found["stem"] + found["ending"]) if found else None
    return original if original is not None and original.is_file() else None


def is_lock(path: Path) -> bool:
    """Whether an office program made it while a file is open."""
    return path.name.startswith(LOCKS)


def read_files(paths: Iterable[Path]) -> list[Path]:
    """Give the files that are read, of those that fit a pattern: no copies, and no locks."""
    return sorted(path for path in paths if not is_lock(path) and original_of(path) is None)


def strays(folder: Path, name: str, ending: str) -> Iterator[Finding]:
    """Find what lies in a folder of files with that ending and is not read.

    Parameters
    ----------
    folder, name
        The folder, and what it is called in findings.
    ending
        Such as ``.yaml``.
    """
    for path in sorted(folder.glob("*")):
        shown = f"{name}/{path.name}"
        if path.is_dir() or path.name in SYSTEM or path.suffix in RECORDS:
            continue
        if is_lock(path):
            yield finding(shown, 0, "strays.lock", name=path.name)
        elif path.name.startswith("."):
            continue
        elif (original := original_of(path)) is not None:
            yield finding(shown, 0, "strays.copy", name=path.name, original=original.name)
        elif path.suffix != ending:
            stem, _, last = path.name.partition(".")
            blanks = {"name": path.name, "ending": f".{last}", "wanted": f"{stem}{ending}"}
            yield finding(shown, 0, "strays.ending", **blanks)
