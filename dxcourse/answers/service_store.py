"""A learner's answers on a server of the course: what a notebook stores stands with the pages'.

It speaks what pages speak (`web.answer_handlers`), so that the server checks, counts and stores an
answer of a notebook as it does any other, and nobody's notebook has the database's password.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from pydantic import ValidationError

from dxcourse.answers.record import Entry, Record
from dxcourse.answers.reply import AttemptsUsed
from dxcourse.answers.store import Appended, Guard, Refused, StoreError
from dxcourse.text import say

SECONDS = 20.0  # that a server may take


class ServiceStore:
    """The record of the one learner whom a server knows by a token.

    Parameters
    ----------
    address
        Where the server is, as ``http://127.0.0.1:8000/services/dxcourse``.
    token
        What says who the learner is.
    """

    def __init__(self, address: str, token: str) -> None:
        self._address, self._token = address.rstrip("/"), token

    def append(self, entries: Sequence[tuple[Entry, Guard | None]]) -> list[Appended | Refused]:
        """See `Store`: the server has the guards.

        Raises
        ------
        ValueError
            The server does not take the answer as one.
        StoreError
            It could not be stored now.
        """
        return [self._give(entry) for entry, _ in entries]

    def history(self, learner: str, exercise: str | None = None) -> list[Record]:
        """See `Store`.

        Raises
        ------
        StoreError
            The server does not answer, or takes us for someone else.
        """
        status, told = self._ask("/my/answers.json")
        if status != HTTPStatus.OK:
            raise StoreError(say("answers.service.refused", place=self._address, status=status))
        try:
            found = [Record.model_validate_json(json.dumps(each)) for each in told["records"]]
        except (ValidationError, KeyError, TypeError) as error:
            raise StoreError(say("answers.service.strange", place=self._address)) from error
        if any(record.learner != learner for record in found):
            names = {record.learner for record in found}
            shown = "、".join(sorted(names - {learner}))
            raise StoreError(say("answers.service.someone", learner=learner, other=shown))
        if exercise is None:
            return found
        own = [record for record in found if record.exercise == exercise]
        return sorted(own, key=lambda record: record.attempt)

    def _give(self, entry: Entry) -> Appended | Refused:
        sent: dict[str, Any] = {"id": entry.id, "answer": entry.answer, "where": entry.where}
        if entry.over is not None:
            sent["over"] = entry.over
        status, told = self._ask(f"/api/answers/{entry.exercise}", sent)
        state = told.get("state")
        if state == "spent":
            return AttemptsUsed(str(told.get("error", "")))
        if state == "refused":
            raise ValueError(str(told.get("error", "")))
        if state != "saved":
            raise StoreError(say("answers.service.refused", place=self._address, status=status))
        own = self.history(entry.learner, entry.exercise)
        # An answer that did not change is stored once, under its first id.
        return Appended(next((record for record in own if record.id == entry.id), own[-1]))

    def _ask(self, path: str, body: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        """Ask the server; status and what it said.

        Raises
        ------
        StoreError
            It does not answer, or not in JSON.
        """
        headers = {"Authorization": f"token {self._token}"}
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        asked = urllib.request.Request(self._address + path, data, headers)  # noqa: S310
        try:
            # Not by a proxy of the environment, which would learn the token.
            with _OPENER.open(asked, timeout=SECONDS) as reply:
                status, text = reply.status, reply.read()
        except urllib.error.HTTPError as error:
            with error:
                status, text = error.code, error.read()
        except OSError as error:
            cause = getattr(error, "reason", error)
            raise StoreError(
                say("answers.service.away", place=self._address, cause=cause)
            ) from error
        try:
            told = json.loads(text)
        except ValueError as error:
            raise StoreError(
                say("answers.service.refused", place=self._address, status=status)
            ) from error
        return status, told if isinstance(told, dict) else {}


_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
