"""The calls that show what is one learner's alone.

A page is made once for everyone: it gets a place, which its script fills. In a notebook the record
is read at once, and again whenever an answer is stored.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from IPython.display import HTML

from dxcourse import course as courses
from dxcourse import settings
from dxcourse.learner import pairs
from dxcourse.notebook_calls.markup import html, lesson_style
from dxcourse.notebook_calls.report import LearnerReport, pledge_of
from dxcourse.notebook_calls.session import session
from dxcourse.widgets import strings, tokens

if TYPE_CHECKING:
    from dxcourse.widgets.own import OwnWidget


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


def said(exercise_id: str) -> HTML | OwnWidget:
    """What the learner said to an exercise before: 「あなたのひと言」.

    Raises
    ------
    CourseError
        There is no such exercise.
    """
    courses.current().exercise(exercise_id)
    return _place(f"/my/said/{exercise_id}", lambda own, _: own.said_html(exercise_id))


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
    shown = OwnWidget(show, name_label=label)
    session.follow(shown)
    return shown
