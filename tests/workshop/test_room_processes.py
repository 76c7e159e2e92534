"""A hall that several processes serve: one is killed, and the room goes on, told and counted."""

from __future__ import annotations

import http.client
import json
import os
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from support.processes import standing_still
from support.workshop_server import HOST, Hall
from workshop.test_room_faults import EXERCISE, question, until
from workshop.test_room_storm import storm

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(sys.platform == "win32", reason="no such processes there"),
]


class Line(threading.Thread):
    """A phone's or a screen's line: what it was told last; it comes back when it breaks."""

    def __init__(self, hall: Hall, path: str) -> None:
        super().__init__(daemon=True)
        self.hall, self.path = hall, path
        self.phases: list[str] = []
        self.state: dict[str, Any] = {}
        self.broken, self.over = 0, False
        self.start()

    def run(self) -> None:
        while not self.over:
            with suppress(OSError, http.client.HTTPException):
                self._hear()
            self.broken += 1
            time.sleep(0.1)

    def _hear(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.hall.port, timeout=20)
        try:
            connection.request("GET", self.path, headers={"Host": f"{HOST}:{self.hall.port}"})
            reply = connection.getresponse()
            assert reply.status == 200
            while (line := reply.readline()) and not self.over:
                if line.startswith(b"data: ") and b'"phase"' in line:
                    self.state = json.loads(line.removeprefix(b"data: "))
                    self.phases.append(self.state["phase"])
        finally:
            connection.close()


def alone(hall: Hall, worker: int) -> AbstractContextManager[None]:
    """Let one process alone take what comes: the others stand still meanwhile."""
    return standing_still(hall.workers - {worker})


@pytest.fixture
def shared_hall(course_copy: Path, tmp_path: Path, postgres_address: str) -> Iterator[Hall]:
    started = Hall(
        course_copy, tmp_path / "hall", serving=("--processes", "2"), database=postgres_address
    ).start()
    yield started
    started.stop()


def boards(hall: Hall) -> dict[int, dict[str, Any]]:
    """What a board is told by each process."""
    found = {}
    for worker in hall.workers:
        with alone(hall, worker):
            found[worker] = hall.board_state()
    return found


@pytest.mark.soak
def test_a_hall_of_two_processes_is_one_room_also_when_one_of_them_is_killed(
    shared_hall: Hall,
) -> None:
    hall = shared_hall
    first, second = sorted(hall.workers)
    again = hall.run("resume", hall.name, "--port", "0")
    assert again.exit_code == 1
    assert "別の窓で動いています" in again.stderr

    lines = {}
    for worker, other in ((first, second), (second, first)):
        with alone(hall, worker):
            token = hall.enter()
        with alone(hall, other):  # who joined at one is known at the other
            line = Line(hall, f"/events?who={token}")
            until(lambda line=line: line.state)
        lines[token] = line
    with alone(hall, first):
        hall.at("counter")
        assert hall.do("open").status == 200
    until(lambda: all(line.state["phase"] == "open" for line in lines.values()))
    with alone(hall, second):
        assert hall.do("open", exercise=EXERCISE).status == 409
        ref, options = question(hall, next(iter(lines)))
        for n, token in enumerate(lines):
            assert hall.give(token, EXERCISE, {ref: options[n]}, f"entry-{n:04}").status == 200
    with alone(hall, first):  # what one is told by one process stands at the other
        assert all(hall.mine(token)["replies"][EXERCISE] for token in lines)
    until(lambda: {each["answered"] for each in boards(hall).values()} == {2})
    until(lambda: {each["phones"] for each in boards(hall).values()} == {2})

    os.kill(first, signal.SIGKILL)
    assert hall.do("close").status == 200
    until(lambda: all(line.state["phase"] == "closed" for line in lines.values()))
    until(lambda: len(hall.workers - {first}) == 2)
    until(lambda: {each["phones"] for each in boards(hall).values()} == {2})
    assert {each["answered"] for each in boards(hall).values()} == {2}
    assert {record["id"] for record in hall.records()} == {"entry-0000", "entry-0001"}
    assert sum(line.broken for line in lines.values()) == 1
    for line in lines.values():
        line.over = True
    assert hall.stop() == 0
    assert "Traceback" not in hall.log.read_text("utf-8")


@pytest.mark.soak
def test_a_hundred_phones_lose_nothing_when_one_of_two_processes_is_killed(
    shared_hall: Hall,
) -> None:
    hall, count = shared_hall, 100
    hall.at("counter")
    hall.do("open")
    tokens = [hall.enter(source=f"127.0.5.{n + 1}") for n in range(count)]
    lines = [Line(hall, f"/events?who={token}") for token in tokens]
    until(lambda: all(line.state for line in lines))
    ref, options = question(hall, tokens[0])
    acknowledged: dict[str, tuple[int, str]] = {}
    over = threading.Event()

    def phone(number: int) -> str:
        """Answer again and again; who is not told sends the same again, as our pages do."""
        turn, last = 0, ""
        while not over.is_set():
            option, entry = options[(number + turn) % len(options)], f"entry-{number:03}-{turn:05}"
            try:
                reply = hall.give(tokens[number], EXERCISE, {ref: option}, entry)
            except (OSError, http.client.HTTPException):
                continue
            assert reply.status in {200, 429, 503}, reply.text
            if reply.status == 200:
                acknowledged[entry] = (number, option)
                turn, last = turn + 1, option
            over.wait(0.3)
        return last

    with ThreadPoolExecutor(count) as people:
        doing = [people.submit(phone, number) for number in range(count)]
        try:
            for _ in range(3):
                enough = len(acknowledged) + 2 * count
                until(lambda enough=enough: len(acknowledged) > enough, 600)
                killed = min(hall.workers)
                os.kill(killed, signal.SIGKILL)
                until(lambda killed=killed: len(hall.workers - {killed}) == 2, 600)
        finally:
            over.set()
        last = [each.result() for each in doing]
    assert hall.do("close").status == 200
    until(lambda: all(line.state["phase"] == "closed" for line in lines))
    stored = {record["id"]: json.loads(record["answer"])["items"][ref] for record in hall.records()}
    assert {entry: stored.get(entry) for entry in acknowledged} == {
        entry: option for entry, (_, option) in acknowledged.items()
    }
    hall.do("reveal")
    wanted = {option: last.count(option) for option in options}

    def counted(board: dict[str, Any]) -> dict[str, int]:
        view = board["view"] or {"pictures": []}
        return {bar["ref"]: bar["count"] for bar in view["pictures"][0]["bars"]}

    until(lambda: [counted(each) for each in boards(hall).values()] == [wanted] * 2)
    until(lambda: {each["phones"] for each in boards(hall).values()} == {count})
    assert sum(line.broken > 0 for line in lines) > 0
    for line in lines:
        line.over = True
    assert urlsplit(hall.board).port == hall.port
    assert "Traceback" not in hall.log.read_text("utf-8")


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2, 6))
def test_in_long_storms_two_processes_are_one_room(shared_hall: Hall, seed: int) -> None:
    storm(shared_hall, seed, turns=40)
