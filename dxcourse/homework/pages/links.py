"""Personal links: signed, for a while, and without a name in them."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from itsdangerous import BadSignature

from dxcourse import settings
from dxcourse.facts import JAPAN
from dxcourse.files import cached_by_mtime, lock, write_atomically
from dxcourse.homework.course import HomeworkCourse
from dxcourse.web.identity import secrets_of, signer
from dxcourse.web.settings import ServerSettings

LENGTH = 512  # characters of a link's token, at most; one of ours has some 120
DIGITS = 24  # of a learner's number: nobody guesses 96 bits


def end_after(now: datetime, days: int) -> datetime:
    """The last minute, in Japan, of the day that many days from now."""
    day = now.astimezone(JAPAN) + timedelta(days=days)
    return day.replace(hour=23, minute=59, second=0, microsecond=0)


def _read_editions(path: Path) -> Mapping[str, int]:
    try:
        found: dict[str, int] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return found


_editions = cached_by_mtime(8)(_read_editions)


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

    def __init__(self, secret: str | Sequence[str], revoked: Path | None = None) -> None:
        self._revoked = revoked
        kept = [secret] if isinstance(secret, str) else [*secret]
        self._secret = kept[-1].encode()
        self._serializer = signer(kept, "homework-link")

    def who(self, assignment: str, student: str) -> str:
        """The number of a student in an assignment; the same each time."""
        text = f"homework\0{assignment}\0{student}".encode()
        return hmac.new(self._secret, text, hashlib.sha256).hexdigest()[:DIGITS]

    def token(self, assignment: str, student: str, until: datetime) -> str:
        """The last part of a student's address for an assignment."""
        who = self.who(assignment, student)
        data = [assignment, who, int(until.timestamp())]
        edition = self._edition(assignment, who)
        return str(self._serializer.dumps([*data, edition] if edition else data))

    def revoke(self, assignment: str, student: str) -> None:
        """Make every link of a student to an assignment void; the next one works, with the answers.

        Raises
        ------
        ValueError
            There is nowhere to write that down.
        """
        if self._revoked is None:
            raise ValueError("links without a place cannot be revoked")
        who = self.who(assignment, student)
        with lock(self._revoked):
            known = dict(_editions(self._revoked))
            known[f"{assignment}/{who}"] = self._edition(assignment, who) + 1
            write_atomically(self._revoked, json.dumps(known, indent=1))

    def _edition(self, assignment: str, who: str) -> int:
        known = _editions(self._revoked) if self._revoked else {}
        return known.get(f"{assignment}/{who}", 0)

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
            assignment, who, until, *rest = data
            edition = int(rest[0]) if rest else 0
            link = Link(str(assignment), str(who), datetime.fromtimestamp(until, UTC))
        except (BadSignature, ValueError, TypeError, OverflowError, OSError) as error:
            raise BadLink("not made here") from error
        if edition != self._edition(link.assignment, link.who):
            raise BadLink("revoked")
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
    return Links(secrets_of(chosen, pages_folder(course)), course.root / ".dxcourse-revoked.json")
