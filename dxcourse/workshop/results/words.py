"""The words and figures of the pictures, on the wall and in tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dxcourse.text import say as text
from dxcourse.text import words


def say(name: str, **fields: Any) -> str:  # noqa: ANN401  -- what `format` takes
    """Give a word of the pictures and tables, filled in."""
    return text(f"workshop.pictures.{name}", **fields)


def theme_name(theme: str) -> str:
    """Give the name of a theme, by its id."""
    return text(f"workshop.themes.{theme}")


def theme_names() -> tuple[str, ...]:
    """Give the ids of the themes that texts touch, in their order."""
    return tuple(words("workshop.themes"))


def wall_words() -> Mapping[str, str]:
    """Give the words that `wall.js` is handed; {n} and the like are filled in there."""
    return words("workshop.wall")


DIGITS = 12  # significant ones: what a float adds beyond is noise
SHORT_DIGITS = 3  # significant digits that a short number keeps


def exact(value: float) -> str:
    """Give a number with its thousands set apart: ``1,741``, ``0.35``."""
    rounded = float(f"{value:.{DIGITS}g}")
    if rounded.is_integer():
        return f"{int(rounded):,}"
    text = f"{rounded:,.10f}".rstrip("0")
    return text.rstrip(".")


def short(value: float) -> str:
    """Give a number for a narrow place: 「120万」, where that loses nothing."""
    for power, name in ((12, "trillion"), (8, "hundred_million"), (4, "ten_thousand")):
        part = float(f"{value / 10**power:.{DIGITS}g}")
        if abs(part) >= 1 and float(f"{part:.{SHORT_DIGITS}g}") == part:
            return f"{exact(part)}{say(name)}"
    return exact(value)
