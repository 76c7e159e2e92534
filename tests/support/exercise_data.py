"""Exercises to test with: arbitrary valid ones (hypothesis), and small ones answered by hand.

Each `test_<kind>.py` holds what the properties in `test_properties.py` need of its kind:
`RAW`, a strategy of valid exercises as YAML would give them, and `values(exercise, item)`, one of
valid values of an item. A kind is thereby tested by adding its one test file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from dxcourse.exercises import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dxcourse.exercises import AnyExercise, Item, ItemResult

Raw = dict[str, Any]

HIDDEN = "HIDDEN"  # in everything that a learner must not see before answering
LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="{}")

texts = st.text(LETTERS, max_size=8).map(lambda text: f"見{text}")
notes = st.text(LETTERS, max_size=8).map(lambda text: f"{HIDDEN}{text}")
maybe_notes = st.none() | notes | notes.map(lambda text: {"text": text})
NOTHING: st.SearchStrategy[Raw] = st.builds(dict)
points = st.floats(min_value=0.01, max_value=100) | st.sampled_from((0, 1, 2, 0.1, 1 / 3))


def ids(least: int = 1, most: int = 5) -> st.SearchStrategy[list[str]]:
    """Different ids, none of which a learner may see."""
    numbers = st.lists(st.integers(0, 999), min_size=least, max_size=most, unique=True)
    return numbers.map(lambda found: [f"{HIDDEN}_.-{number}" for number in found])


@st.composite
def named(
    draw: st.DrawFn, least: int, most: int, fields: st.SearchStrategy[Raw] = NOTHING
) -> list[Raw]:
    """Give options, bins, things: different ids, texts, and the fields of each."""
    return [{"id": name, "text": draw(texts), **draw(fields)} for name in draw(ids(least, most))]


@st.composite
def raws(
    draw: st.DrawFn,
    kind: str,
    item: Callable[[Raw], st.SearchStrategy[Raw]],
    top: st.SearchStrategy[Raw] = NOTHING,
    least: int = 1,
) -> Raw:
    """Give exercises: the fields of all, those of the kind (`top`), and those of its items."""
    raw: Raw = {
        "kind": kind,
        "id": f"ex-{draw(st.integers(0, 999))}",
        "title": draw(texts),
        "prompt": draw(texts),
        "hints": draw(st.lists(texts, max_size=2)),
        "attempts": draw(st.none() | st.integers(1, 5)),
        "shuffle": draw(st.booleans()),
        "closing": draw(notes),
        **draw(top),
    }
    if least == 1 and draw(st.booleans()):
        return {**raw, **draw(item(raw)), "points": draw(points)}
    written = draw(named(least, 4))
    items = [{**each, **draw(item(raw)), "points": draw(points)} for each in written]
    return {**raw, "items": items}


def make(kind: str, **fields: Any) -> AnyExercise:
    """Give a small exercise."""
    return parse({"kind": kind, "id": f"a-{kind}", "title": "題", **fields})


def result(exercise: AnyExercise, value: Any, item: Item | None = None) -> ItemResult:
    """Answer one item (the first) with a value, and give what it is worth."""
    ref = (item or exercise.items[0]).ref
    return exercise.score(exercise.read({"items": {ref: value}})).items[ref]


def refs(things: Iterable[Any]) -> dict[str, str]:
    """Give the codes of things by their ids."""
    return {thing.id: thing.ref for thing in things}


def said(found: ItemResult) -> list[tuple[str, str]]:
    """Give the remarks as mark and text."""
    return [(remark.mark.value, remark.text) for remark in found.remarks]
