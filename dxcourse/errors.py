"""Errors meant for a person, and findings: what is to be mended, where, and how."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


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

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        told = f"{self.message} → {self.cure}" if self.cure else self.message
        return f"{place}: {told}"


class ContentError(ReadableError, ValueError):
    """Files of the course are wrong: one line a finding.

    Parameters
    ----------
    findings
        At least one.
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))

    def __reduce__(self) -> tuple[type[ContentError], tuple[tuple[Finding, ...]]]:
        """Cross a process boundary by the findings, not by their text."""
        return type(self), (self.findings,)
