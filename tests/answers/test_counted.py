"""What is stored again, what is a try, and what is no answer at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dxcourse.answers import AttemptsUsed, Store, begin_afresh, submit
from dxcourse.answers.log import OVERTAKEN
from dxcourse.exercises import AnswerError, AnyExercise, parse
from support.records import NOW, choice, entry, put
from support.records import give as give_items


def classify() -> AnyExercise:
    return parse(
        {
            "kind": "classify",
            "id": "sort",
            "title": "題",
            "attempts": 2,
            "bins": [{"id": "now", "text": "いま"}, {"id": "later", "text": "あと"}],
            "sureness": ["勘", "確か"],
            "reasons": True,
            "items": [{"id": "a", "text": "あ", "bin": "now"}],
        }
    )


def opinion(limit: int = 10) -> AnyExercise:
    return parse({"kind": "opinion", "id": "say", "title": "題", "max_length": limit})


def give(  # noqa: PLR0913
    store: Store,
    exercise: AnyExercise,
    value: Any,
    *,
    where: str = "page",
    entry_id: str | None = None,
    over: int | None = None,
) -> Any:
    ref = exercise.items[0].ref
    return submit(
        exercise,
        {"items": {ref: value}},
        store=store,
        learner="hanako",
        where=where,
        entry_id=entry_id,
        over=over,
        partial=True,
    )


def texts(store: Store) -> list[str]:
    """What was stored, in its order; 「－」 for a fresh beginning."""
    found = [record.answer for record in store.history("hanako")]
    return ["－" if answer is None else "".join(answer["items"].values()) for answer in found]


def test_confidence_and_reasons_are_no_try(store: Store) -> None:
    exercise = classify()
    item = exercise.items[0].ref
    later, now = exercise.bins[1].ref, exercise.bins[0].ref  # type: ignore[attr-defined]
    for value in ({"bin": later}, {"bin": later, "sure": 1}, {"bin": later, "reason": "急ぐ"}):
        reply = give(store, exercise, value)
        assert (reply.items[item].tries, reply.items[item].tries_left) == (1, 1)
    assert give(store, exercise, {"bin": now, "sure": 0}).items[item].tries_left == 0
    assert give(store, exercise, {"bin": now, "sure": 1}).answer["items"][item]["sure"] == 1
    with pytest.raises(AttemptsUsed):
        give(store, exercise, {"bin": later, "sure": 1})


def test_a_reason_alone_is_no_try(store: Store) -> None:
    exercise = classify()
    reply = give(store, exercise, {"reason": "まだ迷う"})
    assert reply.items[exercise.items[0].ref].tries_left == 2


def test_an_answer_that_did_not_change_is_stored_once(store: Store) -> None:
    exercise = opinion()
    attempts = [give(store, exercise, text).attempt for text in ("あ", "あ", " あ\n", "い", "あ")]
    assert attempts == [1, 1, 1, 2, 3]
    assert len(store.history("hanako")) == 3
    assert give(store, exercise, "あ", where="notebook").attempt == 4


def test_an_unchanged_answer_that_comes_again_late_is_not_stored_over_what_came_since(
    store: Store,
) -> None:
    """It left no id in the record: sent again, it says which attempt its giver knew."""
    exercise = opinion()
    give(store, exercise, "あ")
    give(store, exercise, "あ", entry_id="unchanged")  # whose reply is lost
    give(store, exercise, "い")  # in another window
    late = give(store, exercise, "あ", entry_id="unchanged", over=1)
    assert texts(store) == ["あ", "い"]
    assert (late.id, late.attempt, late.answer["items"]) == (
        "unchanged",
        2,
        {exercise.items[0].ref: "い"},
    )
    give(store, exercise, "う", entry_id="on-its-way", over=1)  # a change, whenever it comes
    give(store, exercise, "い", entry_id="back-again", over=3)  # as it was before: a change, too
    give(store, exercise, "う")  # who presses anew means it
    assert texts(store) == ["あ", "い", "う", "い", "う"]


def test_an_unchanged_answer_that_comes_again_late_ends_no_fresh_beginning(store: Store) -> None:
    exercise = opinion()
    give(store, exercise, "あ")
    begin_afresh({exercise.id: exercise}, store=store, learner="hanako", where="page")
    give(store, exercise, "あ", entry_id="unchanged", over=1)
    assert texts(store) == ["あ", "－"]
    give(store, exercise, "あ", entry_id="given-anew", over=2)
    assert texts(store) == ["あ", "－", "あ"]


def test_one_item_that_comes_again_late_takes_back_no_other(store: Store) -> None:
    plan = choice()
    one, two, back = give_items(plan, a="yes"), give_items(plan, b="no"), give_items(plan, a="no")
    for answer in (one, two, back):
        submit(plan, answer, store=store, learner="sato", where="page", partial=True)
    assert len(store.history("sato")) == 3
    for over in (1, 2):
        reply = submit(
            plan, one, store=store, learner="sato", where="page", partial=True, over=over
        )
        assert reply.answer["items"] == {**back["items"], **two["items"]}
    assert len(store.history("sato")) == 3


@pytest.mark.parametrize(
    "text", ["\ud800", "\u200b\u200d", "\ufeff \u3000", "\u3164", "\x00", "　"]
)
def test_what_nobody_can_see_is_refused_and_not_called_saved(store: Store, text: str) -> None:
    with pytest.raises(AnswerError, match="見える文字がない"):
        give(store, opinion(), text)
    assert store.history("hanako") == []


@pytest.mark.parametrize(
    "sign",
    [
        "👨\u200d👩\u200d👧\u200d👦",
        "か\u3099",
        "葛\U000e0100",
        "🇯🇵",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    ],
)
def test_characters_are_counted_as_people_do(store: Store, sign: str) -> None:
    exercise = opinion(10)
    ref = exercise.items[0].ref
    assert give(store, exercise, sign * 10).answer["items"][ref] == sign * 10
    with pytest.raises(AnswerError, match="11 characters"):
        give(store, exercise, sign * 11)


def test_signs_piled_on_one_letter_are_no_way_round_the_limit(store: Store) -> None:
    with pytest.raises(AnswerError, match="at most 10"):
        give(store, opinion(10), "e" + "\u0301" * 5000)


def test_times_do_not_go_back_where_writers_overtook_each_other(store: Store) -> None:
    first = put(store, entry(minutes=1))[0]
    wait = entry(minutes=1)
    wait = replace(wait, time=first.time - OVERTAKEN / 2)
    assert put(store, wait)[0].time == first.time
    assert put(store, entry(minutes=0))[0].time == NOW  # a clock that was put right stays right
    assert timedelta(minutes=1) > OVERTAKEN
