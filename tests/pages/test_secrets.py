"""Before a learner has answered, no page and no reply holds a key or a feedback."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dxcourse.answers import FileStore
from dxcourse.notebook_calls import lesson_style
from dxcourse.pages.app import CourseServer
from dxcourse.pages.site import CourseSite
from dxcourse.web.identity import LocalIdentity
from dxcourse.web.settings import LocalSettings
from support.canaries import CANARY, SONG, heard, plant
from support.chromium import addresses
from support.study import HEADER, Study

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dxcourse.course import Course

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]

EXERCISE = "ex-choice"
# Every address the server knows, as a pattern of its own table, with what to ask there.
ASKED = {
    "/": ["/"],
    "/mine": ["/mine"],
    "/search": ["/search", "/search?q=right"],
    "/routes/([a-z0-9-]+)": ["/routes/one"],
    "/(?:modules|appendix)/[A-Za-z0-9_-]+": ["/modules/00"],
    "/apps/[A-Za-z0-9_-]+": ["/apps/one"],
    # A file of what would else stand in the page; the small course has no picture so large.
    r"/(?:modules|appendix|apps)/[A-Za-z0-9_-]+/pictures/([0-9a-f]{12})/([0-9a-f]{8})\.svg": [
        "/modules/00/pictures/000000000000/00000000.svg"
    ],
    "/static/([0-9a-f]{12})/([a-z.]+)": ["course.css", "exercise.js", "page.js", "own.js"],
    "/api/learner": ["/api/learner"],
    "/api/answers/([A-Za-z0-9_.-]+)": [f"/api/answers/{EXERCISE}"],
    "/api/afresh": ["/api/afresh"],
    "/my/plan": ["/my/plan"],
    r"/my/plan\.(xlsx|ics)": ["/my/plan.xlsx", "/my/plan.ics"],
    "/my/certificate": ["/my/certificate"],
    "/my/before-after/([A-Za-z0-9_.-]+)/([A-Za-z0-9_.-]+)": [
        f"/my/before-after/{EXERCISE}/ex-order"
    ],
    "/my/said/([A-Za-z0-9_.-]+)": [f"/my/said/{EXERCISE}"],
    r"/my/end/(\d\d)": ["/my/end/00"],
    "/my/route/([a-z0-9-]+)": ["/my/route/one"],
    "/my/home": ["/my/home"],
    "/my/page": ["/my/page"],
    r"/my/words\.xlsx": ["/my/words.xlsx"],
    "/healthz": ["/healthz"],
    "/readyz": ["/readyz"],
}


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Course, Study]]:
    folder = tmp_path_factory.mktemp("planted")
    course = plant(folder / "course")
    study = Study(course.root, folder / "answers", folder / "cache").start()
    yield course, study
    study.stop()


def everything(study: Study, version: str) -> dict[str, str]:
    """Every reply to every address, however it is asked."""
    said = {}
    for pattern, paths in ASKED.items():
        for path in paths:
            at = path if path.startswith("/") else f"/static/{version}/{path}"
            found = study.ask(at)
            said[f"GET {at}"] = found.body.decode("utf-8", "replace") + str(found.headers)
            if pattern.startswith("/static"):
                assert found.status == 200
    for path in ("/api/learner", "/api/afresh", f"/api/answers/{EXERCISE}"):
        for body in ({}, {"name": "n"}, {"id": "x" * 8, "answer": {}}, {"id": "x", "answer": None}):
            found = study.post(path, body)
            said[f"POST {path} {body}"] = found.text + str(found.headers)
    return said


def test_the_list_of_addresses_above_is_the_servers_own(planted: tuple[Course, Study]) -> None:
    course, study = planted
    store = FileStore(study.answers.with_name("unused.jsonl"))
    site = CourseSite(
        root=course.root,
        store=store,
        learners=LocalIdentity("s", "me"),
        hosts=frozenset(),
        settings=LocalSettings.usual(),
    )
    app = CourseServer(site, announce=print)
    patterns = {str(row[0]) for row in app.init_handlers()}
    site.writer.close()
    assert patterns == set(ASKED)


def test_no_page_and_no_reply_holds_a_key_or_a_feedback_before_it_is_answered(
    planted: tuple[Course, Study],
) -> None:
    course, study = planted
    version = study.ask("/").text.partition("/static/")[2].partition("/")[0]
    exercises = list(course.exercises.values())
    said = everything(study, version)
    assert "ex-choice" in said["GET /modules/00"]
    assert "選択肢のright" in said["GET /apps/one"]
    assert {
        where: heard(text, exercises) for where, text in said.items() if heard(text, exercises)
    } == {}


def test_a_wrong_answer_is_told_its_own_feedback_and_no_key(planted: tuple[Course, Study]) -> None:
    course, study = planted
    token = study.token("wrong")
    for exercise in course.exercises.values():
        if exercise.max_points == 0:
            continue
        answer = {"items": {item.ref: wrong(exercise, item) for item in exercise.items}}
        data = {"id": f"wrong-{exercise.id}", "answer": answer}
        reply = study.post(f"/api/answers/{exercise.id}", data, token=token).json()["reply"]
        keys = exercise.model_answer()["items"]
        for ref, told in reply["items"].items():
            assert told["key"] is None
            texts = {remark["text"] for remark in told["result"]["remarks"]}
            assert f"{CANARY}：right" not in texts
            if exercise.kind != "schedule":
                assert (
                    keys.get(ref) is None or told["result"]["points"] < told["result"]["max_points"]
                )


def wrong(exercise: Any, item: Any) -> Any:  # noqa: PLR0911  -- a case a kind
    """A valid value that is not the key."""
    match exercise.kind:
        case "choice":
            return item.options[-1].ref
        case "multichoice":
            return [item.options[-1].ref]
        case "classify":
            return {"bin": exercise.bins[-1].ref, "evidence": [exercise.evidence[-1].ref]}
        case "order":
            return [thing.ref for thing in reversed(item.things)]
        case "match":
            return exercise.answers[-1].ref
        case "number":
            return 1
        case "schedule":
            return 3
    raise AssertionError(exercise.kind)


def test_feedback_that_waits_for_another_exercise_is_not_told(study: Study, course: Course) -> None:
    token = study.token("waits")
    exercise = course.exercises["before-course"]
    answer = exercise.model_answer()
    study.post(
        f"/api/answers/{exercise.id}", {"id": "before-it-is-time", "answer": answer}, token=token
    )
    said = study.ask("/api/learner", headers={HEADER: token}).text
    assert exercise.id in said
    for result in exercise.score(answer).items.values():
        for remark in result.remarks:
            assert remark.text not in said
    told = study.state(token)["replies"][exercise.id]
    assert told["points"] == 0
    assert all(item["key"] is None for item in told["items"].values())


def test_the_real_courses_feedback_is_on_none_of_its_pages(study: Study, course: Course) -> None:
    said = "".join(study.ask(path).text for path in addresses(course))
    said += study.ask("/api/learner").text
    for exercise in course.exercises.values():
        texts = feedback(exercise.model_dump(mode="json"))
        assert [text for text in texts if text in said] == []


def feedback(part: Any, *, told: bool = False) -> list[str]:
    """Every text within an exercise's feedback."""
    if isinstance(part, str):
        return [part] if told and len(part) > 15 else []
    if isinstance(part, list):
        return [text for each in part for text in feedback(each, told=told)]
    if isinstance(part, dict):
        return [
            text
            for name, each in part.items()
            if name != "fact"
            for text in feedback(
                each, told=told or name in {"feedback", "closing", "mirror", "rules"}
            )
        ]
    return []


def test_the_sheet_and_the_script_know_no_exercise() -> None:
    assert not SONG.search(lesson_style())
