"""What holds for every kind of exercise, whatever a learner does."""

from __future__ import annotations

import importlib
import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dxcourse.answers import (
    AttemptsUsed,
    Reply,
    Store,
    begin_afresh,
    new_id,
    replies,
    reply_from,
    submit,
)
from dxcourse.exercises import kinds_by_name, parse
from support.records import NOW, MemoryStore, choice, give

if TYPE_CHECKING:
    from dxcourse.exercises import AnyExercise

sys.path.append(str(Path(__file__).parent.parent / "exercises"))
MAKERS = {kind: importlib.import_module(f"test_{kind}") for kind in sorted(kinds_by_name())}

SETTINGS = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
OTHER = choice("other")
REF = re.compile(r"r[0-9a-f]{7}")


@dataclass
class Sitting:
    """A learner before an exercise, and what they have tried since they began it afresh."""

    exercise: AnyExercise
    store: Store = field(default_factory=MemoryStore)
    tried: dict[str, set[str]] = field(default_factory=dict)
    opened: bool = False
    tickets: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def course(self) -> dict[str, AnyExercise]:
        return {self.exercise.id: self.exercise, OTHER.id: OTHER}

    def answer(self, answer: dict[str, Any]) -> None:
        ticket = new_id()
        try:
            reply = self.submit(self.exercise, answer, ticket)
        except AttemptsUsed:
            return
        self.tickets.append((ticket, answer))
        known = {item.ref: item for item in self.exercise.items}
        for ref, value in reply.answer["items"].items():
            judged = self.exercise.marked(known[ref], value)  # the rest may change without a try
            if judged is not None:
                self.tried.setdefault(ref, set()).add(json.dumps(judged, sort_keys=True))
        self.hold(reply)

    def again(self, number: int) -> None:
        if self.tickets:
            ticket, answer = self.tickets[number % len(self.tickets)]
            before = list(self.store.records())
            self.submit(self.exercise, answer, ticket)
            assert list(self.store.records()) == before

    def other(self) -> None:
        self.submit(OTHER, give(OTHER, a="no"), new_id())
        self.opened = True

    def afresh(self) -> None:
        begin_afresh(self.course, store=self.store, learner="sato", where="test", now=NOW)
        self.tried, self.opened = {}, False

    def submit(self, exercise: AnyExercise, answer: dict[str, Any], ticket: str) -> Reply:
        return submit(
            exercise,
            answer,
            store=self.store,
            learner="sato",
            where="test",
            now=NOW,
            entry_id=ticket,
        )

    def look(self) -> None:
        """See that a page that asks later is told the same."""
        found = replies(self.course, self.store, "sato")
        for name, exercise in self.course.items():
            if name in found:
                assert reply_from(exercise, self.store, "sato") == found[name]
            else:
                with pytest.raises(LookupError):
                    reply_from(exercise, self.store, "sato")
        if self.exercise.id in found:
            self.hold(found[self.exercise.id])

    def hold(self, reply: Reply) -> None:
        """Hold a reply to what may be said."""
        exercise, message = self.exercise, reply.message()
        assert json.loads(json.dumps(message, allow_nan=False)) == message
        assert reply.held == (exercise.reveal_after is not None and not self.opened)
        keys = exercise.model_answer()["items"]
        results = exercise.score(reply.answer)
        assert reply.points == (0 if reply.held else results.points)
        for ref, said in reply.items.items():
            limit = exercise.attempts if ref in keys else None
            assert len(self.tried.get(ref, ())) <= said.tries
            if limit is not None:
                assert said.tries_left == max(0, limit - said.tries)
            else:
                assert said.tries_left is None
            if limit is not None and not exercise.linked:
                assert said.tries <= limit
            right = results.items[ref].full
            if exercise.linked:
                right = all(each in results.items and results.items[each].full for each in keys)
            may_know = not reply.held and ref in keys and (right or said.tries_left == 0)
            assert said.key == (keys[ref] if may_know else None)
            if not may_know:
                self.says_nothing_of_the_key(message["items"][ref], keys.get(ref), reply, ref)
            if reply.held:
                assert said.result.points == 0
                assert said.result.remarks == ()

    @staticmethod
    def says_nothing_of_the_key(
        message: dict[str, Any], key: object, reply: Reply, ref: str
    ) -> None:
        """See that no part of the key is there but what the learner gave themselves."""
        parts = set(REF.findall(json.dumps(key)))
        own = set(REF.findall(json.dumps(reply.answer["items"][ref])))
        assert not (parts - own) & set(REF.findall(json.dumps(message)))


@pytest.mark.parametrize("kind", MAKERS)
@SETTINGS
@given(data=st.data())
def test_the_key_comes_with_the_right_answer_or_the_last_try(
    kind: str, data: st.DataObject
) -> None:
    raw = data.draw(MAKERS[kind].RAW)
    raw |= {"id": "it", "reveal_after": data.draw(st.sampled_from((None, None, OTHER.id)))}
    sitting = Sitting(parse(raw))
    own = {item.ref: MAKERS[kind].values(sitting.exercise, item) for item in sitting.exercise.items}
    answers = st.fixed_dictionaries({"items": st.fixed_dictionaries({}, optional=own)})
    key = sitting.exercise.model_answer()
    for _ in range(data.draw(st.integers(1, 8))):
        what = data.draw(st.sampled_from(("answer",) * 5 + ("key", "again", "other", "afresh")))
        match what:
            case "answer":
                sitting.answer(data.draw(answers))
            case "key":
                sitting.answer(key)
            case "again":
                sitting.again(data.draw(st.integers(0, 9)))
            case "other":
                sitting.other()
            case "afresh":
                sitting.afresh()
        sitting.look()
