"""Items that are given one by one, in several windows, are laid over what stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dxcourse.answers import AttemptsUsed, FileStore, SqlStore, replies, submit
from dxcourse.exercises import parse
from dxcourse.exercises.load import load_bank

if TYPE_CHECKING:
    from pathlib import Path

    from dxcourse.answers import Reply, Store
    from dxcourse.exercises import AnyExercise

BANK = """
- kind: choice
  id: before
  title: 前
  reveal_after: after
  items: &items
    - {id: one, text: 一, options: [{id: a, text: あ, correct: true}, {id: b, text: い}]}
    - {id: two, text: 二, options: [{id: a, text: あ, correct: true}, {id: b, text: い}]}
- kind: choice
  id: after
  title: 後
  attempts: 1
  items: *items
"""


@pytest.fixture
def bank(tmp_path: Path) -> dict[str, AnyExercise]:
    file = tmp_path / "bank.yaml"
    file.write_text(BANK, encoding="utf-8")
    return dict(load_bank([file], None, tmp_path).exercises)


@pytest.fixture(params=["file", "sql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "file":
        return FileStore(tmp_path / "answers.jsonl")
    return SqlStore(f"sqlite:///{tmp_path / 'answers.sqlite'}")


def give(store: Store, exercise: AnyExercise, items: dict[str, Any], **more: Any) -> Reply:
    return submit(
        exercise,
        {"items": items},
        store=store,
        learner="hanako",
        where="page",
        partial=True,
        **more,
    )


def test_items_given_one_by_one_make_one_answer(bank: dict[str, AnyExercise], store: Store) -> None:
    exercise = bank["after"]
    first, second = exercise.items
    values = exercise.model_answer()["items"]
    give(store, exercise, {first.ref: values[first.ref]})
    reply = give(store, exercise, {second.ref: values[second.ref]})
    assert reply.answer == {"items": values}
    assert [record.answer for record in store.history("hanako", "after")][-1] == {"items": values}
    assert reply.complete


def test_an_item_that_is_left_out_is_not_held_to_its_tries(
    bank: dict[str, AnyExercise], store: Store
) -> None:
    exercise = bank["after"]
    first, second = exercise.items
    give(store, exercise, {first.ref: first.options[0].ref})
    give(store, exercise, {second.ref: second.options[0].ref})
    with pytest.raises(AttemptsUsed):
        give(store, exercise, {first.ref: first.options[1].ref})
    whole = submit(
        parse({"kind": "opinion", "id": "words", "title": "言葉"}),
        {"items": {}},
        store=store,
        learner="hanako",
        where="page",
    )
    assert not whole.complete


def test_feedback_that_waits_comes_when_all_it_waits_for_is_answered(
    bank: dict[str, AnyExercise], store: Store
) -> None:
    before, after = bank["before"], bank["after"]
    keys = before.model_answer()["items"]
    assert give(store, before, keys).held
    first, second = after.items
    give(store, after, {first.ref: first.options[0].ref})
    assert replies(bank, store, "hanako")["before"].held  # the second question is still to come
    assert give(store, before, keys).held
    give(store, after, {second.ref: second.options[0].ref})
    assert not replies(bank, store, "hanako")["before"].held
    assert not give(store, before, keys).held
