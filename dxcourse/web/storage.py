"""Where a server's answers are, and whether they can be stored there now."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path

from dxcourse.answers import SqlStore, Store, StoreError
from dxcourse.web.settings import ServerSettings

log = logging.getLogger(__name__)

NOBODY = "readiness"  # a learner that no token names
HELD = 1.0  # seconds that a look at the store is good for


def open_store(settings: ServerSettings, folder: Path) -> SqlStore:
    """Open the database that was named, or one in a `folder` of the course's own.

    Raises
    ------
    StoreError
        It cannot be opened.
    """
    if settings.store:
        return SqlStore(settings.store)
    folder.mkdir(parents=True, exist_ok=True)
    return SqlStore(f"sqlite:///{folder / 'answers.sqlite'}")


class StoreProbe:
    """Whether the store works, looked at once a second however often it is asked.

    Parameters
    ----------
    clock
        Seconds, going forward.
    """

    def __init__(self, store: Store, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._store, self._clock = store, clock
        self._looked, self._sound = float("-inf"), True
        self._one = asyncio.Lock()

    async def sound(self) -> bool:
        """Whether the store can be read."""
        async with self._one:
            if self._clock() - self._looked > HELD:
                loop = asyncio.get_running_loop()
                try:
                    await loop.run_in_executor(None, self._store.history, NOBODY, NOBODY)
                    self._sound = True
                except StoreError as error:
                    log.error("not ready: %s", error)  # noqa: TRY400  -- it names place and cure
                    self._sound = False
                self._looked = self._clock()
            return self._sound
