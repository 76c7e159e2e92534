"""Workshops to report on."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pptx import Presentation

from dxcourse.workshop import AskedExercise, StopRecord, Workshop
from dxcourse.workshop.report import powerpoint_report
from support.room_answers import room

if TYPE_CHECKING:
    from dxcourse.course import Course

BEGAN = datetime(2026, 12, 3, 4, 30, tzinfo=UTC)  # 13:30 in Japan
SHOWN = (
    "what-is-dx",
    "honest-feeling",
    "plan-class",
    "society-order",
    "dx-at-counter",
    "society-illustration",
    "plan-not-listed",
    "manager-check",
    "schedule-year",
    "fifteen-minutes",
    "honest-feeling-again",
)


def workshop(course: Course, size: int, shown: tuple[str, ...] = SHOWN, **fields: Any) -> Workshop:
    """Give a workshop of so many answers, half of which may be quoted."""
    asked = []
    for at, name in enumerate(shown):
        moment = BEGAN + timedelta(minutes=10 * at)
        asked.append(
            AskedExercise(
                exercise=course.exercise(name),
                given=tuple(room(course.exercise(name), size)),
                before="honest-feeling" if name == "honest-feeling-again" else None,
                revealed=moment + timedelta(minutes=6),
            )
        )
    stops = tuple(
        StopRecord(
            id=name,
            title=course.exercise(name).title,
            at=10.0 * at,
            minutes=8,
            began=BEGAN + timedelta(minutes=10 * at),
            ended=BEGAN + timedelta(minutes=10 * at + 9),
            ran=540.0,
        )
        for at, name in enumerate(shown)
    )
    made: dict[str, Any] = {
        "name": "函館市 管理職研修 2026-12",
        "day": date(2026, 12, 3),
        "stops": stops,
        "asked": tuple(asked),
        "participants": size,
        "pairs": size // 6,
        "consents": frozenset(),
        "seed": "seed",
        "began": BEGAN,
        "ended": BEGAN + timedelta(minutes=120),
        "names": {"p0": "山田太郎"},
    }
    return Workshop(**{**made, **fields})


def slide_texts(made: Workshop) -> list[str]:
    """All that stands on the slides: text, tables, and the names and numbers of charts."""
    found = []
    for slide in Presentation(io.BytesIO(powerpoint_report(made))).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                found.append(shape.text_frame.text)
            elif shape.has_table:
                found += [cell.text for row in shape.table.rows for cell in row.cells]
            else:
                plot = shape.chart.plots[0]
                found += [*map(str, plot.categories), *map(str, plot.series[0].values)]
    return found
