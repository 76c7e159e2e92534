"""What can be wrong with the facts, said with the place and the cure."""

from dxcourse.errors import ReadableError


class FactsError(ReadableError, ValueError):
    """``data/`` is not as it should be; the message is ``file:line: what: cure``."""


class UnknownFactError(FactsError, KeyError):
    """A fact was asked for that ``data/facts.csv`` does not have."""

    def __str__(self) -> str:
        # KeyError would show the message in quotes.
        return str(self.args[0])
