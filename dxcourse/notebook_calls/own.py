"""What is one learner's alone: their plan, their certificate, their answers before and after."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from IPython.display import HTML

from dxcourse import course as courses
from dxcourse import settings
from dxcourse.answers import Record, Reply, Store, replies
from dxcourse.course import Course, CourseError
from dxcourse.exercises.kinds.pledge import Pledge
from dxcourse.learner import (
    Plan,
    calendar_file,
    day_in_words,
    excel_file,
    finished_on,
    pairs,
    plan_of,
    progress,
)
from dxcourse.notebook_calls.markup import environment, html, lesson_style, unbroken
from dxcourse.widgets import strings, tokens

if TYPE_CHECKING:
    from dxcourse.widgets.own import OwnWidget


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
    def of(cls, course: Course, store: Store, learner: str, *, pages: bool) -> LearnerReport:
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
            "xlsx": Download(f"{NAME}.xlsx", EXCEL, excel_file(plan)),
            "ics": Download(
                f"{NAME}.ics", CALENDAR, calendar_file(plan, owner=self.learner, now=now)
            ),
        }

    def plan_html(self, now: datetime) -> str:
        """The plan as a card to print, with the ways to take it away."""
        plan = self.plan()
        card = self._fill("my_plan_card.html.j2", {"plan": plan}) if plan else ""
        files = {} if plan is None or self.pages else self.files(plan, now)
        if files:
            sheet = Download(f"{NAME}.html", "text/html; charset=utf-8", self._sheet(card))
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


def my_plan() -> HTML | OwnWidget:
    """The learner's pledge as a card to print, as an Excel file and as a calendar.

    Raises
    ------
    CourseError
        The course has no pledge.
    """
    pledge_of(courses.current())
    return _place("/my/plan", lambda own, _: own.plan_html(datetime.now(UTC)))


def certificate() -> HTML | OwnWidget:
    """The certificate of completion, without a score; until then, what is left to do."""
    return _place("/my/certificate", lambda own, name: own.certificate_html(name), asks_name=True)


def before_after(before: str, after: str) -> HTML | OwnWidget:
    """The learner's answers to two exercises side by side, item by item.

    Raises
    ------
    CourseError
        There is no such exercise, or the two cannot be compared.
    """
    pairs(courses.current(), before, after, {})
    return _place(
        f"/my/before-after/{before}/{after}",
        lambda own, _: own.before_after_html(before, after),
    )


def _place(
    address: str, piece: Callable[[LearnerReport, str], str], *, asks_name: bool = False
) -> HTML | OwnWidget:
    if settings.rendering():
        return html("own.html.j2", {"address": address, "asks_name": asks_name})
    from dxcourse.widgets.own import OwnWidget, here  # noqa: PLC0415  -- a page needs no widgets

    def show(name: str) -> str:
        course = courses.current()
        store, learner, _ = here(course)
        own = LearnerReport.of(course, store, learner, pages=False)
        return f"<style>{tokens()}{lesson_style()}</style>{piece(own, name)}"

    label = str(strings()["own_name"]) if asks_name else ""
    return OwnWidget(show, name_label=label)
