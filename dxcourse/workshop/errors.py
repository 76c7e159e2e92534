"""What can go wrong with a workshop, told to the person who can mend it."""

from dxcourse.errors import ContentError, ReadableError


class WorkshopError(ReadableError, RuntimeError):
    """A workshop or its agenda cannot be had; the message names the place and the cure."""


class AgendaError(ContentError, WorkshopError):
    """An agenda cannot be read, or does not fit the course."""


class NotNow(WorkshopError):  # noqa: N818  -- a refusal, not a failure
    """A command that does not fit what the room is doing; nothing was changed.

    `code` names the reason; the board has a Japanese word for each.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
