"""What an administrator sees of a site: answers by exercise and day, health, age of the backup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dxcourse.answers import AuditEntry, DailyCount, Store
from dxcourse.course import Course
from dxcourse.facts import JAPAN
from dxcourse.text import say
from dxcourse.web.site import Space

SHOWN_DAYS = 14  # on the page; the file has all
BACKUP_HOURS = 36  # after which a checked backup is old


@dataclass(frozen=True)
class ExerciseRow:
    """How often an exercise was answered."""

    module: str
    title: str
    today: int
    week: int
    total: int


@dataclass(frozen=True)
class DayRow:
    """How often anything was answered on a day."""

    day: date
    answers: int


@dataclass(frozen=True)
class SpaceRow:
    """How much was answered in a municipality's space."""

    id: str
    name: str
    contact: str
    answers: int
    learners: int


@dataclass(frozen=True)
class Backup:
    """When a backup was last checked; `hours` is None where none ever was."""

    at: datetime | None
    hours: float | None

    @property
    def old(self) -> bool:
        """Whether someone should look after it."""
        return self.hours is None or self.hours > BACKUP_HOURS


@dataclass(frozen=True)
class AdminReport:
    """Counts of a site as of a moment; of learners there are numbers only."""

    made: datetime
    answers: int
    learners: int
    exercises: tuple[ExerciseRow, ...]
    days: tuple[DayRow, ...]
    backup: Backup
    spaces: tuple[SpaceRow, ...] = ()

    @property
    def last_days(self) -> tuple[DayRow, ...]:
        """The last days, the newest first; days without an answer, too."""
        known = {row.day: row.answers for row in self.days}
        today = self.made.astimezone(JAPAN).date()
        days = [today - timedelta(days=back) for back in range(SHOWN_DAYS)]
        return tuple(DayRow(day, known.get(day, 0)) for day in days)


def admin_report(
    course: Course, store: Store, now: datetime, where: str, spaces: Sequence[Space] = ()
) -> AdminReport:
    """Count what a store holds.

    Parameters
    ----------
    where
        Only what was given at a surface whose name begins so.
    spaces
        Those that are counted each.

    Raises
    ------
    StoreError
        It cannot be read.
    """
    counts = store.daily_counts(where=where)
    by_day: dict[date, int] = {}
    for each in counts:
        by_day[each.day] = by_day.get(each.day, 0) + each.answers
    return AdminReport(
        made=now,
        answers=sum(by_day.values()),
        learners=store.count_learners(where=where),
        exercises=tuple(_exercises(course, counts, now.astimezone(JAPAN).date())),
        days=tuple(DayRow(day, by_day[day]) for day in sorted(by_day)),
        backup=_backup(store.last_operations().get("verify"), now),
        spaces=tuple(_spaces(spaces, store)),
    )


def _spaces(spaces: Sequence[Space], store: Store) -> Iterator[SpaceRow]:
    counts = store.counts_by_surface() if spaces else {}
    for space in spaces:
        own = [each for where, each in counts.items() if where.startswith(space.surface)]
        answers, learners = sum(n for n, _ in own), sum(n for _, n in own)
        yield SpaceRow(space.id, space.name, space.contact, answers, learners)


def _backup(last: AuditEntry | None, now: datetime) -> Backup:
    return (
        Backup(last.time, (now - last.time).total_seconds() / 3600) if last else Backup(None, None)
    )


def _exercises(course: Course, counts: Sequence[DailyCount], today: date) -> Iterator[ExerciseRow]:
    """A row for each exercise, in the course's order; last, those that the course has no more."""
    found: dict[str, list[DailyCount]] = {}
    for each in counts:
        found.setdefault(each.exercise, []).append(each)
    week = today - timedelta(days=6)
    modules = {
        name: f"{module.id}　{module.title}"
        for module in course.modules
        for name in course.shown.get(module.id, ())
    }
    for name in dict.fromkeys([*course.exercises, *found]):
        exercise = course.exercises.get(name)
        given = found.get(name, [])
        yield ExerciseRow(
            module=modules.get(name, say("admin.page.elsewhere")),
            title=exercise.title if exercise else name,
            today=sum(each.answers for each in given if each.day == today),
            week=sum(each.answers for each in given if week <= each.day <= today),
            total=sum(each.answers for each in given),
        )
