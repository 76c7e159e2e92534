"""Rooms without a server: agendas, events and folders to fold, and hypothesis strategies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from dxcourse.workshop.agenda import Agenda
from dxcourse.workshop.commands import own_question
from dxcourse.workshop.events import EventKind, RoomEvent
from dxcourse.workshop.moderation import VoiceChange
from dxcourse.workshop.state import QuestionStatus, RoomState, WallScreen, fold

steady = settings(deadline=None, max_examples=60)  # a busy machine is not a fault
START = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
AGENDA = Agenda.model_validate(
    {
        "title": "試し",
        "twice": {"after": "before"},
        "stops": [
            {"id": "open", "title": "はじめ", "minutes": 3},
            {
                "id": "ask",
                "title": "演習",
                "minutes": 9,
                "least": 5,
                "shorten": "表だけ",
                "asks": ["before", "main"],
                "steps": [{"text": "書く", "seconds": 60}, {"text": "隣と", "seconds": 120}],
            },
            {"id": "talk", "title": "話", "minutes": 5, "least": 1},
            {"id": "again", "title": "もう一度", "minutes": 4, "asks": ["after"]},
        ],
    }
)
STOPS = [stop.id for stop in AGENDA.stops]
ASKS = [ask.id for ask in AGENDA.asks]


def created(**more: Any) -> RoomEvent:
    data = {
        "name": "試しの会",
        "day": "2026-12-01",
        "seed": "s",
        "names": False,
        "agenda": AGENDA.model_dump(mode="json"),
    }
    return RoomEvent(EventKind.CREATED, START, data | more)


def event(kind: EventKind, minute: float = 0, **data: Any) -> RoomEvent:
    return RoomEvent(kind, START + timedelta(minutes=minute), data)


def room(*events: RoomEvent) -> RoomState:
    return fold([created(), *events])


_stop = st.sampled_from([*STOPS, "nowhere"])
_ask = st.sampled_from([*ASKS, "unknown"])
_counts = st.dictionaries(st.sampled_from(["a", "b"]), st.integers(0, 9))
_who = st.sampled_from(["p", "q", "r"])
_voices = st.lists(st.sampled_from(["v1", "v2", "v3"]), max_size=3)
_DATA: dict[EventKind, st.SearchStrategy[dict[str, Any]]] = {
    EventKind.JOINED: st.fixed_dictionaries(
        {
            "who": _who,
            "pair": st.booleans(),
            "consent": st.booleans(),
            "name": st.just(""),
        }
    ),
    EventKind.WENT: st.fixed_dictionaries({"stop": _stop}),
    EventKind.STEP: st.fixed_dictionaries(
        {"step": st.integers(0, 3), "seconds": st.integers(5, 600)}
    ),
    EventKind.PAUSED: st.just({}),
    EventKind.CONTINUED: st.just({}),
    EventKind.LONGER: st.fixed_dictionaries({"seconds": st.integers(-120, 120)}),
    EventKind.OPENED: st.fixed_dictionaries({"exercise": _ask}),
    EventKind.CLOSED: st.fixed_dictionaries({"exercise": _ask}),
    EventKind.REVEALED: st.fixed_dictionaries({"exercise": _ask}),
    EventKind.REASKED: st.fixed_dictionaries({"exercise": _ask}),
    EventKind.SHOWN: st.fixed_dictionaries(
        {"screen": st.sampled_from([s.value for s in WallScreen])}
    ),
    EventKind.TURNED: st.fixed_dictionaries({"page": st.integers(0, 9)}),
    EventKind.MINUTES: st.fixed_dictionaries({"stop": _stop, "minutes": st.floats(0, 60)}),
    EventKind.SKIPPED: st.fixed_dictionaries({"stop": _stop, "skipped": st.booleans()}),
    EventKind.TALLIED: st.fixed_dictionaries(
        {"exercise": _ask, "item": st.just("i"), "counts": _counts}
    ),
    EventKind.MODERATED: st.fixed_dictionaries(
        {
            "exercise": _ask,
            "hidden": _voices,
            "pinned": _voices,
            "groups": st.dictionaries(st.sampled_from(["g", "h"]), _voices),
        }
    ),
    EventKind.VOICE: st.fixed_dictionaries(
        {
            "exercise": _ask,
            "change": st.sampled_from([change.value for change in VoiceChange]),
            "voices": _voices,
            "name": st.sampled_from(["", "g", "h"]),
            "marks": st.lists(st.sampled_from(["m1", "m2"]), max_size=2),
        }
    ),
    EventKind.APPROVAL: st.fixed_dictionaries({"on": st.booleans()}),
    EventKind.SPOTLIGHT: st.fixed_dictionaries(
        {"exercise": _ask, "voice": st.sampled_from(["", "v1", "v2"])}
    ),
    EventKind.NODDED: st.fixed_dictionaries(
        {"who": _who, "target": st.sampled_from(["v1", "q1"]), "on": st.booleans()}
    ),
    EventKind.QUESTION: st.fixed_dictionaries(
        {"id": st.sampled_from(["q1", "q2"]), "who": _who, "text": st.just("なぜですか")}
    ),
    EventKind.ANSWERED: st.fixed_dictionaries(
        {
            "id": st.sampled_from(["q1", "q2", "q3"]),
            "status": st.sampled_from([status.value for status in QuestionStatus]),
        }
    ),
    EventKind.MADE: st.fixed_dictionaries(
        {
            "stop": _stop,
            "exercise": st.sampled_from(["own-1", "own-2", "main"]).map(
                lambda name: own_question(name, "どちら", ["はい", "いいえ"])
            ),
        }
    ),
    EventKind.RECALLED: st.fixed_dictionaries({"exercise": _ask}),
    EventKind.CLOSING: st.fixed_dictionaries({"exercise": _ask, "seconds": st.integers(3, 120)}),
    EventKind.REST: st.fixed_dictionaries({"seconds": st.integers(60, 900)}),
    EventKind.EXPELLED: st.fixed_dictionaries({"who": _who}),
    EventKind.READMITTED: st.just({}),
    EventKind.DOOR: st.fixed_dictionaries({"open": st.booleans()}),
    EventKind.ENDED: st.just({}),
}


@st.composite
def histories(draw: st.DrawFn, most: int = 40) -> list[RoomEvent]:
    """Any events in any order, later ones later: more than a board would ever make."""
    found = [created()]
    at = START
    for _ in range(draw(st.integers(0, most))):
        at += timedelta(seconds=draw(st.integers(0, 300)))
        kind = draw(st.sampled_from(sorted(_DATA)))
        found.append(RoomEvent(EventKind(kind), at, draw(_DATA[EventKind(kind)])))
    return found
