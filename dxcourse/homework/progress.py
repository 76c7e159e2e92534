"""How far a step over many submissions is, and how long it may still take."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TextIO

WIDTH = 24  # characters of the bar


@dataclass
class Progress:
    """How far a step is, and what it met."""

    total: int
    made: int = 0
    """Submissions that were graded, or written back, in this run."""
    unchanged: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    """Students whose submission failed, with the reason."""
    notes: dict[str, list[str]] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)

    @property
    def done(self) -> int:
        """How many submissions have been looked at."""
        return self.made + self.unchanged + len(self.failed)

    def seconds(self, now: float) -> float:
        """How long it has taken so far."""
        return now - self.began

    def seconds_left(self, now: float) -> float | None:
        """An estimate from what was done so far; None while there is too little to tell.

        What was found unchanged took next to no time and is left out of the pace.
        """
        worked = self.made + len(self.failed)
        if worked < 5 or not self.total:  # noqa: PLR2004  -- fewer say nothing
            return None
        return self.seconds(now) / worked * (self.total - self.done)


def progress_line(
    stream: TextIO, clock: Callable[[], float] = time.monotonic
) -> Callable[[Progress], None]:
    """Give what shows progress on one line of a terminal, and says nothing to a file."""
    if not stream.isatty():
        return lambda _: None

    def show(progress: Progress) -> None:
        left = progress.seconds_left(clock())
        over = progress.done == progress.total
        estimate = f", some {_rounded(left)} left" if left is not None and not over else ""
        filled = WIDTH * progress.done // max(progress.total, 1)
        bar = "█" * filled + "░" * (WIDTH - filled)
        stream.write(f"\r{bar} {progress.done} of {progress.total}{estimate}\x1b[K")
        if over:
            stream.write("\n")
        stream.flush()

    return show


def _rounded(seconds: float) -> str:
    """A span as exactly as an estimate deserves."""
    if seconds < 90:  # noqa: PLR2004
        return f"{max(5, 5 * round(seconds / 5))} seconds"
    return f"{round(seconds / 60)} minutes"
