"""Every word of the report that is not in its template, from `words.yaml`."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dxcourse.facts import JAPAN


@cache
def words() -> dict[str, str]:
    """Every word, by name."""
    file = Path(__file__).with_name("words.yaml")
    found: dict[str, str] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


def say(word: str, /, **fields: Any) -> str:  # noqa: ANN401  -- what `format` takes
    """Give a word, filled in."""
    return words()[word].format(**fields)


def clock(moment: datetime | None) -> str:
    """Give the time of day in Japan: ``14:05``; nothing for none."""
    return "" if moment is None else moment.astimezone(JAPAN).strftime("%H:%M")
