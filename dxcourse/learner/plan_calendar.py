"""The plan as a calendar file (RFC 5545): its day, and the questions that follow."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

from dxcourse.learner.plan import Plan, words

NAMESPACE = uuid.UUID("9a8c7c53-4d0e-4a52-9d62-2b5b9f2a3a10")  # of this course's calendars


def calendar_file(plan: Plan, *, owner: str, now: datetime) -> bytes:
    """Make the file (.ics): whole-day events, which leave the day free for other things.

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
    calendar.add("x-wr-calname", words()["calendar"])
    written = [line for line in plan.lines if line.value and isinstance(line.value, str)]
    about = "\n".join(f"{line.name}：{line.value}" for line in written)
    days = [(0, plan.day, words()["start"])]
    days += [(asked.days, asked.day, asked.text) for asked in plan.asked]
    for after, day, text in days:
        code = uuid.uuid5(NAMESPACE, f"{owner}\0{plan.exercise}\0{after}")
        calendar.add_component(_event(f"{code}@dxcourse", day, text, about, now))
    file: bytes = calendar.to_ical()
    return file


def _event(code: str, day: date, text: str, about: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", code)
    event.add("dtstamp", now)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))  # the day after the last one, as RFC 5545 wants it
    event.add("summary", text)
    event.add("description", about)
    event.add("transp", "TRANSPARENT")
    return event
