"""Grades back to the LMS that learners came from: LTI's Assignment and Grade Services 2.0."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit, urlunsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from httpx2 import HTTPError
from joserfc.errors import JoseError
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from tornado.httputil import url_concat

from dxcourse.homework.errors import HomeworkError
from dxcourse.homework.grade_export import GradeRow
from dxcourse.text import say

SETTINGS_FILE = "lms.toml"  # beside nbgrader_config.py
SCOPES = " ".join(
    f"https://purl.imsglobal.org/spec/lti-ags/scope/{name}" for name in ("lineitem", "score")
)
LINE_ITEM = "application/vnd.ims.lis.v2.lineitem+json"
LINE_ITEMS = "application/vnd.ims.lis.v2.lineitemcontainer+json"
SCORE = "application/vnd.ims.lis.v1.score+json"
SECONDS = 30.0  # until an LMS that does not answer is said not to be there
PAGES = 50  # of line items that are read, at most

GRADING_PROGRESS = {"done": "FullyGraded", "pending": "PendingManual", "failed": "Failed"}
"""What AGS calls the states of `GradeRow`; the others have nothing to send."""

Address = Annotated[str, Field(pattern=r"^(https://|http://(127\.0\.0\.1|localhost)[:/])[^\s#]+$")]


class LmsSettings(BaseModel):
    """What the LMS gave when the course was registered there as a tool."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    token_url: Address
    client_id: Annotated[str, Field(min_length=1)]
    lineitems_url: Address
    key_file: Path
    key_id: str = ""
    audience: str = ""
    """Whom the signed request is for; the token's address, unless the LMS names another."""

    @classmethod
    def read(cls, file: Path) -> Self:
        """Read a file of settings (TOML).

        Raises
        ------
        HomeworkError
            It is not there or cannot be read, or a setting is missing, unknown or of another form.
        """
        try:
            found = tomllib.loads(file.read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            cause = getattr(error, "strerror", None) or error
            raise HomeworkError(say("homework.lms.unreadable", file=file, cause=cause)) from error
        try:
            return cls.model_validate(found)
        except ValidationError as error:
            names = sorted({str(each["loc"][0]) for each in error.errors()})
            told = say("homework.lms.settings", file=file, names="、".join(names))
            raise HomeworkError(told) from error

    def key(self, folder: Path) -> str:
        """The private key, a text (PEM); a relative place is one in the folder.

        Raises
        ------
        HomeworkError
            It cannot be read, or others can read it, too.
        """
        place = folder / self.key_file
        try:
            if sys.platform != "win32" and place.stat().st_mode & 0o077:
                raise HomeworkError(say("homework.lms.open_key", file=place))
            return place.read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError) as error:
            cause = getattr(error, "strerror", None) or type(error).__name__
            raise HomeworkError(say("homework.lms.no_key", file=place, cause=cause)) from error


@dataclass
class LmsOutcome:
    """What became of each learner's grade: students by name."""

    sent: list[str] = field(default_factory=list)
    """With a score."""
    waiting: list[str] = field(default_factory=list)
    """Told of without one: a person has yet to read it, or it could not be graded."""
    nothing: list[str] = field(default_factory=list)
    """Not told of: nothing was handed in, or it is not graded."""
    refused: list[tuple[str, int]] = field(default_factory=list)
    """The LMS did not take it, and the status that it answered with."""


def send_grades(
    settings: LmsSettings, key: str, label: str, grades: Sequence[GradeRow], now: datetime
) -> LmsOutcome:
    """Send an assignment's grades, into a column of the LMS that is made where there is none.

    Sent again, a grade takes the place of the one before.

    Parameters
    ----------
    label
        What the LMS calls the column when it is made.
    grades
        Of one assignment; each learner is known to the LMS by the roster's `lms_user_id`, or else
        by their name here, which is the LMS's own where JupyterHub's login takes `sub`.
    now
        The time of the grades; a later one counts.

    Raises
    ------
    HomeworkError
        The LMS does not answer, or takes nothing from us; what was sent before is there.
    """
    sender = PrivateKeyJWT(
        settings.audience or settings.token_url,
        headers={"kid": settings.key_id} if settings.key_id else None,
    )
    outcome = LmsOutcome()
    with OAuth2Client(
        settings.client_id, key, token_endpoint_auth_method=sender, timeout=SECONDS
    ) as lms:
        try:
            lms.fetch_token(settings.token_url, grant_type="client_credentials", scope=SCOPES)
            column = _column(lms, settings, label, grades[0])
            for grade in grades:
                _send(lms, column, grade, now, outcome)
        except HomeworkError:
            raise
        except (AuthlibBaseError, JoseError, HTTPError, ValueError) as error:
            place = urlsplit(settings.lineitems_url).netloc
            blanks = {"place": place, "cause": _cause(error), "n": len(outcome.sent)}
            raise HomeworkError(say("homework.lms.away", **blanks)) from error
    return outcome


def _column(lms: Any, settings: LmsSettings, label: str, grade: GradeRow) -> str:  # noqa: ANN401
    """The address of the assignment's line item."""
    for item in _line_items(lms, settings.lineitems_url, grade.assignment):
        if item.get("resourceId") == grade.assignment:
            return _ours(settings, item.get("id"))
    made = lms.post(
        settings.lineitems_url,
        json={
            "scoreMaximum": grade.max_score,
            "label": label,
            "resourceId": grade.assignment,
            "tag": "dxcourse",
        },
        headers={"Content-Type": LINE_ITEM, "Accept": LINE_ITEM},
    )
    made.raise_for_status()
    return _ours(settings, made.json().get("id"))


def _line_items(lms: Any, url: str, assignment: str) -> Iterator[dict[str, Any]]:  # noqa: ANN401
    """The columns of the course, page after page."""
    place = url_concat(url, {"resource_id": assignment})
    for _ in range(PAGES):
        found = lms.get(place, headers={"Accept": LINE_ITEMS})
        found.raise_for_status()
        yield from (item for item in found.json() if isinstance(item, dict))
        further = found.links.get("next", {}).get("url")
        if not further or urlsplit(further)[:2] != urlsplit(url)[:2]:
            return
        place = further


def _ours(settings: LmsSettings, place: object) -> str:
    """An address that the LMS gave: the token goes to the LMS alone.

    Raises
    ------
    HomeworkError
        It is another's.
    """
    if not isinstance(place, str) or urlsplit(place)[:2] != urlsplit(settings.lineitems_url)[:2]:
        raise HomeworkError(say("homework.lms.elsewhere"))
    return place


def _send(lms: Any, column: str, grade: GradeRow, now: datetime, outcome: LmsOutcome) -> None:  # noqa: ANN401
    progress = GRADING_PROGRESS.get(grade.state)
    if progress is None:
        outcome.nothing.append(grade.student)
        return
    score: dict[str, Any] = {
        "userId": grade.lms or grade.student,
        "timestamp": now.isoformat(timespec="milliseconds"),
        "activityProgress": "Completed" if grade.state == "done" else "Submitted",
        "gradingProgress": progress,
    }
    if grade.state == "done":
        score |= {"scoreGiven": grade.score, "scoreMaximum": grade.max_score}
    parts = urlsplit(column)
    place = urlunsplit(parts._replace(path=f"{parts.path}/scores"))
    answer = lms.post(place, json=score, headers={"Content-Type": SCORE})
    if answer.is_success:
        (outcome.sent if grade.state == "done" else outcome.waiting).append(grade.student)
    elif answer.status_code in {401, 403, 429} or answer.is_server_error:
        answer.raise_for_status()  # of all, not of this learner
    else:
        outcome.refused.append((grade.student, answer.status_code))


def _cause(error: Exception) -> str:
    """What went wrong, without an address, in which a secret may stand."""
    status = getattr(getattr(error, "response", None), "status_code", None)
    if status is not None:
        return f"HTTP {status}"
    return str(getattr(error, "error", None) or type(error).__name__)
