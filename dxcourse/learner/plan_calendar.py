"""The plan as a calendar file (RFC 5545): its first quarter of an hour, and the questions after."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Alarm, Calendar, Event

from dxcourse.facts import JAPAN
from dxcourse.learner.plan import Plan, day_in_words
from dxcourse.text import say

NAMESPACE = uuid.UUID("9a8c7c53-4d0e-4a52-9d62-2b5b9f2a3a10")  # of this course's calendars
BEGINS, LASTS = time(10), timedelta(minutes=15)  # a quiet hour at most counters; it can be moved
ALARM = timedelta(minutes=-10)
ALARM_ASKED = timedelta(hours=9)  # from midnight: when the day at the desk has begun


def calendar_file(plan: Plan, *, owner: str, now: datetime) -> bytes:
    """Make the file (.ics), with an alarm for each entry; all fall on working days.

    The first step takes its quarter of an hour; the questions are whole-day entries, which leave
    the day free for other things.

    Parameters
    ----------
    owner
        Whose plan it is. The file holds no more of it than a code, so that a plan that is changed
        and imported again takes the place of the old one.
    now
        When the file is made, with its time zone.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//dxcourse//plan//JA")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", say("plan.calendar.name"))
    written = [line for line in plan.lines if line.value and isinstance(line.value, str)]
    about = "\n".join(f"{line.name}：{line.value}" for line in written)

    def entry(after: int, text: str, description: str) -> Event:
        code = uuid.uuid5(NAMESPACE, f"{owner}\0{plan.exercise}\0{after}")
        event = Event()
        event.add("uid", f"{code}@dxcourse")
        event.add("dtstamp", now)
        event.add("summary", text)
        event.add("description", description)
        calendar.add_component(event)
        return event

    _first_step(entry(0, say("plan.calendar.start"), _with_day(plan, about)), plan.begins)
    for asked in plan.asked:
        text = say("plan.calendar.asked", days=asked.days, text=asked.text)
        _question(entry(asked.days, text, about), asked.day)
    file: bytes = calendar.to_ical()
    return file


def _with_day(plan: Plan, about: str) -> str:
    """What is said of the first entry: the plan, and that its hour is for the reader to choose."""
    if plan.begins == plan.day:
        note = say("plan.calendar.time")
    else:
        note = say("plan.calendar.moved", day=day_in_words(plan.day))
    return f"{about}\n\n{note}".strip()


def _first_step(event: Event, day: date) -> None:
    begins = datetime.combine(day, BEGINS, JAPAN).astimezone(UTC)  # needs no VTIMEZONE
    event.add("dtstart", begins)
    event.add("dtend", begins + LASTS)
    event.add("transp", "OPAQUE")
    event.add_component(_alarm(ALARM, say("plan.calendar.alarm")))


def _question(event: Event, day: date) -> None:
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))  # the day after the last one, as RFC 5545 wants it
    event.add("transp", "TRANSPARENT")
    event.add_component(_alarm(ALARM_ASKED, say("plan.calendar.alarm_asked")))


def _alarm(trigger: timedelta, text: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", trigger)
    alarm.add("description", text)
    return alarm
