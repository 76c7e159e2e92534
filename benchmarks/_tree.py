"""What a process and all it has started take: memory, and time of the processor."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Any, Self

import psutil  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterable

LOOK_EVERY = 1.0  # seconds
SPARE = 3_000_000_000  # bytes; with less left on the machine, the run is ended


class Tree:
    """A process and its children, watched while the block runs.

    Memory that processes share is counted once where the system tells it (Linux: PSS).

    Parameters
    ----------
    pid
        Of the first process.
    spare
        The tree is killed when the machine has fewer bytes left than this.
    """

    def __init__(self, pid: int, *, spare: int = SPARE) -> None:
        self._first = psutil.Process(pid)
        self._spare = spare
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._cpu: list[tuple[float, float]] = []
        self.most = 0
        """Bytes, at the most."""
        self.processes = 0
        """How many there were at the most."""
        self.out_of_memory = False

    def __enter__(self) -> Self:
        self._cpu.append(self._threads())
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        if not self.out_of_memory:
            self._look()
            self._cpu.append(self._threads())

    @property
    def main_seconds(self) -> float:
        """Seconds of the processor that the first process's first thread took: its event loop."""
        return self._cpu[-1][0] - self._cpu[0][0]

    @property
    def seconds(self) -> float:
        """Seconds of the processor that the first process took."""
        return self._cpu[-1][1] - self._cpu[0][1]

    def _threads(self) -> tuple[float, float]:
        threads = {t.id: t.user_time + t.system_time for t in self._first.threads()}
        times = self._first.cpu_times()
        return threads[self._first.pid], times.user + times.system

    def _watch(self) -> None:
        while not self._over.wait(LOOK_EVERY):
            self._look()
            if psutil.virtual_memory().available < self._spare:
                self.out_of_memory = True
                kill(family(self._first.pid))
                return

    def _look(self) -> None:
        found = [memory(process) for process in family(self._first.pid)]
        self.most = max(self.most, sum(found))
        self.processes = max(self.processes, len(found))


def family(pid: int) -> list[Any]:
    """Give a process and all that it has started."""
    try:
        first = psutil.Process(pid)
        return [first, *first.children(recursive=True)]
    except psutil.Error:
        return []


def kill(processes: Iterable[Any]) -> None:
    """Kill what is still there."""
    for process in processes:
        with contextlib.suppress(psutil.Error):
            process.kill()


def memory(process: Any) -> int:  # noqa: ANN401  -- psutil has no types
    """Give the bytes that a process has; what it shares with others counts in parts."""
    try:
        full = process.memory_full_info()
    except psutil.Error:
        return 0
    return int(getattr(full, "pss", 0) or full.uss)
