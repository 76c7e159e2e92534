"""What a learner sends and asks: answers, and how far they are. Nothing here reaches a kernel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tornado.web import HTTPError

from dxcourse.answers import (
    AttemptsUsed,
    Guard,
    Record,
    Reply,
    begin_afresh,
    prepare,
    replies,
    reply_from,
    reply_to,
)
from dxcourse.exercises import AnswerError, AnyExercise
from dxcourse.serving._handlers import Api, Open
from dxcourse.serving._learners import Learners, Visitors
from dxcourse.serving._messages import AnswerSent, NameSent


class Learner(Api):
    """Who is learning, what they have answered, and how far they are."""

    async def get(self) -> None:
        course = self.site.course
        with self.storing():
            found = await self.off_loop(
                lambda: replies(course.exercises, self.site.store, self.learner)
            )
        self.reply(
            {
                "seed": self.learner,
                "name": self.site.learners.name_of(self.learner),
                "replies": {name: reply.message() for name, reply in found.items()},
                "progress": self.site.progress(found),
            }
        )


class LocalLearner(Learner):
    """On one's own machine someone else may sit down, too."""

    async def take(self, body: Mapping[str, Any], *_: str) -> None:
        """Take a name, which brings its owner back to their answers."""
        learners = self.site.learners
        assert isinstance(learners, Learners)  # noqa: S101  -- see `_routes`
        learner, token = learners.named(self.read(NameSent, body).name)
        self.reply({"token": token, "name": learners.name_of(learner)})


class Visitor(Open):
    """A token for a browser that has none."""

    async def take(self, _: Mapping[str, Any], *__: str) -> None:
        self.allow(self.site.new_tokens, self.peer.group)
        learners = self.site.learners
        assert isinstance(learners, Visitors)  # noqa: S101  -- see `_routes`
        self.reply({"token": learners.mint(), "name": ""})


class Witness:
    """A guard that remembers the history it was shown, so that a reply needs no second reading."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._before: list[Record] | None = None

    def __call__(self, history: Sequence[Record]) -> None:
        self._guard(history)
        self._before = [*history]

    def reply(self, exercise: AnyExercise, stored: Record) -> Reply | None:
        """The reply to what was just stored; None where it takes more than this history.

        It does where the answer was here before (then no guard was asked), or where feedback waits
        for another exercise.
        """
        if self._before is None or exercise.reveal_after is not None:
            return None
        return reply_to(exercise, [*self._before, stored], held=False)


class Answers(Api):
    """An answer: checked, stored, judged."""

    async def exercise(self, name: str) -> AnyExercise | None:
        """The exercise that is answered; None where there is none."""
        return self.site.course.exercises.get(name)

    async def take(self, body: Mapping[str, Any], *names: str) -> None:
        exercise = await self.exercise(names[0])
        if exercise is None:
            raise HTTPError(404, reason="there is no such exercise")
        sent = self.read(AnswerSent, body)
        try:
            entry, guard = prepare(
                exercise, sent.answer, learner=self.learner, where="page", entry_id=sent.id
            )
            witness = Witness(guard)
            with self.storing("the answer could not be stored"):
                stored = await self.site.writer.append(entry, witness)
                reply = witness.reply(exercise, stored)
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
            self.reply({"state": "saved", "reply": reply.message()})


class Afresh(Api):
    """「はじめから」: the record stays, the learner begins again."""

    async def take(self, _: Mapping[str, Any], *__: str) -> None:
        course = self.site.course
        with self.storing("not stored"):
            count = await self.off_loop(
                lambda: begin_afresh(
                    course.exercises, store=self.site.store, learner=self.learner, where="page"
                )
            )
        self.reply({"state": "saved", "exercises": count})
