"""What a question begins with where it is read together: a picture, a few words, amounts."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from dxcourse.exercises.parts import Strict


class SceneCard(Strict):
    """A card of a scene: what, and how much of it (「呼ばれるのを待つ」, 9)."""

    text: Annotated[str, Field(min_length=1, max_length=24)]
    amount: Annotated[float, Field(ge=0, le=100_000)]


class Scene(Strict):
    """What a question begins with, on the wall and on the phones.

    Parameters
    ----------
    picture
        One of ours by its name (`PICTURES`), or a file beside the agenda.
    when, lines, note
        A small line first, what is said or seen, and a small line last.
    cards, unit
        Amounts that stand side by side, as wide as they are large, and what they are counted in.
    """

    picture: Annotated[str, Field(max_length=100)] = ""
    when: Annotated[str, Field(max_length=60)] = ""
    lines: tuple[Annotated[str, Field(min_length=1, max_length=120)], ...] = ()
    note: Annotated[str, Field(max_length=120)] = ""
    cards: Annotated[tuple[SceneCard, ...], Field(max_length=6)] = ()
    unit: Annotated[str, Field(max_length=6)] = ""
