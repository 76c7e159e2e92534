"""How much one process of ours does in a second, beside what it stands on by itself.

Page views that come from memory, and answers that are on the disk (SQLite, ``synchronous=FULL``)
before they are acknowledged. In the same run, with the same visitors and the same bytes: tornado
with a handler that does nothing, SQLite with nothing before it, and the disk by itself.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from benchmarks._beneath import disk_rate, sqlite_rate, stored
from benchmarks._client import Job, Outcome
from benchmarks._client import visit as send
from benchmarks._kept import served
from benchmarks._servers import NOTEBOOK, ROOT, SECONDS, SERVED, Running, Server, started
from benchmarks._table import Row, Table
from benchmarks._tree import Tree
from benchmarks.visitors import waits
from dxcourse import course as courses

COLUMNS = ("a second", "a CPU second", "median ms", "95 % within ms", "failures", "MB at most")
VISITORS = 200
LASTS = 5.0  # seconds a run
EACH = 400  # learners that there are for a run: more than come in it


def views(runs: int) -> Table:
    """Page views from memory, compressed as browsers ask for them."""
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as server:
        job = Job("views", server.port, VISITORS, f"/{SERVED.page}", SERVED.has, LASTS)
        return _beside_tornado("views", "Views of a page", server, [job] * runs, Path(folder))


def answers(runs: int) -> Table:
    """Answers of many learners, each to the exercises of the course, one after the other."""
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as server:
        home = Path(folder)
        jobs = [answering(server, LASTS, run) for run in range(runs)]
        table = _beside_tornado("answers", "Answers on the disk", server, jobs, home)
        answer = json.dumps(model_answers()[NOTEBOOK])
        rates = {
            "SQLite by itself": sqlite_rate(home, VISITORS, answer),
            "the disk by itself": disk_rate(home, VISITORS, len(answer)),
        }
    told = [f"{name}, in groups of {VISITORS}: {rate:,.0f}/s" for name, rate in rates.items()]
    ours = replace(table.rows[0], note="; ".join([table.rows[0].note, *told]))
    return replace(table, rows=[ours, *table.rows[1:]])


def _beside_tornado(name: str, title: str, server: Running, jobs: list[Job], home: Path) -> Table:
    """Measure in turns, so that a busy moment of the machine meets both."""
    _sample(server, home)
    bare = Server("bare tornado, same bytes", ("-m", "benchmarks._bare", str(home)), ROOT, "bare")
    ours, theirs, notes = [], [], []
    acknowledged: list[str] = []
    with started(bare, home / "bare") as other:
        for job in jobs:
            figures, note, outcome = load(server, job)
            ours.append(figures)
            notes.append(note)
            acknowledged += outcome.acknowledged
            theirs.append(load(other, replace(job, port=other.port))[0])
    if acknowledged:
        once(acknowledged, home / "answers.sqlite")
    rows = [Row(SERVED.name, ours, notes[-1]), Row(bare.name, theirs)]
    return Table(name, f"{title}, {VISITORS} visitors at once", COLUMNS, rows)


def load(server: Running, job: Job) -> tuple[list[float], str, Outcome]:
    """Let visitors ask as fast as they can: the figures, and who took the processor."""
    with Tree(server.pid) as tree:
        outcome = send(job)
    middle, most = waits(outcome)
    rates = [len(outcome.waits) / outcome.seconds, len(outcome.waits) / tree.seconds]
    figures = [*rates, middle * 1000, most * 1000, outcome.failures, tree.most / 1e6]
    share, loop = tree.seconds / outcome.seconds, tree.main_seconds / outcome.seconds
    reasons = "".join(f", {count} × {reason}" for reason, count in outcome.reasons.items())
    return figures, f"it took {share:.0%} of a core, its event loop {loop:.0%}{reasons}", outcome


def answering(server: Running, seconds: float, run: int) -> Job:
    """Make the job of visitors who answer; those of another run are other learners."""
    minted = send(Job("mint", server.port, 50, count=EACH))
    return Job(
        "answers",
        server.port,
        VISITORS,
        seconds=seconds,
        name=f"run-{run}",
        tokens=tuple(json.loads(body)["token"] for body in minted.bodies),
        answers=tuple(model_answers().items()),
    )


def model_answers() -> dict[str, dict[str, Any]]:
    """Give the answers of someone who knows everything, by exercise, where there is a right one."""
    exercises = courses.at(ROOT).exercises
    given = {name: exercise.model_answer() for name, exercise in exercises.items()}
    return {name: answer for name, answer in given.items() if answer["items"]}


def once(acknowledged: list[str], path: Path) -> None:
    """See that every acknowledged answer is there, once.

    Raises
    ------
    RuntimeError
        It is not: a rate of answers that are lost is none.
    """
    there = stored(path)
    if len(there) != len(set(there)) or not set(acknowledged) <= set(there):
        msg = f"{len(set(acknowledged) - set(there))} acknowledged answers are lost"
        raise RuntimeError(msg)


def _sample(server: Running, home: Path) -> None:
    """Keep a page and a reply as the server sends them, for the handler that only repeats them."""
    asked = Request(server.url + SERVED.page, headers={"Accept-Encoding": "gzip"})  # noqa: S310
    (home / "page.gz").write_bytes(_said(asked))
    token = json.loads(_said(_post(server, "api/visitor", "{}", "")))["token"]
    body = json.dumps({"id": "a-sample-of-a-reply", "answer": model_answers()[NOTEBOOK]})
    (home / "reply").write_bytes(_said(_post(server, f"api/answers/{NOTEBOOK}", body, token)))


def _post(server: Running, path: str, body: str, token: str) -> Request:
    headers = {"Content-Type": "application/json", "X-Dxcourse-Learner": token}
    return Request(server.url + path, body.encode(), headers)  # noqa: S310  -- this machine


def _said(asked: Request) -> bytes:
    with urlopen(asked, timeout=SECONDS) as reply:  # noqa: S310  -- this machine
        body: bytes = reply.read()
        return body
