"""The view: one exercise in one room, as it may be seen now."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from dxcourse.workshop.results._pictures import Picture


class Answered(BaseModel):
    """How many have answered: single people, pairs (組), and hands or paper that were counted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    people: int
    pairs: int
    hands: int = 0


class Changed(BaseModel):
    """How many of those who answered twice (`of`) answered otherwise the second time (`n`)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    of: int
    n: int


class RoomView(BaseModel):
    """What wall, phones and report draw. `pictures` is empty until the reveal."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    exercise: str
    kind: str
    title: str
    revealed: bool
    answered: Answered
    withheld: bool = False
    """Whether something is not shown because so few answered that it would point at someone."""
    changed: Changed | None = None
    pictures: tuple[Picture, ...] = ()

    def message(self) -> dict[str, Any]:
        """Give the view as JSON for the browser."""
        return self.model_dump(mode="json")
