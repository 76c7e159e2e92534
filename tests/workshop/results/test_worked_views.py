"""Small rooms, counted by hand: one for each kind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dxcourse.exercises import parse
from dxcourse.facts import Facts
from dxcourse.workshop.moderation import Moderation, VoiceChange
from dxcourse.workshop.results import GivenAnswer, carry_over, list_voices, room_view, written

FACTS = Facts.load(Path(__file__).parents[3] / "data")
AB = [{"id": "a", "text": "甲"}, {"id": "b", "text": "乙"}, {"id": "c", "text": "丙"}]


def make(kind: str, **fields: Any) -> Any:
    return parse({"kind": kind, "id": f"a-{kind}", "title": "題", **fields}, FACTS)


def answers(exercise: Any, *values: Any, item: int = 0, **fields: Any) -> list[GivenAnswer]:
    ref = exercise.items[item].ref
    return [GivenAnswer(f"p{at}", {ref: value}, **fields) for at, value in enumerate(values)]


def first(exercise: Any, given: list[GivenAnswer], **options: Any) -> Any:
    return pictures(exercise, given, **options)[0]


def pictures(exercise: Any, given: list[GivenAnswer], **options: Any) -> Any:
    return room_view(exercise, given, **{"revealed": True, "seed": "s", **options}).pictures


def refs(things: Any) -> dict[str, str]:
    return {each.id: each.ref for each in things}


def test_choice() -> None:
    exercise = make("choice", options=[{**AB[0], "correct": True}, AB[1], AB[2]])
    o = refs(exercise.items[0].options)
    given = answers(exercise, o["b"], o["a"], o["b"], o["b"])
    hands = {exercise.items[0].ref: {o["a"]: 4, o["c"]: 1, "nothing": 9}}
    drawn = first(exercise, given, tallies=hands, before=answers(exercise, o["c"], o["a"]))
    shown = [(bar.text, bar.count, bar.before, bar.right) for bar in drawn.bars]
    assert shown == [("甲", 5, 1, True), ("乙", 3, 0, False), ("丙", 1, 1, False)]
    assert drawn.n == sum(bar.count for bar in drawn.bars)
    assert drawn.table.rows[0] == ("甲", 5, 1, "✓")


def test_a_poll_has_nothing_right() -> None:
    exercise = make("choice", options=AB, ordered=True)
    drawn = first(exercise, [])
    assert [(bar.text, bar.right) for bar in drawn.bars] == [
        ("甲", None),
        ("乙", None),
        ("丙", None),
    ]


def test_multichoice() -> None:
    exercise = make("multichoice", options=[{**AB[0], "correct": True}, AB[1], AB[2]])
    o = refs(exercise.items[0].options)
    drawn = first(exercise, answers(exercise, [o["a"], o["b"]], [o["a"]]))
    assert [(bar.text, bar.count) for bar in drawn.bars if bar.count] == [("甲", 2), ("乙", 1)]
    assert (drawn.n, drawn.several) == (2, True)


def test_classify() -> None:
    fact = next(iter(FACTS))
    exercise = make(
        "classify",
        bins=[{"id": "x", "text": "期限"}, {"id": "y", "text": "継続"}],
        evidence=[{"id": "law", "text": "根拠法"}, {"id": "day", "text": "日付"}],
        items=[
            {"id": "one", "text": "一致", "bin": "x", "seen": ["law"], "unseen": ["day"]},
            {
                "id": "two",
                "text": "割れる",
                "bin": "y",
                "feedback": {"right": {"text": "はい", "fact": fact}},
            },
        ],
        reasons=True,
    )
    b, e, i = refs(exercise.bins), refs(exercise.evidence), refs(exercise.items)

    def put(name: str, ticks: tuple[str, ...] = (), reason: str = "") -> dict[str, Any]:
        return {"bin": b[name], "evidence": list(ticks), "sure": None, "reason": reason}

    given = [
        GivenAnswer(
            "p", {i["one"]: put("x", (e["law"],)), i["two"]: put("x", reason="期限がある")}
        ),
        GivenAnswer("q", {i["one"]: put("x", (e["law"], e["day"])), i["two"]: put("y")}),
    ]
    bins, evidence, reasons = pictures(exercise, given)
    split, agreed = bins.rows
    assert (split.text, split.counts, split.split, split.disagreement) == (
        "割れる",
        (1, 1),
        True,
        1,
    )
    assert (agreed.counts, agreed.split, agreed.disagreement) == ((2, 0), False, 0)
    assert (split.right, agreed.right) == ((1,), (0,))
    assert split.certainty.mark == FACTS.cite(fact).mark
    assert agreed.certainty is None
    seen = {row.text: (row.counts, row.right) for row in evidence.rows}
    assert seen["一致"] == ((2, 1), (0,))
    assert [voice.text for voice in reasons.voices] == ["期限がある"]


def test_match() -> None:
    exercise = make(
        "match", answers=AB, items=[{"id": "i", "text": "問", "answer": "b"}], shuffle=False
    )
    o = refs(exercise.answers)
    drawn = first(exercise, answers(exercise, o["b"], o["b"], o["c"]))
    row = drawn.rows[0]
    by_name = dict(zip([column.text for column in drawn.columns], row.counts, strict=True))
    assert by_name == {"甲": 0, "乙": 2, "丙": 1}
    assert [drawn.columns[at].text for at in row.right] == ["乙"]


def test_order() -> None:
    exercise = make("order", things=AB)
    t = refs(exercise.items[0].things)
    orders = ("bac", "bac", "abc")
    given = answers(exercise, *([t[letter] for letter in order] for order in orders))
    hands = {exercise.items[0].ref: {",".join(t[letter] for letter in "cab"): 2, "x,y": 7}}
    drawn = first(exercise, given, tallies=hands)
    assert [(row.text, row.counts) for row in drawn.rows] == [
        ("甲", (1, 4, 0)),
        ("乙", (2, 1, 2)),
        ("丙", (2, 0, 3)),
    ]
    assert drawn.n == 5
    assert {row.text: row.right for row in drawn.rows} == {"甲": (0,), "乙": (1,), "丙": (2,)}


def test_number() -> None:
    exercise = make("number", value=1741, unit="団体")
    drawn = first(exercise, answers(exercise, 1700.0, 1741.0, 1800.0, 1e15, 0.0))
    assert sum(span.count for span in drawn.spans) == 5
    assert len(drawn.spans) <= 10
    assert (drawn.median, drawn.right) == ("1,741団体", "1,741団体")


def test_a_few_wild_numbers_do_not_flatten_the_rest() -> None:
    exercise = make("number", value=1741, unit="団体")
    values = [1700.0 + 10 * at for at in range(20)] + [1e15]
    drawn = first(exercise, answers(exercise, *values))
    assert max(span.count for span in drawn.spans) < 12
    assert sum(span.count for span in drawn.spans) == 21
    assert "以上" in drawn.table.rows[-1][0]


@pytest.mark.parametrize("value", [0.0, 3.0, -2.5, 0.001, 1e15])
def test_one_number_is_one_step(value: float) -> None:
    exercise = make("number", value=value)
    drawn = first(exercise, answers(exercise, value, value))
    assert [span.count for span in drawn.spans if span.count] == [2]


def test_scale() -> None:
    items = [{"id": n, "text": n, "axis": n} for n in ("look", "hear", "speak")]
    exercise = make("scale", levels=["0回", "1回", "2回"], radar=True, items=items)
    given = [
        GivenAnswer(f"p{at}", {item.ref: level for item in exercise.items})
        for at, level in enumerate((0, 0, 1, 2, 2))
    ]
    radar, levels = pictures(exercise, given)
    spoke = radar.spokes[0]
    assert (spoke.mean, spoke.low, spoke.high) == (1.0, 0.0, 2.0)
    assert {row.counts for row in levels.rows} == {(2, 1, 2)}
    view = room_view(exercise, given[:4], revealed=True, seed="s")
    assert (view.pictures, view.withheld, view.answered.people) == ((), True, 4)


def test_schedule() -> None:
    exercise = make(
        "schedule",
        months=["4月", "5月", "6月"],
        events=[{"id": "e", "text": "議会", "sign": "議", "months": ["6月"]}],
        items=[
            {
                "id": "t",
                "text": "移行",
                "length": 2,
                "start": "4月",
                "rules": {"avoid": {"e": "重なります"}},
            }
        ],
    )
    collisions, months = pictures(exercise, answers(exercise, 0, 1, 1))
    assert [(bar.text, bar.count) for bar in collisions.bars] == [("移行：「議会」と重なる", 2)]
    assert months.rows[0].counts == (1, 3, 2)
    assert [column.sign for column in months.columns] == ["", "", "議"]


def test_pledge() -> None:
    items = [{"id": "w", "text": "何を"}, {"id": "d", "text": "いつ", "field": "date"}]
    exercise = make("pledge", items=items)
    what, day = (item.ref for item in exercise.items)
    given = [
        GivenAnswer(f"p{at}", {what: f"やめる{at}", day: "2026-12-01"}, consent=at == 0)
        for at in range(5)
    ]
    cards, days, voices = pictures(exercise, given)
    assert (cards.shape, cards.n) == ("pledges", 5)
    fields, *_ = pictures(exercise, given, consented=True)
    assert [bar.count for bar in fields.bars] == [5, 5]
    assert [(bar.text, bar.count) for bar in days.bars] == [("2026年12月", 5)]
    assert [voice.text for voice in voices.voices] == ["やめる0"]
    few = pictures(exercise, given[:4])
    assert [each.shape for each in few] == ["pledges", "voices"]


def test_opinion() -> None:
    exercise = make("opinion")
    given = answers(
        exercise,
        "紙の申請をなくす",
        "紙の申請をなくす",
        "申請が楽になる。ＤＸは道具だ",
        "DXは道具",
        "　\u200b",
    )
    *cards, cloud, themes = pictures(exercise, given)
    words = dict(cloud.table.rows)
    assert (words["申請"], words["DX"], words["道具"], words["紙"]) == (3, 2, 2, 2)
    assert cloud.n == 4
    counts = {theme.id: theme.count for theme in themes.themes}
    assert counts["process"] == 3
    voices = {voice.text: voice.count for page in cards for voice in page.voices}
    assert voices["紙の申請をなくす"] == 2


def test_groups_and_pins() -> None:
    exercise = make("opinion")
    given = answers(exercise, "ああ", "いい", "うう")
    ids = {v.text: v.id for v in list_voices(exercise, given, seed="s")[exercise.items[0].ref]}
    moderation = Moderation(
        pinned=frozenset({ids["うう"]}), groups={"まとめ": (ids["ああ"], ids["いい"], "gone")}
    )
    themes = pictures(exercise, given, moderation=moderation)[-1]
    assert [(group.name, group.count) for group in themes.groups] == [("まとめ", 2)]
    assert [voice.text for voice in themes.pinned] == ["うう"]
    assert {voice.text for voice in themes.others.voices} == {"うう"}


def test_a_report_quotes_only_those_who_agreed() -> None:
    exercise = make("opinion")
    given = [
        *answers(exercise, "山田課長の机が邪魔だ"),
        GivenAnswer("q", {exercise.items[0].ref: "窓口を広く"}, consent=True),
        *(GivenAnswer(f"r{at}", {exercise.items[0].ref: "会議を短くしたい"}) for at in range(4)),
    ]
    cards, cloud, themes = pictures(exercise, given, consented=True)
    assert [voice.text for voice in cards.voices] == ["窓口を広く"]
    quoted = [voice.text for theme in themes.all for voice in theme.voices]
    assert quoted == ["窓口を広く"]
    words = dict(cloud.table.rows)
    assert "会議" in words
    assert not {"山田", "机", "邪魔"} & words.keys()


def test_asked_again_under_another_id() -> None:
    earlier = make("choice", options=AB)
    later = parse({"kind": "choice", "id": "again", "title": "題", "options": [*AB[:2]]}, FACTS)
    o = refs(earlier.items[0].options)
    given = answers(earlier, o["a"], o["b"], o["c"])
    found = carry_over(earlier, later, given)
    drawn = first(later, [], before=list(found))
    assert {bar.text: bar.before for bar in drawn.bars} == {"甲": 1, "乙": 1}


def test_minds_that_changed() -> None:
    exercise = make("choice", options=AB)
    o = refs(exercise.items[0].options)
    before = answers(exercise, *(o["a"] for _ in range(6)))
    now = answers(exercise, *(o[letter] for letter in "abbaaa"))
    view = room_view(exercise, now, revealed=True, before=before, seed="s")
    assert view.changed is not None
    assert (view.changed.of, view.changed.n) == (6, 2)
    few = room_view(exercise, now[:4], revealed=True, before=before, seed="s")
    assert few.changed is None


def test_a_letter_more_brings_nothing_back_that_was_hidden() -> None:
    exercise = make("opinion")
    (item,) = exercise.items
    bad = "うるせえバカ死ね"
    first = [*answers(exercise, "窓口を広く"), GivenAnswer("x", {item.ref: bad})]
    marks = [each.mark for each in written(exercise, first, seed="s") if each.who == "x"]
    (voice,) = [v.id for v in list_voices(exercise, first, seed="s")[item.ref] if v.text == bad]
    hidden = Moderation().changed(VoiceChange.HIDE, [voice], marks=marks)
    for text in (bad, f"{bad}。", "うるせえ", "ごめんなさい"):
        now = [*first[:1], GivenAnswer("x", {item.ref: text})]
        shown = json.dumps(
            room_view(exercise, now, moderation=hidden, revealed=True, seed="s").message()
        )
        assert json.dumps(text)[1:-1] not in shown
        assert json.dumps("バカ")[1:-1] not in shown
    (again,) = [v for v in list_voices(exercise, now, seed="s")[item.ref] if v.text == text]
    assert hidden.is_rewritten(again.id, again.marks)
    through = hidden.changed(VoiceChange.SHOW, [again.id], marks=[])
    view = room_view(exercise, now, moderation=through, revealed=True, seed="s")
    assert "ごめんなさい" in str(view)
    # Somebody else's same words are theirs, and wait for nobody.
    other = [*first[:1], GivenAnswer("y", {item.ref: f"{bad}。"})]
    assert f"{bad}。" in str(room_view(exercise, other, moderation=hidden, revealed=True, seed="s"))


def test_with_approval_nothing_that_was_typed_stands_before_it_was_let_through() -> None:
    exercise = make("opinion")
    given = answers(exercise, "窓口を広く", "会議を短く")
    ids = {v.text: v.id for v in list_voices(exercise, given, seed="s")[exercise.items[0].ref]}
    waiting = Moderation(approval=True)
    view = room_view(exercise, given, moderation=waiting, revealed=True, seed="s")
    assert not any(text in str(view) for text in ("窓口", "会議"))
    assert view.answered.people == 2
    one = waiting.changed(VoiceChange.SHOW, [ids["窓口を広く"]], marks=[])
    view = room_view(exercise, given, moderation=one, revealed=True, seed="s")
    assert "窓口を広く" in str(view)
    assert "会議" not in str(view)


def test_voices_stand_six_a_page_and_long_ones_take_more_places() -> None:
    exercise = make("opinion")
    given = answers(exercise, *(f"声{at}" for at in range(7)), "長" * 40, "最長" * 50)
    cards = [each for each in pictures(exercise, given) if each.shape == "voices"]
    assert sum(len(page.voices) for page in cards) == 9
    for page in cards:
        rows = [0]
        for each in page.voices:
            full = rows[-1] + each.span > 3
            rows = [*rows, each.span] if full else [*rows[:-1], rows[-1] + each.span]
        assert len(rows) <= 2
    assert {each.span for page in cards for each in page.voices} == {1, 2, 3}


def test_what_most_nodded_to_stands_first_after_what_is_pinned() -> None:
    exercise = make("opinion")
    given = answers(exercise, "ああ", "いい", "うう")
    ids = {v.text: v.id for v in list_voices(exercise, given, seed="s")[exercise.items[0].ref]}
    view = room_view(
        exercise,
        given,
        moderation=Moderation(pinned=frozenset({ids["ああ"]})),
        revealed=True,
        nods={ids["うう"]: 9, ids["いい"]: 2},
        seed="s",
    )
    cards: Any = view.pictures[0]
    assert [(voice.text, voice.nods) for voice in cards.voices] == [
        ("ああ", 0),
        ("うう", 9),
        ("いい", 2),
    ]
