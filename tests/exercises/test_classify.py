from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st

from dxcourse.exercises import AnswerError
from support.exercise_data import (
    Raw,
    make,
    maybe_notes,
    named,
    notes,
    raws,
    refs,
    result,
    said,
    texts,
)

if TYPE_CHECKING:
    from dxcourse.exercises.kinds.classify import Classify, ClassifyItem


@st.composite
def _top(draw: st.DrawFn) -> Raw:
    flags = st.fixed_dictionaries({"undecided": st.booleans()})
    bins = draw(named(2, 4, flags))
    bins[0]["undecided"] = False
    return {
        "bins": bins,
        "evidence": draw(named(0, 4, st.fixed_dictionaries({"none": st.booleans()}))),
        "sureness": draw(st.lists(texts, max_size=3)),
        "reasons": draw(st.booleans()),
    }


@st.composite
def _item(draw: st.DrawFn, raw: Raw) -> Raw:
    keys = [each["id"] for each in raw["bins"] if not each["undecided"]]
    item: Raw = {
        "card": draw(st.lists(texts, max_size=2)),
        "feedback": {
            "right": draw(maybe_notes),
            "bins": {each["id"]: draw(notes) for each in raw["bins"] if draw(st.booleans())},
            "evidence": draw(maybe_notes),
            "open": draw(maybe_notes),
        },
    }
    if draw(st.booleans()):
        item["bin"] = draw(st.sampled_from(keys))
    for each in raw["evidence"]:
        side = draw(st.sampled_from(("seen", "unseen", "left open")))
        if side != "left open":
            item.setdefault(side, []).append(each["id"])
    return item


RAW = raws("classify", _item, _top())


def values(exercise: Classify, _: ClassifyItem) -> st.SearchStrategy[Any]:
    bins = [each.ref for each in exercise.bins]
    ticks = [each.ref for each in exercise.evidence]
    steps = len(exercise.sureness)
    return st.fixed_dictionaries(
        {},
        optional={
            "bin": st.none() | st.sampled_from(bins),
            "evidence": st.lists(st.sampled_from(ticks), max_size=6) if ticks else st.just([]),
            "sure": st.none() | st.integers(0, steps - 1) if steps else st.none(),
            "reason": st.text(max_size=20),
        },
    )


TOP: Raw = {
    "bins": [
        {"id": "deadline", "text": "期限DX"},
        {"id": "continuous", "text": "継続DX"},
        {"id": "undecided", "text": "決めきれない", "undecided": True},
    ],
    "evidence": [
        {"id": "law", "text": "根拠法"},
        {"id": "handbook", "text": "手順書"},
        {"id": "date", "text": "期限"},
        {"id": "nothing", "text": "見当たらない", "none": True},
    ],
    "sureness": ["たぶん", "やや", "確信"],
    "reasons": True,
}
SAID: Raw = {
    "right": "そのとおり",
    "bins": {"continuous": "毎年続く？", "undecided": "迷う点は？"},
    "evidence": "どこに書いてある？",
    "open": "どちらとも言える",
}
BOTH = {"bin": "deadline", "seen": ["law", "handbook"], "unseen": ["nothing"]}
BIN = {"bin": "deadline"}
EVIDENCE = {"seen": ["law", "handbook"], "unseen": ["nothing"]}
OPEN: Raw = {}


def _make(item: Raw, **more: Any) -> Classify:
    items = [{"id": "1-2", "text": "標準化", "feedback": SAID, **item, **more}]
    return make("classify", **TOP, items=items)  # type: ignore[return-value]


def _value(exercise: Classify, chosen: str | None, ticks: tuple[str, ...]) -> Raw:
    bins, evidence = refs(exercise.bins), refs(exercise.evidence)
    return {
        "bin": bins[chosen] if chosen else None,
        "evidence": [evidence[tick] for tick in ticks],
    }


@pytest.mark.parametrize(
    ("item", "chosen", "ticks", "points", "most", "mark"),
    [
        # Both steps are settled: half for the evidence, half for the bin.
        (BOTH, "deadline", ("law", "handbook"), 4, 4, "right"),
        (BOTH, "deadline", ("law",), 3, 4, "partly"),
        (BOTH, "deadline", (), 2, 4, "partly"),
        (BOTH, "deadline", ("law", "nothing"), 2, 4, "partly"),
        (BOTH, "deadline", ("law", "handbook", "nothing"), 3, 4, "partly"),
        (BOTH, "deadline", ("law", "handbook", "date"), 4, 4, "right"),  # date is left open
        (BOTH, "continuous", ("law", "handbook"), 2, 4, "partly"),
        (BOTH, "undecided", (), 0, 4, "wrong"),
        (BOTH, None, ("law",), 1, 4, "partly"),
        (BOTH, None, ("nothing",), 0, 4, "wrong"),
        # One step alone is worth all.
        (BIN, "deadline", (), 4, 4, "right"),
        (BIN, "continuous", ("law",), 0, 4, "wrong"),
        (EVIDENCE, "continuous", ("law", "handbook"), 4, 4, "open"),
        (EVIDENCE, None, ("law",), 2, 4, "open"),
        # Nothing is settled: argued, not marked.
        (OPEN, "deadline", ("law",), 0, 0, "open"),
        (OPEN, "undecided", (), 0, 0, "open"),
    ],
)
def test_settled_steps_share_the_points_evenly(  # noqa: PLR0913, PLR0917  -- a table
    item: Raw, chosen: str | None, ticks: tuple[str, ...], points: float, most: float, mark: str
) -> None:
    exercise = _make(item, points=4)
    found = result(exercise, _value(exercise, chosen, ticks))
    assert (found.points, found.max_points, found.mark) == (points, most, mark)
    assert exercise.max_points == most


@pytest.mark.parametrize(
    ("chosen", "ticks", "points", "marks"),
    [
        ("deadline", ("law", "handbook"), 4, ["right", "right"]),
        ("deadline", ("nothing",), 4, ["wrong", "right"]),
        ("continuous", ("law", "handbook"), 0, ["right", "wrong"]),
    ],
)
def test_evidence_that_does_not_count_is_told_all_the_same(
    chosen: str, ticks: tuple[str, ...], points: float, marks: list[str]
) -> None:
    items = [{"id": "1-2", "text": "標準化", "feedback": SAID, **BOTH, "points": 4}]
    exercise = make("classify", **TOP, evidence_counts=False, items=items)
    value = _value(exercise, chosen, ticks)  # type: ignore[arg-type]
    found = result(exercise, value)
    assert (found.points, found.max_points) == (points, 4)
    assert [mark for mark, _ in said(found)] == marks
    item = exercise.items[0]
    other = {**value, "evidence": []}
    assert exercise.marked(item, value) == exercise.marked(item, other)  # no try for a tick


@pytest.mark.parametrize(
    ("item", "chosen", "ticks", "remarks"),
    [
        (BIN, "deadline", (), [("right", "そのとおり")]),
        (BIN, "continuous", (), [("wrong", "毎年続く？")]),
        (BOTH, "undecided", ("law",), [("partly", "どこに書いてある？"), ("wrong", "迷う点は？")]),
        (OPEN, "continuous", (), [("open", "毎年続く？"), ("open", "どちらとも言える")]),
        (OPEN, None, ("law",), [("open", "どちらとも言える")]),
    ],
)
def test_what_is_said(
    item: Raw, chosen: str | None, ticks: tuple[str, ...], remarks: list[tuple[str, str]]
) -> None:
    exercise = _make(item)
    assert said(result(exercise, _value(exercise, chosen, ticks))) == remarks


def test_a_reason_and_a_sureness_are_kept_and_bring_nothing() -> None:
    exercise = _make(BIN)
    item = exercise.items[0]
    plain = {**_value(exercise, "deadline", ()), "sure": None, "reason": ""}
    full = {**plain, "sure": 2, "reason": "  条文に\x00年度がある \r\n"}
    kept = exercise.read({"items": {item.ref: full}})["items"][item.ref]
    assert kept == {**plain, "sure": 2, "reason": "条文に年度がある"}
    assert result(exercise, full) == result(exercise, plain)


def test_sureness_alone_is_no_answer() -> None:
    exercise = _make(BIN)
    assert exercise.read({"items": {exercise.items[0].ref: {"sure": 1}}}) == {"items": {}}


@pytest.mark.parametrize(
    "value",
    [
        "deadline",
        [],
        {"bin": "deadline"},
        {"bin": ""},
        {"bin": 0},
        {"bin": False},
        {"bin": []},
        {"evidence": "law"},
        {"evidence": ["law"]},
        {"evidence": [[]]},
        {"sure": 3},
        {"sure": -1},
        {"sure": True},
        {"sure": 1.0},
        {"sure": "1"},
        {"reason": 3},
        {"reason": None},
        {"reason": "長" * 1001},
        {"key": 1},
        {1: 2},
    ],
)
def test_other_values_are_refused(value: Any) -> None:
    with pytest.raises(AnswerError, match=r"a-classify/r[0-9a-f]{7}: "):
        result(_make(BOTH), value)


def test_a_page_gets_cards_bins_and_evidence_but_no_key() -> None:
    face = _make(BOTH, card=["条文の抜粋"]).public()
    assert face["items"][0]["card"] == [{"text": "条文の抜粋", "citation": None}]
    assert [each["text"] for each in face["bins"]] == ["期限DX", "継続DX", "決めきれない"]
    assert [each["none"] for each in face["evidence"]] == [False, False, False, True]
    assert face == {**_make({"bin": "continuous"}, card=["条文の抜粋"]).public()}
