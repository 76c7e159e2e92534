"""What a server does beside: old answers deleted as was promised, a look at what was done."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from dxcourse.answers import StoreError, operation
from dxcourse.text import say
from dxcourse.web.site import LearnerSite

log = logging.getLogger(__name__)

PURGE_EVERY = 86_400.0  # seconds
LOOK_EVERY = 60.0  # seconds


async def purge_daily(site: LearnerSite) -> None:
    """Keep to what was promised of old answers, until cancelled."""
    keep_days = site.settings.keep_days
    while keep_days is not None:
        await purge(site, keep_days, datetime.now(UTC))
        await asyncio.sleep(PURGE_EVERY)


async def purge(site: LearnerSite, keep_days: int, now: datetime) -> None:
    """Delete answers that are older than was promised; several processes may do it at once.

    What was deleted is written down with what is done by command.
    """
    before = now - timedelta(days=keep_days)
    loop = asyncio.get_running_loop()

    def work() -> int:
        count = site.store.purge(before)
        if count:
            site.store.note(operation("purge-daily", count))
        return count

    try:
        count = await loop.run_in_executor(None, work)
    except StoreError as error:
        log.error("%s", say("server.store.not_purged", cause=error))  # noqa: TRY400
    else:
        log.info("%s", say("server.store.purged", count=count, day=before.date()))


async def watch_operations(site: LearnerSite) -> None:
    """Keep the numbers at when each operation was last done, until cancelled.

    Whoever watches sees by them that no backup was checked for days.
    """
    loop = asyncio.get_running_loop()
    while True:
        with suppress(StoreError):  # `/readyz` says so
            found = await loop.run_in_executor(None, site.store.last_operations)
            for each in found.values():
                site.metrics.operation(each.done, each.time.timestamp())
        await asyncio.sleep(LOOK_EVERY)
