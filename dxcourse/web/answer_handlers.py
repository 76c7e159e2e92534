"""An answer over HTTP: checked, stored, judged. Nothing here reaches a kernel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from tornado.web import HTTPError

from dxcourse.answers import (
    AttemptsUsed,
    Entry,
    Record,
    prepare,
    reply_at_once,
    reply_from,
)
from dxcourse.exercises import AnswerError, AnyExercise
from dxcourse.text import say
from dxcourse.web.handlers import LearnerHandler
from dxcourse.web.messages import AnswerSent, SavedMessage
from dxcourse.web.openapi import Operation
from dxcourse.web.rate_limit import QuotaExceeded


def _hold_id(stored: Record, entry: Entry) -> None:
    """Say "saved" of what was sent only.

    Raises
    ------
    LookupError
        The id was used before, for another answer, and that one is stored.
    """
    stored_items = (stored.answer or {}).get("items", {})
    sent_items = (entry.answer or {}).get("items", {})
    if any(stored_items.get(ref) != value for ref, value in sent_items.items()):
        raise LookupError("the id was used before, for another answer")


class AnswerHandler(LearnerHandler):
    """An answer: checked, stored, judged."""

    parameters = ("exercise",)
    operations: ClassVar = {
        "POST": Operation("An answer", SavedMessage, AnswerSent, errors=(404, 409))
    }

    async def exercise(self, name: str) -> AnyExercise | None:
        """The exercise that is answered; None where there is none."""
        raise NotImplementedError

    async def handle_post(self, body: Mapping[str, Any], *names: str) -> None:
        exercise = await self.exercise(names[0])
        if exercise is None:
            raise HTTPError(404, reason="there is no such exercise")
        sent = self.read(AnswerSent, body)
        self._enforce_quota()
        try:
            entry, guard = prepare(
                exercise,
                sent.answer,
                learner=self.learner,
                where=f"{self.site.surface}{sent.where}",
                entry_id=sent.id,
                over=sent.over,
                partial=True,
            )
            with self.storing("the answer could not be stored"):
                appended = await self.site.writer.append(entry, guard)
                stored = appended.record
                _hold_id(stored, entry)
                reply = reply_at_once(exercise, appended)
                if reply is None:
                    reply = await self.off_loop(
                        lambda: reply_from(exercise, self.site.store, self.learner, stored)
                    )
        except (AnswerError, RecursionError) as error:
            self.reply({"state": "refused", "error": str(error)[:300]}, 400)
        except LookupError as error:
            self.reply({"state": "refused", "error": str(error)[:300]}, 409)
        except AttemptsUsed as error:
            self.reply({"state": "spent", "error": str(error)}, 409)
        else:
            self.reply({"state": "saved", "reply": reply.stamped(sent.id).message()})

    def _enforce_quota(self) -> None:
        """Let nobody fill the disk.

        Raises
        ------
        QuotaExceeded
            This learner, or all of this address, have stored enough for a day.
        """
        limits = self.site.limits
        quotas = (
            (limits.answers_of_learner, self.learner, "learner"),
            (limits.answers_of_address, self.client.group, "address"),
        )
        for limit, key, whose in quotas:
            if not limit.take(key):
                raise QuotaExceeded(limit.wait(key), say(f"server.quota.{whose}"))
