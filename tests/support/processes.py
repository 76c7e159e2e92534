"""Servers that tests start as a person does: waiting for their address, and their end."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from support.warm import Started

START_SECONDS = 90.0  # two cores, and others at work on them
END_SECONDS = 30.0


def said(process: Started, log: Path, pattern: str) -> str:
    """Wait until a process has said something in its log; what of it matches first.

    An address takes connections by then: JupyterLab says its own before it listens there.
    """
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        found = re.search(pattern, log.read_text(encoding="utf-8"), re.MULTILINE)
        if found and listens(found[0]):
            return found[0]
        time.sleep(0.05)
    raise AssertionError(f"it did not start:\n{log.read_text(encoding='utf-8')}")


def listens(told: str) -> bool:
    """Whether somebody takes connections at an address; what is no address with a port passes."""
    address = urlsplit(told)
    if address.scheme not in {"http", "https"} or not address.port:
        return True
    with contextlib.suppress(OSError):
        socket.create_connection((address.hostname or "", address.port), 5).close()
        return True
    return False


def free_port() -> int:
    """A port of this machine that nobody listens at now."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


@contextlib.contextmanager
def standing_still(pids: Collection[int]) -> Iterator[None]:
    """Processes that do nothing, and are there."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def end(process: Started) -> int:
    """Ask a process to end, and see to it; its exit code where it ended by itself.

    Raises
    ------
    subprocess.TimeoutExpired
        It had to be killed.
    """
    process.terminate()
    try:
        return process.wait(END_SECONDS)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
