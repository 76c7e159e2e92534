"""What a server does by itself: pages ahead of those who ask, and old answers deleted."""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import UTC, datetime, timedelta

from dxcourse import settings
from dxcourse.answers import StoreError
from dxcourse.facts import JAPAN
from dxcourse.serving._site import Site

log = logging.getLogger(__name__)

EVERY = 600.0  # seconds between two rounds
EVENING = 20  # o'clock in Japan
PURGE_EVERY = 86_400.0  # seconds


async def upkeep(site: Site) -> None:
    """Keep every page ready, and keep to what was promised of old answers, until cancelled."""
    purged = float("-inf")
    while True:
        await site.pages.warm(site.notebooks())
        if not site.manner.visitors:
            return
        if site.manner.keep_days is not None and time.monotonic() - purged > PURGE_EVERY:
            purged = time.monotonic()
            await purge(site, site.manner.keep_days, datetime.now(UTC))
        if datetime.now(JAPAN).hour >= EVENING:
            # Visitors of the first minute of a day find its pages made.
            await site.pages.warm(site.notebooks(), day=settings.today() + timedelta(days=1))
        await asyncio.sleep(EVERY)


async def purge(site: Site, keep_days: int, now: datetime) -> None:
    """Delete answers that are older than was promised; several processes may do it at once."""
    before = now - timedelta(days=keep_days)
    loop = asyncio.get_running_loop()
    try:
        count = await loop.run_in_executor(None, lambda: site.store.purge(before))
    except StoreError as error:
        log.error("old answers: %s", error)  # noqa: TRY400  -- the message names place and cure
    else:
        log.info("deleted %d answers from before %s", count, before.date())
