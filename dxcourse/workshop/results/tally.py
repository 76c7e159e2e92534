"""The sheet on which hands and paper are counted: the values of each item that can be. Pure."""

from __future__ import annotations

from typing import Any

from dxcourse.exercises import AnyExercise
from dxcourse.exercises.kinds.opinion import THEMES
from dxcourse.workshop.results.words import theme_name

Values = list[dict[str, str]]


def countable_items(exercise: AnyExercise) -> list[dict[str, Any]]:
    """Give the items that hands can be counted for, each with its values; refs as in `Tally`.

    Orders, numbers, plans and pledges are none: nobody raises a hand for those.
    """
    public = exercise.public()
    found = []
    for item in public["items"]:
        values = _values(public, item)
        if values:
            title = item["text"] or public["title"]
            found.append({"ref": item["ref"], "text": title, "values": values})
    return found


def can_be_counted(exercise: AnyExercise, item: str, values: list[str]) -> bool:
    """Whether these values can be counted for this item."""
    for row in countable_items(exercise):
        if row["ref"] == item:
            return set(values) <= {value["ref"] for value in row["values"]}
    return False


def _values(public: dict[str, Any], item: dict[str, Any]) -> Values:
    match public["kind"]:
        case "choice" | "multichoice":
            return _pick(item["options"])
        case "classify":
            return _pick(public["bins"])
        case "match":
            return _pick(public["answers"])
        case "scale":
            return [{"ref": str(n), "text": text} for n, text in enumerate(public["levels"])]
        case "opinion":
            return [{"ref": theme, "text": theme_name(theme)} for theme in THEMES]
    return []


def _pick(things: list[dict[str, Any]]) -> Values:
    return [{"ref": thing["ref"], "text": thing["text"]} for thing in things]
