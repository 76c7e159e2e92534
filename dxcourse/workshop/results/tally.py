"""The sheet on which hands and paper are counted: the values of each item that can be. Pure."""

from __future__ import annotations

from typing import Any

from dxcourse.exercises import AnyExercise
from dxcourse.exercises.parts import by_ref
from dxcourse.exercises.shapes import Shape
from dxcourse.workshop.results.answers import AnyItem
from dxcourse.workshop.results.pictures import theme_name, theme_names
from dxcourse.workshop.results.voices import touches_themes

COUNTED = {Shape.CHOICE, Shape.MULTIPLE_CHOICE, Shape.MATCHING, Shape.LIKERT}
"""Shapes for which a hand can be raised: nobody does for an order, a number, a plan."""

Values = list[dict[str, str]]


def countable_items(exercise: AnyExercise) -> list[dict[str, Any]]:
    """Give the items that hands can be counted for, each with its values; refs as in `Tally`."""
    found = []
    for item in by_ref(exercise.items):
        values = _values(exercise, item)
        if values:
            title = exercise.title if exercise.single else item.text
            found.append({"ref": item.ref, "text": title, "values": values})
    return found


def can_be_counted(exercise: AnyExercise, item: str, values: list[str]) -> bool:
    """Whether these values can be counted for this item."""
    for row in countable_items(exercise):
        if row["ref"] == item:
            return set(values) <= {value["ref"] for value in row["values"]}
    return False


def _values(exercise: AnyExercise, item: AnyItem) -> Values:
    part = exercise.main_part(item)
    if part.shape in COUNTED:
        return [{"ref": str(each.value), "text": each.text} for each in part.choices]
    if part.shape is Shape.TEXT and touches_themes(exercise):
        return [{"ref": theme, "text": theme_name(theme)} for theme in theme_names()]
    return []
