from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dxcourse.notebook_calls.calls import NotebookSession
from dxcourse.widgets.live import ExerciseWidget, OwnWidget, here

if TYPE_CHECKING:
    from pathlib import Path

    from support.learner import Learner


def _widget(learner: Learner, exercise: str, session: NotebookSession) -> ExerciseWidget:
    return ExerciseWidget(
        learner.course.exercise(exercise),
        store=learner.store,
        learner=learner.name,
        where="notebook",
        reply=None,
        on_stored=session.stored,
    )


def test_it_follows_what_is_stored_in_its_kernel(learner: Learner) -> None:
    session, other = NotebookSession(), NotebookSession()
    shown, elsewhere = (OwnWidget(lambda _: str(sorted(learner.replies))) for _ in range(2))
    session.follow(shown)
    other.follow(elsewhere)
    assert shown.children[-1].value == "[]"
    widget = _widget(learner, "first", session)
    ref = learner.course.exercise("first").items[0].ref
    widget.outbox = {"id": "abcdefgh", "answer": {"items": {ref: "一文"}}}
    assert widget.status["state"] == "saved"
    assert shown.children[-1].value == "['first']"
    assert elsewhere.children[-1].value == "[]"


def test_what_was_refused_changes_nothing(learner: Learner) -> None:
    times: list[str] = []

    def show(name: str) -> str:
        times.append(name)
        return ""

    session = NotebookSession()
    kept = OwnWidget(show)
    session.follow(kept)
    widget = _widget(learner, "first", session)
    widget.outbox = {"id": "abcdefgh", "answer": {"items": {"no": 1}}}
    assert widget.status["state"] == "refused"
    assert len(times) == 1
    session.stored()
    assert len(times) == 2


def test_a_name_is_shown_as_it_is_typed_and_cut(learner: Learner) -> None:
    shown = OwnWidget(lambda name: f"{name}:{learner.name}", name_label="お名前")
    field, html = shown.children
    assert field.description == "お名前"
    field.value = "山" * 50
    assert html.value == "山" * 40 + ":課長"


def test_answers_are_where_the_learner_has_them(
    learner: Learner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DXCOURSE_ANSWERS", str(tmp_path / "here.jsonl"))
    monkeypatch.setenv("JUPYTERHUB_USER", "kacho")
    assert here(learner.course)[1:] == ("kacho", "notebook")
    monkeypatch.setenv("VOILA_KERNEL_ID", "1")
    _, visitor, where = here(learner.course)
    assert visitor.startswith("visitor-")
    assert where == "voila"
