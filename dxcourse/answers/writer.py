"""One thread writes; those who wait together are stored together, then told."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from dataclasses import dataclass

from dxcourse.answers import Appended, Entry, Guard, Refused, Store, StoreError
from dxcourse.text import say

BATCH = 500
WAITING = 10_000  # entries; more than a disk takes in a few seconds


@dataclass(frozen=True)
class _Append:
    entry: Entry
    guard: Guard | None
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[Appended | Refused]


class AnswerWriter:
    """Appends to a store off the event loop, in groups (one flush to disk a group)."""

    def __init__(self, store: Store, *, most: int = WAITING) -> None:
        self._store = store
        self._most = most
        self._orders: queue.SimpleQueue[_Append | None] = queue.SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="answers-writer", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """How many entries wait to be stored."""
        return self._orders.qsize()

    async def append(self, entry: Entry, guard: Guard | None = None) -> Appended:
        """Store one entry; when this returns it is on disk.

        Raises
        ------
        Refused
            The entry's guard forbids it.
        StoreError
            It could not be stored.
        """
        if self._closed:
            raise StoreError(say("answers.errors.ending"))
        if self.waiting >= self._most:
            raise StoreError(say("answers.errors.full", most=self._most))
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Appended | Refused] = loop.create_future()
        self._orders.put(_Append(entry, guard, loop, done))
        outcome = await done
        if isinstance(outcome, Refused):
            raise outcome
        return outcome

    def close(self) -> None:
        """Store what waits, then stop."""
        self._closed = True
        self._orders.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (first := self._orders.get()) is not None:
            batch = [first]
            last = False
            while len(batch) < BATCH:
                try:
                    order = self._orders.get_nowait()
                except queue.Empty:
                    break
                if order is None:
                    last = True
                    break
                batch.append(order)
            self._store_together(batch)
            if last:
                return

    def _store_together(self, batch: list[_Append]) -> None:
        outcomes: list[Appended | Refused | Exception]
        try:
            outcomes = [*self._store.append([(order.entry, order.guard) for order in batch])]
        except StoreError as error:
            outcomes = [error] * len(batch)
        except Exception as error:  # noqa: BLE001  -- the thread lives on; each waiter is told
            outcomes = [StoreError(str(error))] * len(batch)
        for order, outcome in zip(batch, outcomes, strict=True):
            with contextlib.suppress(RuntimeError):  # its loop has ended: nobody waits any more
                order.loop.call_soon_threadsafe(_settle, order.done, outcome)


def _settle(
    done: asyncio.Future[Appended | Refused], outcome: Appended | Refused | Exception
) -> None:
    if done.done():  # the visitor has gone; the answer is stored all the same
        return
    if isinstance(outcome, (Appended, Refused)):
        done.set_result(outcome)
    else:
        done.set_exception(outcome)
