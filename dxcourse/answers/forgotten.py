"""Who was forgotten: a mark without a name, by which no backup brings them back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from dxcourse.answers.durable import append, cannot_use
from dxcourse.answers.record import Record
from dxcourse.answers.store import StoreError
from dxcourse.text import say

Forgotten = Mapping[str, datetime]
"""Marks, each with the moment of forgetting: what was given later is not meant."""

LIST = "forgotten.jsonl"
"""Beside backups: the marks of all who were forgotten, for a restore into an empty place."""


def mark(learner: str) -> str:
    """Give the mark of a learner: SHA-256, from which no name comes back."""
    return hashlib.sha256(f"dxcourse/forgotten/{learner}".encode()).hexdigest()


def remembered(records: Iterable[Record], forgotten: Forgotten) -> list[Record]:
    """Leave out what was given by someone before they were forgotten."""
    if not forgotten:
        return list(records)
    never = datetime.min.replace(tzinfo=UTC)
    return [each for each in records if each.time > forgotten.get(mark(each.learner), never)]


def later(one: Forgotten, other: Forgotten) -> dict[str, datetime]:
    """Join marks; of two with one name the later moment holds."""
    joined = dict(one)
    for name, moment in other.items():
        joined[name] = max(moment, joined.get(name, moment))
    return joined


def as_lines(forgotten: Forgotten) -> bytes:
    """Write marks as JSON lines."""
    found = sorted(forgotten.items())
    lines = (json.dumps({"forgotten": name, "time": t.isoformat()}) for name, t in found)
    return "".join(f"{each}\n" for each in lines).encode()


def read_marks(path: Path) -> dict[str, datetime]:
    """Read marks from a file of lines; none where there is no such file.

    Raises
    ------
    StoreError
        A line is no mark, or the file cannot be read.
    """
    found: dict[str, datetime] = {}
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return found
    except OSError as error:
        raise cannot_use("read", path, error) from error
    for number, line in enumerate(lines, start=1):
        try:
            raw = json.loads(line)
            found = later(found, {str(raw["forgotten"]): datetime.fromisoformat(raw["time"])})
        except (ValueError, KeyError, TypeError) as error:
            raise StoreError(say("answers.forgotten.damaged", file=path, line=number)) from error
    return found


def add_marks(path: Path, forgotten: Forgotten) -> None:
    """Add marks to a file, durably."""
    append(path, as_lines(forgotten))
