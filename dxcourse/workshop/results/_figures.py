"""Numbers as they are read."""

from __future__ import annotations

from dxcourse.workshop.results._words import say

DIGITS = 12  # significant ones: what a float adds beyond is noise
FEW = 3  # significant digits that a short number keeps


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
        if abs(part) >= 1 and float(f"{part:.{FEW}g}") == part:
            return f"{exact(part)}{say(name)}"
    return exact(value)
