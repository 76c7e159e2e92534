"""Several processes behind one port: started, watched, started again, replaced one by one.

The supervisor takes the port and hands it to each worker, which is the same command once more. It
serves nothing itself but the numbers of all. A worker that ends is started again; SIGHUP replaces
each by a new one that is ready before the old one ends, so that nobody is turned away.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

from dxcourse.errors import ReadableError
from dxcourse.text import say
from dxcourse.web.metrics import CONTENT_TYPE, SHARED_VARIABLE
from dxcourse.web.settings import ServerSettings
from dxcourse.web.worker import VARIABLE, address_of, listen, port_of

log = logging.getLogger(__name__)

READY_SECONDS = 120.0  # that a worker may take until it takes connections
SHORT_LIFE = 5.0  # seconds; who ends sooner is started again later
LONGEST_REST = 30.0  # seconds


class WorkerError(ReadableError, RuntimeError):
    """A worker ended before it was ready; what it said is in the log."""

    def __init__(self) -> None:
        super().__init__(say("server.workers.failed"))


@dataclass(eq=False)
class _Worker:
    process: asyncio.subprocess.Process
    lifeline: int
    began: float


class Supervisor:
    """Keeps `count` workers of a command alive.

    Parameters
    ----------
    command
        What a worker runs.
    numbers
        A folder for what the workers count.
    """

    def __init__(
        self, command: Sequence[str], sockets: Sequence[socket.socket], count: int, numbers: str
    ) -> None:
        self._command, self._sockets, self._count = [*command], sockets, count
        self._numbers = numbers
        self._workers: list[_Worker] = []
        self._alive: set[_Worker] = set()
        """All whose end was not seen, also those that are just starting."""
        self._turn = asyncio.Lock()

    async def run(self, ready: Callable[[], None]) -> None:
        """Keep the workers alive until SIGTERM or Ctrl+C.

        Raises
        ------
        WorkerError
            The first ones cannot be started; what they say is in the log.
        """
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, stop.set)
        tasks: set[asyncio.Task[None]] = set()

        def roll() -> None:
            task = asyncio.create_task(self.roll())
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        loop.add_signal_handler(signal.SIGHUP, roll)
        try:
            # One after the other: the first makes pages and secret, the others find them.
            for _ in range(self._count):
                self._workers.append(await self._start())
            tasks |= {asyncio.create_task(self._keep(n)) for n in range(self._count)}
            ready()
            await stop.wait()
        finally:
            last = [*tasks]
            for task in last:
                task.cancel()
            await asyncio.gather(*last, return_exceptions=True)
            await asyncio.gather(*map(self._end, [*self._alive]))

    async def roll(self) -> None:
        """Replace each worker by a new one, which is ready before the old one is told to end."""
        async with self._turn:
            for number, old in enumerate([*self._workers]):
                try:
                    self._workers[number] = await self._start()
                except WorkerError:
                    log.error("%s", say("server.workers.not_replaced"))  # noqa: TRY400
                    return
                await self._end(old)
        log.info("%s", say("server.workers.replaced", count=self._count))

    async def _keep(self, number: int) -> None:
        rest = 0.0
        while True:
            worker = self._workers[number]
            status = await worker.process.wait()
            self._forget(worker)
            async with self._turn:
                if self._workers[number] is not worker:  # it was replaced
                    continue
                log.error("%s", say("server.workers.died", status=status))
                lived = time.monotonic() - worker.began
                rest = min(LONGEST_REST, 2 * rest + 1) if lived < SHORT_LIFE else 0.0
                await asyncio.sleep(rest)
                with contextlib.suppress(WorkerError):  # it is seen to have ended, above
                    self._workers[number] = await self._start()

    async def _start(self) -> _Worker:
        heard, says = os.pipe()
        follows, lifeline = os.pipe()
        given = [each.fileno() for each in self._sockets]
        told = ":".join([",".join(map(str, given)), str(says), str(follows)])
        environment = os.environ | {VARIABLE: told, SHARED_VARIABLE: self._numbers}
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                env=environment,
                pass_fds=(*given, says, follows),
                start_new_session=True,  # Ctrl+C reaches us alone
            )
        finally:
            os.close(says)
            os.close(follows)
        worker = _Worker(process, lifeline, time.monotonic())
        self._alive.add(worker)
        ready = b""
        with contextlib.suppress(TimeoutError):
            ready = await asyncio.wait_for(_first_byte(heard), READY_SECONDS)
        if not ready:
            await self._end(worker)
            raise WorkerError
        return worker

    async def _end(self, worker: _Worker) -> None:
        if worker.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                worker.process.terminate()
        await worker.process.wait()
        self._forget(worker)

    def _forget(self, worker: _Worker) -> None:
        if worker in self._alive:
            self._alive.remove(worker)
            os.close(worker.lifeline)
            mark_process_dead(worker.process.pid, self._numbers)  # type: ignore[no-untyped-call]


async def _first_byte(pipe: int) -> bytes:
    """What a pipe gives first; nothing where its other end is closed."""
    loop, done = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(pipe, done.set)
    try:
        await done.wait()
        return os.read(pipe, 1)
    finally:
        loop.remove_reader(pipe)
        os.close(pipe)


def keep_alive(
    command: Sequence[str],
    sockets: Sequence[socket.socket],
    count: int,
    ready: Callable[[], None],
) -> None:
    """Serve by several processes of a command until SIGTERM or Ctrl+C; nobody asks their numbers.

    Raises
    ------
    WorkerError
        No worker can be started; what they say is in the log.
    """
    with tempfile.TemporaryDirectory(prefix="dxcourse-numbers-") as numbers:
        asyncio.run(Supervisor(command, sockets, count, numbers).run(ready))


def supervise(settings: ServerSettings, announce: Callable[[str], None]) -> None:
    """Serve by several processes, each of them this same command.

    Raises
    ------
    PortError
        The port is taken.
    WorkerError
        No worker can be started; what they say is in the log.
    """
    sockets = listen(settings.host, settings.port)
    command = [sys.executable, "-m", "dxcourse", *sys.argv[1:]]
    with tempfile.TemporaryDirectory(prefix="dxcourse-numbers-") as numbers:
        asyncio.run(_supervise(settings, sockets, command, numbers, announce))


async def _supervise(
    settings: ServerSettings,
    sockets: list[socket.socket],
    command: list[str],
    numbers: str,
    announce: Callable[[str], None],
) -> None:
    if settings.metrics_port is not None:
        places = listen("127.0.0.1", settings.metrics_port)
        app = Application([(r"/metrics", _NumbersHandler)], folder=numbers, log_function=_quiet)
        HTTPServer(app).add_sockets(places)
        url = f"http://127.0.0.1:{port_of(places)}/metrics"
        log.info("%s", say("server.metrics.at", url=url))
    address = address_of(settings.host, sockets, settings.base)
    supervisor = Supervisor(command, sockets, settings.processes, numbers)
    await supervisor.run(lambda: announce(address))


class _NumbersHandler(RequestHandler):
    def get(self) -> None:
        registry = CollectorRegistry()
        MultiProcessCollector(registry, self.settings["folder"])  # type: ignore[no-untyped-call]
        self.set_header("Content-Type", CONTENT_TYPE)
        self.finish(generate_latest(registry))


def _quiet(_: Any) -> None:  # noqa: ANN401
    """Log nothing: a scraper asks every few seconds."""
