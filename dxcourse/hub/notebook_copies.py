"""A learner's own copies of the course's notebooks: made, kept up, and never taken back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from dxcourse.files import write_atomically

STATE = ".dxcourse-copies.json"
"""Beside the copies: the hash of each as it was made."""


def update_copies(originals: Iterable[Path], folder: Path) -> bool:
    """Copy notebooks that are not there, or that are as they were copied; whether all are new.

    What a learner has changed stays. What a learner has deleted is made again.
    """
    state_file = folder / STATE
    first = not state_file.exists()
    folder.mkdir(parents=True, exist_ok=True)
    state: dict[str, str] = {} if first else _read(state_file)
    made = dict(state)
    for original in originals:
        data, copy = original.read_bytes(), folder / original.name
        new = _hash(data)
        there = _hash(copy.read_bytes()) if copy.is_file() else None
        if there == new or there is None or there == state.get(original.name):
            made[original.name] = new
            if there != new:
                write_atomically(copy, data)
    if made != state or first:
        write_atomically(state_file, json.dumps(made, indent=1).encode())
    return first


def _read(file: Path) -> dict[str, str]:
    """What was copied; nothing where a learner has spoilt the file: then all of it is theirs."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
