"""Personal links: signed, for a while, and without a name in them."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from itsdangerous import BadSignature

from dxcourse import settings
from dxcourse.facts import JAPAN
from dxcourse.homework.course import HomeworkCourse
from dxcourse.web.identity import signer
from dxcourse.web.secret import secrets_of
from dxcourse.web.settings import ServerSettings

LENGTH = 512  # characters of a link's token, at most; one of ours has some 120
DIGITS = 24  # of a learner's number: nobody guesses 96 bits


def end_after(now: datetime, days: int) -> datetime:
    """The last minute, in Japan, of the day that many days from now."""
    day = now.astimezone(JAPAN) + timedelta(days=days)
    return day.replace(hour=23, minute=59, second=0, microsecond=0)


class BadLink(BadSignature):
    """A link was not made here."""


class LinksOver(BadLink):
    """A link was made here, and its time is over."""


@dataclass(frozen=True)
class Link:
    """What a link says: which assignment, whose, and until when.

    `who` is a number that only holders of the secret can lead back to a student.
    """

    assignment: str
    who: str
    until: datetime

    @property
    def learner(self) -> str:
        """The name under which answers are recorded."""
        return f"{self.assignment}/{self.who}"


class Links:
    """Makes and reads links with one secret; of several, the first makes and all read.

    A learner's number hangs on the oldest secret, so that it stays when a new one is put before it.
    """

    def __init__(self, secret: str | Sequence[str]) -> None:
        kept = [secret] if isinstance(secret, str) else [*secret]
        self._secret = kept[-1].encode()
        self._serializer = signer(kept, "homework-link")

    def who(self, assignment: str, student: str) -> str:
        """The number of a student in an assignment; the same each time."""
        text = f"homework\0{assignment}\0{student}".encode()
        return hmac.new(self._secret, text, hashlib.sha256).hexdigest()[:DIGITS]

    def token(self, assignment: str, student: str, until: datetime) -> str:
        """The last part of a student's address for an assignment."""
        data = [assignment, self.who(assignment, student), int(until.timestamp())]
        return str(self._serializer.dumps(data))

    def read(self, token: str, now: datetime | None = None) -> Link:
        """Read a link.

        Raises
        ------
        BadLink
            It was not made here; or, as `LinksOver`, its time is over.
        """
        if not token or len(token) > LENGTH:
            raise BadLink("no link")
        try:
            data: Any = self._serializer.loads(token)
            assignment, who, until = data
            link = Link(str(assignment), str(who), datetime.fromtimestamp(until, UTC))
        except (BadSignature, ValueError, TypeError, OverflowError, OSError) as error:
            raise BadLink("not made here") from error
        if link.until < (now or datetime.now(UTC)):
            raise LinksOver("its time is over")
        return link


def pages_folder(course: HomeworkCourse) -> Path:
    """Where answers and the secret are, where nothing else was said."""
    return settings.served_folder(course.root)


def homework_links(course: HomeworkCourse, chosen: ServerSettings) -> Links:
    """The maker and reader of a course's links.

    Raises
    ------
    SecretError
        There is no secret to be had.
    """
    return Links(secrets_of(chosen, pages_folder(course)))
