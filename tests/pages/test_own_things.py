"""What the server gives one learner alone: to that learner, and to nobody else."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from icalendar import Calendar
from openpyxl import load_workbook

from dxcourse.notebook_calls.report import pledge_of
from support.study import HEADER, Answer, Study

if TYPE_CHECKING:
    from dxcourse.course import Course

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]

ALL = (
    "/my/plan",
    "/my/plan.xlsx",
    "/my/plan.ics",
    "/my/certificate",
    "/my/before-after/before-course/after-course",
    "/my/said/what-is-dx",
    "/my/end/01",
    "/my/home",
    "/my/page",
    "/my/route/twenty",
    "/my/words.xlsx",
)


def get(study: Study, path: str, token: str = "") -> Answer:
    return study.ask(path, headers={HEADER: token} if token else {})


def pledge(study: Study, course: Course, token: str, whom: str, entry: str) -> None:
    exercise = pledge_of(course)
    values = {i.ref: "2026-12-01" if i.field == "date" else whom for i in exercise.items}
    body = {"id": entry, "answer": {"items": values}}
    assert study.post(f"/api/answers/{exercise.id}", body, token=token).status == 200


def test_each_learner_gets_their_own_plan(study: Study, course: Course) -> None:
    one, other = study.token("計画する人"), study.token("計画しない人")
    pledge(study, course, one, "=窓口の<b>人", "own-plan-1")
    assert "=窓口の&lt;b&gt;人" in get(study, "/my/plan", one).text
    assert "窓口の" not in get(study, "/my/plan", other).text
    book = load_workbook(BytesIO(get(study, "/my/plan.xlsx", one).body))
    assert book.active is not None
    cell = book.active["B3"]
    assert (cell.value, cell.data_type) == ("=窓口の<b>人", "s")
    events = Calendar.from_ical(get(study, "/my/plan.ics", one).body).walk("VEVENT")
    assert len(events) == 4
    assert get(study, "/my/plan.xlsx", other).status == 404
    assert get(study, "/my/plan.ics", other).status == 404


def test_files_come_as_files_and_nothing_is_kept(study: Study, course: Course) -> None:
    token = study.token("受け取る人")
    pledge(study, course, token, "窓口の人", "own-plan-2")
    for ending, kind in (("xlsx", "spreadsheetml"), ("ics", "text/calendar")):
        found = get(study, f"/my/plan.{ending}", token)
        assert kind in found.headers["Content-Type"]
        name = f'attachment; filename="dx-my-plan.{ending}"'
        assert found.headers["Content-Disposition"] == name
    for path in ALL:
        found = get(study, path, token)
        assert found.status == 200, path
        assert found.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in found.headers


@pytest.mark.parametrize("path", ALL)
def test_a_token_that_was_not_made_here_gets_nothing(study: Study, path: str) -> None:
    assert get(study, path, "not.a.token").status == 401


@pytest.mark.parametrize("path", ALL)
def test_another_site_gets_nothing(study: Study, path: str) -> None:
    assert study.ask(path, headers={"Origin": "http://evil.example"}).status == 403
    assert study.ask(path, headers={"Host": "evil.example"}).status == 421
    assert study.post(path, {}).status == 405


@pytest.mark.parametrize(
    "path",
    [
        "/my",
        "/my/",
        "/my/plan.html",
        "/my/before-after/before-course/no-such",
        "/my/before-after/before-course/plan-class",
        "/my/before-after/../../api/learner",
        "/my/before-after/before-course",
    ],
)
def test_what_is_not_there_is_not_found(study: Study, path: str) -> None:
    assert get(study, path).status == 404


def test_the_certificate_comes_when_every_exercise_is_answered(study: Study) -> None:
    found = get(study, "/my/certificate", study.token("始めたばかり"))
    assert "修了証は" in found.text
    assert "<article" not in found.text
