"""What each screen is told: phones, the board, the wall. Plain data of the room as it is now."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from dxcourse.exercises.shapes import TYPED
from dxcourse.facts import today_in_japan
from dxcourse.learner import working_day
from dxcourse.text.typed import cut, visible
from dxcourse.workshop import clock
from dxcourse.workshop.moderation import Moderation
from dxcourse.workshop.results.tally import countable_items
from dxcourse.workshop.results.voices import WHOLE, Utterance, takes_text
from dxcourse.workshop.room import Room
from dxcourse.workshop.state import FloorQuestion, Phase, QuestionStatus, RoomState, WallScreen

MONTH = 30  # days until the promises are asked for


def milliseconds(at: datetime) -> int:
    """A moment as browsers count it."""
    return round(at.timestamp() * 1000)


def for_phones(room: Room, view: Mapping[str, Any] | None) -> dict[str, Any]:
    """What every phone is told: the same for all, nothing of anybody's answer, no key.

    After the reveal it holds what the wall shows: how often each option was chosen, and the voices
    that may be agreed with.
    """
    state = room.state
    phase = state.phase(state.asked)
    asked = room.public(state.asked) if phase is not Phase.UNASKED else None
    stop = state.at()
    return {
        "name": state.name,
        "ended": state.ended is not None,
        "began": state.began is not None,
        "stop": stop.title if stop else "",
        "stop_ends": _stop_ends(state),
        "phase": phase.value,
        "again": state.again(state.asked),
        "exercise": asked,
        "scene": _scene(room) if phase is not Phase.REVEALED else None,
        "closing": moment(state.closing),
        "step": _step(state),
        "result": _result_for_phones(view),
        "voices": _voices_for_phones(state, view),
        "questions": shown_questions(state),
        "farewell": farewell(state),
    }


def _result_for_phones(view: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    if not view or not view["revealed"]:
        return []
    return [
        {
            "item": picture["item"],
            "title": picture["title"],
            "n": picture["n"],
            "bars": [
                {name: bar[name] for name in ("ref", "text", "count")} for bar in picture["bars"]
            ],
        }
        for picture in view["pictures"]
        if picture["shape"] == "bars"
    ]


def _voices_for_phones(state: RoomState, view: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """The voices that stand on the wall now."""
    if not view or not view["revealed"] or state.screen not in {WallScreen.ROOM, WallScreen.VOICE}:
        return []
    on_wall = [
        voice
        for picture in view["pictures"]
        if picture["shape"] == "voices"
        for voice in picture["voices"]
        if (picture["page"] == state.page and state.screen is WallScreen.ROOM)
        or voice["id"] == state.spotlight
    ]
    return [  # the nods of now: they are told sooner than they are drawn
        {"id": each["id"], "text": each["text"], "nods": len(state.nods.get(each["id"], ()))}
        for each in on_wall
    ]


def shown_questions(state: RoomState) -> list[dict[str, Any]]:
    """The questions from the floor that all may see, those with most nods first."""
    shown = [each for each in state.questions.values() if each.status is QuestionStatus.SHOWN]
    rows = [_question(state, each) for each in shown]
    return sorted(rows, key=lambda row: (-row["nods"], row["id"]))


def _question(state: RoomState, question: FloorQuestion) -> dict[str, Any]:
    nods = len(state.nods.get(question.id, ()))
    return {"id": question.id, "text": visible(question.text), "nods": nods}


def voice_row(
    utterance: Utterance, moderation: Moderation, nods: Mapping[str, Collection[str]]
) -> dict[str, Any]:
    """A voice as the facilitator sees it: where it stands, never who wrote it."""
    heading = next((name for name, ids in moderation.groups.items() if utterance.id in ids), "")
    return {
        "id": utterance.id,
        "text": cut(utterance.text, WHOLE)[0],
        "count": utterance.count,
        "status": moderation.status(utterance.id, utterance.marks).value,
        "pinned": utterance.id in moderation.pinned,
        "group": heading,
        "nods": len(nods.get(utterance.id, ())),
    }


def for_wall(room: Room, view: Mapping[str, Any] | None) -> dict[str, Any]:
    """What the projector shows."""
    state = room.state
    stop = state.at()
    return {
        "name": state.name,
        "screen": state.screen.value,
        "page": state.page,
        "ended": state.ended is not None,
        "stop": stop.title if stop else "",
        "wall": _stop_wall(state),
        "scene": _scene(room),
        "exercise": _asked(room),
        "phase": state.phase(state.asked).value,
        "step": _step(state),
        "stop_ends": _stop_ends(state),
        "closing": moment(state.closing),
        "rest_until": moment(state.rest_until),
        "joined": len(state.participants),
        "spotlight": _spotlight(state, view),
        "questions": shown_questions(state),
        "farewell": farewell(state) | {"pledges": room.pledges()},
        "view": view,
    }


def _spotlight(state: RoomState, view: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The voice that fills the wall, only while it may be seen."""
    if not view or not state.spotlight:
        return None
    for picture in view["pictures"]:
        for voice in _voices_of(picture):
            if voice["id"] == state.spotlight:
                return dict(voice)
    return None


def _voices_of(picture: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = list(picture.get("voices", []))
    for theme in [*picture.get("themes", []), *picture.get("groups", [])]:
        found += theme["voices"]
    return found


def _stop_wall(state: RoomState) -> dict[str, Any] | None:
    stop = state.at()
    return _with_picture(stop.wall.model_dump()) if stop and stop.wall else None


def _scene(room: Room) -> dict[str, Any] | None:
    """What the present question begins with: as the agenda says, or else the exercise."""
    exercise = room.exercises.get(room.state.asked)
    return _with_picture(exercise.scene.model_dump()) if exercise and exercise.scene else None


def _with_picture(shown: dict[str, Any]) -> dict[str, Any]:
    """Say where its picture is."""
    return shown | {"picture": f"/pictures/{shown['picture']}" if shown["picture"] else ""}


def _stop_ends(state: RoomState) -> int | None:
    """When the stop's time is over, as planned last."""
    stop = state.at()
    visit = state.visits.get(state.stop)
    if stop is None or visit is None or visit.since is None:
        return None
    left = state.planned(stop) * 60 - visit.seconds
    return milliseconds(visit.since + timedelta(seconds=left))


def farewell(state: RoomState) -> dict[str, Any]:
    """The day on which to ask each other: about thirty days on, and one that people work on."""
    day = date.fromisoformat(state.day) if state.day else None
    if state.began:
        day = today_in_japan(state.began)
    return {"day": working_day(day + timedelta(days=MONTH)).isoformat() if day else ""}


def for_board(room: Room, view: Mapping[str, Any] | None, now: datetime) -> dict[str, Any]:
    """What the facilitator sees: counts, never who."""
    state = room.state
    stop = state.at()
    return for_wall(room, view) | {
        "door": state.door,
        "at": state.stop,
        "notes": stop.notes if stop else "",
        "steps": [step.model_dump() for step in stop.steps] if stop else [],
        "timer": _timer(state),
        "asks": _asks(room),
        "closed": _closed(room),
        "approval": state.approval,
        "expelled": len(state.expelled),
        "revision": room.revision(state.asked),
        "waiting": room.waiting(state.asked),
        "floor": [
            _question(state, each) | {"status": each.status.value}
            for each in state.questions.values()
        ],
        "asked": state.asked,
        "again": state.again(state.asked),
        "answered": len(room.given(state.asked)) if state.asked else 0,
        "pairs": sum(profile.pair for profile in state.participants.values()),
        "agenda": [_row(row) for row in clock.stop_rows(state, now)],
        "began": moment(state.began),
        "end": moment(clock.expected_end(state, now)),
        "late": round(clock.lateness(state, now)),
        "shorten": [
            {
                "id": each.stop.id,
                "stop": each.stop.title,
                "how": each.stop.shorten,
                "minutes": each.minutes,
                "least": each.stop.least,
            }
            for each in clock.savings(state, now)
        ],
        "sheet": countable_items(room.exercises[state.asked]) if state.asked else [],
        "tally": state.tallies.get(state.asked, {}),
        "moderated": _moderated(state.moderated(state.asked)),
    }


def _moderated(moderation: Moderation) -> str:
    """A word that changes whenever what may be seen of the voices does."""
    told = (
        sorted(moderation.hidden),
        sorted(moderation.approved),
        sorted(moderation.pinned),
        sorted(moderation.groups.items()),
        sorted(moderation.held),
        moderation.approval,
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()[:12]


def _asked(room: Room) -> dict[str, Any] | None:
    name = room.state.asked
    if not name:
        return None
    exercise = room.exercises[name]
    typed = exercise.main_part(exercise.items[0]).shape in TYPED
    sheet = [] if typed else countable_items(exercise)
    choices = [value["text"] for value in sheet[0]["values"]] if sheet else []
    alike = all([value["text"] for value in row["values"]] == choices for row in sheet)
    return {
        "id": name,
        "title": exercise.title,
        "prompt": exercise.prompt or "",
        "items": [item.text for item in exercise.items if item.text],
        "choices": choices if alike else [],
        "written": takes_text(exercise),
    }


def _asks(room: Room) -> list[dict[str, Any]]:
    return [
        {"id": name, "title": room.exercises[name].title, "phase": room.state.phase(name).value}
        for name in room.state.asks(room.state.stop)
    ]


def _closed(room: Room) -> list[dict[str, Any]]:
    """What the wall can go back to."""
    return [
        {"id": name, "title": exercise.title}
        for name, exercise in room.exercises.items()
        if room.state.phase(name) in {Phase.CLOSED, Phase.REVEALED}
    ]


def _step(state: RoomState) -> dict[str, Any] | None:
    stop = state.at()
    if stop is None or state.timer is None or state.timer.step >= len(stop.steps):
        return None
    return {"text": stop.steps[state.timer.step].text, **(_timer(state) or {})}


def _timer(state: RoomState) -> dict[str, Any] | None:
    if state.timer is None:
        return None
    ends = state.timer.ends
    return {
        "step": state.timer.step,
        "ends": milliseconds(ends) if ends else None,
        "left": round(state.timer.left * 1000),
    }


def _row(row: clock.StopRow) -> dict[str, Any]:
    return {
        "id": row.stop.id,
        "title": row.stop.title,
        "at": row.at,
        "minutes": row.planned,
        "planned": row.stop.minutes,
        "ran": round(row.ran),
        "status": row.status,
        "began": moment(row.began),
        "live": row.stop.live,
    }


def moment(at: datetime | None) -> int | None:
    """A moment as browsers count it, or none."""
    return milliseconds(at) if at else None
