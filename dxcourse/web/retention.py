"""Old answers are deleted when it was promised."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from dxcourse.answers import StoreError, operation
from dxcourse.text import say
from dxcourse.web.site import LearnerSite

log = logging.getLogger(__name__)

PURGE_EVERY = 86_400.0  # seconds


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
