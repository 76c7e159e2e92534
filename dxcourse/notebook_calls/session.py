"""What the calls of one notebook share: a kernel is one learner at one course.

A cell's call has nothing in hand but its arguments, so what one call has shown and another must
reach is kept here, beside the calls, and handed to the widgets; they themselves know only what they
are given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol
from weakref import WeakSet

if TYPE_CHECKING:
    from collections.abc import MutableSet


class Following(Protocol):
    """What shows something of the record, and can show it anew."""

    def refresh(self) -> None:
        """Show what is stored now."""


class NotebookSession:
    """What is on screen of the record, told whenever an answer is stored."""

    def __init__(self) -> None:
        # Weak: what a cell shows is gone when the cell is run again.
        self._shown: MutableSet[Following] = WeakSet()

    def follow(self, shown: Following) -> None:
        """Tell it from now on, for as long as it is there."""
        self._shown.add(shown)

    def stored(self) -> None:
        """Tell all that follow that an answer was stored."""
        for shown in list(self._shown):
            shown.refresh()


session = NotebookSession()
"""The kernel's own: where a course has no kernel (on our pages) nothing follows it."""
