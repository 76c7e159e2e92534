"""The pictures that need drawing, as SVG made of numbers: the template writes and escapes it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dxcourse.workshop.results import Radar

MIDDLE, TOP, RADIUS = 350.0, 215.0, 150.0


def point(radar: Radar, spoke: int, level: float) -> tuple[float, float]:
    """Give where a level of a spoke lies, in the picture's units."""
    turn = 2 * math.pi * spoke / len(radar.spokes) - math.pi / 2
    far = RADIUS * (level + 1) / len(radar.levels)
    return round(MIDDLE + far * math.cos(turn), 1), round(TOP + far * math.sin(turn), 1)


def ring(radar: Radar, levels: Sequence[float]) -> str:
    """Give the corners of a polygon, a level for each spoke."""
    corners = (point(radar, spoke, level) for spoke, level in enumerate(levels))
    return " ".join(f"{x},{y}" for x, y in corners)


def anchor(radar: Radar, spoke: int) -> str:
    """Say on which side of its end a spoke's label stands."""
    away = point(radar, spoke, len(radar.levels))[0] - MIDDLE
    return "middle" if abs(away) < 1 else "start" if away > 0 else "end"
