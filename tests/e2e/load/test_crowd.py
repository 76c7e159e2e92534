"""The visitors of the benchmarks, in small: all get whole pages, all answers are stored once.

What counts them is tested, too: a benchmark that takes an empty page for a whole one is worthless.
"""

from __future__ import annotations

import gzip
import json
import socket
import threading
from typing import TYPE_CHECKING

import pytest

from benchmarks._beneath import stored
from benchmarks._client import Job, missing, visit
from benchmarks._tree import Tree
from dxcourse import course as courses
from support.served import TINY_EXERCISE, Served, tiny

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VISITORS, ANSWERS = 30, 300
MARK = f'{{"id":"{TINY_EXERCISE}"'


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    """A small course, served to visitors who all come from this machine."""
    course = tiny(tmp_path)
    server = Served(course.root, tmp_path / "own", tmp_path / "cache", learner_rate="0")
    yield server.start()
    server.stop()


def port_of(server: Served) -> int:
    return int(server.url.rsplit(":", 1)[1])


@pytest.mark.server
@pytest.mark.xdist_group("served")
def test_thirty_at_once_before_the_page_is_made_all_get_it_whole(server: Served) -> None:
    job = Job("crowd", port_of(server), VISITORS, "/modules/00", (MARK,))
    with Tree(server.pid) as tree:
        outcome = visit(job)
    assert (outcome.failures, outcome.reasons, len(outcome.waits)) == (0, {}, VISITORS)
    assert tree.most > 0
    wrong = visit(Job("crowd", port_of(server), 2, "/modules/00", ("nothing of the kind",)))
    assert wrong.reasons == {"without nothing of the kind": 2}
    assert visit(Job("crowd", port_of(server), 2, "/no-page")).reasons == {"status 404": 2}


@pytest.mark.server
@pytest.mark.xdist_group("served")
def test_three_hundred_answers_are_all_stored_once(server: Served, tmp_path: Path) -> None:
    minted = visit(Job("mint", port_of(server), VISITORS, count=ANSWERS))
    assert len(set(minted.bodies)) == ANSWERS
    exercise = courses.at(server.course).exercise(TINY_EXERCISE)
    tokens = tuple(json.loads(body)["token"] for body in minted.bodies)
    answers = ((TINY_EXERCISE, exercise.model_answer()),)
    job = Job("answers", port_of(server), VISITORS, seconds=60, tokens=tokens, answers=answers)
    outcome = visit(job)
    assert outcome.reasons == {}
    assert len(outcome.acknowledged) == ANSWERS
    assert sorted(stored(tmp_path / "own/answers.sqlite")) == sorted(outcome.acknowledged)


BODY = b"<title>x</title>"


HEAD = b"HTTP/1.1 200 OK\r\n"
GZIP, CHUNKED = (
    HEAD + b"Content-Encoding: gzip\r\n\r\n",
    HEAD + b"Transfer-Encoding: chunked\r\n\r\n",
)


@pytest.mark.parametrize(
    ("reply", "lacks"),
    [
        (HEAD + b"\r\n" + BODY, ""),
        (HEAD + b"\r\n<title>&#120;</title>", ""),
        (GZIP + gzip.compress(BODY, mtime=0), ""),
        (CHUNKED + b"a\r\n<title>x</\r\n6\r\ntitle>\r\n0\r\n\r\n", ""),
        (HEAD + b"\r\n", "without <title>x"),
        (CHUNKED + b"0\r\n\r\n", "without <title>x"),
        (GZIP + gzip.compress(BODY, mtime=0)[:-9], "a torn page"),
        (CHUNKED + b"a\r\n<title>x</", "a torn page"),
        (b"HTTP/1.1 503 Busy\r\n\r\n" + BODY, "status 503"),
        (b"", "status "),
    ],
)
def test_a_reply_is_a_page_only_if_all_of_it_is_there(reply: bytes, lacks: str) -> None:
    assert missing(reply, ("<title>x",)) == lacks


def test_visitors_who_are_sent_away_or_wait_too_long_are_failures() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=8) as ear:
        port = ear.getsockname()[1]
        assert visit(Job("crowd", port, 2, limit=0.2)).reasons == {"no whole reply in 0.2 s": 2}

        def send_away() -> None:
            for _ in range(4):
                ear.accept()[0].close()

        thread = threading.Thread(target=send_away)
        thread.start()
        gone = visit(Job("crowd", port, 2, limit=30))
        thread.join()
    assert (gone.failures, gone.waits) == (2, [])
