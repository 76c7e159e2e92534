"""Work for many workers: processes of this machine, or a Dask cluster's; how far it is.

A pack is what a worker is sent at once: what its jobs share is pickled once. Whatever the workers
are, they only make results; who asked for them is the one that writes the gradebook.
"""

from __future__ import annotations

import multiprocessing
import os
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TextIO, TypeVar

from dxcourse.homework.errors import HomeworkError
from dxcourse.text import say

PACK = 4  # jobs sent to a worker together
AHEAD = 2  # packs a worker that wait for it; more would only fill the memory
CONNECT_SECONDS = 20.0  # until a scheduler that does not answer is said not to be there
FORKED, STARTED = 50, 500  # jobs that pay for a process's start, by how it is started
FEW = 4  # processes that are started unasked, at most
ATTEMPTS = 3  # workers that may end under a pack, before the pack is held to be the cause

J = TypeVar("J")
R = TypeVar("R")


def workers(number: int) -> AbstractContextManager[Executor | None]:
    """An executor of so many processes, to be closed after use; None for one, which needs none."""
    return ProcessPoolExecutor(number) if number > 1 else nullcontext()


def workers_for(jobs: int) -> int:
    """How many processes so many jobs are worth: one a core, where they pay for their start.

    A forked process has imported all that it needs; any other imports it for two seconds. Never
    more than a few: a container sees all cores of its machine, and has a share of its memory.
    """
    enough = FORKED if multiprocessing.get_start_method() == "fork" else STARTED
    return min(FEW, os.cpu_count() or 1) if jobs >= enough else 1


def results_of(
    work: Callable[[Sequence[J]], Sequence[R]], jobs: Iterator[J], executor: Executor | None
) -> Iterator[R]:
    """Do jobs in packs, and give the results as they come; few wait at a time.

    Raises
    ------
    HomeworkError
        A worker ended, and its pack cannot be done again; what was given before is good.
    """
    if executor is None:
        for job in jobs:
            yield from work((job,))
        return
    waiting: set[Future[Sequence[R]]] = set()
    ahead = AHEAD * getattr(executor, "_max_workers", 1)
    try:
        while pack := tuple(islice(jobs, PACK)):
            waiting.add(executor.submit(work, pack))
            if len(waiting) >= ahead:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (result for future in done for result in future.result())
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            yield from (result for future in done for result in future.result())
    except BrokenProcessPool as error:
        raise HomeworkError(say("homework.worker_ended")) from error
    finally:
        for future in waiting:
            future.cancel()


@contextmanager
def dask_workers(address: str, root: Path) -> Iterator[Executor]:
    """The workers of a Dask cluster, on whatever machines, as an executor.

    They need this same package, and the folder of the homework under the same path. Where a worker
    ends, the scheduler gives its packs to another.

    Parameters
    ----------
    address
        The scheduler's: ``tcp://HOST:8786``, or ``tls://…`` as Dask's own settings say.
    root
        The folder, which every worker has to see.

    Raises
    ------
    HomeworkError
        Dask is not installed, the scheduler does not answer, it has no worker, a worker does not
        see the folder or has another version; or while it works, the cluster went away.
    """
    try:
        from distributed import Client, KilledWorker  # noqa: PLC0415  -- an extra of the package
        from distributed.comm.core import CommClosedError  # noqa: PLC0415
    except ImportError as error:
        raise HomeworkError(say("homework.dask.missing")) from error
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        told = say("homework.dask.unreachable", address=address, cause=type(error).__name__)
        raise HomeworkError(told) from error
    try:
        with client:
            threads = sum(client.nthreads().values())
            if not threads:
                raise HomeworkError(say("homework.dask.no_workers", address=address))
            _hold_alike(client.run, root)
            executor = client.get_executor(pure=False)
            executor._max_workers = threads  # noqa: SLF001  -- as ProcessPoolExecutor has it
            yield executor
    except (KilledWorker, CommClosedError, CancelledError, TimeoutError) as error:
        raise HomeworkError(say("homework.dask.ended", cause=type(error).__name__)) from error


def _hold_alike(run: Callable[..., dict[str, tuple[bool, str]]], root: Path) -> None:
    """Hold that each worker sees the folder that is meant, and grades as we do."""
    token = root / f".dxcourse-dask-{secrets.token_hex(8)}"
    token.touch()
    try:
        found = run(_look, token)
    finally:
        token.unlink(missing_ok=True)
    _, ours = _look(token)
    for worker, (sees, version) in sorted(found.items()):
        if not sees:
            raise HomeworkError(say("homework.dask.other_folder", worker=worker, folder=root))
        if version != ours:
            told = {"worker": worker, "there": version, "here": ours}
            raise HomeworkError(say("homework.dask.other_version", **told))


def _look(token: Path) -> tuple[bool, str]:
    """Whether a file is here, and a digest of the package that would grade here."""
    package = Path(__file__).parents[1]
    made = sha256()
    for path in sorted(package.rglob("*.py")):
        if "_course" not in path.parts:
            made.update(f"{path.relative_to(package).as_posix()}\0".encode() + path.read_bytes())
    return token.exists(), made.hexdigest()[:12]


# -- How far a step over many submissions is, and how long it may still take -----------------------

BAR_WIDTH = 24  # characters of the bar


@dataclass
class Progress:
    """How far a step is, and what it met."""

    total: int
    made: int = 0
    """Submissions that were graded, or written back, in this run."""
    unchanged: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    """Students whose submission failed, with the reason."""
    notes: dict[str, list[str]] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)

    @property
    def done(self) -> int:
        """How many submissions have been looked at."""
        return self.made + self.unchanged + len(self.failed)

    def seconds(self, now: float) -> float:
        """How long it has taken so far."""
        return now - self.began

    def seconds_left(self, now: float) -> float | None:
        """An estimate from what was done so far; None while there is too little to tell.

        What was found unchanged took next to no time and is left out of the pace.
        """
        worked = self.made + len(self.failed)
        if worked < 5 or not self.total:  # noqa: PLR2004  -- fewer say nothing
            return None
        return self.seconds(now) / worked * (self.total - self.done)


def progress_line(
    stream: TextIO, clock: Callable[[], float] = time.monotonic
) -> Callable[[Progress], None]:
    """Give what shows progress on one line of a terminal, and says nothing to a file."""
    if not stream.isatty():
        return lambda _: None

    def show(progress: Progress) -> None:
        left = progress.seconds_left(clock())
        over = progress.done == progress.total
        estimate = f", some {_rounded(left)} left" if left is not None and not over else ""
        filled = BAR_WIDTH * progress.done // max(progress.total, 1)
        bar = "█" * filled + "░" * (BAR_WIDTH - filled)
        stream.write(f"\r{bar} {progress.done} of {progress.total}{estimate}\x1b[K")
        if over:
            stream.write("\n")
        stream.flush()

    return show


def _rounded(seconds: float) -> str:
    """A span as exactly as an estimate deserves."""
    if seconds < 90:  # noqa: PLR2004
        return f"{max(5, 5 * round(seconds / 5))} seconds"
    return f"{round(seconds / 60)} minutes"
