"""Items that bear on each other are tried and settled as one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dxcourse.answers import AttemptsUsed, FileStore, Reply, submit
from dxcourse.exercises import AnyExercise, parse

PLAN: dict[str, Any] = {
    "kind": "schedule",
    "id": "plan",
    "title": "題",
    "attempts": 2,
    "months": ["10月", "11月", "12月"],
    "items": [
        {
            "id": "first",
            "text": "契約",
            "length": 1,
            "start": "10月",
            "rules": {"deadline": {"month": "11月", "note": "いつ？"}},
        },
        {
            "id": "then",
            "text": "切替",
            "length": 1,
            "start": "11月",
            "rules": {"needs": {"first": "契約は？"}, "deadline": {"month": "11月", "note": "？"}},
        },
    ],
}


@pytest.fixture
def plan() -> AnyExercise:
    return parse(PLAN)


def _give(plan: AnyExercise, folder: Path, *starts: int) -> Reply:
    answer = {"items": {i.ref: s for i, s in zip(plan.items, starts, strict=False)}}
    store = FileStore(folder / "answers.jsonl")
    return submit(plan, answer, store=store, learner="a", where="test")


def test_a_right_item_stays_open_while_another_is_wrong(plan: AnyExercise, tmp_path: Path) -> None:
    reply = _give(plan, tmp_path, 1, 1)
    first, then = (reply.items[item.ref] for item in plan.items)
    assert (first.result.points, then.result.points) == (1, 0.5)
    assert (first.key, then.key) == (None, None)
    better = _give(plan, tmp_path, 0, 1)
    assert better.points == better.max_points == 2
    assert [better.items[item.ref].key for item in plan.items] == [0, 1]


def test_a_change_in_one_item_is_a_try_of_all(plan: AnyExercise, tmp_path: Path) -> None:
    assert {each.tries_left for each in _give(plan, tmp_path, 1, 1).items.values()} == {1}
    assert {each.tries_left for each in _give(plan, tmp_path, 1, 1).items.values()} == {1}
    last = _give(plan, tmp_path, 1, 2)
    assert {each.tries_left for each in last.items.values()} == {0}
    assert [last.items[item.ref].key for item in plan.items] == [0, 1]
    with pytest.raises(AttemptsUsed):
        _give(plan, tmp_path, 0, 2)


def test_a_plan_without_collisions_is_settled_though_it_is_not_the_sample(tmp_path: Path) -> None:
    then = {**PLAN["items"][1], "rules": {"needs": {"first": "契約は？"}}}
    loose = parse({**PLAN, "items": [PLAN["items"][0], then]})
    reply = _give(loose, tmp_path, 1, 2)
    assert reply.points == reply.max_points
    assert [reply.items[item.ref].key for item in loose.items] == [0, 1]
