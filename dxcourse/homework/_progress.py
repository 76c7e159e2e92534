"""How far grading is, and how long it may still take."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TextIO


@dataclass
class Progress:
    """How far grading is, and what it met."""

    total: int
    graded: int = 0
    unchanged: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    """Students whose submission could not be graded, with the reason."""
    notes: dict[str, list[str]] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)

    @property
    def done(self) -> int:
        """How many submissions have been looked at."""
        return self.graded + self.unchanged + len(self.failed)

    def seconds_left(self, now: float) -> float | None:
        """An estimate from what was graded so far; None while there is too little to tell.

        What was found unchanged took next to no time and is left out of the pace.
        """
        worked = self.graded + len(self.failed)
        if worked < 5 or not self.total:  # noqa: PLR2004  -- fewer say nothing
            return None
        return (now - self.began) / worked * (self.total - self.done)


def progress_line(stream: TextIO) -> Callable[[Progress], None]:
    """Give what shows progress on one line of a terminal, and says nothing to a file."""
    if not stream.isatty():
        return lambda _: None

    def show(progress: Progress) -> None:
        left = progress.seconds_left(time.monotonic())
        estimate = f", some {_rounded(left)} left" if left is not None else ""
        stream.write(f"\r{progress.done} of {progress.total}{estimate}\x1b[K")
        if progress.done == progress.total:
            stream.write("\n")
        stream.flush()

    return show


def _rounded(seconds: float) -> str:
    """A span as exactly as an estimate deserves."""
    if seconds < 90:  # noqa: PLR2004
        return f"{max(5, 5 * round(seconds / 5))} seconds"
    return f"{round(seconds / 60)} minutes"
