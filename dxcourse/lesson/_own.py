"""What is one learner's alone: their plan, their certificate, their answers before and after."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dxcourse.answers import Record, Reply, Store, replies
from dxcourse.course import Course, CourseError
from dxcourse.exercises.pledge import Pledge
from dxcourse.lesson._html import environment, lesson_style
from dxcourse.lesson._unbroken import unbroken
from dxcourse.plan import (
    Plan,
    calendar_file,
    day_in_words,
    excel_file,
    finished_on,
    pairs,
    plan_of,
    progress,
)
from dxcourse.widgets import strings, tokens

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CALENDAR = "text/calendar; charset=utf-8"
NAME = "dx-my-plan"  # of the files, without what follows the dot; ASCII, for old groupware


@dataclass(frozen=True)
class File:
    """A file to take away."""

    name: str
    content_type: str
    body: bytes

    @property
    def address(self) -> str:
        """The file as an address of its own, for where no server gives it."""
        return f"data:{self.content_type};base64,{b64encode(self.body).decode('ascii')}"


@dataclass(frozen=True)
class Own:
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
    def of(cls, course: Course, store: Store, learner: str, *, pages: bool) -> Own:
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

    def files(self, plan: Plan, now: datetime) -> dict[str, File]:
        """The plan's files by their endings."""
        return {
            "xlsx": File(f"{NAME}.xlsx", EXCEL, excel_file(plan)),
            "ics": File(f"{NAME}.ics", CALENDAR, calendar_file(plan, owner=self.learner, now=now)),
        }

    def plan_html(self, now: datetime) -> str:
        """The plan as a card to print, with the ways to take it away."""
        plan = self.plan()
        card = self._fill("my_plan_card.html.j2", {"plan": plan}) if plan else ""
        files = {} if plan is None or self.pages else self.files(plan, now)
        if files:
            sheet = File(f"{NAME}.html", "text/html; charset=utf-8", self._sheet(card))
            files["html"] = sheet
        return self._fill("my_plan.html.j2", {"plan": plan, "card": card, "files": files})

    def certificate_html(self, name: str = "") -> str:
        """The certificate, or what is left to do before it. There is no score in it."""
        values = {
            "course": self.course,
            "day": finished_on(self.course, self.history),
            "rows": progress(self.course, self.replies),
            "name": name,
        }
        paper = self._fill("my_certificate_paper.html.j2", values) if values["day"] else ""
        files = {}
        if paper and not self.pages:
            sheet = self._sheet(paper)
            files["html"] = File("dx-certificate.html", "text/html; charset=utf-8", sheet)
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

    def _sheet(self, body: str) -> bytes:
        """A page of its own, to be opened and printed anywhere."""
        style = f"{tokens()}{lesson_style()}"
        return self._fill("sheet.html.j2", {"body": body, "style": style}).encode()

    def _fill(self, template: str, values: Mapping[str, Any]) -> str:
        shared = {"words": strings(), "pages": self.pages, "in_words": day_in_words}
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
    raise CourseError("exercises/bank/ has no exercise of kind pledge; a plan is made of one")
