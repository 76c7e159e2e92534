"""An answer over HTTP: checked, stored, judged. Nothing here reaches a kernel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from tornado.web import HTTPError

from dxcourse.answers import (
    AttemptsUsed,
    Entry,
    Guard,
    Record,
    Reply,
    prepare,
    reply_from,
    reply_to,
)
from dxcourse.exercises import AnswerError, AnyExercise
from dxcourse.text import say
from dxcourse.web.handlers import LearnerHandler
from dxcourse.web.messages import AnswerSent, SavedMessage
from dxcourse.web.openapi import Operation
from dxcourse.web.rate_limit import QuotaExceeded


class GuardWithHistory:
    """A guard that remembers the history it was shown, so that a reply needs no second reading."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._before: list[Record] | None = None

    def __call__(self, history: Sequence[Record]) -> dict[str, Any] | None:
        whole = self._guard(history)
        self._before = [*history]
        return whole

    def reply(self, exercise: AnyExercise, stored: Record) -> Reply | None:
        """The reply to what was just stored; None where it takes more than this history.

        It does where the answer was here before (then no guard was asked), or where feedback waits
        for another exercise.
        """
        if self._before is None or exercise.reveal_after is not None:
            return None
        return reply_to(exercise, [*self._before, stored], held=False)


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
                where=sent.where,
                entry_id=sent.id,
                partial=True,
            )
            watched = GuardWithHistory(guard)
            with self.storing("the answer could not be stored"):
                stored = await self.site.writer.append(entry, watched)
                _hold_id(stored, entry)
                reply = watched.reply(exercise, stored)
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
