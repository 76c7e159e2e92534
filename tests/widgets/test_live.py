"""The exercise as a widget: what becomes of an answer, and what the front end is given."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from dxcourse import notebook_calls as lesson
from dxcourse import settings
from dxcourse.answers import FileStore, StoreError
from dxcourse.exercises import AnyExercise, parse
from dxcourse.widgets.live import ExerciseWidget

if TYPE_CHECKING:
    from pathlib import Path

    from dxcourse.course import Course

HIDDEN = "HIDDEN"


@pytest.fixture
def exercise() -> AnyExercise:
    options = [
        {"id": f"{HIDDEN}-{name}", "text": name, "correct": name == "right", "feedback": HIDDEN}
        for name in ("right", "wrong", "other")
    ]
    fields = {"kind": "choice", "id": "a-choice", "title": "題", "prompt": "問い", "attempts": 1}
    return parse({**fields, "options": options})


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "answers.jsonl")


@pytest.fixture
def widget(exercise: AnyExercise, store: FileStore) -> ExerciseWidget:
    return ExerciseWidget(
        exercise, store=store, learner="kacho", where="notebook", reply=None, on_stored=lambda: None
    )


def give(widget: ExerciseWidget, text: str, ticket: str = "ticket-1") -> None:
    """What the front end does when an option is chosen and sent."""
    item = widget.exercise["items"][0]
    ref = next((option["ref"] for option in item["options"] if option["text"] == text), text)
    widget.outbox = {"id": ticket, "answer": {"items": {item["ref"]: ref}}}


def told(widget: ExerciseWidget) -> dict[str, Any]:
    """All that the front end has."""
    return {name: getattr(widget, name) for name in ("exercise", "seed", "reply", "status")}


def test_an_answer_is_stored_and_then_said_to_be(widget: ExerciseWidget, store: FileStore) -> None:
    give(widget, "wrong")
    assert widget.status == {"id": "ticket-1", "state": "saved"}
    (record,) = store.records()
    assert (record.learner, record.where, record.id) == ("kacho", "notebook", "ticket-1")
    (item,) = widget.reply["items"].values()
    assert item["result"]["mark"] == "wrong"


def test_the_same_letter_sent_twice_is_stored_once(
    widget: ExerciseWidget, store: FileStore
) -> None:
    give(widget, "wrong")
    widget._take({"new": widget.outbox})
    assert len(list(store.records())) == 1
    assert widget.status["state"] == "saved"


def test_a_reply_names_the_answer_that_it_is_to(widget: ExerciseWidget) -> None:
    for ticket in ("ticket-1", "ticket-2"):  # the same option: stored once, replied to twice
        give(widget, "wrong", ticket)
        assert (widget.reply["id"], widget.status["id"]) == (ticket, ticket)


def test_an_answer_without_tries_left_is_spent(widget: ExerciseWidget, store: FileStore) -> None:
    give(widget, "wrong")
    give(widget, "right", "ticket-2")
    assert widget.status == {"id": "ticket-2", "state": "spent"}
    assert len(list(store.records())) == 1


def test_an_answer_that_does_not_fit_is_refused(widget: ExerciseWidget, store: FileStore) -> None:
    give(widget, "no such option")
    assert widget.status["state"] == "refused"
    assert widget.status["message"]
    assert widget.reply is None
    assert list(store.records()) == []


def test_what_cannot_be_stored_waits(
    widget: ExerciseWidget, store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: object) -> None:
        raise StoreError("the disk is full; free some")

    monkeypatch.setattr(store, "append", full)
    give(widget, "wrong")
    assert widget.status["state"] == "waiting"
    assert widget.reply is None
    monkeypatch.undo()
    give(widget, "wrong", "ticket-2")
    assert widget.status == {"id": "ticket-2", "state": "saved"}


def test_the_front_end_has_neither_key_nor_feedback_before_an_answer(
    widget: ExerciseWidget,
) -> None:
    before = json.dumps([told(widget), widget.get_state()], default=str, ensure_ascii=False)
    assert HIDDEN not in before
    assert "correct" not in json.dumps(widget.exercise)
    give(widget, "wrong")
    assert HIDDEN in json.dumps(told(widget), ensure_ascii=False)


@pytest.fixture
def seat(course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FileStore:
    """A kernel in the course's folder, and where its answers go."""
    monkeypatch.chdir(course.root / "notebooks")
    monkeypatch.setenv(settings.ANSWERS_VARIABLE, str(tmp_path / "answers.jsonl"))
    monkeypatch.setenv("JUPYTERHUB_USER", "kacho")
    # nbgrader leaves its own in this process when a step of it raises.
    gone = ("VOILA_KERNEL_ID", "SERVER_SOFTWARE", "NBGRADER_EXECUTION", settings.RENDER_VARIABLE)
    for name in gone:
        monkeypatch.delenv(name, raising=False)
    return FileStore(tmp_path / "answers.jsonl")


@pytest.mark.parametrize(
    ("environ", "learner", "where"),
    [
        ({}, "kacho", "notebook"),
        ({"VOILA_KERNEL_ID": "1"}, "visitor-", "voila"),
        ({"SERVER_SOFTWARE": "voila/0.5.13"}, "visitor-", "voila"),
        ({"SERVER_SOFTWARE": "nginx"}, "kacho", "notebook"),
    ],
)
def test_only_stock_voila_takes_its_learner_for_a_passing_visitor(
    seat: FileStore,
    monkeypatch: pytest.MonkeyPatch,
    environ: dict[str, str],
    learner: str,
    where: str,
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    shown = lesson.exercise("bpr-before")
    assert isinstance(shown, ExerciseWidget)
    give(shown, shown.exercise["items"][0]["options"][0]["text"])
    (record,) = seat.records()
    assert record.learner.startswith(learner)
    assert record.where == where


@pytest.mark.usefixtures("seat")
def test_two_assignments_that_ask_the_same_have_drafts_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A draft is kept by the browser, by seed and exercise."""
    seeds = set()
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "exercises.yaml").write_text(
            "- {kind: opinion, id: q1, title: ひと言}\n", encoding="utf-8"
        )
        monkeypatch.chdir(tmp_path / name)
        shown = lesson.exercise("q1")
        assert isinstance(shown, ExerciseWidget)
        seeds.add(shown.seed)
    assert len(seeds) == 2


@pytest.mark.usefixtures("seat")
def test_in_a_notebook_an_exercise_prints_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    shown = lesson.exercise("bpr-before")
    assert isinstance(shown, ExerciseWidget)
    shown_as = shown._repr_mimebundle_()
    assert shown_as is not None
    assert "application/vnd.jupyter.widget-view+json" in shown_as[0]
    assert capsys.readouterr() == ("", "")
