"""The servers that are compared, each started as a person starts it."""

from __future__ import annotations

import html
import os
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit
from urllib.request import urlopen

from benchmarks._tree import family, kill

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = "plan-class"  # one exercise, under notebooks/apps/
TITLE = "推進計画の取組を読み分ける"
OURS_HAS = (TITLE, "証拠品の法廷", f'<script type="application/json">{{"id":"{NOTEBOOK}"')
# In its favour: its page only has to name the widget. The exercise comes from the kernel, later.
VOILA_HAS = (TITLE, 'widget-view+json": {"model_id"')
SECONDS = 120
T = TypeVar("T")


@dataclass(frozen=True)
class Server:
    """How a server is started (its port comes last), and where the one exercise is.

    A page is whole when all of `has` is in it: loaded, Voila answers 200 with empty outputs.
    """

    name: str
    command: tuple[str, ...]
    folder: Path
    page: str
    has: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)


OURS = Server(
    "dxcourse study",
    ("-m", "dxcourse", "study", "--no-browser", "--port"),
    ROOT,
    f"apps/{NOTEBOOK}",
    OURS_HAS,
)
SERVED = Server(
    "dxcourse serve",
    ("-m", "dxcourse", "serve", "--port"),
    ROOT,
    f"apps/{NOTEBOOK}",
    OURS_HAS,
    # All visitors come from one address here, and each asks as fast as it can.
    {f"DXCOURSE_{name}_RATE": "0" for name in ("LEARNER", "ADDRESS", "TOKEN")},
)
# Voila reads `voila.json` where it is started: there is none in apps/, and ours in notebooks/.
VOILA = Server(
    "stock voila",
    ("-m", "voila", f"{NOTEBOOK}.ipynb", "--no-browser", "--port"),
    ROOT / "notebooks/apps",
    "",
    VOILA_HAS,
)
VOILA_SET = Server(
    "stock voila, our voila.json",
    ("-m", "voila", f"apps/{NOTEBOOK}.ipynb", "--no-browser", "--port"),
    ROOT / "notebooks",
    "",
    VOILA_HAS,
)


@dataclass(frozen=True)
class Running:
    """A server that runs."""

    url: str
    pid: int

    @property
    def port(self) -> int:
        """Where it listens."""
        return urlsplit(self.url).port or 80


@contextmanager
def running(server: Server, home: Path) -> Iterator[str]:
    """Start a server with a home of its own, wait for its address, and end it afterwards."""
    with started(server, home) as found:
        yield found.url


@contextmanager
def started(server: Server, home: Path, **settings: str) -> Iterator[Running]:
    """See `running`; with further environment variables, and the process."""
    home.mkdir(parents=True, exist_ok=True)
    environment = untouched() | {
        "DXCOURSE_ANSWERS": str(home / "answers.jsonl"),
        "DXCOURSE_CACHE": str(home / "pages"),
        "DXCOURSE_STORE": f"sqlite:///{home / 'answers.sqlite'}",
        "DXCOURSE_SECRET_FILE": str(home / "secret"),
        "PYTHONUNBUFFERED": "1",
        **server.environment,
        **settings,
    }
    log = home / f"{server.page or 'voila'}.log".replace("/", "-")
    command = [*server.command, str(_free_port())]
    with begun(command, server.folder, environment, log, _address) as (pid, address):
        yield Running(address, pid)


@contextmanager
def begun(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    log: Path,
    read: Callable[[str], T | None],
) -> Iterator[tuple[int, T]]:
    """Start Python with a command, wait until something can be read in its log, end it afterwards.

    Gives the process's id, and what was read. All that it has started ends with it.

    Raises
    ------
    RuntimeError
        It ended before, or took too long.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=folder,
            env=dict(environment),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process.pid, _waited_for(process, log, read)
    finally:
        everyone = family(process.pid)
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
        kill(everyone)  # kernels that their server has left behind


def _waited_for(process: subprocess.Popen[bytes], log: Path, read: Callable[[str], T | None]) -> T:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        found = read(log.read_text(encoding="utf-8"))
        if found is not None:
            return found
        time.sleep(0.01)
    msg = f"it did not start:\n{log.read_text(encoding='utf-8')}"
    raise RuntimeError(msg)


def untouched() -> dict[str, str]:
    """Our environment, without what whoever measures has set for a course of their own."""
    return {name: value for name, value in os.environ.items() if not name.startswith("DXCOURSE_")}


def fetch(url: str, has: tuple[str, ...] = ()) -> None:
    """Get a page, to its end.

    Raises
    ------
    RuntimeError
        It is not whole.
    """
    with urlopen(url, timeout=SECONDS) as reply:  # noqa: S310  -- an address of this machine
        page = html.unescape(reply.read().decode())
    lacking = [mark for mark in has if mark not in page]
    if lacking:
        msg = f"{url}: a page without {lacking[0]}"
        raise RuntimeError(msg)


def _free_port() -> int:
    """A port that is free now; Voila takes 0 for a port and says so."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


def _address(said: str) -> str | None:
    found = re.search(r"^\s*(http://[a-z0-9.]+:\d+)/?\s*$", said, re.MULTILINE)
    return f"{found[1]}/" if found else None
