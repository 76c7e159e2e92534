"""How far someone is, and on which day they came to the end. No score is looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dxcourse.answers import Record, Reply, since_fresh
from dxcourse.course import Course, Module
from dxcourse.exercises import AnyExercise
from dxcourse.facts import today_in_japan


@dataclass(frozen=True)
class ModuleProgress:
    """How many of a module's exercises are answered in full."""

    module: Module
    done: int
    of: int

    @property
    def left(self) -> int:
        """How many are not."""
        return self.of - self.done


def progress(course: Course, replies: Mapping[str, Reply]) -> list[ModuleProgress]:
    """Count what is answered in each written module, in the course's order."""
    found = []
    for module in course.modules:
        exercises = course.core(module.id)
        done = sum(name in replies and replies[name].complete for name in exercises)
        found.append(ModuleProgress(module, done, len(exercises)))
    return found


def finished_on(course: Course, history: Sequence[Record]) -> date | None:
    """Give the day in Japan on which the last exercise was answered in full; None before that.

    What was begun afresh does not count. A learner who changes an answer later has finished no
    later for it.
    """
    by_exercise: dict[str, list[Record]] = {}
    for record in history:
        by_exercise.setdefault(record.exercise, []).append(record)
    times = []
    for module in course.modules:
        for name in course.core(module.id):
            time = _completed(course.exercise(name), since_fresh(by_exercise.get(name, [])))
            if time is None:
                return None
            times.append(time)
    return today_in_japan(max(times)) if times else None


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
