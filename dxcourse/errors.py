"""Errors meant for a person, and findings: what is to be mended, where, and how."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


class ReadableError(Exception):
    """What went wrong, said to a person: the message names the place and the cure.

    Commands print it without a traceback; everything else is a mistake in the program.
    """


@dataclass(frozen=True, order=True)
class Finding:
    """Something to mend in the course's files."""

    file: str
    """From the course's folder, with ``/``."""
    line: int
    """From 1; 0 where the whole file is meant."""
    message: str
    """What is wrong."""
    cure: str = ""
    """What to do about it."""
    code: str = field(default="", compare=False)
    """Its name in `text/ja/check.yaml`, for programs."""
    warning: bool = False
    """Whether the course goes on without: it is told, and fails nothing."""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        told = f"{self.message} → {self.cure}" if self.cure else self.message
        return f"{place}: {told}"


class ContentError(ReadableError, ValueError):
    """Files of the course are wrong: one line a finding.

    Parameters
    ----------
    findings
        At least one; or a text, where what is wrong stands in no file.
    """

    def __init__(self, findings: Iterable[Finding] | str) -> None:
        self.findings = () if isinstance(findings, str) else tuple(findings)
        self._text = findings if isinstance(findings, str) else "\n".join(map(str, self.findings))
        super().__init__(self._text)

    def __reduce__(self) -> tuple[type[ContentError], tuple[tuple[Finding, ...] | str]]:
        """Cross a process boundary by the findings, not by their text."""
        return type(self), (self.findings or self._text,)


class FieldError(ValueError):
    """A value of the course's content is not allowed: raised by validators, for `Finding`.

    Parameters
    ----------
    message, cure, code
        As in `Finding`.
    about
        The value whose line is meant, where that is not the field's own.
    """

    def __init__(self, message: str, cure: str = "", code: str = "", about: str = "") -> None:
        self.message, self.cure, self.code, self.about = message, cure, code, about
        super().__init__(f"{message} → {cure}" if cure else message)
