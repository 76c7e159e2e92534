"""The calendar file, read back by a library and by the letter of RFC 5545."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from dxcourse.learner import FollowUp, Plan, PlanLine, calendar_file

NOW = datetime(2026, 11, 24, 3, 4, 5, tzinfo=UTC)
DAY = date(2026, 12, 1)
ASKED = tuple(
    FollowUp(days, DAY + timedelta(days=days), text)
    for days, text in ((30, "話しましたか"), (60, "やめたのは"), (90, "何が変わりましたか"))
)
PLAN = Plan(
    "pledge",
    "15分のはじめ",
    DAY,
    (
        PlanLine("誰のため", "窓口の人;朝,昼\\夕\n二行目"),
        PlanLine("いつ", DAY),
        PlanLine("デジタルも", ""),
    ),
    ASKED,
)


def _events(plan: Plan = PLAN, owner: str = "課長") -> list[Any]:
    return list(Calendar.from_ical(calendar_file(plan, owner=owner, now=NOW)).walk("VEVENT"))


def test_the_first_step_takes_a_quarter_of_an_hour_on_its_day() -> None:
    first = _events()[0]
    assert str(first["summary"]) == "最初の15分の対話"
    assert first.decoded("dtstart") == datetime(2026, 12, 1, 1, tzinfo=UTC)  # 10:00 in Japan
    assert first.decoded("dtend") - first.decoded("dtstart") == timedelta(minutes=15)
    assert first["transp"] == "OPAQUE"


def test_a_first_step_on_a_day_of_rest_moves_to_the_next_working_day() -> None:
    first = _events(replace(PLAN, day=date(2026, 12, 29)))[0]
    assert first.decoded("dtstart") == datetime(2027, 1, 4, 1, tzinfo=UTC)
    assert "2026年12月29日（火）" in str(first["description"])


def test_every_entry_calls_its_reader_once() -> None:
    triggers = []
    for event in _events():
        (alarm,) = event.walk("VALARM")
        assert alarm["action"] == "DISPLAY"
        assert str(alarm["description"])
        triggers.append(alarm.decoded("trigger"))
    assert triggers == [timedelta(minutes=-10), *[timedelta(hours=9)] * 3]


def test_the_three_questions_are_whole_days() -> None:
    found = [(event.decoded("dtstart"), str(event["summary"])) for event in _events()[1:]]
    assert found == [
        (date(2026, 12, 31), "30日：話しましたか"),
        (date(2027, 1, 30), "60日：やめたのは"),
        (date(2027, 3, 1), "90日：何が変わりましたか"),
    ]
    for event in _events()[1:]:
        assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(days=1)
        assert type(event.decoded("dtstart")) is date
        assert event["transp"] == "TRANSPARENT"
        assert event.decoded("dtstamp") == NOW


def test_each_day_recalls_what_was_pledged() -> None:
    for event in _events():
        assert str(event["description"]).startswith("誰のため：窓口の人;朝,昼\\夕\n二行目")


def test_a_changed_plan_takes_the_place_of_the_old_one() -> None:
    later = replace(PLAN, day=DAY + timedelta(days=7), lines=(), asked=ASKED)
    codes = [str(event["uid"]) for event in _events()]
    assert [str(event["uid"]) for event in _events(later)] == codes
    assert len(set(codes)) == len(codes)
    others = {str(event["uid"]) for event in _events(owner="係長")}
    assert not others & set(codes)


def test_the_file_is_as_the_standard_wants_it_and_names_nobody() -> None:
    file = calendar_file(PLAN, owner="yamada.taro", now=NOW)
    assert b"yamada" not in file
    lines = file.split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 for line in lines)
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert lines[0] == b"BEGIN:VCALENDAR"
    for needed in (b"VERSION:2.0", b"METHOD:PUBLISH", b"DTSTAMP:20261124T030405Z"):
        assert needed in lines
    assert rb"\;" in file


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=200))
def test_no_text_can_add_a_line_of_its_own(text: str) -> None:
    typed = f"{text}\nEND:VEVENT\nBEGIN:VALARM"
    plan = replace(PLAN, lines=(PlanLine("誰のため", typed),))
    events = _events(plan)
    assert len(events) == 1 + len(ASKED)
    assert all(len(event.subcomponents) == 1 for event in events)  # our alarm
    file = calendar_file(plan, owner="課長", now=NOW)
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    file.decode()
