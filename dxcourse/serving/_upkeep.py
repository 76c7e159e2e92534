"""What a server does by itself: pages ahead of those who ask, tomorrow's before midnight."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from dxcourse import settings
from dxcourse.serving._site import Site

log = logging.getLogger(__name__)

EVERY = 600.0  # seconds between two rounds


async def upkeep(site: Site) -> None:
    """Keep every page ready until cancelled."""
    await site.pages.warm(site.notebooks())
    if not site.manner.visitors:
        return
    while True:
        # Visitors of the first minute of a day find its pages made.
        await site.pages.warm(site.notebooks(), day=settings.today() + timedelta(days=1))
        await asyncio.sleep(EVERY)
        await site.pages.warm(site.notebooks())
