"""Starts ``python -m dxcourse`` or ``nbgrader`` by a fork of a process that has imported already.

Imports are two thirds of what a server's start takes, and a run of all tests starts more than a
hundred. What is started here is a process as any other: of its own id, environment, folder and
output, to be signalled, killed and waited for. Only its imports were done before. Tests whose
question is the start itself start it with `subprocess`.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import runpy
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import cache
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

CAN_FORK = sys.platform == "linux"
LETTER = 1 << 18  # bytes: an environment, and some words
NEEDED = {
    "dxcourse": (
        "dxcourse.cli.serve",
        "dxcourse.pages.app",
        "dxcourse.workshop.session",
        "alembic.command",
        "sqlalchemy.dialects.postgresql.psycopg",
    ),
    "nbgrader": (
        "dxcourse.lean_jsonschema",  # without a grammar that takes half of a start
        "nbgrader.apps.nbgraderapp",
        "nbgrader.converters",
        "dxcourse.assignment",  # and nothing of `dxcourse.homework`: how that is lost is tested
        "support.homework",  # which knows a gradebook's version
    ),
}


class Process:
    """What was started: of `subprocess.Popen` what tests ask of a server."""

    def __init__(self, told: socket.socket) -> None:
        self._told = told
        self.returncode: int | None = None
        self.pid = int(self._hear(None))

    def _hear(self, seconds: float | None) -> bytes:
        self._told.settimeout(seconds)
        return self._told.recv(64)

    def poll(self) -> int | None:
        """Its exit code, if it has ended."""
        if self.returncode is None:
            with contextlib.suppress(BlockingIOError):
                self.returncode = int(self._hear(0.0))
                self._told.close()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, once it has ended."""
        if self.returncode is None:
            try:
                self.returncode = int(self._hear(timeout))
                self._told.close()
            except TimeoutError:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0.0) from None
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Signal it, if it is still there."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


@dataclass(frozen=True)
class Command:
    """A command that runs, and what it says."""

    process: Started
    _said: IO[bytes]

    def end(self, seconds: float) -> tuple[int, str]:
        """Its exit code and what it said, once it has ended."""
        with self._said:
            code = self.process.wait(seconds)
            self._said.seek(0)
            return code, self._said.read().decode()


Started = Process | subprocess.Popen[bytes]


def start(words: Sequence[str], *, cwd: Path, env: Mapping[str, str], output: int) -> Started:
    """Start ``python -m`` these words; both its outputs go to a file that is open."""
    if not CAN_FORK:
        return subprocess.Popen(
            [sys.executable, "-m", *words], cwd=cwd, env=env, stdout=output, stderr=output
        )
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        letter = json.dumps({"words": [*words], "cwd": str(cwd), "env": dict(env)}).encode()
        socket.send_fds(_warm(words[0]), [letter], [output, theirs.fileno()])
    return Process(ours)


def begin(words: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> Command:
    """Start a command whose words are read once it has ended."""
    said = tempfile.TemporaryFile()  # noqa: SIM115  -- closed by whoever waits for its end
    return Command(start(words, cwd=cwd, env=env, output=said.fileno()), said)


@cache
def _warm(module: str) -> socket.socket:
    """The line to this worker's process that has imported; it ends when the line is cut."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        subprocess.Popen(
            [sys.executable, "-m", "support.warm", str(theirs.fileno()), *NEEDED[module]],
            cwd=os.path.dirname(os.path.dirname(__file__)),  # noqa: PTH120
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
    return ours


def _fork_until_asked(line: socket.socket) -> dict[str, Any] | None:
    """Fork for each letter. Gives it in the process that is to do it; None at the very end."""
    heard = selectors.DefaultSelector()
    heard.register(line, selectors.EVENT_READ)
    while True:
        for key, _ in heard.select():
            if key.fileobj is not line:
                pid, told = key.data
                heard.unregister(key.fileobj)
                os.close(key.fd)
                code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
                with contextlib.suppress(OSError):  # nobody waits for it
                    os.write(told, str(code).encode())
                os.close(told)
                continue
            letter, (*files,), _, _ = socket.recv_fds(line, LETTER, 2)
            if not letter:
                return None
            output, told = files
            pid = os.fork()
            if pid == 0:
                heard.close()
                line.close()
                os.dup2(output, 1)
                os.dup2(output, 2)
                os.closerange(3, 1024)
                asked: dict[str, Any] = json.loads(letter)
                return asked
            os.close(output)
            os.write(told, str(pid).encode())
            heard.register(os.pidfd_open(pid), selectors.EVENT_READ, (pid, told))


def _become(asked: dict[str, Any]) -> None:
    """Go on as `python -m` would have begun."""
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["env"])
    time.tzset()
    paths = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    sys.path[0:1] = [asked["cwd"], *(path for path in paths if path not in sys.path)]
    module, *sys.argv[1:] = asked["words"]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def main(number: str, *needed: str) -> None:
    """Import, then fork for whoever holds the other end of a line."""
    for name in needed:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    asked = _fork_until_asked(socket.socket(fileno=int(number)))
    if asked:
        _become(asked)


if __name__ == "__main__":
    main(*sys.argv[1:])
