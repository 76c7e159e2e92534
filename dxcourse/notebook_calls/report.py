"""What is one learner's alone, as pieces of HTML and as files: plan, certificate, own words."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple

from dxcourse import learner as learners
from dxcourse.answers import LearnerStore, Record, Reply, replies
from dxcourse.course import Course, CourseError, Route
from dxcourse.exercises.kinds.pledge import Pledge
from dxcourse.facts import today_in_japan
from dxcourse.learner import (
    Plan,
    day_in_words,
    finished_on,
    own_words,
    pairs,
    place,
    plan_of,
    plan_text,
    progress,
    review,
    route_finished_on,
    said,
    short_day,
)
from dxcourse.learner.own_words import changes
from dxcourse.notebook_calls.markup import environment, lesson_style, paper_style, unbroken
from dxcourse.text import say, words
from dxcourse.widgets import strings, tokens

HOUR = 60

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CALENDAR = "text/calendar; charset=utf-8"
NAME = "dx-my-plan"  # of the files, without what follows the dot; ASCII, for old groupware


@dataclass(frozen=True)
class Download:
    """A file to take away."""

    name: str
    content_type: str
    body: bytes

    @property
    def address(self) -> str:
        """The file as an address of its own, for where no server gives it."""
        return f"data:{self.content_type};base64,{b64encode(self.body).decode('ascii')}"


@dataclass(frozen=True)
class LearnerReport:
    """A learner's record, and the pieces of HTML and the files that are made of it.

    Everything a learner typed is escaped by the templates.
    """

    course: Course
    learner: str
    history: Sequence[Record]
    replies: Mapping[str, Reply]
    pages: bool
    """Whether our pages show it, where scripts fetch files and take the name."""

    @classmethod
    def of(cls, course: Course, store: LearnerStore, learner: str, *, pages: bool) -> LearnerReport:
        """Read what the learner has stored.

        Raises
        ------
        StoreError
            It cannot be read.
        """
        found = replies(course.exercises, store, learner)
        return cls(course, learner, store.history(learner), found, pages)

    def plan(self) -> Plan | None:
        """The learner's plan; None before there is a pledge."""
        pledge = pledge_of(self.course)
        reply = self.replies.get(pledge.id)
        return plan_of(pledge, reply.answer if reply else None)

    def files(self, plan: Plan, now: datetime) -> dict[str, Download]:
        """The plan's files by their endings."""
        return {
            "xlsx": Download(f"{NAME}.xlsx", EXCEL, learners.excel_file(plan)),
            "ics": Download(
                f"{NAME}.ics", CALENDAR, learners.calendar_file(plan, owner=self.learner, now=now)
            ),
        }

    def plan_html(self, now: datetime) -> str:
        """The plan as a card to print, with the ways to take it away."""
        plan = self.plan()
        card = self._card(plan)
        files = {} if plan is None or self.pages else self.files(plan, now)
        if files:
            sheet = Download(f"{NAME}.html", "text/html; charset=utf-8", self._sheet(card))
            files["html"] = sheet
        values = {"plan": plan, "card": card, "files": files}
        text = plan_text(plan) if plan else ""
        return self._fill("my_plan.html.j2", {**values, "text": text})

    def certificate_html(self, name: str = "") -> str:
        """The certificate, or what is left to do before it. There is no score in it."""
        rows = progress(self.course, self.replies)
        values: dict[str, Any] = {
            "course": self.course,
            "day": finished_on(self.course, self.history),
            "rows": rows,
            "route_day": None,
            "name": name,
            "noren": words("chapter.certificate")["noren"],
        }
        body = say("chapter.certificate.body", title=self.course.outline.title, n=len(rows))
        if not values["day"]:  # one may have gone the short way
            ways = {way: self._route_day(way) for way in self.course.outline.routes}
            route = next((way for way, day in ways.items() if day), None)
            if route is not None:
                body, values["route_day"] = route.certificate, ways[route]
        values["body"] = body
        given = values["day"] or values["route_day"]
        paper = self._fill("my_certificate_paper.html.j2", values) if given else ""
        files = {}
        if paper and not self.pages:
            sheet = self._sheet(paper)
            files["html"] = Download("dx-certificate.html", "text/html; charset=utf-8", sheet)
        return self._fill("my_certificate.html.j2", {**values, "paper": paper, "files": files})

    def before_after_html(self, before: str, after: str) -> str:
        """Two exercises' answers side by side.

        Raises
        ------
        CourseError
            There is no such exercise, or the two cannot be compared.
        """
        found = pairs(self.course, before, after, self.replies)
        values = {
            "pairs": found,
            "before": self.course.exercise(before),
            "after": self.course.exercise(after),
            "answered": {"before": before in self.replies, "after": after in self.replies},
        }
        return self._fill("before_after.html.j2", values)

    def route_html(self, route_id: str) -> str:
        """How far the learner is on a short way, and its end.

        Raises
        ------
        CourseError
            There is no such way.
        """
        route = next((way for way in self.course.outline.routes if way.id == route_id), None)
        if route is None:
            raise CourseError(say("chapter.errors.no-route", route=route_id))
        done = {name for name, reply in self.replies.items() if reply.complete}
        return self._fill("route_end.html.j2", {"route": route, "done": done})

    def _route_day(self, route: Route) -> date | None:
        return route_finished_on(self.course, self.history, route)

    def said_html(self, exercise_id: str) -> str:
        """What the learner said to an exercise, to stand in the text that comes back to it.

        Raises
        ------
        CourseError
            There is no such exercise.
        """
        exercise = self.course.exercise(exercise_id)
        values = {"title": exercise.title, "text": said(exercise, self.replies)}
        return self._fill("said.html.j2", values)

    def end_html(self, module_id: str) -> str:
        """The end of a chapter: whether it is done, and what the learner said in it.

        Raises
        ------
        CourseError
            There is no such module, or it is not written.
        """
        module = self.course.module(module_id)
        rows = progress(self.course, self.replies)
        row = next((row for row in rows if row.module == module), None)
        if row is None:
            raise CourseError(say("chapter.errors.coming", module=module_id))
        core = self.course.core(module_id)
        done = {name for name, reply in self.replies.items() if reply.complete}
        return self._fill(
            "end.html.j2",
            {
                "row": row,
                "open": next((name for name in core if name not in done), ""),
                "finished": sum(not each.left for each in rows),
                "whole": len(rows),
                "last": module == self.course.modules[-1],
                "own": self._looked_back(module.look_back),
            },
        )

    def home_html(self, now: datetime) -> str:
        """The first page for someone who has begun; "" for someone who has not."""
        if not self.replies:
            return ""
        rows = progress(self.course, self.replies)
        where = place(self.course, self.history, self.replies)
        plan = self.plan()
        own = own_words(self.course, self.replies)
        return self._fill(
            "home.html.j2",
            {
                "day": finished_on(self.course, self.history),
                "rows": rows,
                "finished": sum(not row.left for row in rows),
                "left": _duration(sum(row.minutes for row in rows)),
                "place": where,
                "here": next((row for row in rows if where and row.module == where.module), None),
                "own": own[-1] if own else None,
                "plan": plan,
                "card": self._card(plan),
                "next_day": _next_day(plan, today_in_japan(now)) if plan else None,
                "again": len(review(self.course, self.history, self.replies, now)),
            },
        )

    def mine_html(self, now: datetime) -> str:
        """わたしのページ: the plan, the certificate, what is worth another look, own words."""
        own = own_words(self.course, self.replies)
        by_module = [(m, list(group)) for m, group in groupby(own, lambda each: each.module)]
        return self._fill(
            "mine.html.j2",
            {
                "plan": self.plan(),
                "pledge": pledge_of(self.course),
                "plan_html": self.plan_html(now),
                "certificate_html": self.certificate_html(),
                "again": review(self.course, self.history, self.replies, now),
                "words_by": by_module,
            },
        )

    def words_file(self) -> Download:
        """Everything the learner wrote, as an Excel file."""
        file = learners.words_file(own_words(self.course, self.replies))
        return Download("dx-my-words.xlsx", EXCEL, file)

    def _looked_back(self, names: Sequence[str]) -> _LookedBack | None:
        texts = [said(self.course.exercise(name), self.replies) for name in names]
        if not any(texts):
            return None
        before = texts[0] if all(texts) and len(texts) > 1 else ""
        return _LookedBack(next(text for text in reversed(texts) if text), before)

    def _card(self, plan: Plan | None) -> str:
        return self._fill("my_plan_card.html.j2", {"plan": plan}) if plan else ""

    def _sheet(self, body: str) -> bytes:
        """A page of its own, to be opened and printed anywhere."""
        style = f"{tokens()}{lesson_style()}{paper_style()}"
        return self._fill("sheet.html.j2", {"body": body, "style": style}).encode()

    def _fill(self, template: str, values: Mapping[str, Any]) -> str:
        shared = {
            "words": strings(),
            "pages": self.pages,
            "in_words": day_in_words,
            "short": short_day,
        }
        return unbroken(environment().get_template(template).render(**shared, **values))


def pledge_of(course: Course) -> Pledge:
    """The course's pledge.

    Raises
    ------
    CourseError
        It has none.
    """
    for exercise in course.exercises.values():
        if isinstance(exercise, Pledge):
            return exercise
    raise CourseError(say("chapter.errors.no-pledge"))


class _LookedBack(NamedTuple):
    """What a chapter's end looks back on."""

    text: str
    before: str

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        return changes(self.before, self.text) if self.before else [(self.text, False)]


class _NextDay(NamedTuple):
    """The next day of a plan: the first step, or a question."""

    day: date
    days: int
    text: str
    asked: bool


def _next_day(plan: Plan, today: date) -> _NextDay:
    """The day that counts: the first step's until it is past, then the next question's."""
    days = [(plan.begins, "", False), *((each.day, each.text, True) for each in plan.asked)]
    day, text, asked = next((each for each in days if each[0] >= today), days[-1])
    return _NextDay(day, (day - today).days, text, asked)


def _duration(minutes: int) -> str:
    hours, rest = divmod(minutes, HOUR)
    return (
        say("chapter.home.hours", h=hours, n=rest) if hours else say("chapter.home.minutes", n=rest)
    )
