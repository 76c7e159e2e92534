"""What can be wrong with an exercise or with an answer to it."""

from dxcourse.errors import ContentError

SHOWN = 40  # characters of what someone sent that an error message may repeat


class ExerciseError(ContentError):
    """Exercise files are wrong."""


class AnswerError(ValueError):
    """An answer does not fit its exercise; the message names the place."""


def shown(value: object) -> str:
    """Put what was sent into an error message: short, and harmless in a log."""
    if isinstance(value, str):
        return repr(value[:SHOWN] if len(value) <= SHOWN else f"{value[: SHOWN - 1]}…")
    return f"of type {type(value).__name__}"
