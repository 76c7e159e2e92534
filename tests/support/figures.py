"""What the tests of pictures share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from dxcourse.figures import Picture

DATA = Path(__file__).parents[2] / "data"
TODAY = date(2026, 11, 23)

Edit = tuple[str, str, str]
"""A file of data/, what stands there, and what shall stand there instead."""

Redraw = Callable[..., Picture]
