"""What is a visitor's own: how others answered, and their answers to see, take away, delete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from operator import attrgetter
from typing import Any

from tornado.web import HTTPError

from dxcourse._in_words import in_words
from dxcourse.answers import Record, replies
from dxcourse.exercises import AnyExercise
from dxcourse.serving._handlers import HTML, Api
from dxcourse.serving._others import allowed, settled


class Others(Api):
    """「みんなの答え」: how others answered what this learner is done with."""

    async def get(self, name: str) -> None:
        site = self.site
        exercise = site.course.exercises.get(name)
        if exercise is None or not site.others.least or not allowed(exercise):
            raise HTTPError(404, reason="others' answers to this are not shown")
        with self.storing():
            found = await self.off_loop(lambda: replies({name: exercise}, site.store, self.learner))
            done = settled(found.get(name))
            if not done:
                raise HTTPError(409, reason="answer first")
            counts = await site.others.of(exercise)
        items = [asdict(each) for each in counts if each.ref in done]
        self.reply({"least": site.others.least, "items": items})


class Mine(Api):
    """A visitor's own answers."""

    async def records(self) -> list[Record]:
        """Everything that is stored of them, as it was given.

        Raises
        ------
        HTTPError
            It cannot be read now.
        """
        with self.storing():
            return await self.off_loop(lambda: self.site.store.history(self.learner))


class OwnAnswers(Mine):
    """「自分の答えを見る」: as a piece of HTML, in words."""

    async def get(self) -> None:
        course = self.site.course
        rows = []
        for record in sorted(await self.records(), key=attrgetter("time"), reverse=True):
            exercise = course.exercises.get(record.exercise)
            given = (record.answer or {}).get("items") or {}
            parts = [] if exercise is None else _in_words(exercise, given)
            title = exercise.title if exercise else record.exercise
            rows.append({"title": title, "time": record.time, "parts": parts})
        self.set_header("Content-Type", HTML)
        self.finish(self.site.environment.get_template("answers.html.j2").render(rows=rows))


class OwnAnswersFile(Mine):
    """「持ち出す」: the same as data."""

    async def get(self) -> None:
        found = [record.model_dump(mode="json") for record in await self.records()]
        self.set_header("Content-Disposition", 'attachment; filename="dx-my-answers.json"')
        self.reply({"records": found})


class Forget(Api):
    """「消す」: everything that is stored of a visitor, for good."""

    async def take(self, _: Mapping[str, Any], *__: str) -> None:
        with self.storing("not deleted"):
            count = await self.off_loop(lambda: self.site.store.forget(self.learner))
        self.reply({"state": "saved", "records": count})


def _in_words(exercise: AnyExercise, given: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (item.text or exercise.title, in_words(exercise, item.ref, given[item.ref]))
        for item in exercise.items
        if item.ref in given
    ]
