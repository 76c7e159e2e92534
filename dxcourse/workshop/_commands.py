"""What the facilitator may say, as the board sends it; `_decisions` says what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from dxcourse.workshop._state import Screen

Name = Annotated[str, Field(min_length=1, max_length=64)]
Voice = Annotated[str, Field(min_length=1, max_length=64)]
Voices = Annotated[tuple[Voice, ...], Field(max_length=2000)]
MOST_GROUPS = 50
MOST_HANDS = 5000


class _Command(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Plain(_Command):
    """A command that says it all by its name."""

    do: Literal["next", "back", "close", "reveal", "step", "pause", "continue", "end"]


class Go(_Command):
    """Go to a stop."""

    do: Literal["go"]
    stop: Name


class Open(_Command):
    """Let phones answer: the exercise named, or the next one of the present stop."""

    do: Literal["open"]
    exercise: Annotated[str, Field(max_length=64)] = ""


class Again(_Command):
    """Take a reveal back, and let phones answer anew: the exercise named, or the present one."""

    do: Literal["again"]
    exercise: Annotated[str, Field(max_length=64)] = ""


class Longer(_Command):
    """More time for the step, in seconds; less where negative."""

    do: Literal["longer"]
    seconds: Annotated[int, Field(ge=-3600, le=3600)]


class Show(_Command):
    """What the wall shows."""

    do: Literal["show"]
    screen: Screen


class Page(_Command):
    """Turn to a page of the wall's picture, from 0."""

    do: Literal["page"]
    page: Annotated[int, Field(ge=0, le=100)]


class Minutes(_Command):
    """A stop is planned anew."""

    do: Literal["minutes"]
    stop: Name
    minutes: Annotated[float, Field(ge=0, le=240, allow_inf_nan=False)]


class Skip(_Command):
    """A stop is left out, or taken in again."""

    do: Literal["skip"]
    stop: Name
    skipped: bool


class Tallied(_Command):
    """Hands and paper for one item of an exercise, a count a value; it replaces the last."""

    do: Literal["tally"]
    exercise: Name
    item: Name
    counts: Annotated[
        Mapping[Annotated[str, Field(max_length=1000)], Annotated[int, Field(ge=0, le=MOST_HANDS)]],
        Field(max_length=200),
    ]


class Moderate(_Command):
    """What is hidden, pinned and grouped of an exercise's voices; it replaces the last."""

    do: Literal["moderate"]
    exercise: Name
    hidden: Voices = ()
    pinned: Voices = ()
    groups: Annotated[
        Mapping[Annotated[str, Field(min_length=1, max_length=40)], Voices],
        Field(max_length=MOST_GROUPS),
    ] = Field(default_factory=dict)


class Door(_Command):
    """Whether more people may join."""

    do: Literal["door"]
    open: bool


Command = Annotated[
    Plain | Go | Open | Again | Longer | Show | Page | Minutes | Skip | Tallied | Moderate | Door,
    Field(discriminator="do"),
]
_COMMANDS: TypeAdapter[Any] = TypeAdapter(Command)


def read_command(raw: Mapping[str, Any]) -> Any:  # noqa: ANN401  -- one of the above
    """Give a command from JSON.

    Raises
    ------
    ValueError
        It is none; what was sent is not repeated.
    """
    try:
        return _COMMANDS.validate_python(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise ValueError(f"{place}: {first['msg']}"[:200]) from None
