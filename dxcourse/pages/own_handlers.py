"""What the server gives one learner alone: pieces of HTML for the page's script, and files.

A link cannot carry a token, so scripts fetch these with it; see `static/own.js`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, ClassVar, TypeVar

from tornado.web import HTTPError

from dxcourse.answers import Record, operation, replies
from dxcourse.course import CourseError
from dxcourse.exercises import AnyExercise
from dxcourse.notebook_calls import LearnerReport
from dxcourse.pages.answer_counts import allowed, settled
from dxcourse.pages.handlers import AnswerCountsMessage, ForgottenMessage, OwnRecords
from dxcourse.pages.site import CourseSite
from dxcourse.web.handlers import LearnerHandler
from dxcourse.web.messages import EmptyMessage
from dxcourse.web.openapi import Operation

T = TypeVar("T")


class OwnPieceHandler(LearnerHandler):
    """Reads a learner's record and makes something of it, off the event loop."""

    site: CourseSite

    async def made(self, make: Callable[[LearnerReport], T]) -> T:
        """What `make` makes of the record.

        Raises
        ------
        HTTPError
            The record cannot be read now (503), or the course has no such thing (404).
        """
        course = self.site.course

        def work() -> T:
            return make(LearnerReport.of(course, self.site.store, self.learner, pages=True))

        try:
            with self.storing():
                return await self.off_loop(work)
        except CourseError as error:
            raise HTTPError(404, reason="the course has no such thing") from error


class OwnPlanHandler(OwnPieceHandler):
    """The plan as a card."""

    async def get(self) -> None:
        self.send_html(await self.made(lambda own: own.plan_html(datetime.now(UTC))))


class OwnPlanFileHandler(OwnPieceHandler):
    """The plan as a file."""

    async def get(self, ending: str) -> None:
        def make(own: LearnerReport) -> tuple[str, str, bytes] | None:
            plan = own.plan()
            if plan is None:
                return None
            file = own.files(plan, datetime.now(UTC))[ending]
            return file.name, file.content_type, file.body

        made = await self.made(make)
        if made is None:
            raise HTTPError(404, reason="there is no plan yet")
        name, content_type, body = made
        self.set_header("Content-Type", content_type)
        self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        self.finish(body)


class OwnCertificateHandler(OwnPieceHandler):
    """The certificate; the name on it never comes here."""

    async def get(self) -> None:
        self.send_html(await self.made(lambda own: own.certificate_html()))


class OwnBeforeAfterHandler(OwnPieceHandler):
    """Two exercises' answers side by side."""

    async def get(self, before: str, after: str) -> None:
        self.send_html(await self.made(lambda own: own.before_after_html(before, after)))


class OwnSaidHandler(OwnPieceHandler):
    """What the learner said to an exercise."""

    async def get(self, name: str) -> None:
        self.send_html(await self.made(lambda own: own.said_html(name)))


class OwnEndHandler(OwnPieceHandler):
    """The end of a chapter."""

    async def get(self, module: str) -> None:
        self.send_html(await self.made(lambda own: own.end_html(module)))


class OwnRouteHandler(OwnPieceHandler):
    """How far the learner is on a short way."""

    async def get(self, route: str) -> None:
        self.send_html(await self.made(lambda own: own.route_html(route)))


class OwnHomeHandler(OwnPieceHandler):
    """The first page of someone who has begun; nothing for someone who has not."""

    async def get(self) -> None:
        self.send_html(await self.made(lambda own: own.home_html(datetime.now(UTC))))


class OwnThingsHandler(OwnPieceHandler):
    """わたしのページ."""

    async def get(self) -> None:
        self.send_html(await self.made(lambda own: own.mine_html(datetime.now(UTC))))


class OwnWordsFileHandler(OwnPieceHandler):
    """What the learner wrote, as a file."""

    async def get(self) -> None:
        file = await self.made(lambda own: own.words_file())
        self.set_header("Content-Type", file.content_type)
        self.set_header("Content-Disposition", f'attachment; filename="{file.name}"')
        self.finish(file.body)


class AnswerCountsHandler(LearnerHandler):
    """「みんなの答え」: how others answered what this learner is done with."""

    site: CourseSite
    parameters = ("exercise",)
    operations: ClassVar = {
        "GET": Operation("How others answered", AnswerCountsMessage, errors=(404, 409))
    }

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


class OwnRecordsHandler(LearnerHandler):
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


class OwnAnswersHandler(OwnRecordsHandler):
    """「自分の答えを見る」: as a piece of HTML, in words."""

    site: CourseSite

    async def get(self) -> None:
        course = self.site.course
        rows = []
        for record in sorted(await self.records(), key=attrgetter("time"), reverse=True):
            exercise = course.exercises.get(record.exercise)
            given = (record.answer or {}).get("items") or {}
            parts = [] if exercise is None else _in_words(exercise, given)
            title = exercise.title if exercise else record.exercise
            rows.append({"title": title, "time": record.time, "parts": parts})
        self.send_html(self.site.environment.get_template("answers.html.j2").render(rows=rows))


class OwnAnswersFileHandler(OwnRecordsHandler):
    """「持ち出す」: the same as data."""

    operations: ClassVar = {"GET": Operation("My answers, to take away", OwnRecords)}

    async def get(self) -> None:
        found = [record.model_dump(mode="json") for record in await self.records()]
        self.set_header("Content-Disposition", 'attachment; filename="dx-my-answers.json"')
        self.reply({"records": found})


class ForgetHandler(LearnerHandler):
    """「消す」: everything that is stored of a visitor, for good; noted without who it was."""

    operations: ClassVar = {"POST": Operation("Delete my answers", ForgottenMessage, EmptyMessage)}

    async def handle_post(self, _: Mapping[str, Any], *__: str) -> None:
        store = self.site.store

        def work() -> int:
            count = store.forget(self.learner)
            if count:  # who has stored nothing fills no log
                store.note(operation("forget-own", count))
            return count

        with self.storing("not deleted"):
            count = await self.off_loop(work)
        self.reply({"state": "saved", "records": count})


def _in_words(exercise: AnyExercise, given: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (item.text or exercise.title, exercise.words(item, given[item.ref]))
        for item in exercise.items
        if item.ref in given
    ]
