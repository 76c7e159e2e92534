from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dxcourse.widgets.live import ExerciseWidget
from dxcourse.widgets.own import OwnWidget, here

if TYPE_CHECKING:
    from pathlib import Path

    from support.learner import Learner


def _widget(learner: Learner, exercise: str) -> ExerciseWidget:
    return ExerciseWidget(
        learner.course.exercise(exercise),
        store=learner.store,
        learner=learner.name,
        where="notebook",
        reply=None,
    )


def test_it_follows_what_is_stored_in_its_kernel(learner: Learner) -> None:
    shown = OwnWidget(lambda _: str(sorted(learner.replies)))
    assert shown.children[-1].value == "[]"
    widget = _widget(learner, "first")
    ref = learner.course.exercise("first").items[0].ref
    widget.outbox = {"id": "abcdefgh", "answer": {"items": {ref: "一文"}}}
    assert widget.status["state"] == "saved"
    assert shown.children[-1].value == "['first']"


def test_what_was_refused_changes_nothing(learner: Learner) -> None:
    times: list[str] = []

    def show(name: str) -> str:
        times.append(name)
        return ""

    kept = OwnWidget(show)
    widget = _widget(learner, "first")
    widget.outbox = {"id": "abcdefgh", "answer": {"items": {"no": 1}}}
    assert widget.status["state"] == "refused"
    assert len(times) == 1
    assert kept in OwnWidget.shown


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
