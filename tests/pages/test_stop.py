"""A stop: what was begun is finished, what was acknowledged is kept, and no kernel stays."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import psutil  # type: ignore[import-untyped]
import pytest
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

from dxcourse.answers import SqlStore
from dxcourse.pages.app import end_kernel, to_its_end
from support.served import Load, Served, tiny
from support.study import Study

if TYPE_CHECKING:
    from pathlib import Path

    from support.served import Ready

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("served")]


def kernels(server: Study) -> list[psutil.Process]:
    children = psutil.Process(server.pid).children(recursive=True)
    return [child for child in children if "ipykernel" in " ".join(_command(child))]


def _command(process: psutil.Process) -> list[str]:
    try:
        found: list[str] = process.cmdline()
    except psutil.Error:
        return []
    return found


@pytest.mark.parametrize(
    ("kind", "pause"),
    [
        pytest.param(Study, 0.0, id="study, kernel starting"),
        pytest.param(Served, 0.4, id="serve, page half made"),
        pytest.param(Study, 0.4, id="study, page half made", marks=pytest.mark.soak),
        pytest.param(Served, 0.0, id="serve, kernel starting", marks=pytest.mark.soak),
    ],
)
def test_no_kernel_outlives_a_server_that_is_stopped_while_it_makes_a_page(
    tmp_path: Path, kind: type[Study], pause: float
) -> None:
    course = tiny(tmp_path)
    server = kind(course.root, tmp_path / "own", tmp_path / "cache").start()
    deadline = time.monotonic() + 30
    running: list[psutil.Process] = []
    while not running and time.monotonic() < deadline:
        running = kernels(server)
    assert running, "it made no page"
    time.sleep(pause)
    running = kernels(server) or running
    assert server.stop() == 0
    assert [process for process in running if process.is_running()] == []
    assert "Traceback" not in server.log.read_text(encoding="utf-8")


def test_a_kernel_that_is_being_shut_down_when_its_page_is_given_up_is_shut_down() -> None:
    asyncio.run(_given_up_while_its_kernel_ends())


async def _given_up_while_its_kernel_ends() -> None:
    kernels: Any = AsyncMappingKernelManager()  # type: ignore[no-untyped-call]
    kernel = await kernels.start_kernel(kernel_name="python3")
    process = psutil.Process(kernels.get_kernel(kernel).provisioner.pid)
    ending = asyncio.create_task(to_its_end(end_kernel(kernels, kernel)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    ending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await ending
    assert not process.is_running()
    await kernels.shutdown_all()  # as Voila does at its end; a half-way shutdown ends in an error


def test_a_kernel_that_is_ended_while_it_starts_is_not_interrupted_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[int] = []
    send = LocalProvisioner.send_signal

    async def send_signal(kernel: LocalProvisioner, signum: int) -> None:
        sent.append(signum)
        await send(kernel, signum)

    async def start_and_end() -> None:
        kernels: Any = AsyncMappingKernelManager()  # type: ignore[no-untyped-call]
        kernel = await kernels.start_kernel(kernel_name="python3")
        await end_kernel(kernels, kernel)

    monkeypatch.setattr(LocalProvisioner, "send_signal", send_signal)
    asyncio.run(start_and_end())
    assert sent[0] == signal.SIGKILL  # of a SIGINT it would tell with a traceback


def test_who_waits_for_a_page_when_it_is_stopped_is_told(tmp_path: Path) -> None:
    course = tiny(tmp_path)
    server = Served(course.root, tmp_path / "own", tmp_path / "cache", stop_seconds="300").start()
    with ThreadPoolExecutor(2) as visitors:
        asked = [visitors.submit(server.ask, f"/modules/0{n}") for n in (0, 1)]
        deadline = time.monotonic() + 30
        while not kernels(server) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert server.stop() == 0  # which waits less than the 300 seconds above
        assert {each.result(30).status for each in asked} <= {200, 503}


def test_answers_that_are_under_way_when_it_is_stopped_are_finished(
    ready: Ready, tmp_path: Path
) -> None:
    server = Served(
        ready.root, tmp_path / "own", ready.cache, learner_rate="0", log_level="error"
    ).start()
    tokens = [server.mint() for _ in range(12)]
    load = Load([server])
    with load.of(tokens):
        while len(load.acknowledged) < 50:
            time.sleep(0.01)
        assert server.stop() == 0
    with SqlStore(server.store) as store:
        stored = [record.id for record in store.records()]
    assert len(stored) == len(set(stored))
    assert set(load.acknowledged) <= set(stored)
    assert set(load.statuses) == {200}  # each that was begun was finished, none was broken off


def test_a_second_signal_ends_it_at_once(ready: Ready, tmp_path: Path) -> None:
    server = Served(ready.root, tmp_path / "own", ready.cache, stop_seconds="300").start()
    process = psutil.Process(server.pid)
    host, port = server.url.removeprefix("http://").split(":")
    waiting = threading.Event()

    def never_finish() -> None:
        import socket

        with socket.create_connection((host, int(port))) as wire:
            wire.sendall(
                b"POST /api/visitor HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                b"Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{"
            )
            waiting.wait(60)

    thread = threading.Thread(target=never_finish, daemon=True)
    thread.start()
    time.sleep(0.3)
    process.send_signal(signal.SIGTERM)
    time.sleep(1.0)
    assert process.is_running()
    assert process.status() != psutil.STATUS_ZOMBIE
    assert server.stop() == 0
    waiting.set()


def test_it_says_what_is_wrong_and_does_not_start_without_a_store(
    ready: Ready, tmp_path: Path
) -> None:
    server = Served(
        ready.root, tmp_path / "own", ready.cache, store="postgresql://u:KANARIE@[::1]:1/x"
    )
    with pytest.raises(AssertionError, match="did not start") as told:
        server.start()
    assert "Error: postgresql://[::1]:1/x：開けません" in str(told.value)
    for word in ("KANARIE", "Traceback"):
        assert word not in str(told.value)
