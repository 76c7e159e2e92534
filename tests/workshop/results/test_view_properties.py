"""What holds for any room and any kind of exercise."""

from __future__ import annotations

import json
import random
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dxcourse.course import Course
from dxcourse.exercises import kinds_by_name
from dxcourse.workshop.results import GivenAnswer, Moderation, list_voices, room_view
from support.room_answers import room

if TYPE_CHECKING:
    from dxcourse.exercises import AnyExercise

ROOT = Path(__file__).parents[3]
SIZES = st.integers(0, 12) | st.sampled_from((40, 120))


@cache
def course() -> Course:
    return Course.load(ROOT)


@cache
def of(kind: str) -> AnyExercise:
    """An exercise of each kind; of those with more to show, the one that has it."""
    every = [each for each in course().exercises.values() if each.kind == kind]
    return max(every, key=lambda each: len(each.items) + 100 * bool(getattr(each, "radar", 0)))


def message(exercise: AnyExercise, answers: list[GivenAnswer], **options: Any) -> dict[str, Any]:
    return room_view(exercise, answers, **{"revealed": True, "seed": "s", **options}).message()


def answered(answers: list[GivenAnswer], ref: str) -> int:
    return sum(ref in each.items for each in answers)


@pytest.mark.parametrize("kind", sorted(kinds_by_name()))
@given(size=SIZES, seed=st.integers(0, 99), mix=st.randoms(use_true_random=False))
@settings(max_examples=12, deadline=None)
def test_the_order_of_answers_does_not_show(kind: str, size: int, seed: int, mix: Any) -> None:
    answers = room(of(kind), size, seed)
    mixed = list(answers)
    mix.shuffle(mixed)
    assert message(of(kind), mixed) == message(of(kind), answers)


@pytest.mark.parametrize("kind", sorted(kinds_by_name()))
@given(size=SIZES, seed=st.integers(0, 99))
@settings(max_examples=12, deadline=None)
def test_counts_add_up_to_the_answers(kind: str, size: int, seed: int) -> None:
    answers = room(of(kind), size, seed)
    view = message(of(kind), answers)
    given_at_all = [each for each in answers if each.items]
    assert view["answered"] == {
        "people": sum(not each.pair for each in given_at_all),
        "pairs": sum(each.pair for each in given_at_all),
        "hands": 0,
    }
    for picture in view["pictures"]:
        check = CHECKS.get(picture["shape"])
        if check:
            check(picture, answers)


def bars_add_up(picture: dict[str, Any], answers: list[GivenAnswer]) -> None:
    counts = [bar["count"] for bar in picture["bars"]]
    if picture["several"]:
        assert all(count <= picture["n"] for count in counts)
    else:
        assert sum(counts) == picture["n"]
    if picture["item"].startswith("r"):
        assert picture["n"] == answered(answers, picture["item"])


def heat_adds_up(picture: dict[str, Any], answers: list[GivenAnswer]) -> None:
    for row in picture["rows"]:
        if not picture["several"]:
            assert sum(row["counts"]) == row["n"]
        assert 0 <= row["disagreement"] <= 1
        if picture["item"] == "" and row["ref"] in {ref for each in answers for ref in each.items}:
            assert row["n"] <= answered(answers, row["ref"])


def spans_add_up(picture: dict[str, Any], answers: list[GivenAnswer]) -> None:
    assert sum(span["count"] for span in picture["spans"]) == picture["n"]
    assert picture["n"] == answered(answers, picture["item"])
    assert sum(span["right"] for span in picture["spans"]) == bool(picture["n"])


def themes_add_up(picture: dict[str, Any], answers: list[GivenAnswer]) -> None:
    assert picture["n"] == answered(answers, picture["item"])
    themes = [*picture["themes"], picture["others"]]
    assert all(0 <= theme["count"] <= picture["n"] for theme in themes)
    assert sum(theme["count"] for theme in themes) >= picture["n"]


CHECKS = {
    "bars": bars_add_up,
    "heat": heat_adds_up,
    "histogram": spans_add_up,
    "themes": themes_add_up,
}


@pytest.mark.parametrize("kind", sorted(kinds_by_name()))
@given(size=SIZES, seed=st.integers(0, 99))
@settings(max_examples=8, deadline=None)
def test_before_the_reveal_only_the_number_of_answers_is_there(
    kind: str, size: int, seed: int
) -> None:
    answers = room(of(kind), size, seed)
    hidden = message(of(kind), answers, revealed=False, before=answers)
    assert set(hidden) == {
        "exercise",
        "title",
        "revealed",
        "answered",
        "withheld",
        "changed",
        "pictures",
    }
    assert (hidden["pictures"], hidden["changed"]) == ([], None)
    text = json.dumps(hidden, ensure_ascii=False).replace(of(kind).title, "")
    exercise = of(kind)
    parts = [part for item in exercise.items for part in exercise.parts(item)]
    names = {item.ref: item.text for item in exercise.items}
    names |= {c.value: c.text for part in parts for c in part.choices if isinstance(c.value, str)}
    for word in (*names.values(), *names):
        assert word in of(kind).title or word not in text


@pytest.mark.parametrize("kind", sorted(kinds_by_name()))
def test_nobody_is_in_a_view(kind: str) -> None:
    answers = [
        GivenAnswer(f"WHO-{each.who}", each.items, each.pair, each.consent)
        for each in room(of(kind), 9)
    ]
    assert "WHO" not in json.dumps(message(of(kind), answers, before=answers))


@given(seed=st.integers(0, 999), share=st.floats(0, 1))
@settings(max_examples=20, deadline=None)
def test_what_is_hidden_is_nowhere(seed: int, share: float) -> None:
    exercise = of("opinion")
    answers = [
        GivenAnswer(f"p{at}", {exercise.items[0].ref: f"窓口の声{at:03}番"}) for at in range(40)
    ]
    voices = list_voices(exercise, answers, seed="s")[exercise.items[0].ref]
    chance = random.Random(seed)  # noqa: S311  -- a test
    hidden = [voice for voice in voices if chance.random() < share]
    moderation = Moderation(
        hidden=frozenset(voice.id for voice in hidden),
        pinned=frozenset(voice.id for voice in voices[:3]),
        groups={"まとまり": tuple(voice.id for voice in voices[5:20])},
    )
    view = message(exercise, answers, moderation=moderation)
    text = json.dumps(view, ensure_ascii=False)
    assert not [voice.text for voice in hidden if voice.text in text or voice.id in text]
    assert view["answered"]["people"] == len(answers)
    assert view["pictures"][0]["n"] == len(voices) - len(hidden)


@given(texts=st.lists(st.text(max_size=30), max_size=30), seed=st.text(max_size=5))
@settings(max_examples=40, deadline=None)
def test_voices_are_named_by_text_and_seed_alone(texts: list[str], seed: str) -> None:
    exercise = of("opinion")
    ref = exercise.items[0].ref

    def ids(names: list[str]) -> dict[str, str]:
        answers = [
            GivenAnswer(name, {ref: text}) for name, text in zip(names, texts, strict=True) if text
        ]
        return {each.text: each.id for each in list_voices(exercise, answers, seed=seed)[ref]}

    there = [f"a{at}" for at in range(len(texts))]
    assert ids(there) == ids([f"b{at}" for at in reversed(range(len(texts)))])
