"""What several pictures share: legends, and lines at a sheet's foot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dxcourse.figures._lines import measure, wrap
from dxcourse.figures._sheet import LEADING, Box, Sheet
from dxcourse.figures._style import NOTE, SMALL, Pen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dxcourse.figures._scene import Scene

EDGE = 16
"""Space left free at a sheet's left and right."""

NOTE_STEP = NOTE.size * LEADING
LEGEND_HEIGHT = 34


def legend(sheet: Sheet, scene: Scene, top: float, *rest: str) -> None:
    """Draw the certainty marks and their meaning in one line; then other signs of the picture."""
    x = float(EDGE)
    marks = [f"{entry.mark} {entry.name}" for entry in scene.facts.legend("certainty")]
    for words in (*marks, *rest):
        x += sheet.words((x, top + LEGEND_HEIGHT / 2), words, SMALL) + 22


def key(sheet: Sheet, left: float, bars: Sequence[tuple[Pen, str]]) -> None:
    """Draw what each sort of bar stands for, in one line at the top."""
    x = left
    for pen, word in bars:
        sheet.box(Box(x, 10, 26, 14), pen)
        x += 34 + sheet.words((x + 34, LEGEND_HEIGHT / 2), word, SMALL) + 26


def notes_height(notes: Sequence[str]) -> float:
    """Say how high `notes` will be."""
    return sum(len(_lines(note)) * NOTE_STEP + 4 for note in notes)


def notes(sheet: Sheet, top: float, lines: Sequence[str]) -> None:
    """Draw small notes, one under the other; the turned lines hang behind the first's mark."""
    for note in lines:
        for number, line in enumerate(_lines(note)):
            indent = _hang(note) if number else 0.0
            sheet.words((EDGE + indent, top + NOTE_STEP / 2), line, NOTE)
            top += NOTE_STEP
        top += 4


def _hang(note: str) -> float:
    head, space, _ = note.partition(" ")
    return measure(head + space, NOTE.size) if space else 0.0


def _lines(note: str) -> tuple[str, ...]:
    return wrap(note, NOTE.size, 760 - 2 * EDGE - _hang(note))
