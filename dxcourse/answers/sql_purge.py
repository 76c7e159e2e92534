"""What `_purge.purged` says, done to the rows of a database."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from dxcourse.answers.database import table, writing
from dxcourse.answers.log import PURGED
from dxcourse.answers.record import as_text

PORTION = 10_000  # rows looked at in one transaction; others write before the next


def purge_rows(engine: sa.Engine, before: datetime) -> int:
    """Delete or empty the rows that are older than a moment; how many.

    What becomes of a row depends on what no other portion changes (which rows are old, and which is
    the last), so that portions do the same as all at once.
    """
    with engine.connect() as connection:
        last = connection.execute(sa.select(sa.func.max(table.c.seq))).scalar() or 0
    count = 0
    for start in range(0, last, PORTION):
        portion = sa.and_(table.c.seq > start, table.c.seq <= start + PORTION)
        with writing(engine) as connection:
            count += connection.execute(_empty(engine, before).where(portion)).rowcount
            count += connection.execute(_delete(engine, before).where(portion)).rowcount
    wipe(engine)
    return count


def wipe(engine: sa.Engine) -> None:
    """Take what was deleted out of SQLite's files, where nobody reads in them just now.

    Its pages are overwritten already (``secure_delete``); this empties the log beside them.
    PostgreSQL does as much by itself, when it vacuums.
    """
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _empty(engine: sa.Engine, before: datetime) -> sa.Update:
    """Leave of the last attempt its number."""
    left = {"answer": None, "where": PURGED, "time": as_text(before)}
    old = _old(engine, table.c.time, before)
    return sa.update(table).where(old, table.c.answer.is_not(None), _is_last()).values(left)


def _delete(engine: sa.Engine, before: datetime) -> sa.Delete:
    """Delete all others, but for a fresh beginning that puts aside what is not old."""
    earlier = table.alias("earlier")
    puts_aside = sa.exists().where(
        earlier.c.learner == table.c.learner,
        earlier.c.exercise == table.c.exercise,
        earlier.c.attempt < table.c.attempt,
        ~_old(engine, earlier.c.time, before),
    )
    old = _old(engine, table.c.time, before)
    return sa.delete(table).where(
        old, ~_is_last(), sa.or_(table.c.answer.is_not(None), ~puts_aside)
    )


def _is_last() -> sa.ColumnElement[bool]:
    later = table.alias("later")
    return ~sa.exists().where(
        later.c.learner == table.c.learner,
        later.c.exercise == table.c.exercise,
        later.c.attempt > table.c.attempt,
    )


def _old(
    engine: sa.Engine, column: sa.ColumnElement[str], before: datetime
) -> sa.ColumnElement[bool]:
    """Compare a time, text with its zone, with a moment; SQLite does to the millisecond."""
    if engine.dialect.name == "sqlite":
        return sa.func.julianday(column) < sa.func.julianday(before.isoformat())
    return sa.cast(column, sa.DateTime(timezone=True)) < before
