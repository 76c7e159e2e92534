"""The way in for an answer, and what the learner is told of it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest

from dxcourse.answers import (
    Appended,
    AttemptsUsed,
    Refused,
    Reply,
    begin_afresh,
    new_id,
    prepare,
    replies,
    reply_from,
    submit,
)
from dxcourse.exercises import AnswerError, parse
from support.records import NOW, both_stores, choice, entry, give, put

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dxcourse.answers import Store
    from dxcourse.exercises import AnyExercise


def hand_in(store: Store, exercise: AnyExercise, answer: Any, entry_id: str | None = None) -> Reply:
    return submit(
        exercise, answer, store=store, learner="sato", where="test", now=NOW, entry_id=entry_id
    )


def told(exercise: AnyExercise, reply: Reply) -> dict[str, tuple[str, int, int | None, bool]]:
    """Give, for each item that was answered: mark, tries, tries left, whether the key is there."""
    names = {item.ref: item.id for item in exercise.items}
    return {
        names[ref]: (item.result.mark.value, item.tries, item.tries_left, item.key is not None)
        for ref, item in reply.items.items()
    }


def mapping(*exercises: AnyExercise) -> Mapping[str, AnyExercise]:
    return {exercise.id: exercise for exercise in exercises}


def test_an_answer_is_stored_and_replied_to(store: Store) -> None:
    plan = choice(closing="おわり")
    reply = hand_in(store, plan, give(plan, a="yes", b="no"))
    assert (reply.points, reply.max_points, reply.attempt, reply.held) == (1, 2, 1, False)
    assert (reply.complete, reply.closing and reply.closing.text) == (True, "おわり")
    assert told(plan, reply) == {"a": ("right", 1, 2, True), "b": ("wrong", 1, 2, False)}
    (record,) = store.history("sato", "plan")
    assert (record.answer, record.time, record.where) == (reply.answer, NOW, "test")
    assert reply == reply_from(plan, store, "sato") == replies(mapping(plan), store, "sato")["plan"]
    assert Reply.model_validate(reply.message()) == reply


def test_practice_has_tries_and_a_key_at_their_end_and_no_points(store: Store) -> None:
    options = [{"id": "yes", "text": "はい", "correct": True}, {"id": "no", "text": "いいえ"}]
    item = {
        "id": "a",
        "text": "問い",
        "points": 0,
        "options": [*options, {"id": "x", "text": "別"}],
    }
    plan = choice(attempts=2, items=[item])
    for chosen, left, key in (("no", 1, False), ("x", 0, True)):
        reply = hand_in(store, plan, give(plan, a=chosen))
        assert told(plan, reply)["a"][0] == "wrong"
        assert told(plan, reply)["a"][2:] == (left, key)
        assert (reply.points, reply.max_points) == (0, 0)
    with pytest.raises(AttemptsUsed):
        hand_in(store, plan, give(plan, a="yes"))


def test_the_clock_is_read_where_no_time_is_given(store: Store) -> None:
    plan = choice()
    before = datetime.now(timezone.utc)  # noqa: UP017  -- as a caller might
    submit(plan, give(plan, a="no"), store=store, learner="sato", where="test")
    assert before <= store.history("sato")[0].time <= datetime.now(before.tzinfo)


def test_a_part_of_an_answer_is_an_answer(store: Store) -> None:
    plan = choice(closing="おわり")
    reply = hand_in(store, plan, give(plan, a="yes"))
    assert (reply.complete, reply.closing, set(told(plan, reply))) == (False, None, {"a"})
    reply = hand_in(store, plan, {"items": {}})
    assert (reply.attempt, reply.items, reply.points) == (2, {}, 0)


def test_what_does_not_fit_is_not_stored(store: Store) -> None:
    plan = choice()
    for wrong in (None, {}, {"items": {"x": 1}}, {"items": {plan.items[0].ref: "x"}}):
        with pytest.raises(AnswerError):
            hand_in(store, plan, wrong)
    with pytest.raises(ValueError, match="id"):
        hand_in(store, plan, {"items": {}}, "no id")
    assert list(store.records()) == []


def test_an_item_has_so_many_tries(store: Store) -> None:
    plan = choice(attempts=2)
    hand_in(store, plan, give(plan, a="no"))
    assert hand_in(store, plan, give(plan, a="no", b="no")).items  # a is as it was: no try
    reply = hand_in(store, plan, give(plan, a="maybe", b="no"))
    assert told(plan, reply) == {"a": ("wrong", 2, 0, True), "b": ("wrong", 1, 1, False)}
    for changed in (give(plan, a="yes", b="no"), give(plan, b="no"), give(plan, a="no", b="yes")):
        with pytest.raises(AttemptsUsed, match=r"plan：項目 .* の答え直しは終わって"):
            hand_in(store, plan, changed)
    assert reply_from(plan, store, "sato") == reply
    reply = hand_in(store, plan, give(plan, a="maybe", b="yes"))
    assert told(plan, reply) == {"a": ("wrong", 2, 0, True), "b": ("right", 2, 0, True)}
    assert reply.attempt == 4


def test_taking_a_value_back_gives_no_try_back(store: Store) -> None:
    plan = choice(attempts=2)
    hand_in(store, plan, give(plan, a="no"))
    hand_in(store, plan, give(plan))
    reply = hand_in(store, plan, give(plan, a="no"))
    assert told(plan, reply) == {"a": ("wrong", 2, 0, True)}
    with pytest.raises(AttemptsUsed):
        hand_in(store, plan, give(plan, a="yes"))


def test_the_last_try_is_given_once_whoever_comes_first(store: Store) -> None:
    plan = choice(attempts=2)

    def race(learner: str) -> list[bool]:
        barrier = threading.Barrier(4)

        def try_it(value: str) -> bool:
            barrier.wait()
            try:
                submit(plan, give(plan, a=value), store=store, learner=learner, where="test")
            except AttemptsUsed:
                return False
            return True

        with ThreadPoolExecutor(4) as pool:
            return list(pool.map(try_it, ("yes", "maybe", "yes", "maybe")))

    for learner in map(str, range(6)):
        submit(plan, give(plan, a="no"), store=store, learner=learner, where="test")
        outcomes = race(learner)
        yes, maybe = set(outcomes[::2]), set(outcomes[1::2])
        assert (yes, maybe) in (({True}, {False}), ({False}, {True}))  # a copy is no further try
        assert len(store.history(learner, "plan")) == 3


def test_an_exercise_without_limit_has_none(store: Store) -> None:
    plan = choice(attempts=None)
    for turn in range(10):
        reply = hand_in(store, plan, give(plan, a=("no", "maybe")[turn % 2]))
        assert told(plan, reply) == {"a": ("wrong", turn + 1, None, False)}
    assert told(plan, hand_in(store, plan, give(plan, a="yes"))) == {"a": ("right", 11, None, True)}


def test_what_is_not_marked_may_always_be_changed(store: Store) -> None:
    options = [{"id": name, "text": name} for name in ("no", "maybe")]
    poll = parse({"kind": "choice", "id": "poll", "title": "題", "attempts": 1, "options": options})
    refs = [option["ref"] for option in poll.public()["items"][0]["options"]]
    for turn in range(5):
        answer = {"items": {poll.items[0].ref: refs[turn % 2]}}
        reply = hand_in(store, poll, answer)
        assert told(poll, reply) == {"only": ("taken", turn + 1, None, False)}
        assert (reply.points, reply.max_points) == (0, 0)


def test_where_items_are_linked_a_try_is_one_of_all(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = choice(attempts=3)
    monkeypatch.setattr(type(plan), "linked", True)
    reply = hand_in(store, plan, give(plan, a="yes", b="no"))
    assert told(plan, reply) == {"a": ("right", 1, 2, False), "b": ("wrong", 1, 2, False)}
    reply = hand_in(store, plan, give(plan, a="yes"))  # to be judged without the other is a try
    assert told(plan, reply) == {"a": ("right", 2, 1, False)}
    reply = hand_in(store, plan, give(plan, a="yes", b="yes"))
    assert told(plan, reply) == {"a": ("right", 3, 0, True), "b": ("right", 2, 1, True)}


def test_an_answer_sent_twice_counts_once(store: Store) -> None:
    plan = choice(attempts=2)
    ticket = new_id()
    first = hand_in(store, plan, give(plan, a="no"), ticket)
    assert hand_in(store, plan, give(plan, a="no"), ticket) == first
    second = hand_in(store, plan, give(plan, a="maybe"))
    late = hand_in(store, plan, give(plan, a="no"), ticket)
    assert late == second.model_copy(update={"id": ticket})  # what is so now, said to that answer
    assert len(store.history("sato")) == 2


def test_an_answer_sent_again_after_a_fresh_beginning_has_its_reply(store: Store) -> None:
    plan = choice()
    ticket = new_id()
    first = hand_in(store, plan, give(plan, a="no"), ticket)
    begin_afresh(mapping(plan), store=store, learner="sato", where="test")
    assert hand_in(store, plan, give(plan, a="no"), ticket) == first
    assert replies(mapping(plan), store, "sato") == {}


def test_an_id_of_another_exercise_is_not_said_to_be_saved(store: Store) -> None:
    plan, team = choice(), choice("team")
    ticket = new_id()
    hand_in(store, team, give(team, a="no"))
    hand_in(store, plan, give(plan, a="no"), ticket)
    with pytest.raises(LookupError, match=f"id {ticket} was used before, for plan"):
        hand_in(store, team, give(team, a="yes"), ticket)


def test_there_is_no_reply_to_nothing(store: Store) -> None:
    with pytest.raises(LookupError, match="sato has not answered plan"):
        reply_from(choice(), store, "sato")
    assert replies(mapping(choice()), store, "sato") == {}


# -- held ------------------------------------------------------------------------------------


def test_feedback_waits_for_the_other_exercise(store: Store) -> None:
    before, after = choice("before", reveal_after="after", closing="おわり"), choice("after")
    reply = hand_in(store, before, give(before, a="yes", b="no"))
    assert (reply.held, reply.points, reply.max_points, reply.closing) == (True, 0, 2, None)
    assert told(before, reply) == {"a": ("taken", 1, 2, False), "b": ("taken", 1, 2, False)}
    assert "そのとおり" not in reply.model_dump_json()
    hand_in(store, after, {"items": {}})  # which answers nothing
    assert reply_from(before, store, "sato") == reply
    hand_in(store, after, give(after, a="no"))
    released = reply_from(before, store, "sato")
    assert (released.held, released.points) == (False, 1)
    assert told(before, released) == {"a": ("right", 1, 2, True), "b": ("wrong", 1, 2, False)}
    assert released.closing
    found = replies(mapping(before, after), store, "sato")
    assert found == {"before": released, "after": reply_from(after, store, "sato")}
    hand_in(store, after, {"items": {}})  # what was said stays said
    assert reply_from(before, store, "sato") == released
    begin_afresh(mapping(before, after), store=store, learner="sato", where="test")
    assert hand_in(store, before, give(before, a="yes")).held


def test_the_key_is_held_on_the_last_try_too(store: Store) -> None:
    before = choice("before", reveal_after="after", attempts=1)
    reply = hand_in(store, before, give(before, a="yes", b="no"))
    assert told(before, reply) == {"a": ("taken", 1, 0, False), "b": ("taken", 1, 0, False)}


# -- afresh, and rewritten -------------------------------------------------------------------


def test_beginning_afresh_gives_all_tries_and_keeps_the_record(store: Store) -> None:
    plan, team, other = choice(attempts=1), choice("team"), choice("other")
    course = mapping(plan, team, other)
    hand_in(store, plan, give(plan, a="no"))
    hand_in(store, team, give(team, a="no"))
    put(store, entry(exercise="elsewhere"), entry(learner="suzuki"))
    assert begin_afresh(course, store=store, learner="sato", where="page", now=NOW) == 2
    assert replies(course, store, "sato") == {}
    with pytest.raises(LookupError):
        reply_from(plan, store, "sato")
    assert begin_afresh(course, store=store, learner="sato", where="page", now=NOW) == 0
    reply = hand_in(store, plan, give(plan, a="yes"))
    assert (reply.attempt, told(plan, reply)) == (3, {"a": ("right", 1, 0, True)})
    assert len(store.history("sato", "plan")) == 3
    assert [record.answer for record in store.history("sato", "elsewhere")] != [None]
    assert len(store.history("suzuki")) == 1


def test_a_rewritten_exercise_is_met_afresh(store: Store) -> None:
    old = choice(attempts=1)
    hand_in(store, old, give(old, a="no", b="no"))
    options = [{"id": "yes", "text": "はい", "correct": True}, {"id": "new", "text": "新"}]
    items = [{"id": name, "text": name, "options": options} for name in ("a", "b")]
    new = choice(attempts=1, items=items)
    assert replies(mapping(new), store, "sato") == {}
    with pytest.raises(LookupError):
        reply_from(new, store, "sato")
    reply = hand_in(store, new, give(new, a="new"))  # the tries of before are not held against it
    assert (reply.attempt, told(new, reply)) == (2, {"a": ("wrong", 1, 0, True)})
    with pytest.raises(AttemptsUsed):
        hand_in(store, new, give(new, a="yes"))


def test_an_answer_that_fits_no_more_ends_those_before_it(store: Store) -> None:
    plan = choice(attempts=2)
    hand_in(store, plan, give(plan, a="no"))
    put(store, entry("no option any more"))
    assert replies(mapping(plan), store, "sato") == {}
    reply = hand_in(store, plan, give(plan, a="no"))
    assert told(plan, reply) == {"a": ("wrong", 1, 1, False)}


def test_an_exercise_rewritten_in_words_keeps_its_tries(store: Store) -> None:
    old = choice(attempts=1)
    hand_in(store, old, give(old, a="no"))
    new = choice(attempts=1, title="別の題", prompt="読みやすく")
    assert told(new, reply_from(new, store, "sato")) == {"a": ("wrong", 1, 0, True)}
    with pytest.raises(AttemptsUsed):
        hand_in(store, new, give(new, a="yes"))


def test_a_rewritten_exercise_is_begun_afresh_with_the_others(store: Store) -> None:
    before, after = choice("before", reveal_after="after"), choice("after")
    put(store, entry("no option any more", exercise="after"))
    assert not hand_in(store, before, give(before, a="yes")).held
    assert replies(mapping(after), store, "sato") == {}
    assert begin_afresh(mapping(before, after), store=store, learner="sato", where="test") == 2
    assert hand_in(store, before, give(before, a="yes")).held


# -- many together ---------------------------------------------------------------------------


def test_prepared_entries_are_stored_together(store: Store) -> None:
    plan = choice(attempts=1)
    group = [
        prepare(plan, give(plan, a=value), learner=learner, where="test")
        for learner, value in (("sato", "no"), ("suzuki", "yes"), ("sato", "yes"))
    ]
    outcomes = store.append(group)
    assert [type(outcome) for outcome in outcomes] == [Appended, Appended, AttemptsUsed]
    assert isinstance(outcomes[2], Refused)
    assert reply_from(plan, store, "suzuki").points == 1


def test_both_stores_reply_alike(tmp_path: Path) -> None:
    plan = choice(attempts=2)
    with both_stores(tmp_path) as stores:
        for chosen in ({"a": "no"}, {"a": "yes", "b": "no"}, {"a": "yes", "b": "yes"}):
            ticket = new_id()
            one, other = (hand_in(store, plan, give(plan, **chosen), ticket) for store in stores)
            assert one == other
