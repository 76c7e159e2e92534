"""A process that a supervisor started: the port it was given, and whom it tells."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass

VARIABLE = "DXCOURSE_WORKER"


@dataclass(frozen=True)
class Worker:
    """What the supervisor gave: sockets that listen, a pipe to say ready, one that ends with it."""

    sockets: tuple[int, ...]
    ready: int
    follows: int

    def listening(self) -> list[socket.socket]:
        """The sockets, as this process's own."""
        return [socket.socket(fileno=each) for each in self.sockets]

    def say_ready(self) -> None:
        """Tell the supervisor that connections are taken."""
        os.write(self.ready, b"1")
        os.close(self.ready)


def this_worker() -> Worker | None:
    """What this process was given; None where it was started by itself."""
    told = os.environ.get(VARIABLE)
    if not told:
        return None
    sockets, ready, follows = told.split(":")
    return Worker(tuple(map(int, sockets.split(","))), int(ready), int(follows))
