"""The processes that serve one room together: each hears of what another has stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Attendance:
    """How many lines of phones are open, and how many test pages reported back."""

    phones: int = 0
    reached: int = 0

    def __add__(self, other: Attendance) -> Attendance:
        """Both together."""
        return Attendance(self.phones + other.phones, self.reached + other.reached)


class Peers(Protocol):
    """The other processes that serve a room."""

    async def listen(self, changed: Callable[[], object]) -> None:
        """Call `changed` whenever any process may have stored something; never returns."""

    def attend(self, here: Attendance) -> Attendance:
        """Say how many are at this process; gives how many are at the others. It may wait.

        Raises
        ------
        OSError
            The others cannot be asked now.
        """

    def close(self) -> None:
        """Say no more."""
