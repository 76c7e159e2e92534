from __future__ import annotations

from itertools import permutations
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
    from dxcourse.exercises.kinds.schedule import Schedule, Task


@st.composite
def _top(draw: st.DrawFn) -> Raw:
    months = draw(st.lists(texts, min_size=2, max_size=8, unique_by=str.strip))
    held = st.lists(st.sampled_from(months), min_size=1, max_size=3)
    fields = st.fixed_dictionaries({"sign": st.sampled_from("議選繁"), "months": held})
    return {"months": months, "events": draw(named(0, 4, fields))}


@st.composite
def _item(draw: st.DrawFn, raw: Raw) -> Raw:
    months = raw["months"]
    length = draw(st.integers(1, len(months)))
    start = draw(st.integers(0, len(months) - length))
    last = start + length - 1
    rules: Raw = {"deadline": {"month": months[draw(st.integers(last, len(months) - 1))]}}
    if draw(st.booleans()):
        rules["not_before"] = {"month": months[draw(st.integers(0, start))]}
    for bound in rules.values():
        bound["note"] = draw(notes)
    for event in raw["events"]:
        if months[last] in event["months"] and draw(st.booleans()):
            rules.setdefault("ends_in", {})[event["id"]] = draw(notes)
        if not {*months[start : last + 1]} & {*event["months"]} and draw(st.booleans()):
            rules.setdefault("avoid", {})[event["id"]] = draw(notes)
    return {
        "card": draw(st.lists(texts, max_size=2)),
        "length": length,
        "start": months[start],
        "rules": rules,
        "feedback": {"right": draw(maybe_notes)},
    }


@st.composite
def _needing(draw: st.DrawFn) -> Raw:
    raw = draw(raws("schedule", _item, _top()))
    months, items = raw["months"], raw.get("items", [])
    for before, after in permutations(items, 2):
        ends = months.index(before["start"]) + before["length"]
        if ends <= months.index(after["start"]) and draw(st.booleans()):
            after["rules"].setdefault("needs", {})[before["id"]] = draw(notes)
    return raw


RAW = _needing()

MONTHS = ["10月", "11月", "12月", "1月", "2月", "3月", "4月", "5月"]
EVENTS: list[Raw] = [
    {"id": "council", "text": "議会", "sign": "議", "months": ["3月", "12月"]},
    {"id": "busy", "text": "繁忙期", "sign": "繁", "months": ["3月", "4月"]},
]
ITEMS: list[Raw] = [
    {
        "id": "ordinance",
        "text": "条例改正",
        "length": 2,
        "start": "11月",
        "rules": {"ends_in": {"council": "その月に議会は？"}},
        "feedback": {"right": "逆算できました"},
    },
    {
        "id": "switch",
        "text": "切替",
        "card": ["議決のあと"],
        "length": 2,
        "start": "1月",
        "points": 2,
        "rules": {
            "not_before": {"month": "12月", "note": "早いのでは？"},
            "deadline": {"month": "4月", "note": "間に合う？"},
            "needs": {"ordinance": "条例は？"},
            "avoid": {"busy": "窓口は？"},
        },
        "feedback": {"right": "静かな月でした"},
    },
]


def values(exercise: Schedule, item: Task) -> st.SearchStrategy[Any]:
    return st.integers(0, len(exercise.months) - item.length)


def _schedule() -> Schedule:
    return make("schedule", months=MONTHS, events=EVENTS, items=ITEMS)  # type: ignore[return-value]


def _plan(exercise: Schedule, ordinance: str | None, switch: str | None) -> Raw:
    codes, starts = refs(exercise.items), {"ordinance": ordinance, "switch": switch}
    return {
        "items": {
            codes[name]: MONTHS.index(month) for name, month in starts.items() if month is not None
        }
    }


@pytest.mark.parametrize(
    ("ordinance", "switch", "points", "marks"),
    [
        ("11月", "1月", (1, 2), ("right", "right")),
        ("2月", None, (1, None), ("right", None)),  # the other council will do as well
        ("10月", "1月", (0, 2), ("wrong", "right")),
        ("11月", "2月", (1, 1.5), ("right", "partly")),  # busy
        ("11月", "3月", (1, 1.5), ("right", "partly")),
        ("11月", "4月", (1, 1), ("right", "partly")),  # busy, and too late
        ("11月", "11月", (1, 1), ("right", "partly")),  # needed, and too early
        ("2月", "1月", (1, 1.5), ("right", "partly")),  # what it needs moved
        (None, "1月", (None, 1.5), (None, "partly")),  # what it needs is not laid out
        ("2月", "3月", (1, 1), ("right", "partly")),
    ],
)
def test_a_task_shares_its_points_among_its_rules(
    ordinance: str | None,
    switch: str | None,
    points: tuple[float | None, float | None],
    marks: tuple[str | None, str | None],
) -> None:
    exercise = _schedule()
    found = exercise.score(exercise.read(_plan(exercise, ordinance, switch)))
    each = [found.items.get(item.ref) for item in exercise.items]
    assert tuple(one.points if one else None for one in each) == points
    assert tuple(one.mark.value if one else None for one in each) == marks
    assert found.points == sum(filter(None, points))
    assert found.max_points == 3


@pytest.mark.parametrize(
    ("switch", "remarks"),
    [
        ("1月", [("right", "静かな月でした", "", None)]),
        ("2月", [("wrong", "窓口は？", "avoid", "busy")]),
        (
            "11月",
            [
                ("wrong", "早いのでは？", "not_before", None),
                ("wrong", "条例は？", "needs", "ordinance"),
            ],
        ),
        (
            "4月",
            [("wrong", "間に合う？", "deadline", None), ("wrong", "窓口は？", "avoid", "busy")],
        ),
    ],
)
def test_each_broken_rule_is_told_with_what_it_is_about(
    switch: str, remarks: list[tuple[str, str, str, str | None]]
) -> None:
    exercise = _schedule()
    codes = {**refs(exercise.events), **refs(exercise.items)}
    found = exercise.score(exercise.read(_plan(exercise, "11月", switch)))
    told = found.items[codes["switch"]].remarks
    assert [(r.mark.value, r.text, r.about, r.option) for r in told] == [
        (mark, text, about, codes[option] if option else None)
        for mark, text, about, option in remarks
    ]


def test_a_council_month_is_asked_for() -> None:
    exercise = _schedule()
    found = exercise.score(exercise.read(_plan(exercise, "12月", None)))
    assert said(found.items[exercise.items[0].ref]) == [("wrong", "その月に議会は？")]


def test_every_plan_without_a_collision_gets_full_marks() -> None:
    exercise = _schedule()
    full = [
        (ordinance, switch)
        for ordinance in MONTHS[:-1]
        for switch in MONTHS[:-1]
        if exercise.score(exercise.read(_plan(exercise, ordinance, switch))).points == 3
    ]
    assert full == [("11月", "1月")]
    loose = [{**ITEMS[0], "rules": {"deadline": {"month": "12月", "note": "？"}}}, ITEMS[1]]
    other: Schedule = make("schedule", months=MONTHS, events=EVENTS, items=loose)  # type: ignore[assignment]
    for start in ("10月", "11月"):
        assert other.score(other.read(_plan(other, start, "1月"))).points == 3


def test_a_page_gets_the_calendar_and_lengths_but_no_rule() -> None:
    rules = {"avoid": {"council": "議会は？"}}
    others = [ITEMS[0], {**ITEMS[1], "start": "4月", "rules": rules}]
    pages = [
        make("schedule", months=MONTHS, events=EVENTS, items=items).public()
        for items in (ITEMS, others)
    ]
    assert pages[0] == pages[1]
    assert pages[0]["linked"] is True
    assert pages[0]["months"] == [{"text": month} for month in MONTHS]
    assert [(e["text"], e["sign"], e["months"]) for e in pages[0]["events"]] == [
        ("議会", "議", [2, 5]),
        ("繁忙期", "繁", [5, 6]),
    ]
    faces = {item["text"]: item for item in pages[0]["items"]}
    assert set(faces["切替"]) == {"ref", "text", "card", "length"}
    assert (faces["切替"]["length"], faces["条例改正"]["card"]) == (2, [])
    assert faces["切替"]["card"] == [{"text": "議決のあと", "citation": None}]


@pytest.mark.parametrize("value", [7, -1, True, 1.0, "1", "11月", [], {}, 10**30])
def test_a_value_is_a_month_from_which_there_is_time(value: Any) -> None:
    with pytest.raises(AnswerError, match="a whole number below 7"):
        result(_schedule(), value)


def test_a_task_that_fills_the_plan_begins_with_it() -> None:
    bound = {"month": "5月", "note": "？"}
    exercise = make("schedule", months=MONTHS, length=8, start="10月", rules={"deadline": bound})
    assert result(exercise, 0).points == 1
    with pytest.raises(AnswerError, match="a whole number below 1"):
        result(exercise, 1)
