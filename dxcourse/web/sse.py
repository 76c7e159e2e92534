"""Tells every screen at once: one message, made once, and nobody waits for a slow one.

A message holds the present state as a whole, so that a screen which missed some needs only the
last: while one is still being sent to somebody, the newest takes the place of what waits. Where
little changed, who has all that came before is told the changes alone.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from tornado.iostream import IOStream, StreamClosedError

PATIENCE = 20.0  # seconds that a screen may take for one message before it is let go
LINES = 4  # that one participant may have at once
RETRY = b"retry: 1500\n\n"  # milliseconds until a browser that lost us asks again


def message(data: Mapping[str, Any], version: str, event: str = "message") -> bytes:
    """Make a server-sent event of the present state. JSON has no bare line ends."""
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    kind = "" if event == "message" else f"event: {event}\n"  # which is what one without a name is
    return f"id: {version}\n{kind}data: {body}\n\n".encode()


def beat(now: float) -> bytes:
    """Make the sign that we are there; it says what time it is here, in milliseconds."""
    return f'event: beat\ndata: {{"now":{now * 1000:.0f}}}\n\n'.encode()


class EventListener:
    """One screen that listens."""

    def __init__(
        self, stream: IOStream, gone: Callable[[EventListener], None], clock: Clock, owner: str
    ) -> None:
        self._stream, self._clock, self.owner = stream, clock, owner
        self._next: bytes | None = None
        self._since: float | None = None  # when the message that is under way was begun
        stream.set_close_callback(lambda: gone(self))

    def offer(self, data: bytes, whole: bytes | None = None) -> None:
        """Send, at once or as soon as what is under way has arrived; then the `whole` of it."""
        if self._since is not None:
            self._next = whole or data
            return
        self._send(data)

    def beat(self, data: bytes) -> None:
        """Show that we are there; who has not taken a message for too long is let go."""
        if self._since is None:
            self._send(data)
        elif self._clock() - self._since > PATIENCE:
            self.close()

    def close(self) -> None:
        """End the connection; the browser comes back by itself where it can."""
        self._stream.close()

    def _send(self, data: bytes) -> None:
        try:
            written = self._stream.write(data)
        except StreamClosedError:
            return
        if not self._stream.writing():
            return
        self._since = self._clock()
        written.add_done_callback(lambda done: self._sent(done.exception()))

    def _sent(self, failure: BaseException | None) -> None:
        self._since = None
        if failure is None and self._next is not None:
            data, self._next = self._next, None
            self._send(data)


Clock = Callable[[], float]


class EventChannel:
    """Everyone who listens to the same thing."""

    def __init__(self, clock: Clock = time.monotonic, now: Clock = time.time) -> None:
        self._clock, self._now = clock, now
        self._listeners: dict[EventListener, None] = {}  # in the order in which they came
        self._last: bytes = b""
        self._version = ""

    def __len__(self) -> int:
        return len(self._listeners)

    def join(self, stream: IOStream, seen: str = "", owner: str = "") -> EventListener:
        """Let someone listen; they get the present state, unless it is the one they have `seen`.

        Of those of one `owner` the latest few are kept: a phone has one line, or a dead one beside.
        """
        if owner:
            for extra in [each for each in self._listeners if each.owner == owner][: 1 - LINES]:
                extra.close()
        listener = EventListener(stream, self._leave, self._clock, owner)
        self._listeners[listener] = None
        news = self._last if seen != self._version else b""
        listener.offer(RETRY + beat(self._now()) + news)
        return listener

    def _leave(self, listener: EventListener) -> None:
        self._listeners.pop(listener, None)

    def tell(
        self, data: Mapping[str, Any], version: str, changes: Mapping[str, Any] | None = None
    ) -> None:
        """Tell everyone the present state; where `changes` are few, who has the rest just these."""
        self._last, self._version = message(data, version), version
        news = self._last if changes is None else message(changes, version, "changes")
        for listener in list(self._listeners):
            listener.offer(news, self._last)

    def beat(self) -> None:
        """Show everyone that we are there."""
        sign = beat(self._now())
        for listener in list(self._listeners):
            listener.beat(sign)

    def close(self) -> None:
        """End all connections."""
        for listener in list(self._listeners):
            listener.close()
