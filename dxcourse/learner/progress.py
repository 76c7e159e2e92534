"""How far someone is, where they go on, and when they came to the end. No score is looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dxcourse.answers import Record, Reply, since_fresh
from dxcourse.chapters import Section, chapter
from dxcourse.course import Course, Module, Route
from dxcourse.exercises import AnyExercise
from dxcourse.facts import today_in_japan


@dataclass(frozen=True)
class ModuleProgress:
    """How many of a module's exercises are answered in full, and the minutes that are left."""

    module: Module
    done: int
    of: int
    minutes: int

    @property
    def left(self) -> int:
        """How many are not."""
        return self.of - self.done


@dataclass(frozen=True)
class Place:
    """Where someone goes on: an exercise that is not answered in full, or not at all."""

    module: Module
    section: Section | None
    exercise: AnyExercise
    done: int
    """How many of its items are answered."""
    of: int


def progress(course: Course, replies: Mapping[str, Reply]) -> list[ModuleProgress]:
    """Count what is answered in each written module, in the course's order."""
    found = []
    for module in course.modules:
        exercises = course.core(module.id)
        done = sum(_complete(replies, name) for name in exercises)
        minutes = _minutes_left(course, module, replies)
        found.append(ModuleProgress(module, done, len(exercises), minutes))
    return found


def place(course: Course, history: Sequence[Record], replies: Mapping[str, Reply]) -> Place | None:
    """Find where someone goes on: behind what they answered last; None where all is answered."""
    order = [(m, name) for m in course.modules for name in course.core(m.id)]
    names = [name for _, name in order]
    last = max(
        (record for record in history if record.exercise in replies and record.exercise in names),
        key=lambda record: record.time,
        default=None,
    )
    begin = names.index(last.exercise) if last else 0
    for module, name in [*order[begin:], *order[:begin]]:
        if not _complete(replies, name):
            exercise = course.exercise(name)
            done = len(replies[name].items) if name in replies else 0
            section = chapter(course, module).section_of(name)
            return Place(module, section, exercise, done, len(exercise.items))
    return None


def finished_on(course: Course, history: Sequence[Record]) -> date | None:
    """Give the day in Japan on which the last exercise was answered in full; None before that.

    What was begun afresh does not count. A learner who changes an answer later has finished no
    later for it.
    """
    names = [name for module in course.modules for name in course.core(module.id)]
    return _all_answered_on(course, history, names)


def route_finished_on(course: Course, history: Sequence[Record], route: Route) -> date | None:
    """Give the day on which the last exercise of a short way was answered in full, as above."""
    names = [name for stop in route.stops for name in stop.exercises]
    return _all_answered_on(course, history, names)


def _all_answered_on(
    course: Course, history: Sequence[Record], names: Sequence[str]
) -> date | None:
    by_exercise: dict[str, list[Record]] = {}
    for record in history:
        by_exercise.setdefault(record.exercise, []).append(record)
    times = []
    for name in names:
        time = _completed(course.exercise(name), since_fresh(by_exercise.get(name, [])))
        if time is None:
            return None
        times.append(time)
    return today_in_japan(max(times)) if times else None


def _complete(replies: Mapping[str, Reply], name: str) -> bool:
    return name in replies and replies[name].complete


def _minutes_left(course: Course, module: Module, replies: Mapping[str, Reply]) -> int:
    """Add up what is left of each section: by its exercises, or all of it while it is ahead."""
    sections = chapter(course, module).sections
    exercises = [name for section in sections for name in section.exercises]
    if all(_complete(replies, name) for name in exercises):
        return 0 if exercises else module.minutes.total
    left = 0.0
    begun = False
    for section in reversed(sections):
        todo = sum(not _complete(replies, name) for name in section.exercises)
        if section.exercises:
            left += section.minutes * todo / len(section.exercises)
            begun = begun or todo < len(section.exercises)
        elif not begun:  # what stands before something that is answered was read
            left += section.minutes
    return max(1, round(left))


def _completed(exercise: AnyExercise, history: Sequence[Record]) -> datetime | None:
    """Give the time of the first record that answers every item."""
    for record in history:
        try:
            items = exercise.read(record.answer)["items"]
        except ValueError:  # of an earlier wording of the exercise
            continue
        if len(items) == len(exercise.items):
            return record.time
    return None
