"""Where a server's answers are, and whether they can be stored there now."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path

from dxcourse.answers import SqlStore, Store, StoreError
from dxcourse.text import say
from dxcourse.web.settings import ServerSettings

log = logging.getLogger(__name__)

HELD = 5.0  # seconds that a good look at the store is good for
HELD_BAD = 1.0  # … and a bad one


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
    return SqlStore(default_address(folder))


def default_database(folder: Path) -> Path:
    """The database in a `folder` of the course's own, of whoever named none."""
    return folder / "answers.sqlite"


def default_address(folder: Path) -> str:
    """Its address."""
    return f"sqlite:///{default_database(folder)}"


class StoreProbe:
    """Whether answers can be stored now, tried every few seconds however often it is asked.

    Parameters
    ----------
    clock
        Seconds, going forward.
    """

    def __init__(self, store: Store, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._store, self._clock = store, clock
        self._until, self._sound = float("-inf"), True
        self._one = asyncio.Lock()

    async def sound(self) -> bool:
        """Whether a write reaches the disk."""
        async with self._one:
            if self._clock() >= self._until:
                loop = asyncio.get_running_loop()
                try:
                    await loop.run_in_executor(None, self._store.check_writable)
                    self._sound = True
                except StoreError as error:
                    log.error("%s", say("server.store.not_ready", cause=error))  # noqa: TRY400
                    self._sound = False
                self._until = self._clock() + (HELD if self._sound else HELD_BAD)
            return self._sound
